"""In which order a question's parts are shown, and which numbers stand in it: drawn by seed, the same each time."""

from __future__ import annotations

import random
from dataclasses import dataclass

from quizzes.formulas import draw
from quizzes.questions import AnyQuestion, MatchingQuestion, OrderingQuestion, Quiz, parts_of


@dataclass(frozen=True)
class Arrangement:
    """`order[shown]` is the position in `quiz.yaml` of the part shown at `shown`."""

    order: tuple[int, ...]
    numbers: dict[str, float]

    def written(self, shown: int) -> int:
        """The position in `quiz.yaml` of what is shown at this position."""
        return self.order[shown]

    def shown(self, written: int) -> int:
        return self.order.index(written)


def arrange(question: AnyQuestion, seed: str) -> Arrangement:
    """How the question is shown in the attempt of this seed. What has no parts to choose from has an empty order."""
    dice = random.Random(f"{seed}:{question.id}")
    order = list(range(len(parts_of(question))))
    if isinstance(question, OrderingQuestion):
        # Not in the right order: that would be an answer nobody gave. Of two, the other one would give it away.
        right = list(order)
        dice.shuffle(order)
        while order == right and len(order) > 2:
            dice.shuffle(order)
    elif isinstance(question, MatchingQuestion) or getattr(question, "shuffle", False):
        dice.shuffle(order)
    return Arrangement(tuple(order), draw(question.variables, f"{seed}:{question.id}"))


def question_order(quiz: Quiz, seed: str) -> list[AnyQuestion]:
    """The quiz's questions in the order of this seed."""
    questions = list(quiz.questions)
    if quiz.rules.shuffle:
        random.Random(f"{seed}:questions").shuffle(questions)
    return questions
