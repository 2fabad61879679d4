"""The history of a lesson, and what is different between two of its states."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from authoring.diff import diff_contents, diff_texts
from authoring.services.originals import merge_contents
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson
from courses.services.revisions import publish_revision, save_revision
from tests.factories import CourseFactory, LessonFactory, UserFactory

PAGE = "/author/courses/mine/lessons/words/"
LINES = st.lists(st.text("ab \u2028.", max_size=4), max_size=12).map("\n".join)


@pytest.fixture
def anna() -> User:
    return UserFactory(name="Anna", role=User.Role.INSTRUCTOR)


@pytest.fixture
def lesson(anna: User) -> Lesson:
    course: Course = CourseFactory(slug="mine", instructor=anna)
    lesson = LessonFactory(course=course, slug="words", content__title="Words", content__body="A red fox.\n")
    save_revision(
        lesson=lesson,
        content=LessonContent(
            "Words", body="A brown fox.\n", quiz="questions: [{id: one, type: text, prompt: Why?, accept: [that]}]\n"
        ),
        author=anna,
        base=1,
        message="Another colour",
    )
    return lesson


@pytest.fixture
def author(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


@pytest.mark.django_db
def test_the_history_says_who_when_and_what(author: Client, lesson: Lesson) -> None:
    html = author.get(PAGE + "revisions/").content.decode()
    assert "Another colour" in html
    assert "Anna" in html
    assert html.count("Students read this") == 1


@pytest.mark.django_db
def test_a_long_history_takes_as_many_queries_as_a_short_one(
    author: Client, lesson: Lesson, anna: User, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as few:
        author.get(PAGE + "revisions/")
    for number in range(2, 30):
        save_revision(lesson=lesson, content=LessonContent(f"Words {number}"), author=anna, base=number)
    with django_assert_num_queries(len(few)):
        author.get(PAGE + "revisions/")


@pytest.mark.django_db
def test_an_old_revision_can_be_read_and_brought_back(author: Client, lesson: Lesson) -> None:
    assert "A red fox." in author.get(PAGE + "revisions/1/").content.decode()
    assert author.get(PAGE + "revisions/9/").status_code == 404

    author.post(PAGE + "restore/", {"revision": "1"})

    lesson.refresh_from_db()
    assert lesson.head
    assert (lesson.head.number, lesson.head.body) == (3, "A red fox.\n")
    assert lesson.head.message == "Back to revision 1"
    assert lesson.revisions.get(number=2).body == "A brown fox.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "9", "-1", "x", "1" * 30])
def test_a_revision_that_is_not_there_is_not_brought_back(author: Client, lesson: Lesson, number: str) -> None:
    assert author.post(PAGE + "restore/", {"revision": number}).status_code == 404
    assert lesson.revisions.count() == 2


@pytest.mark.django_db
def test_two_revisions_are_compared_word_by_word(author: Client, lesson: Lesson) -> None:
    html = author.get(PAGE + "revisions/compare/?from=1&to=2").content.decode()
    assert "A <mark>red</mark> fox." in html
    assert "A <mark>brown</mark> fox." in html
    assert "Questions (quiz.yaml)" in html
    assert "From revision 1 to 2" in author.get(PAGE + "revisions/compare/").content.decode()
    assert "These two say the same." in author.get(PAGE + "revisions/compare/?from=2&to=2").content.decode()
    assert author.get(PAGE + "revisions/compare/?from=7&to=2").status_code == 404


@pytest.mark.django_db
def test_students_read_the_published_revision_while_the_next_is_written(author: Client, lesson: Lesson) -> None:
    html = author.get("/courses/mine/words/").content.decode()
    assert "A red fox." in html
    lesson.refresh_from_db()
    assert lesson.head
    assert "you have newer changes" in author.get(PAGE).content.decode()
    publish_revision(lesson=lesson, revision=lesson.head)
    assert "A brown fox." in author.get("/courses/mine/words/").content.decode()


@given(old=LINES, new=LINES)
def test_a_difference_holds_both_texts_line_by_line(old: str, new: str) -> None:
    lines = [line for passage in diff_texts("Text", old, new).passages for line in passage.lines]

    def told(kinds: tuple[str, ...]) -> list[str]:
        return ["".join(piece.text for piece in line.pieces) for line in lines if line.kind in kinds]

    assert told(("same", "gone")) == old.splitlines()
    assert told(("same", "new")) == new.splitlines()
    assert [line.old for line in lines if line.old] == list(range(1, len(old.splitlines()) + 1))
    assert [line.new for line in lines if line.new] == list(range(1, len(new.splitlines()) + 1))
    assert all(line.kind == "same" for passage in diff_texts("", old, old).passages for line in passage.lines)


def test_what_is_far_from_a_change_is_folded() -> None:
    old = "\n".join(str(number) for number in range(100))
    diff = diff_texts("Text", old, old.replace("50", "fifty"))
    assert [passage.folded for passage in diff.passages] == [True, False, True]
    assert len(diff.passages[1].lines) == 3 + 2 + 3


def test_only_what_differs_is_told() -> None:
    one = LessonContent("A", summary="S", body="text")
    assert diff_contents(one, one) == []
    assert [diff.name for diff in diff_contents(one, LessonContent("A", summary="S", body="other"))] == ["Text"]


def test_long_texts_of_lines_that_are_often_there_are_compared_all_the_same() -> None:
    """Each line with each of its kind, again and again, would take hours."""
    old = [str(number % 100) for number in range(40_000)]
    new = old.copy()
    Random(1).shuffle(new)
    new[20_000:20_000] = ["the one that is new", ""]
    lines = [line for passage in diff_texts("Text", "\n".join(old), "\n".join(new)).passages for line in passage.lines]
    assert ["".join(piece.text for piece in line.pieces) for line in lines if line.kind in ("same", "new")] == new
    merged = merge_contents(*(LessonContent("A", body="\n".join(text)) for text in (old, old[:-1], new)))
    assert "the one that is new" in merged.content.body


def test_a_rewritten_text_with_blank_lines_keeps_what_is_the_same() -> None:
    old = [line for number in range(300) for line in (f"old {number}", "")]
    new = [line for number in range(300) for line in (f"new {number}" if number != 150 else "old 150", "")]
    lines = [line for passage in diff_texts("Text", "\n".join(old), "\n".join(new)).passages for line in passage.lines]
    same = ["".join(piece.text for piece in line.pieces) for line in lines if line.kind == "same"]
    assert "old 150" in same
