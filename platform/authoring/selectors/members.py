"""The people in a course, for those who teach it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from common.spreadsheets import harmless
from courses.models import Course, Membership
from courses.selectors.lessons import published_lessons
from courses.selectors.progress import MemberProgress, course_progress


@dataclass(frozen=True)
class Member:
    membership: Membership
    progress: MemberProgress


def find_members(course: Course, *, words: str = "") -> QuerySet[Membership]:
    """Everybody, or those with each of the words in name or email; those who teach first, then by name."""
    found = Membership.objects.filter(course=course).select_related("user").order_by("role", "user__name", "pk")
    for word in words.split():
        found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return found


def with_progress(course: Course, memberships: Iterable[Membership]) -> list[Member]:
    """How far each of them is. Two queries, however many there are."""
    memberships = list(memberships)
    progress = course_progress(course, [membership.user for membership in memberships])
    return [Member(membership, progress[membership.user_id]) for membership in memberships]


def members_csv(course: Course) -> str:
    """The whole list as a table for a spreadsheet."""
    lessons = published_lessons(course).count()
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["name", "email", "role", "joined", "last seen", "lessons done", "lessons"])
    for member in with_progress(course, find_members(course)):
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
                lessons,
            ]
        )
    return out.getvalue()
