"""What a regrade would change, before it is done, and what regrades have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from courses.models import Lesson, Revision
from quizzes.keys import most_points
from quizzes.models import Attempt, DemoAnswer, GradeChange, Response
from quizzes.selectors.taking import questions_of

QuestionChange = tuple[str, float, float]
"""A question, and its points before and after: as `GradeChange.questions` keeps it."""


@dataclass(frozen=True)
class PlannedChange:
    attempt: Attempt
    before: float
    after: float
    most_before: float
    most_after: float
    questions: tuple[QuestionChange, ...]


@dataclass(frozen=True)
class RegradePlan:
    attempts: int
    """How many are handed in."""
    changes: tuple[PlannedChange, ...]


def graded_with_another_key(lessons: Iterable[Lesson]) -> QuerySet[Attempt]:
    """Attempts that are handed in and were graded with another quiz.yaml than the one that students see now."""
    handed_in = Attempt.objects.filter(lesson__in=lessons, lesson__published__isnull=False, submitted__isnull=False)
    return handed_in.exclude(key__quiz=F("lesson__published__quiz"))


def plan_regrade(lesson: Lesson) -> RegradePlan:
    """What `services.grading.regrade` would do now. Nothing is written; five queries, however many attempts there are.

    The lesson is published.
    """
    key = lesson.published
    assert key is not None
    handed_in = Attempt.objects.filter(lesson=lesson, submitted__isnull=False)
    attempts = list(handed_in.select_related("user").order_by("user__name", "user_id", "guest", "number"))
    revisions = Revision.objects.defer("body").in_bulk({attempt.revision_id for attempt in attempts})
    demo_answers = {
        (row.revision_id, row.question): row.value for row in DemoAnswer.objects.filter(revision__lesson=lesson)
    }
    responses: dict[UUID, list[Response]] = defaultdict(list)
    for response in Response.objects.filter(attempt__lesson=lesson, attempt__submitted__isnull=False):
        responses[response.attempt_id].append(response)
    changes = []
    for attempt in attempts:
        attempt.revision, attempt.key = revisions[attempt.revision_id], key
        change = _planned(attempt, responses[attempt.pk], demo_answers)
        if change.questions or change.most_after != change.most_before:
            changes.append(change)
    return RegradePlan(len(attempts), tuple(changes))


def _planned(attempt: Attempt, responses: list[Response], demo_answers: dict[tuple[int, str], object]) -> PlannedChange:
    keyed = {one.seen.id: one for one in questions_of(attempt)}
    told = {
        name: demo_answers[key]
        for name, one in keyed.items()
        if (key := (attempt.key_id if one.is_current else attempt.revision_id, name)) in demo_answers
    }
    points: list[float] = []
    questions: list[QuestionChange] = []
    for response in responses:
        after = response.points
        if one := keyed.get(response.question):
            after = one.grade(response.answer, told.get(response.question)).points
        if after != response.points:
            questions.append((response.question, response.points, after))
        points.append(after)
    return PlannedChange(
        attempt=attempt,
        before=attempt.points,
        after=round(sum(points), 6),
        most_before=attempt.most_points,
        most_after=most_points(keyed.values(), told),
        questions=tuple(questions),
    )


def regrades_of(lesson: Lesson) -> QuerySet[GradeChange]:
    """What regrades have changed for whom, latest first."""
    changes = GradeChange.objects.filter(attempt__lesson=lesson, kind=GradeChange.Kind.REGRADE)
    return changes.select_related("attempt__user", "by")
