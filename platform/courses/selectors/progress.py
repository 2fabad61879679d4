"""How far readers have come: one computation for a reader's rail, their work, and a course's members.

Only what the published revision asks for counts; what somebody did for an earlier one is kept and waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.actors import Actor
from accounts.models import User
from courses import extensions
from courses.blocks import rendered_lesson, source_of
from courses.models import Course, Lesson, LessonProgress, ProgressItem, Revision
from courses.selectors.lessons import published_lessons

Asked = tuple[str, str]
"""Kind and key of one thing to do."""


@dataclass(frozen=True)
class Item:
    """One thing that a lesson asks for."""

    kind: str
    key: str
    title: str
    done_at: datetime | None

    @property
    def done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True)
class LessonState:
    """How far one reader is in one lesson."""

    lesson: Lesson
    items: tuple[Item, ...]
    last_seen: datetime | None
    """None: never opened, as far as anybody knows."""
    position: str
    """The id of the heading where they stopped; empty at the top."""

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def is_done(self) -> bool:
        return self.done == self.total

    @property
    def done_at(self) -> datetime | None:
        """When the last of it was done; None while something is left."""
        return max((item.done_at for item in self.items if item.done_at), default=None) if self.is_done else None

    @property
    def has_begun(self) -> bool:
        return self.last_seen is not None

    @property
    def is_read(self) -> bool:
        return any(item.done for item in self.items if item.kind == "read")


@dataclass(frozen=True)
class CourseState:
    """How far one reader is in a course."""

    lessons: tuple[LessonState, ...]

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.lessons)

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def has_begun(self) -> bool:
        return any(state.has_begun for state in self.lessons)

    @property
    def last_seen(self) -> datetime | None:
        return max((state.last_seen for state in self.lessons if state.last_seen), default=None)

    @property
    def is_done(self) -> bool:
        return bool(self.lessons) and self.done == self.total


@dataclass(frozen=True)
class MemberProgress:
    """How far one member is: (done, total) of each lesson, and when they were last there."""

    lessons: dict[int, tuple[int, int]]
    last_seen: datetime | None

    @property
    def done(self) -> int:
        """Lessons of which everything is done."""
        return sum(done == total for done, total in self.lessons.values())


@dataclass(frozen=True)
class Stop:
    """Where a reader stopped."""

    lesson: Lesson
    heading_id: str
    heading: str
    """Empty at the top of the lesson."""

    @property
    def url(self) -> str:
        return self.lesson.get_absolute_url() + (f"#{self.heading_id}" if self.heading_id else "")


def states_of(actor: Actor, lessons: Iterable[Lesson]) -> CourseState:
    """The reader's state in each of these lessons, which carry their published blocks. One query, however many."""
    lessons = list(lessons)
    mine = LessonProgress.objects.filter(user=actor.user, guest=actor.guest, lesson__in=lessons)
    rows = {row["lesson_id"]: row for row in _with_items(mine)}
    return CourseState(tuple(_state(lesson, rows.get(lesson.pk)) for lesson in lessons))


def course_progress(course: Course, users: Iterable[User]) -> dict[int, MemberProgress]:
    """How far these people are in the course, by their id. Two queries, however many there are."""
    asked = {lesson.pk: set(asked_of(lesson)) for lesson in published_lessons(course)}
    people = [user.pk for user in users]
    done: dict[int, dict[int, int]] = defaultdict(dict)
    last_seen: dict[int, datetime] = {}
    for row in _with_items(LessonProgress.objects.filter(user__in=people, lesson__in=asked)):
        done[row["user_id"]][row["lesson_id"]] = len(asked[row["lesson_id"]] & _done(row).keys())
        last_seen[row["user_id"]] = max(row["last_seen"], last_seen.get(row["user_id"], row["last_seen"]))
    return {
        person: MemberProgress(
            lessons={lesson: (done[person].get(lesson, 0), len(items)) for lesson, items in asked.items()},
            last_seen=last_seen.get(person),
        )
        for person in people
    }


def stopped_at(states: Sequence[LessonState]) -> Stop | None:
    """The place that the reader saw last, while there is something left to do in these lessons: there, or, where that
    lesson is done, at the next one that is not. At most three queries."""
    begun = [place for place, state in enumerate(states) if state.last_seen]
    if not begun:
        return None
    place = max(begun, key=lambda number: states[number].last_seen or datetime.min)
    if not states[place].is_done:
        return _stop(states[place])
    following = [state for state in (*states[place + 1 :], *states[:place]) if not state.is_done]
    return Stop(following[0].lesson, "", "") if following else None


def asked_of(lesson: Lesson) -> list[Asked]:
    """Everything that the published revision asks for, in order."""
    revision = lesson.published
    assert revision is not None
    return [(name, key) for name, kind in extensions.progress_kinds().items() for key in kind.keys(revision.blocks)]


def _stop(state: LessonState) -> Stop:
    if not state.position:
        return Stop(state.lesson, "", "")
    assert state.lesson.published_id is not None
    revision = Revision.objects.get(pk=state.lesson.published_id)
    headings = rendered_lesson(source_of(state.lesson, revision)).headings
    # The heading may have gone with a later revision: then it is the top.
    text = next((heading.text for heading in headings if heading.id == state.position), "")
    return Stop(state.lesson, state.position if text else "", text)


def _state(lesson: Lesson, row: Mapping[str, Any] | None) -> LessonState:
    done = _done(row) if row else {}
    kinds = extensions.progress_kinds()
    return LessonState(
        lesson=lesson,
        items=tuple(Item(kind, key, kinds[kind].title(key), done.get((kind, key))) for kind, key in asked_of(lesson)),
        last_seen=row["last_seen"] if row else None,
        position=row["position"] if row else "",
    )


def _with_items(progress: QuerySet[LessonProgress]) -> Iterable[Mapping[str, Any]]:
    items = ProgressItem.objects.filter(progress=OuterRef("pk")).values_list(
        JSONObject(kind="kind", key="key", at="at")
    )
    rows = progress.annotate(done=ArraySubquery(items))
    return rows.values("user_id", "lesson_id", "last_seen", "position", "done").iterator()


def _done(row: Mapping[str, Any]) -> dict[Asked, datetime]:
    return {(item["kind"], item["key"]): datetime.fromisoformat(item["at"]) for item in row["done"]}
