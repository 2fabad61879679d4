from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import GUEST_COOKIE, Actor, read_guest
from accounts.models import User
from accounts.signals import guest_became_user
from courses import extensions
from courses.extensions import ProgressKind
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, LessonProgress
from courses.selectors.lessons import published_lessons
from courses.selectors.progress import course_progress, states_of, stopped_at
from courses.services import progress as progress_service
from courses.services.handover import hand_over_progress
from courses.services.progress import note_position, prune_progress, record_progress
from courses.services.revisions import publish_revision, save_revision
from jobs.models import Job, Run, State
from jobs.sweeper import prune
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of, all_at_once

pytestmark = pytest.mark.django_db

BODY = "## First part\n\nText.\n\n:::demo explorer\n\n## Second part\n\nMore.\n"


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="a-course")


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="a-lesson", order=1, content__body=BODY, content__title="A lesson")


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada")


def has_run(demo: str, *, state: str = State.SUCCEEDED, **owner: Any) -> None:
    ended = {"ended": timezone.now(), "result": {}} if state == State.SUCCEEDED else {}
    run = Run.objects.create(demo=demo, version="1", params={}, queue="inference", payer="x", state=state, **ended)
    Job.objects.create(run=run, **owner)


def tell(client: Client, lesson: Lesson, **what: Any) -> Any:
    return client.post(f"{lesson.get_absolute_url()}progress/", json.dumps(what), content_type="application/json")


def state_of(actor: Actor, lesson: Lesson) -> tuple[int, int]:
    state = states_of(actor, published_lessons(lesson.course).filter(pk=lesson.pk)).lessons[0]
    return state.done, state.total


def test_a_reader_who_has_read_and_run_is_done(client: Client, lesson: Lesson, ada: User) -> None:
    client.force_login(ada)
    assert state_of(actor_of(ada), lesson) == (0, 2)
    answer = tell(client, lesson, kind="read")
    assert (answer.status_code, answer.json()) == (200, {"done": 1, "total": 2})
    has_run("explorer", owner=ada)
    assert tell(client, lesson, kind="demo", key="explorer").json() == {"done": 2, "total": 2}
    assert tell(client, lesson, kind="demo", key="explorer").json() == {"done": 2, "total": 2}


def test_a_demo_that_was_not_run_is_not_done(client: Client, lesson: Lesson, ada: User) -> None:
    client.force_login(ada)
    has_run("explorer", owner=UserFactory())
    has_run("explorer", owner=ada, state=State.QUEUED)
    answer = tell(client, lesson, kind="demo", key="explorer")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "This is not done yet."
    assert state_of(actor_of(ada), lesson) == (0, 2)


def test_read_can_be_taken_back(client: Client, lesson: Lesson, ada: User) -> None:
    client.force_login(ada)
    tell(client, lesson, kind="read")
    assert tell(client, lesson, kind="read", done=False).json() == {"done": 0, "total": 2}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "read", "position": "first-part", "key": ["x"]},
        {"kind": "demo", "key": "train_vectors"},
        {"kind": "nothing"},
        {"kind": 5},
        {"position": "x" * 121},
        {"position": None},
        {"kind": "read", "done": "perhaps"},
        ["read"],
        "read",
    ],
)
def test_what_makes_no_sense_is_refused_in_the_one_shape(client: Client, lesson: Lesson, body: Any) -> None:
    answer = client.post(f"{lesson.get_absolute_url()}progress/", json.dumps(body), content_type="application/json")
    assert answer.status_code in (400, 422)
    assert set(answer.json()["error"]) == {"code", "message", "fields"}
    assert not LessonProgress.objects.exists()


def test_what_is_sent_as_something_else_than_json_is_refused(client: Client, lesson: Lesson) -> None:
    assert client.post(f"{lesson.get_absolute_url()}progress/", {"kind": "read"}).status_code == 415
    assert client.get(f"{lesson.get_absolute_url()}progress/").status_code == 405


