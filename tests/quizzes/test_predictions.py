"""A prediction as its page shows it once the question, or the demo that answers it, has changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Lesson, Revision
from jobs.models import Job
from quizzes.models import Prediction
from quizzes.selectors.predictions import predicted_question, prediction_arrangement, shown_prediction
from quizzes.services.predictions import PredictionKept, predict
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of
from tests.jobs.conftest import demos, work
from tests.quizzes.classroom import publish_quiz

pytestmark = pytest.mark.django_db
__all__ = ["demos"]  # a fixture

ADDRESS = "/courses/sequences/gates/quiz/predictions/guess/"
SINGLE = "type: single, choices: [{text: x, correct: true, why: w}, {text: y, why: w}, {text: z, why: w}]"
ORDERING = "type: ordering, items: [a, b, c]"
MATCHING = "type: matching, pairs: [{left: a, right: A}, {left: b, right: B}, {left: c, right: C}]"
TYPED = "type: numeric, answer: 7"
DEMO = "type: demo, demo: {slug: doubling, params: {number: 21}, read: twice}"


@pytest.fixture
def ada() -> User:
    return UserFactory()


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def predicted(question: str) -> Lesson:
    course = CourseFactory(slug="sequences", is_public=True)
    return LessonFactory(
        course=course, slug="gates", content__quiz=written(question), content__body=":::predict guess\n"
    )


def written(question: str) -> str:
    return f"questions: [{{id: guess, prompt: What will come?, {question}}}]\n"


def told(browser: Client) -> str:
    response = browser.get(f"{ADDRESS}?told=1")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        (MATCHING, [0, 1, 2], MATCHING.replace(", {left: c, right: C}", "")),
        (MATCHING.replace(", {left: c, right: C}", ""), [0, 1], MATCHING),
        (ORDERING, [0, 1, 2], ORDERING.replace(", c]", "]")),
        (ORDERING.replace(", c]", "]"), [0, 1], ORDERING),
        (SINGLE, 2, SINGLE.replace(", {text: z, why: w}", "")),
        (SINGLE, 2, TYPED),
        (TYPED, "7", SINGLE),
        (ORDERING, [0, 1, 2], MATCHING.replace(", {left: c, right: C}", "")),
    ],
)
def test_what_is_no_answer_to_the_question_any_more_is_not_shown_as_one(
    browser: Client, ada: User, before: str, answer: Any, after: str, *, is_known: bool
) -> None:
    lesson = predicted(before)
    revision = lesson.published if is_known else None
    Prediction.objects.create(lesson=lesson, revision=revision, user=ada, question="guess", answer=answer)
    assert "data-answered" in told(browser)
    publish_quiz(lesson, written(after))
    page = told(browser)
    assert "You predicted" in page
    assert "data-answered" not in page


def test_a_prediction_goes_where_the_words_of_its_choice_go(browser: Client, ada: User) -> None:
    lesson = predicted(SINGLE)
    first = predicted_question(revision_of(lesson), "guess")
    assert first
    raw = prediction_arrangement(first).shown(0)
    kept = predict(actor=actor_of(ada), lesson=lesson, question="guess", raw=raw)
    assert kept.revision == revision_of(lesson)
    assert "Right." in told(browser)
    publish_quiz(
        lesson,
        written("type: single, choices: [{text: z, why: w}, {text: y, why: w}, {text: x, correct: true, why: w}]"),
    )
    assert "Right." in told(browser)
    now = predicted_question(revision_of(lesson), "guess")
    assert now
    assert shown_prediction(now, kept) == prediction_arrangement(now).shown(2)
    with pytest.raises(PredictionKept):
        predict(actor=actor_of(ada), lesson=lesson, question="guess", raw=prediction_arrangement(now).shown(0))
    predict(actor=actor_of(ada), lesson=lesson, question="guess", raw=prediction_arrangement(now).shown(2))


def revision_of(lesson: Lesson) -> Revision:
    lesson.refresh_from_db()
    assert lesson.published
    return lesson.published


@pytest.mark.usefixtures("demos")
def test_a_prediction_of_a_demo_is_told_once_the_demo_has_answered(browser: Client, ada: User) -> None:
    lesson = predicted(DEMO)
    Prediction.objects.create(lesson=lesson, user=ada, question="guess", answer="42")
    waiting = told(browser)
    assert "Your prediction is kept" in waiting
    assert Job.objects.get().guest == "quizzes"
    work()
    assert "Right." in told(browser)
