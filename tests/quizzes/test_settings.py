"""Rules, deadline, weight, and more time for single students."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Lesson
from quizzes.models import ExtraTime, QuizSettings
from quizzes.quiz_files import read_quiz
from quizzes.services.taking import start_attempt
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/grammar/lessons/words/quiz/settings/"
QUIZ = "rules: {minutes: 10}\nquestions:\n  - {id: one, type: text, prompt: Which?, accept: [a]}\n"


@pytest.fixture
def student() -> User:
    return UserFactory(name="Ada")


@pytest.fixture
def lesson(student: User) -> Lesson:
    teacher = UserFactory(role=User.Role.INSTRUCTOR)
    course = CourseFactory(slug="grammar", instructor=teacher, student=student)
    return LessonFactory(course=course, slug="words", content__quiz=QUIZ)


@pytest.fixture
def client(lesson: Lesson) -> Client:
    return signed_in(lesson.course.memberships.get(role="instructor").user)


def send(client: Client, act: str, **data: str) -> str:
    response: HttpResponse = client.post(PAGE, {"act": act, **data}, follow=True)
    assert response.status_code in (200, 422)
    return response.content.decode()


def test_rules_are_written_into_the_lesson_and_keep_its_questions(client: Client, lesson: Lesson) -> None:
    send(client, "rules", title="Gates", attempts="2", minutes="", show="after the attempt", shuffle="on", base="1")
    lesson.refresh_from_db()
    assert lesson.head
    quiz = read_quiz(lesson.head.quiz).quiz
    assert quiz
    assert (quiz.title, quiz.rules.attempts, quiz.rules.minutes) == ("Gates", 2, None)
    assert (quiz.rules.show, quiz.rules.shuffle, len(quiz.questions)) == ("after the attempt", True, 1)
    assert lesson.head != lesson.published


@pytest.mark.parametrize(
    ("is_public", "attempts", "is_told"), [(True, 1, True), (True, None, False), (False, 1, False)]
)
def test_limited_attempts_in_a_public_course_come_with_a_hint(
    client: Client, lesson: Lesson, is_public: bool, attempts: int | None, is_told: bool
) -> None:
    Course.objects.update(is_public=is_public)
    send(client, "rules", title="", attempts=str(attempts or ""), minutes="", show="at once", base="1")
    assert ("This course is public: a guest can take the quiz" in client.get(PAGE).content.decode()) == is_told


def test_rules_on_top_of_somebody_elses_save_are_refused_once(client: Client, lesson: Lesson) -> None:
    send(client, "rules", attempts="2", show="at once", base="1")
    said = send(client, "rules", attempts="3", show="at once", base="1")
    assert "in the meantime" in said
    assert 'name="base" value="2"' in said
    lesson.refresh_from_db()
    assert lesson.head
    assert "attempts: 2" in lesson.head.quiz


def test_deadline_and_weight_hold_at_once_and_are_said_back(client: Client, lesson: Lesson) -> None:
    said = send(client, "settings", deadline="2199-05-03T12:00", weight="2.5")
    assert "Deadline: 3 May 2199, 12:00. Weight: 2.5." in said
    assert QuizSettings.objects.get(lesson=lesson).weight == 2.5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"weight": "-1"}, "greater than or equal to 0"),
        ({"weight": "inf"}, "Enter a number"),
        ({"weight": ""}, "required"),
        ({"weight": "1", "deadline": "soon"}, "Enter a valid date"),
        ({"weight": "1", "deadline": "9999-12-31T23:59"}, "too far away"),
    ],
)
def test_a_mistake_is_told_at_its_field(client: Client, data: dict[str, str], said: str) -> None:
    assert said in send(client, "settings", **data)
    assert not QuizSettings.objects.exists()


def test_extra_time_reaches_an_attempt_that_is_open_and_is_taken_back(
    client: Client, lesson: Lesson, student: User
) -> None:
    attempt = start_attempt(actor=Actor(user=student, guest="", address="127.0.0.1"), lesson=lesson)
    assert attempt.until
    until = attempt.until
    assert "Ada has 5 more minutes." in send(client, "extra", user=str(student.pk), minutes="5")
    attempt.refresh_from_db()
    assert attempt.until == until + timedelta(minutes=5)
    assert "Ada has the same time as everybody" in send(client, "back", user=str(student.pk))
    attempt.refresh_from_db()
    assert attempt.until == until
    assert not ExtraTime.objects.exists()


def test_a_later_deadline_for_one_student_takes_the_place_of_the_earlier_one(
    client: Client, lesson: Lesson, student: User
) -> None:
    send(client, "extra", user=str(student.pk), minutes="5")
    assert "until" in send(client, "extra", user=str(student.pk), until="2199-05-03T12:00")
    extra = ExtraTime.objects.get()
    assert (extra.minutes, extra.deadline) == (0, datetime(2199, 5, 3, 12, tzinfo=timezone.get_default_timezone()))
    assert extra.deadline
    assert extra.deadline.astimezone(UTC)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Give more minutes"),
        ({"minutes": "-5"}, "greater than or equal to 0"),
        ({"minutes": "9" * 30}, "less than or equal to"),
        ({"user": "nobody", "minutes": "5"}, "Select a valid choice"),
    ],
)
def test_extra_time_that_is_none_is_refused(client: Client, student: User, data: dict[str, str], said: str) -> None:
    assert said in send(client, "extra", **{"user": str(student.pk), **data})
    assert not ExtraTime.objects.exists()


def test_only_students_of_the_course_can_be_given_time(client: Client) -> None:
    assert "Select a valid choice" in send(client, "extra", user=str(UserFactory().pk), minutes="5")


def test_where_the_questions_cannot_be_read_the_rules_wait(client: Client, lesson: Lesson) -> None:
    faulty = LessonFactory(course=lesson.course, slug="faulty", content__quiz="questions: 1", published=False)
    page = PAGE.replace("words", faulty.slug)
    assert "Mend it first" in client.get(page).content.decode()
    response = client.post(page, {"act": "rules", "show": "at once"})
    assert response.status_code == 422
