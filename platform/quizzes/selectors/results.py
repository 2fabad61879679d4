"""What somebody's own attempts came to, and what to look at again; quizzes among the things to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from common.markdown import Heading
from courses.blocks import rendered_lesson, source_of
from courses.extensions import Blocks, ProgressKind, WorkItem
from courses.models import Lesson, Membership
from courses.selectors.access import readable_courses
from courses.selectors.lessons import LessonInCourse
from quizzes.models import Attempt, ExtraTime
from quizzes.question_forms import AskedQuestion
from quizzes.quiz_files import EMPTY
from quizzes.selectors.showing import asked_of
from quizzes.selectors.taking import (
    AttemptView,
    Limits,
    answers_shown,
    attempt_view,
    attempts_of,
    limits_of,
    owned_by,
    quiz_of,
)


@dataclass(frozen=True)
class AttemptRow:
    """One of one's attempts, in the list of all."""

    attempt: Attempt
    points: float | None
    """None: not to be told yet, or not handed in."""
    is_best: bool
    is_opened: bool


@dataclass(frozen=True)
class LookAgain:
    """Where something can be seen that went wrong."""

    title: str
    url: str
    questions: tuple[int, ...]
    """Their numbers."""


@dataclass(frozen=True)
class Results:
    place: LessonInCourse
    rows: list[AttemptRow]
    """Latest first."""
    opened: AttemptView | None
    """The one whose questions are shown."""
    asked: list[AskedQuestion]
    demos: list[LookAgain]
    sections: list[LookAgain]

    @property
    def is_open(self) -> bool:
        """An attempt can be gone on with."""
        return any(row.attempt.submitted is None for row in self.rows)


def results_in_view(actor: Actor, place: LessonInCourse, number: str = "") -> Results:
    """One's attempts at this lesson's quiz, and the one of this number (else the last that is handed in) in full."""
    attempts = list(attempts_of(actor, place.lesson))
    handed_in = [attempt for attempt in attempts if attempt.submitted]
    opened = next((attempt for attempt in handed_in if str(attempt.number) == number), None)
    opened = opened or (handed_in[0] if handed_in else None)
    limits = limits_of(place.lesson, actor.user.pk if actor.user else None)
    view = attempt_view(opened) if opened else None
    asked = asked_of(view.questions, is_locked=True) if view else []
    missed = [question for question in asked if question.feedback and question.verdict in ("wrong", "partly")]
    return Results(
        place=place,
        rows=_rows(attempts, opened, limits),
        opened=view,
        asked=asked,
        demos=_demos(missed),
        sections=_sections(place, opened, missed) if opened and missed else [],
    )


def _rows(attempts: Sequence[Attempt], opened: Attempt | None, limits: Limits) -> list[AttemptRow]:
    points = {
        attempt.pk: attempt.score
        for attempt in attempts
        if answers_shown(attempt, (quiz_of(attempt.revision) or EMPTY).rules, limits)
    }
    best = max(points.values(), default=None)
    return [
        AttemptRow(
            attempt=attempt,
            points=points.get(attempt.pk),
            is_best=len(points) > 1 and points.get(attempt.pk) == best,
            is_opened=opened is not None and attempt.pk == opened.pk,
        )
        for attempt in attempts
    ]


def _demos(missed: Iterable[AskedQuestion]) -> list[LookAgain]:
    """The demos that show why the given answers are wrong, each once."""
    found: dict[tuple[str, str], list[int]] = {}
    for asked in missed:
        given = {str(option.position) for option in asked.options if option.is_chosen}
        for remark in asked.feedback.remarks if asked.feedback else ():
            if remark.see and (remark.part in given or remark.right is False):
                found.setdefault((remark.see_title, remark.see), []).append(asked.number)
    return [LookAgain(title, url, tuple(dict.fromkeys(numbers))) for (title, url), numbers in found.items()]


def _sections(place: LessonInCourse, attempt: Attempt, missed: Sequence[AskedQuestion]) -> list[LookAgain]:
    """The parts of the lesson that say most of what the missed questions are tagged with, each once."""
    quiz = quiz_of(attempt.revision) or EMPTY
    headings = rendered_lesson(source_of(place.lesson, place.revision)).headings
    parts = list(zip(headings, _texts(place.revision.body, headings), strict=True))
    found: dict[Heading, list[int]] = {}
    for asked in missed:
        question = quiz.question(asked.id)
        counts = [(_mentions(text, question.tags if question else ()), heading) for heading, text in parts]
        most, heading = max(counts, key=lambda pair: pair[0], default=(0, None))
        if heading and most:
            found.setdefault(heading, []).append(asked.number)
    url = place.lesson.get_absolute_url()
    return [
        LookAgain(heading.text, f"{url}#{heading.id}", tuple(numbers))
        for heading, numbers in sorted(found.items(), key=lambda pair: headings.index(pair[0]))
    ]


def _texts(body: str, headings: Sequence[Heading]) -> list[str]:
    """What stands under each heading: the text from where its words are to where those of the next one are."""
    places, start = [], 0
    for heading in headings:
        match = re.compile(rf"^#+\s.*{re.escape(heading.text[:12])}", re.MULTILINE).search(body, start)
        start = match.end() if match else start
        places.append(start)
    return [body[begin:end] for begin, end in pairwise([*places, len(body)])]


def _mentions(text: str, tags: Iterable[str]) -> int:
    """How often a text has the words of these tags: “one-hot” is also “one hot”."""
    return sum(len(re.findall(re.escape(tag).replace(r"\-", "[- ]"), text, re.IGNORECASE)) for tag in tags)


def quiz_progress() -> ProgressKind:
    """A lesson with a quiz in its text asks that it be taken once."""
    return ProgressKind(
        name="quiz",
        label="Take the quiz",
        keys=lambda blocks: [""] if _has_quiz(blocks) else [],
        is_done=lambda actor, lesson, _key: Attempt.objects.filter(
            lesson=lesson, submitted__isnull=False, **owned_by(actor)
        ).exists(),
    )


def _has_quiz(blocks: Blocks) -> bool:
    return any(name == "quiz" for name, _ in blocks)


def quiz_work(user: User) -> Iterable[WorkItem]:
    """The quizzes with a deadline in the courses where one is a student. Two queries."""
    actor = Actor(user=user, guest="", address="")
    extra = ExtraTime.objects.filter(lesson=OuterRef("pk"), user=user).values("deadline")
    lessons = (
        Lesson.objects.filter(
            removed_at=None,
            published__isnull=False,
            course__in=readable_courses(actor).filter(Q(my_role=Membership.Role.STUDENT)).values("pk"),
        )
        .exclude(published__quiz="")
        .annotate(quiz_due=Coalesce(Subquery(extra), F("quiz_settings__deadline")))
        .annotate(quiz_done=Max("attempts__submitted", filter=Q(attempts__user=user)))
        .filter(quiz_due__isnull=False)
        .select_related("course", "published")
        .defer("search_text", "search_vector", "published__body")
        .order_by("quiz_due", "pk")
    )
    for lesson in lessons:
        assert lesson.published is not None
        quiz = quiz_of(lesson.published)
        if quiz is None:
            continue
        # What is done leads to how it went.
        page = "quiz-results" if lesson.quiz_done else "quiz"
        yield WorkItem(
            course=lesson.course,
            title=f"Quiz: {quiz.title or lesson.title}",
            url=reverse(page, args=[lesson.course.slug, lesson.slug]),
            due=lesson.quiz_due,
            done_at=lesson.quiz_done,
        )
