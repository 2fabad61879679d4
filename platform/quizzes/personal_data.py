"""What quizzes keep about a person, for the export of their data. All of it goes with the account."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.personal_data import Rows, register
from quizzes.keys import KeyedQuestion
from quizzes.models import Attempt, ExtraTime, Prediction
from quizzes.presentation import show_answer
from quizzes.quiz_files import EMPTY
from quizzes.selectors.taking import answers_shown, limits_of, questions_of, quiz_of


def register_personal_data() -> None:
    for export in (quiz_attempts, predictions, extra_time):
        register(export.__name__, export)


def quiz_attempts(user: User) -> Rows:
    """With all answers as the person saw them; with points once they may be seen."""
    found = Attempt.objects.filter(user=user).order_by("started", "pk").prefetch_related("responses", "changes")
    for attempt in found.select_related("lesson__course", "revision", "key").iterator(chunk_size=100):
        rules = (quiz_of(attempt.revision) or EMPTY).rules
        shown = answers_shown(attempt, rules, limits_of(attempt.lesson, user.pk))
        seen = {one.seen.id: one for one in questions_of(attempt)}
        yield {
            "course": attempt.lesson.course.slug,
            "lesson": attempt.lesson.slug,
            "number": attempt.number,
            "started": attempt.started,
            "submitted": attempt.submitted,
            "points": attempt.score if shown else None,
            "most_points": attempt.most_points,
            "answers": [
                {
                    "question": response.question,
                    "answer": _as_seen(seen.get(response.question), response.answer),
                    "saved": response.saved,
                    "checked": response.checked,
                    "seconds": response.seconds,
                    **({"points": response.points} if shown or response.checked else {}),
                }
                for response in attempt.responses.all()
            ],
            "changes": [
                {
                    "at": change.at,
                    "before": change.before,
                    "most_before": change.most_before,
                    "after": change.after,
                    "most_after": change.most_after,
                    "reason": change.reason,
                }
                for change in attempt.changes.all()
                if shown
            ],
        }


def _as_seen(one: KeyedQuestion | None, answer: Any) -> Any:
    """With positions as the page showed them: those that are kept are of quiz.yaml, where items stand in order and
    pairs side by side."""
    if one is None:  # the question cannot be read any more
        return answer
    return show_answer(one.seen, answer, one.arrangement)


def predictions(user: User) -> Rows:
    found = Prediction.objects.filter(user=user).order_by("at", "pk")
    return found.values("question", "answer", "at", course=F("lesson__course__slug"), lesson_slug=F("lesson__slug"))


def extra_time(user: User) -> Rows:
    found = ExtraTime.objects.filter(user=user).order_by("pk")
    return found.values("minutes", "deadline", course=F("lesson__course__slug"), lesson_slug=F("lesson__slug"))
