"""What an author sees before students do, and who else may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson
from courses.services.revisions import problems_of, save_revision
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/author/courses/mine/lessons/words/"
BODY = "## A part\n\n:::demo explorer capitals\n\n:::quiz\n\n$x$\n"


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="mine", title="Mine", instructor=UserFactory(role=User.Role.INSTRUCTOR), is_public=False)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="words", published=False, content__title="Words", content__body=BODY)


@pytest.fixture
def author(client: Client, course: Course) -> Client:
    client.force_login(course.memberships.get().user)
    return client


def preview(client: Client, **text: Any) -> Any:
    return client.post(PAGE + "preview/", json.dumps(text), content_type="application/json")


def test_a_text_that_is_not_saved_is_shown_as_its_lesson_would_be(author: Client, lesson: Lesson) -> None:
    answer = preview(author, title="Not saved", summary="Soon.", aims="one\ntwo", body=BODY).json()
    assert "<h1>Not saved</h1>" in answer["html"]
    assert "Soon." in answer["html"]
    assert "<li>two</li>" in answer["html"]
    assert 'data-demo="explorer"' in answer["html"]
    assert 'data-preset="capitals"' in answer["html"]
    assert "The quiz has no questions yet." in answer["html"]
    assert answer["problems"] == []
    lesson.refresh_from_db()
    assert lesson.revisions.count() == 1


def test_what_is_wrong_stands_at_its_place_with_its_line(author: Client, lesson: Lesson) -> None:
    answer = preview(author, title="", body="One.\n\n:::demo nothing\n").json()
    assert answer["problems"] == [{"line": 3, "message": "There is no demo “nothing”."}]
    assert "<strong>Line 3:</strong>" in answer["html"]


@pytest.mark.parametrize(
    ("body", "quiz"),
    [
        ("", ""),
        (" \n", ""),
        ("One.\n\n:::demo nothing\n", ""),
        ("<<<<<<< yours\nOne.\n======= or\nTwo.\n>>>>>>> original\n", ""),
        ("One.\n", "======= or\n"),
        ("One.\n", "questions: nonsense\n"),
        ("One.\n", ""),
    ],
)
def test_what_the_preview_lists_is_what_keeps_it_from_being_published(
    author: Client, lesson: Lesson, body: str, quiz: str
) -> None:
    listed = preview(author, title="Words", body=body, quiz=quiz).json()["problems"]
    content = LessonContent("Words", body=body, quiz=quiz)
    revision = save_revision(lesson=lesson, content=content, author=None, base=None)
    assert listed == [vars(problem) for problem in problems_of(lesson, revision)]
    assert (listed == []) == ((body, quiz) == ("One.\n", ""))


def test_the_frame_may_stand_in_our_own_page_only(author: Client, lesson: Lesson) -> None:
    assert author.get(PAGE + "preview/").headers["X-Frame-Options"] == "SAMEORIGIN"
    assert author.get(PAGE).headers["X-Frame-Options"] == "DENY"


def test_an_author_sees_what_was_saved_last_as_students_would(author: Client, lesson: Lesson) -> None:
    html = author.get(PAGE + "as-student/").content.decode()
    assert "as students would see it" in html
    assert 'data-demo="explorer"' in html
    assert "The quiz has no questions yet." not in html, "this is a word for authors"
    lesson.refresh_from_db()
    assert lesson.published is None


def test_the_secret_link_shows_one_lesson_and_nothing_else_of_the_course(author: Client, lesson: Lesson) -> None:
    author.post(PAGE + "preview-link/", {"action": "make"})
    lesson.refresh_from_db()
    token = lesson.preview_token
    response = Client().get(f"/preview/{token}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "A preview of a lesson" in html
    assert "/courses/mine/" not in html
    assert "/author/courses/" not in html
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_renewed_or_switched_off_link_leads_nowhere(author: Client, lesson: Lesson) -> None:
    author.post(PAGE + "preview-link/", {"action": "make"})
    lesson.refresh_from_db()
    first = lesson.preview_token
    author.post(PAGE + "preview-link/", {"action": "make"})
    lesson.refresh_from_db()
    second = lesson.preview_token
    assert Client().get(f"/preview/{first}/").status_code == 404
    assert Client().get(f"/preview/{second}/").status_code == 200
    author.post(PAGE + "preview-link/", {"action": "off"})
    assert Client().get(f"/preview/{second}/").status_code == 404
    assert Client().get("/preview/None/").status_code == 404


def test_a_lesson_or_course_that_is_put_away_has_no_preview(author: Client, lesson: Lesson, course: Course) -> None:
    author.post(PAGE + "preview-link/", {"action": "make"})
    lesson.refresh_from_db()
    path = f"/preview/{lesson.preview_token}/"
    Course.objects.filter(pk=course.pk).update(removed_at=course.created)
    assert Client().get(path).status_code == 404
    Course.objects.filter(pk=course.pk).update(removed_at=None)
    Lesson.objects.filter(pk=lesson.pk).update(removed_at=course.created)
    assert Client().get(path).status_code == 404


def test_the_editor_makes_and_switches_off_the_link_without_leaving_its_page(author: Client, lesson: Lesson) -> None:
    def change(action: str) -> Any:
        body = json.dumps({"action": action})
        path = PAGE + "preview-link/"
        return author.post(path, body, content_type="application/json", headers={"Accept": "application/json"}).json()

    url = change("make")["url"]
    assert Client().get(url).status_code == 200
    assert url in author.get(PAGE).content.decode()
    assert change("off")["url"] == ""
    assert Client().get(url).status_code == 404


def test_without_a_script_the_page_comes_back_at_the_link_that_was_made(author: Client, lesson: Lesson) -> None:
    assert author.post(PAGE + "preview-link/", {"action": "make"}).headers["Location"] == PAGE + "#sharing"
    html = author.get(PAGE).content.decode()
    section = html[html.index('id="sharing"') :]
    assert "open" in section[: section.index(">")]


def test_what_students_read_already_is_not_called_unpublished(author: Client, course: Course) -> None:
    LessonFactory(course=course, slug="words")
    html = author.get(PAGE + "as-student/").content.decode()
    assert "which students read now" in html
    assert "once it is published" not in html
