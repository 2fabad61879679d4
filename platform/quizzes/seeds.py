"""Seeds of attempts. A seed tells how the parts of a question were shuffled, and so what is right: no page knows it."""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

from common.errors import Conflict
from quizzes.arrangement import arrange
from quizzes.formulas import FormulaError
from quizzes.grading import grade
from quizzes.questions import Quiz, Rules

TRIES = 20
"""How often other numbers are drawn where a formula has no value for the first."""


def begins_by_itself(rules: Rules) -> bool:
    """Nothing is lost by beginning an attempt: the page shows the questions at once, and the first answer begins it."""
    return rules.attempts is None and rules.minutes is None and rules.show == "at once"


def draw_seed(quiz: Quiz, nonce: str = "") -> str:
    """A seed for which every question has its numbers and its answer: formulas are tried on some numbers only when they
    are written. The same for the same `nonce`, which a page may know; without one always another.

    Raises:
        Conflict: none was found.
    """
    for number in range(TRIES):
        seed = salted_hmac("quizzes.seed", f"{nonce}:{number}").hexdigest()[:16] if nonce else secrets.token_hex(8)
        try:
            for question in quiz.questions:
                grade(question, None, arrange(question, seed).numbers)
        except FormulaError:
            continue
        return seed
    raise Conflict("The numbers of this quiz do not work out. Tell your instructor.")
