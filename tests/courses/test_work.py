from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.templatetags.words import day_in_words
from courses import extensions
from courses.extensions import WorkItem
from courses.models import Announcement, Course, Membership
from courses.services.progress import note_position, record_progress
from jobs.models import Job, Run, State
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada")


@pytest.fixture
def course(ada: User) -> Course:
    return CourseFactory(slug="a-course", title="A course", is_public=False, student=ada)


def page(client: Client, path: str = "/my/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def section(html: str, name: str) -> str:
    start = html.index(f'aria-labelledby="{name}-title"')
    return html[start : html.index("</section>", start)]


def lesson_of(course: Course, title: str, **fields: Any) -> Any:
    return LessonFactory(course=course, slug=title.lower(), content__title=title, **fields)


def test_what_is_due_stands_in_order_and_says_what_is_overdue(client: Client, ada: User, course: Course) -> None:
    now = timezone.now()
    lesson_of(course, "Later", due=now + timedelta(days=5))
    lesson_of(course, "Missed", due=now - timedelta(days=5))
    done = lesson_of(course, "Handed", due=now + timedelta(days=1))
    record_progress(actor=actor_of(ada), lesson=done, kind="read")
    client.force_login(ada)
    html = page(client)
    due = section(html, "due")
    assert due.index("Missed") < due.index("Later")
    assert due.count("Overdue since") == 1
    assert "Handed" not in due
    assert "Handed" in section(html, "done")


def test_begun_lessons_courses_and_the_way_on_are_there(client: Client, ada: User, course: Course) -> None:
    lesson = lesson_of(course, "Half", content__body="## A part\n\nText.\n")
    lesson_of(course, "Untouched")
    note_position(actor=actor_of(ada), lesson=lesson, position="a-part")
    client.force_login(ada)
    html = page(client)
    assert 'href="/courses/a-course/half/#a-part">Go on: Half, § A part</a>' in html
    assert "Half" in section(html, "begun")
    assert "Untouched" not in section(html, "begun")
    assert "2 lessons, begun" in section(html, "courses")
    for path in ("/courses/a-course/",):
        assert "Go on: Half, § A part" in page(client, path)


def test_the_front_page_goes_on_in_the_course_that_comes_with_it(client: Client, ada: User) -> None:
    course = CourseFactory(slug="sequence-models")
    lesson = lesson_of(course, "First", content__body="## A part\n\nText.\n")
    client.force_login(ada)
    assert "You need an account" in page(Client(), "/")
    html = page(client, "/")
    assert "Start with “First”" in html
    assert "You need an account" not in html
    assert 'href="/enrol/">Join a course</a>' in html
    note_position(actor=actor_of(ada), lesson=lesson, position="a-part")
    assert "Go on: First, § A part" in page(client, "/")


def test_nothing_of_courses_that_one_cannot_read_is_there(client: Client, ada: User, course: Course) -> None:
    for number, fields in enumerate(
        [{"opens": timezone.now() + timedelta(days=1)}, {"removed_at": timezone.now()}, {"is_public": False}]
    ):
        other = CourseFactory(title=f"Other {number}", **fields)
        if number < 2:
            MembershipFactory(course=other, user=ada)
        lesson = lesson_of(other, f"Hidden{number}", due=timezone.now())
        note_position(actor=actor_of(ada), lesson=lesson, position="")
        Announcement.objects.create(course=other, title=f"Hidden{number}", text="x")
    client.force_login(ada)
    assert "Hidden" not in page(client)


def test_a_course_that_is_not_open_is_still_among_ones_own_and_says_when_it_opens(
    client: Client, ada: User, course: Course
) -> None:
    lesson_of(course, "First")
    Course.objects.update(opens=timezone.now() + timedelta(days=1))
    client.force_login(ada)
    assert "Opens tomorrow, " in section(page(client), "courses")
    response = client.get("/courses/a-course/first/")
    html = response.content.decode()
    assert (response.status_code, "<h1>This course is not open yet</h1>" in html) == (403, True)
    assert "ask your instructor" in html
    assert "whoever runs this Unroll" not in html


def test_announcements_of_ones_own_courses_are_shown_and_cannot_carry_a_script(
    client: Client, ada: User, course: Course
) -> None:
    Announcement.objects.create(course=course, title="Mind", text="**Bring** <script>alert(1)</script>")
    Announcement.objects.create(course=CourseFactory(), title="Elsewhere", text="x")
    client.force_login(ada)
    html = page(client)
    assert "<strong>Bring</strong>" in html
    assert "<script>alert" not in html
    assert "Elsewhere" not in html
    assert "<strong>Bring</strong>" in page(client, "/courses/a-course/")


def test_work_of_other_apps_stands_among_the_rest(
    client: Client, ada: User, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(user: User) -> list[WorkItem]:
        return [
            WorkItem(course, f"Quiz for {user.name}", "/quiz/", timezone.now() + timedelta(days=1), None),
            WorkItem(course, "Old quiz", "/old/", None, timezone.now()),
        ]

    monkeypatch.setattr(extensions, "_work", [work])
    client.force_login(ada)
    html = page(client)
    assert '<a href="/quiz/">Quiz for Ada</a>' in section(html, "due")
    assert "Old quiz" in section(html, "done")


def test_the_latest_and_the_shared_runs_are_there(client: Client, ada: User) -> None:
    for number in range(5):
        run = Run.objects.create(
            demo="explorer", version="1", params={"word": f"word{number}"}, queue="inference", payer="x",
            state=State.SUCCEEDED, ended=timezone.now(), result={},
        )  # fmt: skip
        Job.objects.create(run=run, owner=ada, share_token=None if number else "a-token")
    client.force_login(ada)
    html = page(client)
    assert "/runs/a-token/" in section(html, "shared")
    assert section(html, "runs").count("<h2>") == 3
    assert "/runs/a-token/" not in section(html, "runs")
    assert 'href="/my/runs/"' in html


def test_a_guest_has_work_too(client: Client) -> None:
    lesson = lesson_of(CourseFactory(slug="open"), "First")
    html = page(client)
    assert "You have not begun a course yet." in html
    assert 'href="/enrol/">Join a course</a>' in html
    client.post(f"{lesson.get_absolute_url()}progress/", {"kind": "read"}, content_type="application/json")
    html = page(client)
    assert "First" in section(html, "done")
    assert "Sign up" in html
    assert "You have not begun a course yet." in page(Client())


def test_the_courses_are_ones_own_and_the_public_ones(client: Client, ada: User, course: Course) -> None:
    CourseFactory(title="Open to all")
    CourseFactory(title="Closed to others", is_public=False)
    taught = CourseFactory(title="Taught", is_public=False)
    User.objects.filter(pk=ada.pk).update(role=User.Role.INSTRUCTOR)
    MembershipFactory(course=taught, user=ada, role=Membership.Role.INSTRUCTOR)
    assert "Open to all" in page(client, "/courses/")
    assert "A course" not in page(client, "/courses/")
    client.force_login(ada)
    html = page(client, "/courses/")
    assert {"A course", "Taught"} <= {title for title in ("A course", "Taught") if title in section(html, "mine")}
    assert "You teach this course" in html
    assert "Open to all" in section(html, "others")
    assert "Closed to others" not in html


def test_a_course_says_its_dates_and_lets_a_student_leave(client: Client, ada: User, course: Course) -> None:
    lesson_of(course, "First", due=timezone.now() + timedelta(days=3))
    client.force_login(ada)
    html = page(client, "/courses/a-course/")
    assert "Leave “A course”" in html
    assert "Due" in html
    Course.objects.update(closes=timezone.now() + timedelta(days=9))
    assert "Open until" in page(client, "/courses/a-course/")
    Course.objects.update(closes=timezone.now() - timedelta(days=1))
    assert "You can still read everything." in page(client, "/courses/a-course/")
    Course.objects.update(closes=None, opens=timezone.now() + timedelta(days=1))
    html = page(client, "/courses/a-course/")
    assert "Until then you see what it will be about." in html
    assert 'href="/courses/a-course/first/"' not in html


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today, 12:00"), (1, "tomorrow, 12:00"), (-1, "yesterday, 12:00"), (9, ", 12:00")],
)
def test_days_are_said_as_people_say_them_and_with_the_zone(days: int, words: str) -> None:
    noon: datetime = timezone.localtime().replace(hour=12, minute=0)
    assert day_in_words(noon + timedelta(days=days)).endswith(f"{words} {noon.tzname()}")


def test_what_was_due_in_a_course_that_has_closed_is_not_to_do_any_more(client: Client, ada: User) -> None:
    closed = CourseFactory(closes=timezone.now() - timedelta(days=1), student=ada)
    lesson_of(closed, "Missed", due=timezone.now() - timedelta(days=5))
    client.force_login(ada)
    assert 'aria-labelledby="due-title"' not in page(client)
