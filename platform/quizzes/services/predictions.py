"""What somebody expects of a demo before they run it (`:::predict`)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.actors import Actor
from common.errors import Conflict, InvalidParams, NotFound
from courses.models import Lesson
from quizzes.grading import AnswerError, check_can_be_told, read_answer
from quizzes.models import Prediction
from quizzes.selectors.predictions import predicted_answer, predicted_question, prediction_arrangement, shown_prediction
from quizzes.selectors.taking import owned_by, published_revision
from quizzes.services.taking import is_blank


class PredictionKept(Conflict):
    code = "prediction_kept"

    def __init__(self, kept: Any) -> None:
        super().__init__("You have predicted this already, and a prediction stays.")
        self.more = {"kept": {"answer": kept}}


@transaction.atomic
def predict(*, actor: Actor, lesson: Lesson, question: str, raw: Any) -> Prediction:
    """Keep a prediction, once. `raw` names positions as shown. The same once more changes nothing.

    Raises:
        NotFound: the lesson asks for no such prediction.
        InvalidParams: it is no answer to this question.
        PredictionKept: another one is kept already.
    """
    revision = published_revision(lesson)
    asked = predicted_question(revision, question) if revision else None
    if asked is None:
        raise NotFound("This lesson asks for no such prediction.")
    try:
        answer = read_answer(asked, raw, prediction_arrangement(asked))
        if is_blank(answer):
            raise AnswerError("Say what you expect.")
        check_can_be_told(asked, answer)
    except AnswerError as error:
        raise InvalidParams(str(error), fields={"answer": [str(error)]}) from error
    prediction, _ = Prediction.objects.get_or_create(
        lesson=lesson, question=question, **owned_by(actor), defaults={"revision": revision, "answer": answer}
    )
    if predicted_answer(asked, prediction) != answer:
        raise PredictionKept(shown_prediction(asked, prediction))
    return prediction
