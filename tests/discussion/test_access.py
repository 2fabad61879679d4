"""Who may do what, for each address of the discussion."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from discussion.models import Answer, Question
from tests.discussion.conftest import Ask, Reply, post_seen_by, signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db

WHO = ("guest", "outsider", "other instructor", "staff", "peer", "asker", "instructor")
SIGN_IN, NO, NONE, YES, DONE = "sign in", 403, 404, 200, 302

# Of a course for its members; `peer` has answered the question of `asker`.
MATRIX = {
    #                             guest   outsider other   staff  peer  asker instructor
    "GET ":                      (NONE,    NONE, NONE, YES,  YES,  YES,  YES),
    "GET Q/":                    (NONE,    NONE, NONE, YES,  YES,  YES,  YES),
    "GET ask/":                  (SIGN_IN, NONE, NONE, YES,  YES,  YES,  YES),
    "POST ask/":                 (SIGN_IN, NONE, NONE, DONE, DONE, DONE, DONE),
    "POST preview/":             (SIGN_IN, NONE, NONE, YES,  YES,  YES,  YES),
    "GET Q/answer/":             (SIGN_IN, NONE, NONE, DONE, DONE, DONE, DONE),
    "POST Q/answer/":            (SIGN_IN, NONE, NONE, DONE, DONE, DONE, DONE),
    "GET question/Q/edit/":      (SIGN_IN, NONE, NONE, NO,   NO,   YES,  NO),
    "POST question/Q/edit/":     (SIGN_IN, NONE, NONE, NO,   NO,   DONE, NO),
    "POST answer/A/edit/":       (SIGN_IN, NONE, NONE, NO,   DONE, NO,   NO),
    "GET answer/A/delete/":      (SIGN_IN, NONE, NONE, NO,   YES,  NO,   NO),
    "POST question/Q/delete/":   (SIGN_IN, NONE, NONE, NO,   NO,   DONE, NO),
    "POST answer/A/delete/":     (SIGN_IN, NONE, NONE, NO,   DONE, NO,   NO),
    "POST answer/A/accept/":     (SIGN_IN, NONE, NONE, NO,   NO,   DONE, DONE),
    "POST answer/A/unaccept/":   (SIGN_IN, NONE, NONE, NO,   NO,   DONE, DONE),
    "POST question/Q/accept/":   (SIGN_IN, NONE, NONE, NO,   NO,   NO,   NO),
    "GET question/Q/report/":    (SIGN_IN, NONE, NONE, YES,  YES,  NO,   NO),
    "POST question/Q/report/":   (SIGN_IN, NONE, NONE, DONE, DONE, NO,   NO),
    "POST answer/A/report/":     (SIGN_IN, NONE, NONE, DONE, NO,   DONE, NO),
    "GET answer/A/hide/":        (SIGN_IN, NONE, NONE, NO,   NO,   NO,   YES),
    "POST answer/A/hide/":       (SIGN_IN, NONE, NONE, NO,   NO,   NO,   DONE),
    "POST answer/A/unhide/":     (SIGN_IN, NONE, NONE, NO,   NO,   NO,   DONE),
    "POST question/Q/resolve/":  (SIGN_IN, NONE, NONE, NO,   NO,   NO,   DONE),
    "POST question/Q/else/":     (SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE),
    "GET INBOX":                 (SIGN_IN, NO,   NONE, NONE, NO,   NO,   YES),
    "POST INBOXseen/":           (SIGN_IN, NO,   NONE, NONE, NO,   NO,   DONE),
    "POST INBOXmail/":           (SIGN_IN, NO,   NONE, NONE, NO,   NO,   DONE),
}  # fmt: skip
SENT = {"title": "Other words", "text": "Other text.", "reason": "It is off the point."}


@pytest.fixture
def people(instructor: User, asker: User, peer: User) -> dict[str, User | None]:
    return {
        "guest": None,
        "outsider": UserFactory(),
        "other instructor": UserFactory(role="instructor"),
        "staff": UserFactory(role="staff"),
        "peer": peer,
        "asker": asker,
        "instructor": instructor,
    }


@pytest.fixture
def posts(people: dict[str, User | None], ask: Ask, reply: Reply, peer: User) -> tuple[Question, Answer]:
    CourseFactory(instructor=people["other instructor"], student=people["outsider"])
    question = ask()
    return question, reply(question, by=peer)


Send = Callable[[str, str], int | str]


@pytest.fixture
def send(people: dict[str, User | None], posts: tuple[Question, Answer]) -> Send:
    def sends(who: str, what: str) -> int | str:
        method, path = what.split(" ")
        path = path.replace("Q/", f"{posts[0].pk}/").replace("A/", f"{posts[1].pk}/")
        base = "/courses/own/first/discussion/"
        url = path.replace("INBOX", "/author/courses/own/questions/") if "INBOX" in path else base + path
        user = people[who]
        client = signed_in(user) if user else Client()
        response = client.get(url) if method == "GET" else client.post(url, {**SENT, "form_key": uuid4()})
        if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
            return SIGN_IN
        return int(response.status_code)

    return sends


@pytest.mark.parametrize("who", WHO)
def test_who_may_do_what(send: Send, who: str) -> None:
    found = {}
    for what in MATRIX:
        with transaction.atomic():
            found[what] = send(who, what)
            transaction.set_rollback(True)
    assert found == {what: expected[WHO.index(who)] for what, expected in MATRIX.items()}


def test_what_was_refused_has_changed_nothing(send: Send, posts: tuple[Question, Answer]) -> None:
    before = [Question.objects.values().get(), Answer.objects.values().get()]
    for what, expected in MATRIX.items():
        for who, status in zip(WHO, expected, strict=True):
            if status in (SIGN_IN, NO, NONE):
                send(who, what)
    assert [Question.objects.values().get(), Answer.objects.values().get()] == before


def test_in_a_public_course_everybody_reads_and_staff_moderate(
    course: Course, people: dict[str, User | None], posts: tuple[Question, Answer], send: Send
) -> None:
    course.is_public = True
    course.save()
    assert [send(who, "GET Q/") for who in WHO] == [200] * 7
    assert send("outsider", "POST Q/answer/") == 302
    assert send("other instructor", "POST answer/A/hide/") == 403
    assert send("staff", "POST answer/A/hide/") == 302
    assert send("staff", "GET INBOX") == 200


def test_a_hidden_post_is_there_for_its_author_and_the_instructors_alone(
    people: dict[str, User | None], posts: tuple[Question, Answer], send: Send, instructor: User
) -> None:
    question = posts[0]
    assert send("instructor", "POST answer/A/hide/") == 302
    shown = {who: "Because length" in _read(people[who], question) for who in ("staff", "peer", "asker", "instructor")}
    assert shown == {"staff": False, "peer": True, "asker": False, "instructor": True}
    assert "It is off the point." in _read(people["peer"], question)
    assert "It is off the point." not in _read(people["asker"], question)
    assert send("asker", "POST answer/A/report/") == 404

    assert send("instructor", "POST answer/A/unhide/") == 302
    assert "Because length" in _read(people["asker"], question)


def test_a_hidden_question_is_a_404_for_others_and_takes_no_answers(
    course: Course, people: dict[str, User | None], posts: tuple[Question, Answer], send: Send, lesson: Lesson
) -> None:
    course.is_public = True
    course.save()
    Question.objects.update(hidden_at=timezone.now(), hidden_reason="Off the point.")
    assert [send(who, "GET Q/") for who in WHO] == [404, 404, 404, 200, 404, 200, 200]
    assert send("peer", "POST answer/A/edit/") == 404
    assert "Why cosine?" not in _list(people["peer"])
    assert "Why cosine?" not in _list(None)
    assert "Why cosine?" in _list(people["asker"])
    assert not post_seen_by(people["asker"], posts[0]).may_answer
    assert send("asker", "POST Q/answer/") == 409


def test_a_lesson_that_is_withdrawn_takes_its_discussion_along(
    lesson: Lesson, posts: tuple[Question, Answer], send: Send
) -> None:
    lesson.published = None
    lesson.save()
    assert send("asker", "GET Q/") == 404
    assert send("instructor", "GET Q/") == 404


def test_a_post_of_another_lesson_is_not_found_here(send: Send, posts: tuple[Question, Answer], asker: User) -> None:
    other = CourseFactory(slug="other", student=asker)
    LessonFactory(course=other, slug="first")
    assert signed_in(asker).get(f"/courses/other/first/discussion/{posts[0].pk}/").status_code == 404
    assert signed_in(asker).get(f"/courses/other/first/discussion/answer/{posts[1].pk}/report/").status_code == 404


def _read(user: User | None, question: Question) -> str:
    assert user
    return signed_in(user).get(f"/courses/own/first/discussion/{question.pk}/").content.decode()


def _list(user: User | None) -> str:
    client = signed_in(user) if user else Client()
    return client.get("/courses/own/first/discussion/").content.decode()
