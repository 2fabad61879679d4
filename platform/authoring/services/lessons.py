"""The lessons of a course: new ones, their order, when they are due."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from authoring.slugs import RESERVED_LESSONS, free_lesson_slug
from common.errors import InvalidParams, NotFound
from courses.lesson_files import MOST_ORDER, LessonContent
from courses.models import Course, Lesson
from courses.services.revisions import create_lesson


@transaction.atomic
def add_lesson(*, course: Course, title: str, by: User, slug: str = "") -> Lesson:
    """An empty lesson at the end of the course; a draft. Without a `slug` the title gives one.

    Raises:
        InvalidParams: another lesson has the slug, or it is reserved.
    """
    if slug in RESERVED_LESSONS:
        _refuse_slug(f"“{slug}” is kept for another page of the course. Choose another address.")
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    try:
        with transaction.atomic():
            return create_lesson(
                course=course,
                slug=slug or free_lesson_slug(course, title),
                order=next_order(course),
                content=LessonContent(title=title),
                author=by,
            )
    except IntegrityError:
        _refuse_slug("There is already a lesson at this address, or one that was put away. Choose another one.")


def next_order(course: Course) -> int:
    """That of a lesson which comes last; of several that have the highest possible one, the slug decides."""
    last: int | None = course.lessons.aggregate(last=Max("order"))["last"]
    return 1 if last is None else min(last + 1, MOST_ORDER)


@transaction.atomic
def move_lesson(*, lesson: Lesson, steps: int) -> int:
    """Move the lesson up (below zero) or down among those that are not put away. Returns its new place, from 1.

    Raises:
        NotFound: it is put away.
    """
    Course.objects.select_for_update(no_key=True).get(pk=lesson.course_id)
    lessons = list(Lesson.objects.filter(course=lesson.course_id).only("order", "slug", "removed_at"))
    shown = [one for one in lessons if one.removed_at is None]
    place = next((place for place, one in enumerate(shown) if one.pk == lesson.pk), None)
    if place is None:
        raise NotFound("This lesson was put away in the meantime. Bring it back first.")
    new_place = min(max(place + steps, 0), len(shown) - 1)
    shown.insert(new_place, shown.pop(place))
    for order, one in enumerate([*shown, *(one for one in lessons if one.removed_at)], start=1):
        one.order = order
    Lesson.objects.bulk_update(lessons, ["order"])
    return new_place + 1


@transaction.atomic
def set_due(*, lesson: Lesson, due: datetime | None) -> Lesson:
    lesson.due = due
    lesson.save(update_fields=["due"])
    return lesson


def _refuse_slug(said: str) -> NoReturn:
    raise InvalidParams(said, fields={"slug": [said]})
