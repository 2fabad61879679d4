"""A lesson, the people around it, and how they post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Lesson
from discussion.models import Answer, Question
from discussion.selectors.posts import Discussion, PostInView, discussion_in_view, post_in_view
from discussion.services.posting import answer_question, ask_question
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory

Ask = Callable[..., Question]
Reply = Callable[..., Answer]


@pytest.fixture
def instructor() -> User:
    return UserFactory(name="Ingrid", role="instructor")


@pytest.fixture
def asker() -> User:
    return UserFactory(name="Ada")


@pytest.fixture
def peer() -> User:
    return UserFactory(name="Ben")


@pytest.fixture
def course(instructor: User, asker: User, peer: User) -> Course:
    """For its members only."""
    course = CourseFactory(slug="own", title="A course", is_public=False, instructor=instructor, student=asker)
    MembershipFactory(course=course, user=peer)
    return course


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="first", content__title="The first lesson")


def seen_by(user: User | None, lesson: Lesson) -> Discussion:
    actor = Actor(user=user, guest="" if user else "a-guest", address="127.0.0.1")
    return discussion_in_view(actor, lesson.course.slug, lesson.slug)


def post_seen_by(user: User | None, post: Question | Answer) -> PostInView:
    return post_in_view(seen_by(user, post.in_question.lesson), post.kind, post.pk)


@pytest.fixture
def ask(lesson: Lesson, asker: User) -> Ask:
    def asks(**changes: Any) -> Question:
        sent = {"title": "Why cosine?", "text": "And not the *distance*?", "form_key": uuid4(), **changes}
        by, where = sent.pop("by", asker), sent.pop("lesson", lesson)
        return ask_question(discussion=seen_by(by, where), **sent)

    return asks


@pytest.fixture
def reply() -> Reply:
    def replies(question: Question, by: User, text: str = "Because length does not matter.") -> Answer:
        return answer_question(question=post_seen_by(by, question), text=text, form_key=uuid4())

    return replies


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
