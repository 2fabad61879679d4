"""What one author does keeps nobody else from coming in, reading on or being counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from authoring.services.glossary import save_term
from authoring.services.lessons import add_lesson, move_lesson
from courses.lesson_files import LessonContent
from courses.models import Lesson, LessonProgress
from courses.services.revisions import save_revision
from tests.factories import LessonFactory, MembershipFactory, UserFactory
from tests.helpers import all_at_once

WORK: dict[str, Callable[[Lesson], object]] = {
    "a lesson is added": lambda lesson: add_lesson(course=lesson.course, title="New", by=UserFactory()),
    "a lesson is moved": lambda lesson: move_lesson(lesson=lesson, steps=1),
    "a lesson is saved": lambda lesson: save_revision(
        lesson=lesson, content=LessonContent("New"), author=None, base=None
    ),
    "a word is explained": lambda lesson: save_term(course=lesson.course, term="a", also=[], definition="b"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", WORK)
def test_people_join_and_read_while_an_author_works(what: str) -> None:
    lesson, user = LessonFactory(), UserFactory()

    def join_and_read(_: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        MembershipFactory(course=lesson.course, user=user)
        LessonProgress.objects.create(lesson=lesson, user=user)
        return True

    with transaction.atomic():
        WORK[what](lesson)
        assert all_at_once(1, join_and_read) == [True]
