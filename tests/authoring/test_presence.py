"""Two people at one lesson know of each other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from authoring import presence
from common import valkey
from courses.models import Course, Lesson
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/author/courses/mine/lessons/words/"


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="mine")


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="words")


def instructor(course: Course, name: str) -> Client:
    user = UserFactory(name=name, role=User.Role.INSTRUCTOR)
    MembershipFactory(course=course, user=user, role="instructor")
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, **data: Any) -> Any:
    sent = {"window": "one", **data}
    return client.post(PAGE + "presence/", json.dumps(sent), content_type="application/json").json()


def test_the_second_editor_is_told_at_once(course: Course, lesson: Lesson) -> None:
    anna, bob = instructor(course, "Anna"), instructor(course, "Bob")
    assert ask(anna)["others"] == ""
    assert "Anna is editing this lesson too." in bob.get(PAGE).content.decode()
    assert ask(bob)["others"] == "Anna is editing this lesson too."
    assert ask(anna)["others"] == "Bob is editing this lesson too."
    ask(instructor(course, "Cleo"))
    assert ask(anna)["others"] == "Bob and Cleo are editing this lesson too."


def test_who_leaves_or_is_not_heard_of_any_more_is_forgotten(course: Course, lesson: Lesson) -> None:
    anna, bob = instructor(course, "Anna"), instructor(course, "Bob")
    ask(anna)
    ask(anna, leave="1")
    assert ask(bob)["others"] == ""
    ask(anna)
    key = f"editing:{lesson.pk}"
    assert 0 < valkey.client().ttl(key) <= presence.FORGET_AFTER  # type: ignore[operator]
    for member in valkey.client().zrange(key, 0, -1):  # type: ignore[union-attr]
        valkey.client().zincrby(key, -presence.FORGET_AFTER - 1, member)
    assert ask(bob)["others"] == ""
    assert valkey.client().zcard(key) == 1


def test_a_second_window_of_the_same_person_is_told_so(course: Course, lesson: Lesson) -> None:
    anna = instructor(course, "Anna")
    ask(anna)
    assert "another window" in ask(anna, window="two")["others"]


def test_an_editor_hears_that_somebody_has_saved(course: Course, lesson: Lesson) -> None:
    anna, bob = instructor(course, "Anna"), instructor(course, "Bob")
    assert ask(anna)["revision"] == 1
    bob.post(PAGE + "save/", {"title": "Other", "base": 1})
    answer = ask(anna)
    assert answer["revision"] == 2
    assert answer["saved"]["author"] == "Bob"


def test_nobody_but_an_instructor_of_the_course_learns_who_is_there(course: Course, lesson: Lesson) -> None:
    ask(instructor(course, "Anna"))
    stranger = Client()
    stranger.force_login(UserFactory(role=User.Role.INSTRUCTOR))
    assert stranger.post(PAGE + "presence/").status_code == 404
