"""Addresses of courses and lessons, made from their titles."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from django.utils.text import slugify

from courses.models import Course, Lesson
from courses.models.course import BUILT_IN

RESERVED_COURSES = frozenset({"new", BUILT_IN})
RESERVED_LESSONS = frozenset({"new", "glossary", "leave", "announcements"})
"""What stands in an address where a slug would."""
LONGEST = 50


def free_course_slug(title: str) -> str:
    """One that no course has, made from the title."""
    base = _base(title, "course")
    taken = Course.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    return _free(base, {*taken, *RESERVED_COURSES})


def free_lesson_slug(course: Course, title: str) -> str:
    """One that no lesson of the course has, made from the title; those that are put away keep theirs."""
    base = _base(title, "lesson")
    taken = Lesson.objects.filter(course=course, slug__startswith=base).values_list("slug", flat=True)
    return _free(base, {*taken, *RESERVED_LESSONS})


def _base(title: str, otherwise: str) -> str:
    # Room for “-123”.
    return slugify(title)[: LONGEST - 4].strip("-_") or otherwise


def _free(base: str, taken: Container[str]) -> str:
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
