"""Predictions as their owners see them."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from courses.models import Lesson, Revision
from quizzes.arrangement import Arrangement, arrange
from quizzes.grading import Answer, read_answer
from quizzes.keys import carry_over
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
    rows = Prediction.objects.filter(lesson=lesson, **owned_by(actor)).select_related("revision")
    return {prediction.question: prediction for prediction in rows}


def predicted_answer(question: AnyQuestion, prediction: Prediction) -> Answer | None:
    """What was predicted, with the positions that it has in this question; None where this is another one since.

    A choice is the same where its words are, as in a regrade (`keys.carry_over`)."""
    seen = predicted_question(prediction.revision, prediction.question) if prediction.revision else question
    if seen is None:
        return None
    arrangement = prediction_arrangement(seen)
    carried = arrangement if seen == question else carry_over(seen, question, arrangement)
    if carried is None:
        return None
    try:
        shown = show_answer(seen, prediction.answer, arrangement)
        answer = read_answer(question, shown, carried)
        # Not what only happens to fit: of a question that changed before revisions were kept.
        return answer if show_answer(question, answer, carried) == shown else None
    except ValueError:
        return None


def shown_prediction(question: AnyQuestion, prediction: Prediction) -> Any:
    """The same with positions as shown."""
    return show_answer(question, predicted_answer(question, prediction), prediction_arrangement(question))
