"""Writing announcements."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Announcement, Course
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/grammar/announcements/"


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="grammar", instructor=UserFactory(role=User.Role.INSTRUCTOR), is_public=False)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course.memberships.get().user)


def announce(client: Client, title: str, text: str = "Bring **paper**.") -> None:
    assert client.post(PAGE, {"title": title, "text": text}).status_code == 302


def test_members_read_what_was_announced_latest_first(client: Client, course: Course) -> None:
    for title in ("First", "Second"):
        announce(client, title)
    html = signed_in(MembershipFactory(course=course).user).get("/courses/grammar/").content.decode()
    assert html.index("Second") < html.index("First")
    assert "<strong>paper</strong>" in html


def test_what_is_announced_carries_no_script(client: Client, course: Course) -> None:
    announce(client, "<script>alert(1)</script>", "<script>alert(1)</script> [x](javascript:alert(1))")
    for html in (client.get(PAGE).content.decode(), client.get("/courses/grammar/").content.decode()):
        assert "<script>alert" not in html
        assert 'href="javascript:' not in html


def test_an_announcement_is_changed_and_deleted(client: Client, course: Course) -> None:
    announce(client, "First")
    announcement = Announcement.objects.get()
    path = f"{PAGE}{announcement.pk}/"
    assert "First" in client.get(path).content.decode()
    client.post(path, {"title": "Changed", "text": "…"})
    announcement.refresh_from_db()
    assert (announcement.title, announcement.text) == ("Changed", "…")
    client.post(f"{path}delete/")
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(("title", "text"), [("", "…"), ("x", ""), ("x", "y" * 10_001), ("x" * 121, "…")])
def test_one_that_is_empty_or_too_long_is_refused(client: Client, course: Course, title: str, text: str) -> None:
    assert client.post(PAGE, {"title": title, "text": text}).status_code == 200
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("who", ["guest", "student", "other instructor", "staff"])
def test_nobody_but_its_instructors_announces(client: Client, course: Course, who: str) -> None:
    announce(client, "First")
    announcement = Announcement.objects.get()
    people = {
        "student": MembershipFactory(course=course).user,
        "other instructor": UserFactory(role=User.Role.INSTRUCTOR),
        "staff": UserFactory(role=User.Role.STAFF),
    }
    other = signed_in(people[who]) if who in people else Client()
    status = {"guest": 302, "student": 403}.get(who, 404)
    for path in (PAGE, f"{PAGE}{announcement.pk}/", f"{PAGE}{announcement.pk}/delete/"):
        assert other.post(path, {"title": "Changed", "text": "…"}).status_code == status
    assert Announcement.objects.get().title == "First"


def test_an_announcement_is_changed_from_its_own_course_only(client: Client, course: Course) -> None:
    other = Announcement.objects.create(course=CourseFactory(), title="Other", text="…")
    assert client.post(f"{PAGE}{other.pk}/", {"title": "Changed", "text": "…"}).status_code == 404
    assert client.post(f"{PAGE}{other.pk}/delete/").status_code == 404
    assert Announcement.objects.get().title == "Other"
