"""One attempt as an instructor of its course sees it: every answer beside what is right, whatever its owner may see."""

from __future__ import annotations

from dataclasses import dataclass

from quizzes.models import Attempt
from quizzes.presentation import show_answer, show_question
from quizzes.question_forms import AskedQuestion
from quizzes.questions import DemoQuestion
from quizzes.selectors.demo_answers import demo_answers_of, state_of_run
from quizzes.selectors.taking import feedback_of, images_of, questions_of


@dataclass(frozen=True)
class MarkedQuestion:
    asked: AskedQuestion
    seconds: float | None
    """How long it was looked at; None: nobody knows."""
    is_regraded: bool
    """With another key than that of the quiz that was seen."""
    is_left_alone: bool
    """The key of the attempt has no such question any more: graded as it was seen."""
    waiting: str
    """Why no demo has computed yet what is right; empty where it has."""


def marked_questions(attempt: Attempt) -> list[MarkedQuestion]:
    """In the order in which they were shown. Four queries at most."""
    keyed = questions_of(attempt)
    demo_answers, images = demo_answers_of(attempt, keyed), images_of(attempt.lesson)
    responses = {response.question: response for response in attempt.responses.all()}
    marked = []
    for number, one in enumerate(keyed, 1):
        response = responses.get(one.seen.id)
        answer = response.answer if response else None
        is_waiting = one.needs_demo and one.seen.id not in demo_answers
        marked.append(
            MarkedQuestion(
                asked=AskedQuestion(
                    shown=show_question(one.seen, one.arrangement, images),
                    number=number,
                    answer=show_answer(one.seen, answer, one.arrangement),
                    is_locked=True,
                    feedback=None if is_waiting else feedback_of(one, answer, demo_answers.get(one.seen.id), images),
                ),
                seconds=(response.seconds or None) if response else None,
                is_regraded=one.key is not one.seen,
                is_left_alone=not one.is_current,
                waiting=state_of_run(one.key).message if is_waiting and isinstance(one.key, DemoQuestion) else "",
            )
        )
    return marked
