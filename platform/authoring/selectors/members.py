"""The people in a course, for those who teach it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.selectors import MOST_WORDS
from common.spreadsheets import harmless
from courses.models import Course, Lesson, Membership
from courses.selectors.lessons import published_lessons
from courses.selectors.progress import MemberProgress, course_progress


@dataclass(frozen=True)
class LessonDone:
    """How much of a lesson a member has done."""

    lesson: Lesson
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True)
class Member:
    membership: Membership
    progress: MemberProgress
    lessons: tuple[LessonDone, ...]
    """Those that students see, in order."""


def find_members(course: Course, *, words: str = "") -> QuerySet[Membership]:
    """Everybody, or those with each of the words in name or email; those who teach first, then by name."""
    found = Membership.objects.filter(course=course).select_related("user").order_by("role", "user__name", "pk")
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return found


def with_progress(course: Course, memberships: Iterable[Membership]) -> list[Member]:
    """How far each of them is. Three queries, however many there are."""
    memberships, lessons = list(memberships), list(published_lessons(course))
    progress = course_progress(course, [membership.user for membership in memberships])
    members = []
    for membership in memberships:
        theirs = progress[membership.user_id]
        # A lesson published or withdrawn between the queries is in one of them only.
        done = (LessonDone(lesson, *theirs.lessons[lesson.pk]) for lesson in lessons if lesson.pk in theirs.lessons)
        members.append(Member(membership, theirs, tuple(done)))
    return members


def members_csv(course: Course) -> str:
    """The whole list as a table for a spreadsheet, with a column for each lesson."""
    members = with_progress(course, find_members(course))
    lessons = [each.lesson for each in members[0].lessons] if members else []
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    titles = [harmless(f"{_title(lesson)} ({lesson.slug})") for lesson in lessons]
    table.writerow(["name", "email", "role", "joined", "last seen", "lessons done", "lessons", *titles])
    for member in members:
        user, seen = member.membership.user, member.progress.last_seen
        joined = member.membership.joined
        table.writerow(
            [
                harmless(user.name),
                harmless(user.email),
                member.membership.role,
                joined.isoformat(timespec="seconds"),
                seen.isoformat(timespec="seconds") if seen else "",
                member.progress.done,
                len(lessons),
                # In words: a spreadsheet takes “1/2” for a day in January.
                *(f"{each.done} of {each.total}" for each in member.lessons),
            ]
        )
    return out.getvalue()


def _title(lesson: Lesson) -> str:
    assert lesson.published
    return lesson.published.title
