"""Copies of courses and lessons. A copy remembers what it was made from, so that later changes can be offered."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from authoring.selectors.originals import lessons_to_copy
from authoring.services.courses import create_course
from authoring.services.lessons import next_order
from authoring.slugs import free_lesson_slug
from courses.lesson_files import LessonContent
from courses.models import Course, GlossaryTerm, Lesson, LessonImage
from courses.selectors.access import CourseInView
from courses.services.revisions import create_lesson, show_revision

LONGEST_TITLE = 120


@transaction.atomic
def copy_course(*, view: CourseInView, by: User) -> Course:
    """A course of one's own with the lessons, pictures and words of this one: for members only, until its new
    instructor opens it. Who is in it, what was announced and when things are due belong to the original.

    What is published there is published here; a draft stays one.
    """
    original = view.course
    title = f"{original.title[: LONGEST_TITLE - 7]} (copy)"
    course = create_course(by=by, title=title, summary=original.summary)
    course.origin = original
    course.save(update_fields=["origin"])
    for order, lesson in enumerate(lessons_to_copy(view), start=1):
        copy = _copy(lesson, course, by, slug=lesson.slug, order=order)
        if lesson.published_id and copy.head:
            show_revision(lesson=copy, revision=copy.head)
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(course=course, term=term.term, also=term.also, definition=term.definition)
        for term in original.terms.all()
    )
    return course


@transaction.atomic
def copy_lesson(*, lesson: Lesson, course: Course, by: User) -> Lesson:
    """The lesson once more, at the end of this course; a draft."""
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    slug = free_lesson_slug(course, lesson.slug)
    return _copy(lesson, course, by, slug=slug, order=next_order(course))


def copy_pictures(*, origin: Lesson, lesson: Lesson, text: str | None = None) -> None:
    """Give the lesson the pictures of its original, or those that this text names. Both show the same files."""
    images = [image for image in origin.images.all() if text is None or image.name in text]
    LessonImage.objects.bulk_create(
        [
            LessonImage(
                lesson=lesson,
                **{
                    field: getattr(image, field)
                    for field in ("name", "file", "width", "height", "size", "sha256", "uploaded_by_id")
                },
            )
            for image in images
        ],
        ignore_conflicts=True,
    )


def _copy(lesson: Lesson, course: Course, by: User, *, slug: str, order: int) -> Lesson:
    revision = lesson.shown
    copy = create_lesson(
        course=course,
        slug=slug,
        order=order,
        content=LessonContent.of(revision),
        author=by,
        message="Copied",
        folder=lesson.folder,
        origin=lesson,
        origin_revision=revision,
    )
    copy_pictures(origin=lesson, lesson=copy)
    return copy