def test_a_session_needs_its_token(lesson: Lesson, ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert tell(client, lesson, kind="read").status_code == 403
    assert not LessonProgress.objects.exists()


def test_a_guest_has_progress_from_the_first_thing_done_and_reading_alone_sets_no_cookie(
    client: Client, lesson: Lesson
) -> None:
    client.get(lesson.get_absolute_url())
    assert GUEST_COOKIE not in client.cookies
    assert tell(client, lesson, kind="read").status_code == 200
    assert "1 of 2 done" in client.get(lesson.get_absolute_url()).content.decode()
    assert "1 of 2 done" not in Client().get(lesson.get_absolute_url()).content.decode()


def test_guests_begin_only_so_many_lessons_from_one_address(lesson: Lesson, ada: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(progress_service, "LESSONS_OF_AN_ADDRESS", 2)
    client = Client()
    assert [tell(guest, lesson, position="").status_code for guest in (client, Client(), Client())] == [200, 200, 429]
    assert LessonProgress.objects.count() == 2
    assert tell(client, lesson, kind="read").status_code == 200
    client.force_login(ada)
    assert tell(client, lesson, kind="read").status_code == 200


def test_a_page_with_a_guests_progress_is_kept_by_no_cache(client: Client, lesson: Lesson) -> None:
    assert "Cache-Control" not in client.get(lesson.get_absolute_url())
    tell(client, lesson, kind="read")
    for path in (lesson.get_absolute_url(), lesson.course.get_absolute_url(), "/courses/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_progress_of_a_guest_becomes_the_accounts(client: Client, lesson: Lesson, ada: User) -> None:
    second = LessonFactory(course=lesson.course, order=2)
    tell(client, lesson, kind="read")
    tell(client, lesson, position="second-part")
    tell(client, second, kind="read")
    guest = read_guest({GUEST_COOKIE: client.cookies[GUEST_COOKIE].value})
    # The account has begun the first lesson elsewhere, a week ago.
    has_run("explorer", owner=ada)
    record_progress(actor=actor_of(ada), lesson=lesson, kind="demo", key="explorer")
    LessonProgress.objects.filter(user=ada).update(last_seen=timezone.now() - timedelta(days=7), position="first-part")
    guest_became_user.send(sender=None, guest=guest, user=ada)
    states = states_of(actor_of(ada), published_lessons(lesson.course)).lessons
    assert [(state.done, state.total) for state in states] == [(2, 2), (1, 1)]
    assert states[0].position == "second-part"
    assert not LessonProgress.objects.filter(guest=guest).exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_may_begin_the_same_lesson_while_one_signs_in() -> None:
    ada = UserFactory()
    for number in range(5):
        lesson = LessonFactory(course=CourseFactory())
        guest = actor_of(guest=f"guest-{number}")
        note_position(actor=guest, lesson=lesson, position="there")

        def act(n: int, lesson: Lesson = lesson, guest: Actor = guest) -> None:
            if n:
                hand_over_progress(guest=guest.guest, user=ada)
            else:
                note_position(actor=actor_of(ada), lesson=lesson, position="here")

        all_at_once(2, act)
        assert LessonProgress.objects.get(lesson=lesson).user == ada


def test_guests_who_stay_away_are_forgotten_and_accounts_never(lesson: Lesson, ada: User) -> None:
    for actor in (actor_of(ada), actor_of(guest="old"), actor_of(guest="new")):
        note_position(actor=actor, lesson=lesson, position="")
    LessonProgress.objects.exclude(guest="new").update(last_seen=timezone.now() - timedelta(days=31))
    prune()
    assert set(LessonProgress.objects.values_list("guest", flat=True)) == {"", "new"}
    assert prune_progress() == 0


def test_only_what_the_published_revision_asks_for_counts(lesson: Lesson, ada: User) -> None:
    has_run("explorer", owner=ada)
    actor = actor_of(ada)
    record_progress(actor=actor, lesson=lesson, kind="demo", key="explorer")
    assert lesson.head
    without = replace(LessonContent.of(lesson.head), body="Only text.")
    draft = save_revision(lesson=lesson, content=without, author=None, base=1)
    assert state_of(actor, lesson) == (1, 2)
    publish_revision(lesson=lesson, revision=draft)
    assert state_of(actor, lesson) == (0, 1)


def test_what_another_app_registers_is_asked_for_too(lesson: Lesson, ada: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(extensions, "_progress_kinds", extensions.progress_kinds())
    extensions.register_progress(
        ProgressKind(name="quiz", label="Answer the questions", keys=lambda _: [""], is_done=lambda *_: True)
    )
    record_progress(actor=actor_of(ada), lesson=lesson, kind="quiz")
    assert state_of(actor_of(ada), lesson) == (1, 3)


def test_where_a_reader_stopped_is_the_lesson_seen_last_and_then_the_next_one(course: Course, ada: User) -> None:
    lessons = [
        LessonFactory(course=course, order=number, content__body="## A part\n\nText.\n", slug=f"lesson-{number}")
        for number in range(3)
    ]
    actor = actor_of(ada)

    def stop() -> Any:
        return stopped_at(states_of(actor, published_lessons(course)).lessons)

    assert stop() is None
    note_position(actor=actor, lesson=lessons[1], position="a-part")
    assert (stop().lesson, stop().heading, stop().url) == (
        lessons[1],
        "A part",
        "/courses/a-course/lesson-1/#a-part",
    )
    note_position(actor=actor, lesson=lessons[1], position="gone")
    assert stop().url == "/courses/a-course/lesson-1/"
    record_progress(actor=actor, lesson=lessons[1], kind="read")
    assert stop().lesson == lessons[2]
    record_progress(actor=actor, lesson=lessons[2], kind="read")
    assert stop().lesson == lessons[0]
    record_progress(actor=actor, lesson=lessons[0], kind="read")
    assert stop() is None


def test_the_progress_of_a_class_takes_two_queries(
    course: Course, lesson: Lesson, django_assert_num_queries: Any
) -> None:
    users = UserFactory.create_batch(4)
    for user in users[:3]:
        record_progress(actor=actor_of(user), lesson=lesson, kind="read")
    with django_assert_num_queries(2):
        progress = course_progress(course, users)
    assert [progress[user.pk].lessons[lesson.pk] for user in users] == [(1, 2), (1, 2), (1, 2), (0, 2)]
    assert progress[users[0].pk].last_seen is not None
    assert progress[users[3].pk].last_seen is None


def test_a_closed_course_keeps_no_more_progress(client: Client, lesson: Lesson, ada: User) -> None:
    Course.objects.update(opens=None, closes=timezone.now() - timedelta(days=1))
    MembershipFactory(course=lesson.course, user=ada)
    client.force_login(ada)
    assert client.get(lesson.get_absolute_url()).status_code == 200
    answer = tell(client, lesson, kind="read")
    assert answer.status_code == 403
    assert "has closed" in answer.json()["error"]["message"]


def test_nobody_tells_progress_of_a_lesson_they_cannot_read(client: Client, lesson: Lesson) -> None:
    Course.objects.update(is_public=False)
    assert tell(client, lesson, kind="read").status_code == 404
