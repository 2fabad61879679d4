"""What readers see of courses and lessons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils import formats, timezone

from accounts.actors import Actor
from common.errors import NotNow
from courses.models import Course, Lesson, Revision
from courses.selectors.access import CourseInView, course_in_view
from mlcore import registry


@dataclass(frozen=True)
class LessonInCourse:
    lesson: Lesson
    view: CourseInView
    lessons: list[Lesson]
    """All that students see of the course, in order, without their texts."""
    revision: Revision
    """What students read, with its text."""
    previous: Lesson | None
    next: Lesson | None

    @property
    def course(self) -> Course:
        return self.view.course


def published_lessons(course: Course) -> QuerySet[Lesson]:
    """Those that students see, in order, without their texts."""
    return _published().filter(course=course)


def _published() -> QuerySet[Lesson]:
    return (
        Lesson.objects.filter(removed_at=None, published__isnull=False)
        .select_related("published")
        .only(
            "slug",
            "order",
            "due",
            "folder",
            "head",
            "course",
            "published__title",
            "published__summary",
            "published__aims",
            "published__blocks",
            "published__number",
            "published__lesson",
        )
    )


def lessons_of(view: CourseInView) -> list[Lesson]:
    """The course's lessons as its page lists them. One query."""
    lessons = list(published_lessons(view.course))
    for lesson in lessons:
        lesson.course = view.course
    return lessons


def lessons_of_courses(courses: Iterable[Course]) -> list[Lesson]:
    """The lessons of many courses, in order. One query."""
    by_id = {course.pk: course for course in courses}
    lessons = list(_published().filter(course__in=by_id))
    for lesson in lessons:
        lesson.course = by_id[lesson.course_id]
    return lessons


def lesson_in_course(actor: Actor, course_slug: str, slug: str) -> LessonInCourse:
    """A lesson with its place in the course, in three queries.

    Raises:
        Http404: there is none, or none for this reader.
        NotNow: the course has not opened yet, or has closed; in words.
    """
    view = course_in_view(actor, course_slug)
    lessons = lessons_of(view)
    place = next((number for number, lesson in enumerate(lessons) if lesson.slug == slug), None)
    if place is None:
        raise Http404(f"no lesson {slug} in {course_slug}")
    if not view.may_read_lessons:
        raise shut(view.course)
    lesson = lessons[place]
    assert lesson.published_id is not None
    return LessonInCourse(
        lesson=lesson,
        view=view,
        lessons=lessons,
        revision=Revision.objects.get(pk=lesson.published_id),
        previous=lessons[place - 1] if place else None,
        next=lessons[place + 1] if place + 1 < len(lessons) else None,
    )


def shut(course: Course) -> NotNow:
    """What a page of the course raises while its lessons cannot be read."""
    heading = "This course has closed" if course.has_opened else "This course is not open yet"
    return NotNow(heading, closed_words(course))


def closed_words(course: Course) -> str:
    """Why the lessons cannot be read now."""
    if course.opens and not course.has_opened:
        opens = formats.date_format(timezone.localtime(course.opens), "j F Y, H:i e")
        return f"“{course.title}” opens on {opens}. Come back then."
    return f"“{course.title}” has closed. Only its members can still read it; sign in if you are one."


def taste_of(lessons: list[Lesson]) -> str | None:
    """The slug of a demo that answers in a moment, from the earliest lesson that has one: for the front page."""
    demos = sorted(registry.demos().values(), key=lambda demo: (not demo.follows_typing, demo.slug))
    for lesson in lessons:
        for demo in demos:
            if demo.lesson == lesson.folder and demo.queue == "inference":
                return demo.slug
    return None
