"""Reads of courses and lessons."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404

from courses.models import Course, Lesson
from courses.services import BUILT_IN
from mlcore import registry


@dataclass(frozen=True)
class LessonInCourse:
    lesson: Lesson
    course: Course
    lessons: list[Lesson]
    """All of the course's, in order, without their texts."""
    previous: Lesson | None
    next: Lesson | None


def course_with_lessons(slug: str) -> Course:
    """The course, with its lessons (without their texts) at hand as `course.lessons.all()`. Raises Http404."""
    lessons = Prefetch("lessons", Lesson.objects.defer("body"))
    course = Course.objects.filter(slug=slug).prefetch_related(lessons).first()
    if course is None:
        raise Http404(f"no course {slug}")
    for lesson in course.lessons.all():
        lesson.course = course
    return course


def built_in_course() -> Course | None:
    """The course that comes with Unroll; None before its first sync."""
    try:
        return course_with_lessons(BUILT_IN)
    except Http404:
        return None


def lesson_in_course(course_slug: str, slug: str) -> LessonInCourse:
    """A lesson with its place in the course, in three queries. Raises Http404."""
    course = course_with_lessons(course_slug)
    lessons = list(course.lessons.all())
    place = next((number for number, lesson in enumerate(lessons) if lesson.slug == slug), None)
    if place is None:
        raise Http404(f"no lesson {slug} in {course_slug}")
    lesson = lessons[place]
    return LessonInCourse(
        lesson=lesson,
        course=course,
        lessons=lessons,
        previous=lessons[place - 1] if place else None,
        next=lessons[place + 1] if place + 1 < len(lessons) else None,
    )


def taste_of(course: Course) -> str | None:
    """The slug of a demo that answers in a moment, from the earliest lesson that has one: for the front page."""
    demos = sorted(registry.demos().values(), key=lambda demo: (not demo.follows_typing, demo.slug))
    for lesson in course.lessons.all():
        for demo in demos:
            if demo.lesson == lesson.folder and demo.queue == "inference":
                return demo.slug
    return None
