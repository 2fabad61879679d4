"""The pages of a course for those who teach it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.urls import reverse

from courses.models import Course

register = template.Library()

PAGES = (
    ("Lessons", "author-course"),
    ("Members", "author-members"),
    ("Grades", "author-grades"),
    ("Announcements", "author-announcements"),
    ("Glossary", "author-glossary"),
    ("Questions", "author-questions"),
    ("Question bank", "author-question-bank"),
    ("Settings", "author-settings"),
    ("Import", "author-import"),
    ("Export", "author-export"),
)


class CoursePage(NamedTuple):
    title: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def course_pages(context: Any, course: Course) -> list[CoursePage]:
    here = context["request"].path
    pages = [(title, reverse(name, args=[course.slug])) for title, name in PAGES]
    return [CoursePage(title, url, url == here) for title, url in pages]
