"""Copies of courses and lessons. A copy remembers what it was made from, so that later changes can be offered."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from authoring.selectors.originals import lessons_to_copy
from authoring.services.courses import create_course
from authoring.services.images import free_picture_name, shared_fields
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
def copy_lessons(*, lessons: Sequence[Lesson], course: Course, by: User) -> list[Lesson]:
    """These lessons once more, at the end of this course; drafts. All of them, or none."""
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    return [
        _copy(lesson, course, by, slug=free_lesson_slug(course, lesson.slug), order=next_order(course))
        for lesson in lessons
    ]


def copy_pictures(*, origin: Lesson, lesson: Lesson, by: User, shown_in: LessonContent | None = None) -> dict[str, str]:
    """Give the lesson the pictures of its original, or those that this content names. Both show the same files.

    Returns the names that are others here, because the lesson has another picture of that name.
    """
    there = list(lesson.images.all())
    taken = {image.name for image in there}
    # Where it has the same picture twice, the one of the same name is the one.
    same = {image.sha256: image.name for image in there} | {(image.sha256, image.name): image.name for image in there}
    names: dict[str, str] = {}
    new = []
    for image in origin.images.all():
        if shown_in and image.name not in shown_in.body and image.name not in shown_in.quiz:
            continue
        name = same.get((image.sha256, image.name)) or same.get(image.sha256)
        if name is None:
            name = free_picture_name(image.name, image, taken) if image.name in taken else image.name
            taken.add(name)
            new.append(LessonImage(lesson=lesson, name=name, uploaded_by=by, **shared_fields(image)))
        names[image.name] = name
    LessonImage.objects.bulk_create(new)
    return {old: new for old, new in names.items() if old != new}


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
    copy_pictures(origin=lesson, lesson=copy, by=by)
    return copy
