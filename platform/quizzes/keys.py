"""The key with which an attempt is graded. It may be a later one than that of the questions which were seen.

A corrected key is carried over to an old attempt by what a reader sees: an answer names positions as shown, and a
choice is the same where its words are, wherever its author has moved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.arrangement import Arrangement, arrange, question_order
from quizzes.formulas import FILLED_IN, FormulaError, Numbers, Range, compute
from quizzes.grading import Answer, Grade, grade, read_answer
from quizzes.presentation import show_answer
from quizzes.questions import (
    AnyQuestion,
    BlanksQuestion,
    DemoQuestion,
    MatchingQuestion,
    PollQuestion,
    Quiz,
    parts_of,
)


@dataclass(frozen=True)
class KeyedQuestion:
    """A question as an attempt shows it, and the one whose key holds for it: the same, or its corrected version."""

    seen: AnyQuestion
    arrangement: Arrangement
    key: AnyQuestion
    key_arrangement: Arrangement
    """Where the parts of `key` are shown."""
    is_current: bool
    """The key is that of the quiz it was looked for in; otherwise there it is gone, or became another question."""

    @property
    def points(self) -> float:
        return 0.0 if isinstance(self.key, PollQuestion) else self.key.points

    @property
    def needs_demo(self) -> bool:
        return isinstance(self.key, DemoQuestion)

    def grade(self, answer: Answer | None, demo_answer: Any = None) -> Grade:
        """The grade of an answer that is kept with positions of `seen`."""
        if answer is not None and self.key is not self.seen:
            answer = read_answer(self.key, show_answer(self.seen, answer, self.arrangement), self.key_arrangement)
        return grade(self.key, answer, self.key_arrangement.numbers, demo_answer)


def keyed_questions(seen: Quiz, key: Quiz, seed: str) -> list[KeyedQuestion]:
    """The questions of an attempt in their order, each with the key that holds for it."""
    return [_keyed(question, key.question(question.id), seed) for question in question_order(seen, seed)]


def _keyed(seen: AnyQuestion, key: AnyQuestion | None, seed: str) -> KeyedQuestion:
    arrangement = arrange(seen, seed)
    if key == seen:
        return KeyedQuestion(seen, arrangement, seen, arrangement, is_current=True)
    carried = carry_over(seen, key, arrangement) if key else None
    if key is None or carried is None:
        return KeyedQuestion(seen, arrangement, seen, arrangement, is_current=False)
    return KeyedQuestion(seen, arrangement, key, carried, is_current=True)


def most_points(keyed: Iterable[KeyedQuestion], demo_answers: Mapping[str, object]) -> float:
    """What can be had. What a demo has not answered, or cannot, counts for nobody and against nobody."""
    return round(sum(one.points for one in keyed if not one.needs_demo or one.seen.id in demo_answers), 6)


def carry_over(old: AnyQuestion, new: AnyQuestion, arrangement: Arrangement) -> Arrangement | None:
    """Where the parts of `new` stand for somebody who was shown `old` in this arrangement; None where `new` is another
    question: of another type, or with other parts."""
    places = _places(old, new)
    if places is None:
        return None
    try:
        numbers = _numbers(old, new, arrangement.numbers)
        grade(new, None, numbers)
    except FormulaError:  # it has no value for the numbers that were seen
        return None
    return Arrangement(tuple(places[place] for place in arrangement.order), numbers)


def difference(old: AnyQuestion, new: AnyQuestion | None) -> str:
    """Why the key of `new` does not hold for an answer to `old`, in words."""
    if new is None:
        return "It is not in the quiz any more."
    if new.type != old.type:
        return f"It was of the type “{old.type}”, and now is “{new.type}”."
    if len(parts_of(old)) != len(parts_of(new)):
        return f"It had {len(parts_of(old))} parts to choose from, and now has {len(parts_of(new))}."
    return "Its parts or its variables are others now."


def _places(old: AnyQuestion, new: AnyQuestion) -> Sequence[int] | None:
    """The position in `new` of each part of `old`."""
    if new.type != old.type or new.variables.keys() != old.variables.keys():
        return None
    if lefts_of(old) != lefts_of(new):
        return None
    if isinstance(old, BlanksQuestion) and isinstance(new, BlanksQuestion):
        return () if old.blanks.keys() == new.blanks.keys() else None
    return follow(parts_of(old), parts_of(new))


def _numbers(old: AnyQuestion, new: AnyQuestion, drawn: Numbers) -> dict[str, float]:
    """What was drawn or seen stays. What `new` computes of it is computed anew: the mistake may have been there."""
    texts = [old.prompt, old.hint or "", *parts_of(old), *lefts_of(old)]
    if isinstance(old, BlanksQuestion):
        texts.append(old.text)
    seen = {name for text in texts for name in FILLED_IN.findall(text)}
    numbers: dict[str, float] = {}
    for name, variable in new.variables.items():
        if name in seen or isinstance(variable, Range | tuple):
            numbers[name] = drawn[name]
        else:
            numbers[name] = compute(variable, numbers)
    return numbers


def lefts_of(question: AnyQuestion) -> list[str]:
    return [pair.left for pair in question.pairs] if isinstance(question, MatchingQuestion) else []


def follow(old: Sequence[str], new: Sequence[str]) -> list[int] | None:
    """Where each of the old texts went: to the same words, or else to other words in the same place. None where there
    are more or fewer, or where it cannot be told."""
    if len(old) != len(new):
        return None
    free = set(range(len(new)))
    places: dict[int, int] = {}
    for place, text in enumerate(old):
        same = [there for there in sorted(free) if new[there] == text]
        if same:
            places[place] = place if place in same else same[0]
            free.remove(places[place])
    for place in set(range(len(old))) - places.keys():
        if place not in free and len(free) > 1:
            return None
        places[place] = place if place in free else next(iter(free))
        free.remove(places[place])
    return [places[place] for place in range(len(old))]
