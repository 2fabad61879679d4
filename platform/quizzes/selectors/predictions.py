"""Predictions as their owners see them."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from courses.models import Lesson, Revision
from quizzes.arrangement import Arrangement, arrange
from quizzes.grading import read_answer
from quizzes.models import Prediction
from quizzes.presentation import show_answer
from quizzes.questions import AnyQuestion
from quizzes.quiz_files import EMPTY, read_quiz
from quizzes.selectors.taking import owned_by, predicted_questions

SEED = "prediction"
"""The same for everybody, for the demo that follows is the same."""


def predicted_question(revision: Revision, question: str) -> AnyQuestion | None:
    """The question of a `:::predict` in this revision."""
    if question not in predicted_questions(revision):
        return None
    return (read_quiz(revision.quiz).quiz or EMPTY).question(question)


def prediction_arrangement(question: AnyQuestion) -> Arrangement:
    """How the question of a prediction is shown, to everybody."""
    return arrange(question, SEED)


def predictions_of(actor: Actor, lesson: Lesson) -> dict[str, Prediction]:
    """One's own predictions in a lesson, by question."""
    rows = Prediction.objects.filter(lesson=lesson, **owned_by(actor))
    return {prediction.question: prediction for prediction in rows}


def shown_prediction(question: AnyQuestion, prediction: Prediction) -> Any:
    """What was predicted, with positions as shown; None where the question has become another one since."""
    arrangement = prediction_arrangement(question)
    try:
        shown = show_answer(question, prediction.answer, arrangement)
        return shown if read_answer(question, shown, arrangement) == prediction.answer else None
    except ValueError:
        return None
