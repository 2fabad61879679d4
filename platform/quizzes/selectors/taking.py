"""What somebody may see of a quiz and of their own attempts at it.

The key goes to nobody before it may: a question is shown as a `ShownQuestion`, and what is right only as the `Feedback`
of a question that was checked, or of an attempt whose answers may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from common.errors import NotFound
from courses.models import Lesson, Revision
from courses.selectors.lessons import LessonInCourse, lesson_in_course
from quizzes.keys import KeyedQuestion, keyed_questions
from quizzes.models import Attempt, ExtraTime, QuizSettings, Response
from quizzes.presentation import Feedback, Images, ShownQuestion, show_answer, show_question, tell_grade
from quizzes.questions import Quiz, Rules
from quizzes.quiz_files import EMPTY, read_quiz
from quizzes.selectors.demo_answers import demo_answers_of, failed_answer

GRACE = timedelta(seconds=5)
"""An answer is on the way for a while: one that was given in time still counts."""
NO_ATTEMPT = "There is no such attempt, or it is not yours."


@dataclass(frozen=True)
class Limits:
    """What holds for one person at one lesson's quiz, besides the rules of the quiz itself."""

    deadline: datetime | None
    extra_minutes: int = 0

    @property
    def is_over(self) -> bool:
        return self.deadline is not None and timezone.now() >= self.deadline

    @property
    def is_over_for_all(self) -> bool:
        """Nor is anything on the way that would still count: what is right may be told."""
        return self.deadline is None or timezone.now() > self.deadline + GRACE

    def until(self, rules: Rules, started: datetime) -> datetime | None:
        """When the time of an attempt is up that began at this moment."""
        ends = [self.deadline] if self.deadline else []
        if rules.minutes is not None:
            ends.append(started + timedelta(minutes=rules.minutes + self.extra_minutes))
        return min(ends, default=None)


@dataclass(frozen=True)
class Standing:
    """Whether somebody may begin an attempt."""

    rules: Rules
    limits: Limits
    used: int
    """How many attempts they have begun."""
    last: int
    """The number of the last of them; 0: none."""

    @property
    def attempts_left(self) -> int | None:
        """None: as many as one likes."""
        return None if self.rules.attempts is None else max(0, self.rules.attempts - self.used)

    @property
    def may_start(self) -> bool:
        return not self.limits.is_over and self.attempts_left != 0


@dataclass(frozen=True)
class QuestionView:
    """A question of an attempt with what its owner has answered."""

    shown: ShownQuestion
    answer: Any
    """With positions as shown; None: nothing yet."""
    version: int
    """Counts the saves of the answer; 0: none yet."""
    checked: bool
    """What is right has been told, and the answer stays."""
    may_check: bool
    ready: bool
    """False for what a demo answers, as long as its run has not ended: it can be answered, but not graded yet. Checking
    it says so, or finds that the answer has come."""
    failed: bool
    """It is not ready, and the demo could not compute what is right: somebody has to see to it."""
    feedback: Feedback | None


@dataclass(frozen=True)
class AttemptView:
    attempt: Attempt
    title: str
    rules: Rules
    questions: list[QuestionView]
    is_open: bool
    seconds_left: float | None
    deadline: datetime | None
    attempts_left: int | None
    may_start: bool
    """Another attempt may begin (or, where this one is open, could begin after it)."""
    answers_shown: bool
    """What is right, and the points, may be seen of the whole attempt."""
    waiting: bool
    """It is handed in, and a demo's answer is not there yet: its question does not count so far."""
    points: float | None
    """Those that count; None as long as they may not be seen."""

    @property
    def failed(self) -> bool:
        """A demo could not compute the answer to one of the questions."""
        return any(question.failed for question in self.questions)

    @property
    def most_points(self) -> float:
        return self.attempt.most_points


def quiz_of(revision: Revision) -> Quiz | None:
    """The quiz that students take: the questions of the revision, but those that its text has predicted (`:::predict`),
    for these are not graded. None where there is none, or none that can be read."""
    quiz = read_quiz(revision.quiz).quiz
    if quiz is None:
        return None
    asked = tuple(question for question in quiz.questions if question.id not in predicted_questions(revision))
    return quiz.model_copy(update={"questions": asked}) if asked else None


def published_revision(lesson: Lesson) -> Revision | None:
    """What students read of the lesson now, with its text."""
    return Revision.objects.select_related("author").filter(pk=lesson.published_id or 0).first()


def predicted_questions(revision: Revision) -> set[str]:
    return {arguments.strip() for name, arguments in revision.blocks if name == "predict"}


def images_of(lesson: Lesson) -> dict[str, str]:
    return {image.name: image.url for image in lesson.images.all()}


def owned_by(actor: Actor) -> dict[str, Any]:
    """The columns that say whose an attempt or a prediction is."""
    return {"user": actor.user, "guest": "" if actor.user else actor.guest}


def limits_of(lesson: Lesson, user_id: int | None) -> Limits:
    settings = QuizSettings.objects.filter(lesson=lesson).first()
    extra = ExtraTime.objects.filter(lesson=lesson, user=user_id).first() if user_id else None
    deadline = (extra.deadline if extra else None) or (settings.deadline if settings else None)
    return Limits(deadline, extra.minutes if extra else 0)


def standing_of(actor: Actor, lesson: Lesson, quiz: Quiz) -> Standing:
    """How one stands at this quiz. Three queries."""
    limits = limits_of(lesson, actor.user.pk if actor.user else None)
    return _standing(quiz.rules, limits, Attempt.objects.filter(lesson=lesson, **owned_by(actor)))


