"""Writing a lesson: saving, publishing, pictures; with a script's JSON and as plain forms."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from courses.lesson_files import LONGEST_TEXT
from courses.models import Course, Lesson
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return UserFactory(name="Anna", role=User.Role.INSTRUCTOR)


@pytest.fixture
def bob(course: Course) -> User:
    bob = UserFactory(name="Bob", role=User.Role.INSTRUCTOR)
    MembershipFactory(course=course, user=bob, role="instructor")
    return bob


@pytest.fixture
def course(anna: User) -> Course:
    return CourseFactory(slug="mine", instructor=anna, is_public=False)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="words", published=False, content__title="Words")


@pytest.fixture
def author(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


PAGE = "/author/courses/mine/lessons/words/"


def send(client: Client, path: str, data: Any) -> Any:
    return client.post(
        PAGE + path,
        data if isinstance(data, str) else json.dumps(data),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Words",
        "summary": "About words.",
        "aims": "read\n\n  write ",
        "body": "A text.\n",
        "quiz": "",
        "base": 1,
        **changes,
    }


def test_a_save_is_a_revision_with_who_and_what(author: Client, lesson: Lesson, anna: User) -> None:
    response = send(author, "save/", draft(message="A beginning"))
    assert response.status_code == 200
    assert response.json()["revision"] == 2
    lesson.refresh_from_db()
    head = lesson.head
    assert head
    assert (head.number, head.author, head.message) == (2, anna, "A beginning")
    assert (head.title, head.summary, head.aims, head.body) == ("Words", "About words.", ["read", "write"], "A text.\n")
    assert lesson.published is None


def test_an_edit_on_top_of_an_old_revision_overwrites_nothing(author: Client, lesson: Lesson, bob: User) -> None:
    other = Client()
    other.force_login(bob)
    send(other, "save/", draft(body="What Bob wrote.\n"))

    response = send(author, "save/", draft(body="What Anna wrote.\n"))

    assert response.status_code == 409
    answer = response.json()
    assert answer["error"]["code"] == "edit_conflict"
    assert "Bob" in answer["error"]["message"]
    assert answer["head"]["author"] == "Bob"
    assert (answer["head"]["number"], answer["head"]["body"]) == (2, "What Bob wrote.\n")
    assert "Bob" in answer["diff"]
    assert "Anna" in answer["diff"]
    lesson.refresh_from_db()
    assert lesson.head
    assert lesson.head.body == "What Bob wrote.\n"

    assert send(author, "save/", draft(body="What Anna wrote.\n", base=2)).json()["revision"] == 3
    assert lesson.revisions.get(number=2).body == "What Bob wrote.\n"


def test_without_a_script_a_conflict_shows_the_difference_and_keeps_what_was_typed(
    author: Client, lesson: Lesson, bob: User
) -> None:
    other = Client()
    other.force_login(bob)
    send(other, "save/", draft(body="What Bob wrote.\n"))

    response = author.post(PAGE + "save/", draft(body="What Anna wrote."))

    assert response.status_code == 409
    html = response.content.decode()
    assert "Bob saved revision 2" in html
    assert "What Anna wrote." in response.context["form"]["body"].value()
    assert str(response.context["form"]["base"].value()) == "2"
    assert author.post(PAGE + "save/", draft(body="What Anna wrote.", base=2)).status_code == 302


def test_publishing_lets_students_read_what_was_saved_last(author: Client, lesson: Lesson) -> None:
    send(author, "save/", draft(body="For students.\n"))
    assert send(author, "publish/", {"base": 2}).status_code == 200
    lesson.refresh_from_db()
    assert lesson.published
    assert lesson.published.body == "For students.\n"
    html = author.get("/courses/mine/words/").content.decode()
    assert "For students." in html


def test_publishing_with_a_mistake_is_refused_with_its_line(author: Client, lesson: Lesson) -> None:
    send(author, "save/", draft(body="A text.\n\n:::demo nothing\n"))
    response = send(author, "publish/", {"base": 2})
    assert response.status_code == 422
    assert response.json()["problems"] == [{"line": 3, "message": "There is no demo “nothing”."}]
    lesson.refresh_from_db()
    assert lesson.published is None

    html = author.post(PAGE + "publish/", {"base": 2}).content.decode()
    assert "Line 3: There is no demo “nothing”." in html


def test_nobody_publishes_what_they_have_not_seen(author: Client, lesson: Lesson, bob: User) -> None:
    other = Client()
    other.force_login(bob)
    send(other, "save/", draft(body="Half a sent"))
    assert send(author, "publish/", {"base": 1}).status_code == 409
    lesson.refresh_from_db()
    assert lesson.published is None


def test_what_does_not_say_on_what_it_was_written_is_not_saved_or_published(author: Client, lesson: Lesson) -> None:
    """It would go on top of whatever a colleague has saved."""
    without = draft(body="On top of everything.\n")
    del without["base"]
    assert send(author, "save/", without).status_code == 422
    assert author.post(PAGE + "save/", without).status_code == 422
    assert send(author, "publish/", {}).status_code == 422
    assert "Reload the page" in author.post(PAGE + "publish/").content.decode()
    lesson.refresh_from_db()
    assert lesson.published is None
    assert lesson.revisions.count() == 1


def test_a_withdrawn_lesson_is_gone_for_students_and_kept_for_its_author(author: Client, course: Course) -> None:
    LessonFactory(course=course, slug="words")
    author.post(PAGE + "withdraw/")
    assert author.get("/courses/mine/words/").status_code == 404
    assert author.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        "no JSON",
        "[1]",
        '{"title": ["x"]}',
        '{"title": {"a": 1}}',
        "[" * 100_000,
        '{"title": 1e400}',
        json.dumps(draft(title="")),
        json.dumps(draft(title="x" * 121)),
        json.dumps(draft(body="x" * (LONGEST_TEXT + 1))),
        json.dumps(draft(base="first")),
        json.dumps(draft(base=None)),
        "{}",
    ],
    ids=range(12),
)
def test_what_makes_no_sense_is_refused_in_words(author: Client, lesson: Lesson, sent: str) -> None:
    response = send(author, "save/", sent)
    assert response.status_code == 422
    assert response.json()["error"]["message"]
    assert lesson.revisions.count() == 1


@pytest.mark.parametrize("text", ["\0", "\ud800", "\r\na\r", "<script>alert(1)</script>", ":::\n:::demo\n:::quiz x"])
def test_any_text_can_be_saved_and_shown(author: Client, lesson: Lesson, text: str) -> None:
    assert send(author, "save/", draft(body=text, quiz=text, summary=text, aims=text, message=text)).status_code == 200
    assert send(author, "presence/", {"window": text}).status_code == 200
    assert send(author, "preview/", draft(body=text, title=text)).status_code == 200
    for path in ("", "as-student/", "revisions/", "revisions/2/", "revisions/compare/"):
        html = author.get(PAGE + path).content.decode()
        assert "<script>alert" not in html


def test_the_page_opens_with_what_was_saved_and_what_is_wrong_with_it(author: Client, course: Course) -> None:
    LessonFactory(course=course, slug="words", published=False, content__body="One.\n\n:::nothing\n")
    html = author.get(PAGE).content.decode()
    assert ":::nothing" in html
    assert "Line 3: There is no block" in html
    assert "Students do not see this lesson." in html


def test_without_a_script_a_mistake_is_told_at_its_field(author: Client, lesson: Lesson) -> None:
    response = author.post(PAGE + "save/", draft(title=""))
    assert response.status_code == 422
    assert "A lesson needs a title." in response.content.decode()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "My map.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/png")


@pytest.mark.usefixtures("media")
def test_a_picture_is_taken_and_listed(author: Client, lesson: Lesson) -> None:
    accept = {"Accept": "application/json"}
    response = author.post(PAGE + "images/", {"file": picture()}, headers=accept)
    assert response.status_code == 201
    row = response.json()
    assert (row["name"], row["width"], row["height"]) == ("my-map.png", 8, 6)
    assert author.get(row["url"]).status_code == 200
    assert author.get(PAGE + "images/").json()["images"] == [row]

    answer = send(author, "preview/", draft(body=f":::figure {row['name']} A map\n")).json()
    assert row["url"] in answer["html"]
    assert answer["problems"] == []


@pytest.mark.usefixtures("media")
def test_a_file_that_is_no_picture_is_refused_in_words(author: Client, lesson: Lesson) -> None:
    accept = {"Accept": "application/json"}
    fake = b"<svg onload=alert(1)>"
    response = author.post(PAGE + "images/", {"file": SimpleUploadedFile("map.png", fake)}, headers=accept)
    assert response.status_code == 422
    assert "PNG" in response.json()["error"]["message"]
    assert author.post(PAGE + "images/", {}, headers=accept).status_code == 422
    page = author.post(PAGE + "images/", {"file": SimpleUploadedFile("map.png", fake)}, follow=True)
    assert "An SVG file can carry scripts" in page.content.decode()
    assert not lesson.images.exists()


def test_nobody_saves_without_end_and_the_words_are_told_to_be_there(
    author: Client, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("authoring.services.editing.SAVES", 1)
    assert send(author, "save/", draft(body="One.\n", base=1)).status_code == 200
    refused = send(author, "save/", draft(body="Two.\n", base=2))
    assert refused.status_code == 429
    assert "Your text is still here" in refused.json()["error"]["message"]
    assert lesson.revisions.count() == 2
