"""What an author sees of a lesson. Everything here is for a course's own instructors; who has the secret link of a
preview sees one page more."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Lesson, Membership, Revision
from courses.models.course import BUILT_IN
from courses.selectors.access import CourseInView, taught_course
from courses.selectors.lessons import LessonInCourse, published_lessons
from demos.selectors import demo_rows


def taught_lesson(user: User, course: str, lesson: str) -> Lesson:
    """With its head and published revision, and who wrote them, in two queries. Raises Http404 unless the user is an
    instructor of this course."""
    teaches = taught_course(user, course)
    found = teaches.lessons.filter(slug=lesson).select_related("head__author", "published__author").first()
    if found is None:
        raise Http404(f"no lesson {lesson} in {course}")
    found.course = teaches
    return found


def lesson_behind_link(token: str) -> Lesson:
    """The lesson of a preview link, with its head. Raises Http404."""
    there = Lesson.objects.filter(preview_token=token, removed_at=None, course__removed_at=None)
    lesson = there.select_related("head", "course").first()
    if lesson is None:
        raise Http404("no such preview")
    return lesson


def revisions_of(lesson: Lesson) -> QuerySet[Revision]:
    """Newest first, without their texts."""
    return lesson.revisions.select_related("author").only(
        "number", "title", "at", "message", "lesson", "author__name", "author__email"
    )


def revision_of(lesson: Lesson, number: int) -> Revision:
    """Raises Http404."""
    revision = lesson.revisions.select_related("author").filter(number=number).first()
    if revision is None:
        raise Http404(f"no revision {number}")
    return revision


def as_if_published(lesson: Lesson, revision: Revision) -> LessonInCourse:
    """The lesson in its place as a student would find it, were this revision the published one. The lesson object at
    hand is changed for it, the row is not."""
    lesson.published = revision
    course = lesson.course
    lessons = [other for other in published_lessons(course) if other.pk != lesson.pk]
    for other in lessons:
        other.course = course
    place = sum((other.order, other.slug) < (lesson.order, lesson.slug) for other in lessons)
    lessons.insert(place, lesson)
    return LessonInCourse(
        lesson=lesson,
        view=CourseInView(course=course, role=Membership.Role.INSTRUCTOR, is_staff=False),
        lessons=lessons,
        revision=revision,
        previous=lessons[place - 1] if place else None,
        next=lessons[place + 1] if place + 1 < len(lessons) else None,
    )


def unsaved_revision(lesson: Lesson, content: LessonContent) -> Revision:
    """What is being written, as a revision that is in no table."""
    return Revision(lesson=lesson, number=0, **{**vars(content), "aims": list(content.aims)})


def demo_menu() -> list[dict[str, Any]]:
    """Every demo with its presets, by the lesson that it comes with, for the editor's menu. One query."""
    built_in = Lesson.objects.filter(course__slug=BUILT_IN, published__isnull=False, removed_at=None)
    titles = dict(built_in.values_list("slug", "published__title"))
    lessons: dict[str, list[dict[str, Any]]] = {}
    for row in demo_rows():
        presets = [{"name": name, "title": preset["title"]} for name, preset in row["presets"].items()]
        demo = {"slug": row["slug"], "title": row["title"], "presets": presets}
        lessons.setdefault(row["lesson"], []).append(demo)
    return [
        {"lesson": titles.get(lesson, lesson.replace("-", " ").capitalize()), "demos": demos}
        for lesson, demos in sorted(lessons.items())
    ]
