"""What quizzes keep about a person, for the export of their data. All of it goes with the account."""

from __future__ import annotations

from django.db.models import F

from accounts.models import User
from accounts.personal_data import Rows, register
from quizzes.models import Attempt, ExtraTime, Prediction
from quizzes.quiz_files import EMPTY
from quizzes.selectors.taking import answers_shown, limits_of, quiz_of


def register_personal_data() -> None:
    for export in (quiz_attempts, predictions, extra_time):
        register(export.__name__, export)


def quiz_attempts(user: User) -> Rows:
    """With all answers as they are kept; with points once the person may see them."""
    found = Attempt.objects.filter(user=user).order_by("started", "pk").prefetch_related("responses", "changes")
    for attempt in found.select_related("lesson__course", "revision").iterator(chunk_size=100):
        rules = (quiz_of(attempt.revision) or EMPTY).rules
        shown = answers_shown(attempt, rules, limits_of(attempt.lesson, user.pk))
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
                    "answer": response.answer,
                    "saved": response.saved,
                    "checked": response.checked,
                    "seconds": response.seconds,
                    **({"points": response.points} if shown or response.checked else {}),
                }
                for response in attempt.responses.all()
            ],
            "changes": [
                {"at": change.at, "before": change.before, "after": change.after, "reason": change.reason}
                for change in attempt.changes.all()
                if shown
            ],
        }


def predictions(user: User) -> Rows:
    found = Prediction.objects.filter(user=user).order_by("at", "pk")
    return found.values("question", "answer", "at", course=F("lesson__course__slug"), lesson_slug=F("lesson__slug"))


def extra_time(user: User) -> Rows:
    found = ExtraTime.objects.filter(user=user).order_by("pk")
    return found.values("minutes", "deadline", course=F("lesson__course__slug"), lesson_slug=F("lesson__slug"))
