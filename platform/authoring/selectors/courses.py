"""Courses as those see them who teach them, and as staff see all of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from accounts.selectors import MOST_WORDS
from courses.models import Course, Lesson, Membership
from courses.selectors.access import taught_courses

STUDENTS = Count("memberships", filter=Q(memberships__role=Membership.Role.STUDENT), distinct=True)


def my_courses(user: User) -> list[Course]:
    """What somebody teaches, put-away courses too, with `students` and `lesson_count`; by title. One query."""
    mine = Course.objects.filter(pk__in=taught_courses(user).values("pk"))
    lessons = Count("lessons", filter=Q(lessons__removed_at=None), distinct=True)
    return list(mine.annotate(students=STUDENTS, lesson_count=lessons).order_by("title", "pk"))


def all_courses(*, words: str = "") -> QuerySet[Course]:
    """For staff: every course with `students`, and `memberships` of those who teach it; newest first."""
    teaching = Membership.objects.filter(role=Membership.Role.INSTRUCTOR).select_related("user").order_by("joined")
    found = Course.objects.annotate(students=STUDENTS).order_by("-created", "-pk")
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(title__icontains=word) | Q(slug__icontains=word))
    return found.prefetch_related(Prefetch("memberships", queryset=teaching, to_attr="teaching"))


def lessons_for_authors(course: Course) -> list[Lesson]:
    """All lessons of a course in order, drafts and put-away ones too, without their texts. One query."""
    parts = ["title", "number", "lesson"]
    return list(
        course.lessons.select_related("head", "published", "origin").only(
            "slug",
            "order",
            "due",
            "removed_at",
            "course",
            "origin_revision",
            "origin__published",
            "origin__removed_at",
            "origin__course",
            *(f"{revision}__{part}" for revision in ("head", "published") for part in parts),
        )
    )


def instructors_of(course: Course) -> list[User]:
    return list(
        User.objects.filter(memberships__course=course, memberships__role=Membership.Role.INSTRUCTOR).order_by("name")
    )


def doubt_about_due(course: Course, due: datetime | None) -> str:
    """What is odd about this due date of a lesson, given when its course is open; empty if nothing is."""
    if due and course.opens and due < course.opens:
        return "before the course opens"
    if due and course.closes and due > course.closes:
        return "after the course closes"
    return ""


def open_links(course: Course) -> str:
    """The ways into the course, or to a draft of it, that whoever knows them can use; empty without any."""
    previews = course.lessons.exclude(preview_token=None).filter(removed_at=None).select_related("head", "published")
    ways = [
        *(["the code to join"] if course.join_code else []),
        *(["the link to join"] if course.join_token else []),
        *(f"the preview link of “{lesson.title}”" for lesson in previews),
    ]
    return ", ".join(ways)