def _standing(rules: Rules, limits: Limits, begun: QuerySet[Attempt]) -> Standing:
    counted = begun.aggregate(used=Count("pk"), last=Max("number"))
    return Standing(rules, limits, used=counted["used"], last=counted["last"] or 0)


def attempts_of(actor: Actor, lesson: Lesson) -> QuerySet[Attempt]:
    """One's own attempts at a lesson's quiz, latest first."""
    found = Attempt.objects.filter(lesson=lesson, **owned_by(actor))
    return found.select_related("lesson__course", "revision", "key").order_by("-number")


def open_attempt(actor: Actor, lesson: Lesson) -> Attempt | None:
    """One's attempt that is not handed in, and whose time is not up."""
    attempt = attempts_of(actor, lesson).filter(submitted=None).first()
    return None if attempt is None or is_overdue(attempt) else attempt


def attempt_of(actor: Actor, place: LessonInCourse, attempt_id: UUID) -> Attempt:
    """One's own attempt at the quiz of this lesson.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    attempt = attempts_of(actor, place.lesson).filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound(NO_ATTEMPT)
    return attempt


def attempt_in_course(actor: Actor, attempt_id: UUID) -> tuple[Attempt, LessonInCourse]:
    """The same where only the attempt is known, with its lesson as its owner may read it now.

    Raises:
        NotFound: there is none, or it is somebody else's.
        Http404, PermissionDenied: the lesson cannot be read any more (`lesson_in_course`).
    """
    found = Attempt.objects.filter(pk=attempt_id, **owned_by(actor)).select_related("lesson__course", "revision", "key")
    attempt = found.first()
    if attempt is None:
        raise NotFound(NO_ATTEMPT)
    return attempt, lesson_in_course(actor, attempt.lesson.course.slug, attempt.lesson.slug)


def is_overdue(attempt: Attempt) -> bool:
    """Its time is up, and nothing that was on the way can come any more."""
    return attempt.submitted is None and attempt.until is not None and timezone.now() > attempt.until + GRACE


def questions_of(attempt: Attempt) -> list[KeyedQuestion]:
    """The attempt's questions in their order, each with the key it is graded with."""
    seen = quiz_of(attempt.revision) or EMPTY
    key = seen if attempt.key_id == attempt.revision_id else read_quiz(attempt.key.quiz).quiz or EMPTY
    return keyed_questions(seen, key, attempt.seed)


def answers_shown(attempt: Attempt, rules: Rules, limits: Limits) -> bool:
    """Whether what is right may be seen of the whole attempt."""
    if attempt.submitted is None:
        return False
    return rules.show != "after the deadline" or limits.is_over_for_all


def attempt_view(attempt: Attempt) -> AttemptView:
    """The attempt as its owner may see it at this moment. It does not close what is overdue (`close_overdue_attempts`
    does), but shows it as over."""
    quiz = quiz_of(attempt.revision) or EMPTY
    keyed = questions_of(attempt)
    limits = limits_of(attempt.lesson, attempt.user_id)
    begun = Attempt.objects.filter(lesson=attempt.lesson_id, user=attempt.user_id, guest=attempt.guest)
    standing = _standing(quiz.rules, limits, begun)
    is_open = attempt.submitted is None and not is_overdue(attempt)
    view = _View(
        attempt=attempt,
        is_open=is_open,
        all_shown=answers_shown(attempt, quiz.rules, limits),
        at_once=quiz.rules.show == "at once",
        demo_answers=demo_answers_of(attempt, keyed),
        images=images_of(attempt.lesson),
    )
    responses = {response.question: response for response in attempt.responses.all()}
    questions = [view.question(one, responses.get(one.seen.id)) for one in keyed]
    return AttemptView(
        attempt=attempt,
        title=quiz.title or "",
        rules=quiz.rules,
        questions=questions,
        is_open=is_open,
        seconds_left=max(0.0, (attempt.until - timezone.now()).total_seconds()) if is_open and attempt.until else None,
        deadline=limits.deadline,
        attempts_left=standing.attempts_left,
        may_start=standing.may_start,
        answers_shown=view.all_shown,
        waiting=attempt.submitted is not None and not all(question.ready for question in questions),
        points=attempt.score if view.all_shown else None,
    )


@dataclass(frozen=True)
class _View:
    """What the questions of an attempt are shown by."""

    attempt: Attempt
    is_open: bool
    all_shown: bool
    at_once: bool
    demo_answers: Mapping[str, Any]
    images: Images

    def question(self, one: KeyedQuestion, response: Response | None) -> QuestionView:
        answer = response.answer if response else None
        checked = bool(response and response.checked)
        ready = not one.needs_demo or one.seen.id in self.demo_answers
        failed = not ready and failed_answer(one)
        told = ready and (self.all_shown or (self.at_once and checked))
        return QuestionView(
            shown=show_question(one.seen, one.arrangement, self.images),
            answer=show_answer(one.seen, answer, one.arrangement),
            version=response.version if response else 0,
            checked=checked,
            may_check=self.is_open and self.at_once and not checked and not failed,
            ready=ready,
            failed=failed,
            feedback=feedback_of(one, answer, self.demo_answers.get(one.seen.id), self.images) if told else None,
        )


def feedback_of(one: KeyedQuestion, answer: Any, demo_answer: Any, images: Images) -> Feedback:
    """What is said about a kept answer, once that may be said."""
    return tell_grade(one.key, one.key_arrangement, one.grade(answer, demo_answer), images)
