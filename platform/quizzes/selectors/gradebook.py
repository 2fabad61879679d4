"""The grades of a course for those who teach it: its students, its quizzes, and what each got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, FloatField, Prefetch, Q, QuerySet, Window
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from authoring.selectors.members import find_members
from courses.models import Course, Lesson, Membership
from courses.selectors.lessons import published_lessons
from quizzes.models import Attempt, ExtraTime, GradeChange, QuizSettings
from quizzes.selectors.taking import quiz_of
from quizzes.statistics import mean, weighted_mean

SHARE = Coalesce("override", "points", output_field=FloatField()) / NullIf("most_points", 0.0)
"""What an attempt got of what could be had; none where there was nothing to get."""

QUIZ_FIELDS = ("title", "quiz", "blocks", "lesson")


@dataclass(frozen=True)
class Column:
    """One lesson with a quiz."""

    lesson: Lesson
    weight: float
    deadline: datetime | None

    @property
    def key(self) -> str:
        """What the table is sorted by."""
        return f"quiz:{self.lesson.slug}"


@dataclass(frozen=True)
class Cell:
    """What one student did at one quiz. The best attempt counts."""

    share: float | None = None
    """None: nothing is handed in, or there was nothing to get."""
    points: float = 0
    most_points: float = 0
    attempts: int = 0
    """Handed in."""
    best: UUID | None = None
    is_open: bool = False
    """An attempt is going on."""
    is_late: bool = False
    """The best one was handed in after the deadline."""
    is_missing: bool = False
    """The deadline is over and nothing is handed in: counts 0."""
    is_changed: bool = False
    """An instructor gave other points."""


@dataclass(frozen=True)
class Row:
    membership: Membership
    cells: tuple[Cell, ...]
    mean: float | None

    @property
    def attempts(self) -> int:
        return sum(cell.attempts for cell in self.cells)


@dataclass(frozen=True)
class Gradebook:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, slug: str) -> int | None:
        """Where the lesson of this address stands."""
        places = (place for place, column in enumerate(self.columns) if column.lesson.slug == slug)
        return next(places, None)

    def class_mean(self, place: int) -> float | None:
        """Of those who handed something in."""
        return mean([cell.share for row in self.rows if (cell := row.cells[place]).share is not None])

    def sorted_by(self, key: str) -> list[Row]:
        """`name`, `mean`, `attempts` or `quiz:<lesson>`, with a minus in front the other way round; whoever has no
        number comes last either way. Anything else is taken for `name`."""
        downwards, key = key.startswith("-"), key.removeprefix("-")
        place = self.column(key.removeprefix("quiz:")) if key.startswith("quiz:") else None
        if key not in ("mean", "attempts") and place is None:
            return list(reversed(self.rows)) if downwards else list(self.rows)

        def number(row: Row) -> float | None:
            if place is not None:
                return row.cells[place].share
            return row.mean if key == "mean" else row.attempts

        numbers = {row.membership.pk: number(row) for row in self.rows}
        with_one = [row for row in self.rows if numbers[row.membership.pk] is not None]
        without = [row for row in self.rows if numbers[row.membership.pk] is None]
        # Sorted twice would be stable; here the minus keeps those who are equal in the order of their names.
        sign = -1 if downwards else 1
        return sorted(with_one, key=lambda row: sign * (numbers[row.membership.pk] or 0)) + without


def gradebook(course: Course, *, words: str = "") -> Gradebook:
    """All students, or those with each of the words in name or email, by name. Five queries, however many there are.

    Guests and people who only read along are not students of the course, so they are not here.
    """
    columns = quiz_columns(course)
    lessons = [column.lesson.pk for column in columns]
    members = list(find_members(course, words=words).filter(role=Membership.Role.STUDENT))
    people = [member.user_id for member in members]
    best = {(attempt.user_id, attempt.lesson_id): attempt for attempt in _best_attempts(lessons, people)}
    later = {
        (extra.user_id, extra.lesson_id): extra.deadline
        for extra in ExtraTime.objects.filter(lesson__in=lessons, user__in=people, deadline__isnull=False)
    }
    rows = []
    for member in members:
        cells = tuple(
            _cell(
                best.get((member.user_id, column.lesson.pk)),
                later.get((member.user_id, column.lesson.pk), column.deadline),
            )
            for column in columns
        )
        rows.append(Row(member, cells, _mean(columns, cells)))
    return Gradebook(tuple(columns), tuple(rows))


def quiz_columns(course: Course) -> list[Column]:
    """The lessons that students read and that have a quiz, in order. Two queries."""
    lessons = published_lessons(course).exclude(published__quiz="")
    # Besides what lists of lessons read, the text of the quiz.
    lessons = lessons.only("slug", "order", "course", "head", *(f"published__{name}" for name in QUIZ_FIELDS))
    settings = {row.lesson_id: row for row in QuizSettings.objects.filter(lesson__course=course)}
    return [_column(lesson, settings) for lesson in lessons if lesson.published and quiz_of(lesson.published)]


def attempts_of_member(membership: Membership) -> QuerySet[Attempt]:
    """All that one student did in the course, by lesson, then in order."""
    return (
        Attempt.objects.filter(lesson__course=membership.course_id, user=membership.user_id)
        .select_related("lesson__published", "lesson__head", "lesson__quiz_settings")
        .annotate(share=SHARE, was_changed=Count("changes"))
        .order_by("lesson__order", "lesson__slug", "number")
    )


def attempts_of_course(course: Course) -> QuerySet[Attempt]:
    """Every attempt of every student, for the export."""
    students = Membership.objects.filter(course=course, role=Membership.Role.STUDENT).values("user")
    return (
        Attempt.objects.filter(lesson__course=course, user__in=students)
        .select_related("user", "lesson__published", "lesson__head")
        .annotate(share=SHARE)
        .order_by("user__name", "user_id", "lesson__order", "lesson__slug", "number")
    )


def attempts_in_course(course: Course) -> QuerySet[Attempt]:
    """Those that an instructor of the course may open, with their history."""
    changes = GradeChange.objects.select_related("by")
    return (
        Attempt.objects.filter(lesson__course=course)
        .select_related("user", "lesson__published", "lesson__head", "revision", "key")
        .annotate(share=SHARE)
        .prefetch_related(Prefetch("changes", queryset=changes))
    )


def _column(lesson: Lesson, settings: Mapping[int, QuizSettings]) -> Column:
    row = settings.get(lesson.pk)
    return Column(lesson, row.weight if row else 1.0, row.deadline if row else None)


def _best_attempts(lessons: Sequence[int], people: Sequence[int]) -> QuerySet[Attempt]:
    """Of each person at each quiz, with `share`, `tries` and `going_on`: what is handed in before what is not, then the
    best, then the earliest."""
    of_one = [F("user_id"), F("lesson_id")]
    return (
        Attempt.objects.filter(lesson__in=lessons, user__in=people)
        .annotate(
            share=SHARE,
            is_open=ExpressionWrapper(Q(submitted__isnull=True), output_field=BooleanField()),
            tries=Window(Count("pk", filter=Q(submitted__isnull=False)), partition_by=of_one),
            going_on=Window(Count("pk", filter=Q(submitted__isnull=True)), partition_by=of_one),
        )
        .order_by("user_id", "lesson_id", "is_open", F("share").desc(nulls_last=True), "number")
        .distinct("user_id", "lesson_id")
    )


def _cell(attempt: Attempt | None, deadline: datetime | None) -> Cell:
    is_over = deadline is not None and deadline < timezone.now()
    if attempt is None:
        return Cell(is_missing=is_over)
    going_on = bool(attempt.going_on)  # type: ignore[attr-defined]
    if attempt.submitted is None:
        return Cell(is_open=True)
    return Cell(
        share=attempt.share,  # type: ignore[attr-defined]
        points=attempt.score,
        most_points=attempt.most_points,
        attempts=attempt.tries,  # type: ignore[attr-defined]
        best=attempt.pk,
        is_open=going_on,
        is_late=deadline is not None and attempt.submitted > deadline,
        is_changed=attempt.override is not None,
    )


def _mean(columns: Sequence[Column], cells: Sequence[Cell]) -> float | None:
    """Of the quizzes that are handed in or missing, by their weights; what one still has time for does not count."""
    return weighted_mean(
        [
            (cell.share or 0.0, column.weight)
            for column, cell in zip(columns, cells, strict=True)
            if cell.share is not None or cell.is_missing
        ]
    )
