"""The questions of the built-in course, answered as a page would: what is told to be right is right, and each mistake
that a question foresees costs points and is explained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mlcore.recording import Recorder
from mlcore.registry import LESSONS, get
from quizzes.arrangement import arrange
from quizzes.formulas import FormulaError, compute, in_digits
from quizzes.grading import grade, read_answer
from quizzes.presentation import Feedback, tell_grade
from quizzes.questions import (
    AnyQuestion,
    BlanksQuestion,
    DemoQuestion,
    DemoRun,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Quiz,
    SingleQuestion,
    TextQuestion,
)
from quizzes.quiz_files import read_quiz
from quizzes.selectors.demo_answers import read_value

SEEDS = ("one", "two", "three")
QUIZZES = {path.parent.name: read_quiz(path.read_text(encoding="utf-8")).quiz for path in LESSONS.glob("*/quiz.yaml")}


def each(*types: type[AnyQuestion]) -> pytest.MarkDecorator:
    """The questions of these types, each as three attempts show it."""

    def found(quiz: Quiz | None) -> Iterator[AnyQuestion]:
        assert quiz is not None
        yield from (question for question in quiz.questions if isinstance(question, types))

    return pytest.mark.parametrize(
        ("question", "seed"),
        [
            pytest.param(question, seed, id=f"{lesson}-{question.id}-{seed}")
            for lesson, quiz in sorted(QUIZZES.items())
            for question in found(quiz)
            for seed in SEEDS
        ],
    )


@cache
def demo_answer(asked: str) -> Any:
    """What a run gives for the `DemoRun` of this JSON."""
    run = DemoRun.model_validate_json(asked)
    demo = get(run.slug)
    with Recorder() as recorder:
        last = recorder.run(demo, demo.Params.model_validate(run.params))[-1]
    return read_value(last["data"]["result"], run.read)


def answered(question: AnyQuestion, seed: str, raw: Any) -> Feedback:
    """What the page says of an answer that it has sent; None for a question that was left out."""
    arrangement = arrange(question, seed)
    answer = None if raw is None else read_answer(question, raw, arrangement)
    right = demo_answer(question.demo.model_dump_json()) if isinstance(question, DemoQuestion) else None
    return tell_grade(question, arrangement, grade(question, answer, arrangement.numbers, right), {})


@each(
    SingleQuestion,
    MultipleQuestion,
    NumericQuestion,
    TextQuestion,
    OrderingQuestion,
    MatchingQuestion,
    BlanksQuestion,
    DemoQuestion,
)
def test_what_is_told_to_be_right_is_right(question: AnyQuestion, seed: str) -> None:
    left_out = answered(question, seed, None)
    assert left_out.points == 0
    right = answered(question, seed, left_out.right_answer)
    assert right.points == question.points


@each(SingleQuestion)
def test_each_wrong_choice_is_explained(question: SingleQuestion, seed: str) -> None:
    arrangement = arrange(question, seed)
    for place, choice in enumerate(question.choices):
        feedback = answered(question, seed, arrangement.shown(place))
        assert feedback.points == (question.points if choice.correct else 0)
        assert [remark.right for remark in feedback.remarks if remark.right is not None] == [choice.correct]
        assert all(remark.why for remark in feedback.remarks)


@each(MultipleQuestion)
def test_who_chooses_all_or_the_wrong_ones_has_not_understood(question: MultipleQuestion, seed: str) -> None:
    arrangement = arrange(question, seed)
    wrong = [arrangement.shown(place) for place, choice in enumerate(question.choices) if not choice.correct]
    assert answered(question, seed, wrong).points == 0
    everything = answered(question, seed, list(range(len(question.choices))))
    assert everything.points < question.points
    assert all(remark.why for remark in everything.remarks)


@each(NumericQuestion, TextQuestion)
def test_each_mistake_that_is_foreseen_is_told_from_what_is_right(
    question: NumericQuestion | TextQuestion, seed: str
) -> None:
    numbers = arrange(question, seed).numbers
    for wrong in question.wrong:
        typed = str(wrong.answer)
        if isinstance(question, NumericQuestion):
            try:
                typed = in_digits(compute(wrong.answer, numbers))
            except FormulaError:  # with these numbers nobody can make this mistake
                continue
        feedback = answered(question, seed, typed)
        assert feedback.points == 0
        assert [bool(remark.why) for remark in feedback.remarks] == [True]


@each(NumericQuestion, TextQuestion, BlanksQuestion, DemoQuestion)
def test_something_else_is_wrong(question: AnyQuestion, seed: str) -> None:
    other = "-98765.4321"
    raw = dict.fromkeys(question.blanks, other) if isinstance(question, BlanksQuestion) else other
    feedback = answered(question, seed, raw)
    assert feedback.points == 0
    assert feedback.why or feedback.remarks


@each(OrderingQuestion)
def test_the_order_turned_round_is_worth_nothing(question: OrderingQuestion, seed: str) -> None:
    arrangement = arrange(question, seed)
    places = [arrangement.shown(place) for place in reversed(range(len(question.items)))]
    assert answered(question, seed, places).points == 0


@each(MatchingQuestion)
def test_partners_moved_on_by_one_are_wrong(question: MatchingQuestion, seed: str) -> None:
    arrangement = arrange(question, seed)
    rights = [pair.right for pair in question.pairs]
    moved = rights[1:] + rights[:1]
    feedback = answered(question, seed, [arrangement.shown(question.rights.index(right)) for right in moved])
    assert feedback.points == pytest.approx(
        question.points * sum(a == b for a, b in zip(rights, moved, strict=True)) / len(rights)
    )
    assert feedback.points < question.points
