"""Reading quiz.yaml, drawing variants, grading: on any quiz and any answer."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.arrangement import Arrangement, arrange, question_order
from quizzes.formulas import FormulaError, compute, draw, fill_in
from quizzes.grading import AnswerError, grade, longest_rising, parse_number, read_answer
from quizzes.patterns import matches
from quizzes.presentation import show_answer
from quizzes.questions import ANY_QUESTION, Quiz, links_of
from quizzes.quiz_files import read_quiz, write_quiz

QUIZ = """
title: Everything once
rules:
  attempts: 3
  shuffle: true
questions:
  - id: one
    type: single
    prompt: "What is ${{ n }} + 1$?"
    variables: {n: {from: 2, to: 5}}
    choices:
      - {text: "more", correct: true, why: It is.}
      - {text: "less", why: No., misconception: signs, see: explorer/capitals}
      - {text: "equal", why: No.}
  - id: several
    type: multiple
    prompt: Which are gates?
    points: 2
    choices:
      - {text: input, correct: true, why: Yes.}
      - {text: output, correct: true, why: Yes.}
      - {text: garden, why: No., misconception: gardens}
      - {text: fence, why: No.}
  - id: number
    type: numeric
    prompt: How long is it?
    variables: {a: [2, 3], b: "a * 2"}
    answer: a + b
    tolerance: 0.01
    unit: m
    units: {cm: 0.01}
    wrong: [{answer: a * b, why: Add., misconception: adding}]
  - id: word
    type: text
    prompt: Say it.
    accept: [Café, coffee house]
    pattern: "tea( room)?"
    wrong: [{answer: pub, why: No beer.}]
  - id: order
    type: ordering
    prompt: Order them.
    items: [first, second, third, fourth]
  - id: pairs
    type: matching
    prompt: Match them.
    pairs: [{left: a, right: A}, {left: b, right: B}]
    extra: [C]
  - id: gaps
    type: blanks
    prompt: Fill them in.
    text: "An LSTM has [[count]] gates and a [[state]] state."
    blanks: {count: {accept: [three, "3"]}, state: {accept: [cell]}}
  - id: opinion
    type: poll
    prompt: How was it?
    choices: [{text: good}, {text: bad}]
  - id: run
    type: demo
    prompt: What is nearest?
    demo: {slug: explorer, params: {word: king}, read: neighbours.0.word}
"""


@pytest.fixture(scope="module")
def quiz() -> Quiz:
    read = read_quiz(QUIZ)
    assert read.problems == ()
    assert read.quiz
    return read.quiz


def graded(quiz: Quiz, question_id: str, raw: Any, seed: str = "s", demo_answer: Any = None) -> float:
    """The share of what `raw`, said in positions of quiz.yaml, is worth."""
    question = quiz.question(question_id)
    assert question
    arrangement = arrange(question, seed)
    if question_id in ("one", "opinion"):
        raw = arrangement.shown(raw)
    elif question_id in ("several", "order"):
        raw = [arrangement.shown(place) for place in raw]
    elif question_id == "pairs":
        raw = [None if place is None else arrangement.shown(place) for place in raw]
    answer = read_answer(question, raw, arrangement)
    return grade(question, answer, arrangement.numbers, demo_answer).share


@pytest.mark.parametrize(
    ("question_id", "answer", "share"),
    [
        ("one", 0, 1),
        ("one", 1, 0),
        ("several", [0, 1], 1),
        ("several", [0], 0.5),
        ("several", [0, 1, 2], 0.5),
        ("several", [0, 2], 0),
        ("several", [0, 1, 2, 3], 0),
        ("several", [], 0),
        ("word", " cafe ", 1),
        ("word", "Coffee  House", 1),
        ("word", "TEA room", 1),
        ("word", "teapot", 0),
        ("word", "", 0),
        ("order", [0, 1, 2, 3], 1),
        ("order", [3, 2, 1, 0], 0),
        ("order", [1, 0, 2, 3], 2 / 3),
        ("pairs", [0, 1], 1),
        ("pairs", [0, 2], 0.5),
        ("pairs", [1, None], 0),
        ("gaps", {"count": "3", "state": "CELL"}, 1),
        ("gaps", {"count": "Three"}, 0.5),
        ("opinion", 1, 0),
    ],
)
def test_an_answer_is_worth_its_share(quiz: Quiz, question_id: str, answer: Any, share: float) -> None:
    assert graded(quiz, question_id, answer) == pytest.approx(share)


def test_a_number_is_right_within_its_tolerance_and_in_its_units(quiz: Quiz) -> None:
    question = quiz.question("number")
    arrangement = arrange(question, "s")
    right = arrangement.numbers["a"] * 3
    for said in (right, f"{right} m", f"{right + 0.01} m", f"{right * 100} cm", f"{right:.1f}".replace(".", ",")):
        assert graded(quiz, "number", said) == 1, said
    for said in (right + 0.02, f"{right} km", f"{right} cm", "much", "", "nan", "inf", float("nan")):
        assert graded(quiz, "number", said) == 0, said


@pytest.mark.parametrize(
    ("key", "said", "right"),
    [
        ({"answer": 10, "relative": 0.5}, "15", True),
        ({"answer": 10, "relative": 0.5}, "5", True),
        ({"answer": 10, "relative": 0.5}, "15.1", False),  # a share of what is right, not of what was said
        ({"answer": -10, "relative": 0.1}, "-11", True),
        ({"answer": 0.7, "tolerance": 0.1}, "0.8", True),  # their difference is a little more than 0.1
        ({"answer": 1e6, "tolerance": 0.1}, "1000000.11", False),
        ({"answer": 1.6e-19, "relative": 0.01}, "1.61e-19", True),
        ({"answer": 1.6e-19, "relative": 0.01}, "0", False),
        ({"answer": "0.1 + 0.2 - 0.3"}, "0", True),
        ({"answer": "1 / 3"}, "0.3333333333", True),  # as it is shown
        ({"answer": "1 / 3"}, "0.333", False),
        ({"answer": 3, "unit": "\u03bcm"}, "3 \u00b5m", True),  # the Greek letter, the micro sign
        ({"answer": 3, "unit": "V", "units": {"\u03a9A": 1}}, "3 \u2126A", True),
        ({"answer": 3}, "3 m", False),
    ],
)
def test_a_number_is_compared_as_its_author_means_it(key: dict[str, Any], said: str, right: bool) -> None:
    question = ANY_QUESTION.validate_python({"id": "n", "type": "numeric", "prompt": "How much?", **key})
    assert grade(question, said, {}).is_right == right


def test_a_whole_number_that_no_float_holds_is_an_answer_like_another(quiz: Quiz) -> None:
    for name in ("number", "word", "run"):
        assert graded(quiz, name, 10**400, demo_answer=1.5) == 0


def test_a_known_mistake_is_explained(quiz: Quiz) -> None:
    question = quiz.question("number")
    numbers = {"a": 3.0, "b": 6.0}
    found = grade(question, "18", numbers)
    assert (found.share, found.remarks[0].why, found.misconceptions) == (0, "Add.", ("adding",))
    assert found.right_answer == "9 m"


def test_a_mistake_that_yaml_takes_for_a_number_is_known_as_it_is_typed() -> None:
    written = (
        "questions: [{id: year, type: text, prompt: When?, accept: ['1997'], wrong: [{answer: 1986, why: Earlier.}]}]"
    )
    (question,) = read_quiz(written).quiz.questions
    assert [remark.why for remark in grade(question, "1986", {}).remarks] == ["Earlier."]


def test_a_demo_answer_is_compared_with_what_the_run_gave(quiz: Quiz) -> None:
    assert graded(quiz, "run", "Queen", demo_answer="queen") == 1
    assert graded(quiz, "run", "queen", demo_answer=None) == 0
    assert graded(quiz, "run", "0.50", demo_answer=0.5) == 1
    assert graded(quiz, "run", "true", demo_answer=True) == 1


QUESTIONS = read_quiz(QUIZ).quiz.questions
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.integers(-1, 5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["count", "state", "x"]), inner),
    max_leaves=8,
)
WORDS = st.sampled_from(["three", "3", "cell", "Café", "tea", "pub", "6 m", "9 m", "600 cm", "1.5", ""]) | st.text()
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "single": st.integers(0, 2),
    "multiple": st.lists(st.integers(0, 3), unique=True),
    "numeric": WORDS,
    "text": WORDS,
    "ordering": st.permutations(range(4)),
    "matching": st.lists(st.none() | st.integers(0, 2), min_size=2, max_size=2),
    "blanks": st.dictionaries(st.sampled_from(["count", "state"]), WORDS),
    "poll": st.integers(0, 1),
    "demo": WORDS,
}
"""What a page may send to the question of each type."""


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(QUESTIONS), JSON, st.text(max_size=5))
def test_any_json_is_an_answer_or_refused_in_words(question: Any, raw: Any, seed: str) -> None:
    arrangement = arrange(question, seed)
    try:
        answer = read_answer(question, raw, arrangement)
    except AnswerError as refused:
        assert str(refused)  # noqa: PT017
        return
    check_grade(question, answer, arrangement)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(QUESTIONS), st.text(max_size=5))
def test_every_answer_has_one_grade_within_bounds_and_comes_back_as_it_was_sent(
    data: st.DataObject, question: Any, seed: str
) -> None:
    arrangement = arrange(question, seed)
    raw = data.draw(ANSWERS[question.type])
    answer = read_answer(question, raw, arrangement)
    shown = show_answer(question, answer, arrangement)
    if question.type in ("single", "ordering", "matching", "poll"):
        assert shown == raw
    if question.type == "multiple":
        assert sorted(shown) == sorted(raw)
    assert read_answer(question, shown, arrangement) == answer
    check_grade(question, answer, arrangement)


def check_grade(question: Any, answer: Any, arrangement: Arrangement) -> None:
    first = grade(question, answer, arrangement.numbers, 1.5)
    assert 0 <= first.points <= question.points
    assert 0 <= first.share <= 1
    assert first.points == pytest.approx(first.share * question.points)
    assert grade(question, answer, arrangement.numbers, 1.5) == first


@settings(deadline=None)
@given(st.sampled_from(QUESTIONS), st.text(max_size=5))
def test_what_is_told_to_be_right_has_all_points_and_nothing_has_none(question: Any, seed: str) -> None:
    arrangement = arrange(question, seed)
    told = grade(question, None, arrangement.numbers, 1.5)
    assert (told.points, told.share) == (0, 0)
    if question.type != "poll":
        assert grade(question, told.right_answer, arrangement.numbers, 1.5).share == 1


@pytest.mark.parametrize("name", ["order", "pairs", "gaps", "run"])
def test_a_question_without_choices_can_name_the_demo_that_shows_why(quiz: Quiz, name: str) -> None:
    question = quiz.question(name)
    assert question
    seen = ANY_QUESTION.validate_python({**question.model_dump(), "see": "explorer/odd"})
    assert links_of(seen) == ["explorer/odd"]
    (read,) = (read_quiz(write_quiz(Quiz(questions=(seen,)))).quiz or Quiz()).questions
    assert read == seen
    told = grade(seen, None, {}, 1.5)
    assert [(one.see, one.right) for one in told.remarks if one.part == ""] == [("explorer/odd", False)]
    right = grade(seen, told.right_answer, {}, 1.5)
    assert [(one.see, one.right) for one in right.remarks if one.part == ""] == [("explorer/odd", True)]
    assert [one for one in grade(question, None, {}, 1.5).remarks if one.part == ""] == []


@given(st.text(max_size=10), st.integers(0, 8))
def test_shuffling_loses_nothing_and_a_seed_draws_the_same_again(seed: str, number: int) -> None:
    quiz = read_quiz(QUIZ).quiz
    question = quiz.questions[number]
    arrangement = arrange(question, seed)
    assert sorted(arrangement.order) == list(range(len(arrangement.order)))
    assert arrange(question, seed) == arrangement
    assert {question.id for question in question_order(quiz, seed)} == {question.id for question in quiz.questions}
    assert [arrangement.written(arrangement.shown(place)) for place in arrangement.order] == list(arrangement.order)
    if question.type == "ordering":
        assert list(arrangement.order) != sorted(arrangement.order)


def test_neighbours_see_other_numbers_and_another_order(quiz: Quiz) -> None:
    seeds = [str(number) for number in range(40)]
    question = quiz.question("one")
    assert {arrange(question, seed).numbers["n"] for seed in seeds} == {2, 3, 4, 5}
    assert len({arrange(question, seed).order for seed in seeds}) == 6
    assert len({tuple(one.id for one in question_order(quiz, seed)) for seed in seeds}) > 1


@given(st.permutations(range(7)))
def test_the_longest_rising_run_is_that_of_exhaustive_search(numbers: list[int]) -> None:
    rising = (
        length
        for length in range(len(numbers), 0, -1)
        for part in itertools.combinations(numbers, length)
        if list(part) == sorted(part)
    )
    assert longest_rising(numbers) == next(rising)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.5", [(3.5, "")]),
        ("3,5 m", [(3.5, "m")]),
        ("−2", [(-2, "")]),
        ("1e3 Hz", [(1000, "Hz")]),
        ("1.5 · 10^3 Hz", [(1500, "Hz")]),
        (".5", [(0.5, "")]),
        ("3,145 m", [(3145, "m"), (3.145, "m")]),
        ("−1,000", [(-1000, ""), (-1, "")]),
        ("1,000,000", [(1_000_000, "")]),
        ("1,000.5", [(1000.5, "")]),
        ("0,125", [(0.125, "")]),
        ("0,000,100", []),
        ("1e999", []),
        ("five", []),
        ("", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: list[tuple[float, str]]) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("answer", "said", "share", "read_as"),
    [
        (3.14, "3,145", 1, ""),
        (3145, "3,145", 1, ""),
        (2, "3,145", 0, "3145 or 3.145"),
        (2, "3,5", 0, "3.5"),
        (2, "3.5", 0, ""),
        (2, "well, no", 0, ""),
    ],
)
@pytest.mark.parametrize("of_a_demo", [False, True])
def test_a_comma_that_can_be_read_in_two_ways_is_right_in_either(
    answer: float, said: str, share: float, read_as: str, of_a_demo: bool
) -> None:
    key = {"demo": {"slug": "explorer", "read": "x"}} if of_a_demo else {"answer": answer}
    question = ANY_QUESTION.validate_python(
        {"id": "n", "type": "demo" if of_a_demo else "numeric", "prompt": "How many?", "tolerance": 0.01, **key}
    )
    found = grade(question, said, {}, answer)
    assert (found.share, found.read_as) == (share, read_as)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ({"answer": 0.857493, "tolerance": 0.011}, "0.86"),
        ({"answer": 0.857493, "relative": 0.01}, "0.857"),
        ({"answer": 0.857493}, "0.857493"),
        ({"answer": 365, "tolerance": 50}, "365"),
        ({"answer": -0.3, "tolerance": 2}, "0"),
        ({"answer": 1.602e-19, "relative": 0.05}, "1.6e-19"),
        ({"answer": 6.02214e23, "relative": 0.01}, "6.02214e+23"),
    ],
)
def test_what_is_right_is_shown_as_precisely_as_it_is_asked_for(key: dict[str, Any], shown: str) -> None:
    question = ANY_QUESTION.validate_python({"id": "n", "type": "numeric", "prompt": "How many?", **key})
    assert grade(question, "no", {}).right_answer == shown


@settings(deadline=None)
@given(st.floats(-1e12, 1e12), st.floats(0, 1e6, allow_subnormal=False), st.floats(0, 1, allow_subnormal=False))
def test_what_is_shown_as_right_is_right_when_it_is_typed(answer: float, tolerance: float, relative: float) -> None:
    question = ANY_QUESTION.validate_python(
        {"id": "n", "type": "numeric", "prompt": "?", "answer": answer, "tolerance": tolerance, "relative": relative}
    )
    assert grade(question, grade(question, None, {}).right_answer, {}).is_right


@settings(deadline=None)
@given(st.text(max_size=60) | st.sampled_from(["1e999", "9**9**9", "a", "__import__('os')", "(1).__class__", "1/0"]))
def test_a_formula_has_a_finite_value_or_says_why_not(formula: str) -> None:
    try:
        assert abs(compute(formula, {"n": 2.0})) < float("inf")
    except FormulaError as error:
        assert "“" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "formula", ["3999999 ** 3999999", "'%99999999d' % 1", "'1'.zfill(9)", "f'{1:99}'", "'5'", "(1).real", "n[0]", "5j"]
)
def test_a_formula_has_nothing_in_it_but_numbers_and_is_computed_at_once(formula: str) -> None:
    with pytest.raises(FormulaError, match="cannot be computed"):
        compute(formula, {"n": 2.0})


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 ** 0.5", 2**0.5),
        ("-n ** 2", -4),
        ("round(n / 3, 2)", 0.67),
        ("1 if n > 1 else 0", 1),
        ("7 // n % 2", 1),
        ("round(5, -999999999)", 0),
    ],
)
def test_a_formula_is_the_arithmetic_that_it_looks_like(formula: str, value: float) -> None:
    assert compute(formula, {"n": 2.0}) == pytest.approx(value)


def test_formulas_do_not_multiply_each_other_without_end() -> None:
    """Each is tried with all variables, many times: a page of text must not keep a worker for minutes."""
    many = ", ".join(f"v{number}: 1 + 1" for number in range(10_000))
    wrong = ", ".join("{answer: 1 + 1, why: No.}" for _ in range(10_000))
    for more in (
        f"variables: {{{many}}}",
        f"wrong: [{wrong}]",
        "variables: {a: [.nan]}",
        "wrong: [{answer: .inf, why: No.}]",
    ):
        text = f"questions: [{{id: a, type: numeric, prompt: How much?, answer: 1, {more}}}]"
        assert read_quiz(text).quiz is None


def test_numbers_are_filled_into_a_text() -> None:
    assert fill_in("{{ n }} and {{m}} and {{ other }}", {"n": 2.0, "m": 0.1}) == "2 and 0.1 and {{ other }}"
    assert draw({"n": (1.0, 2.0)}, "a") == draw({"n": (1.0, 2.0)}, "a")


def test_a_hostile_pattern_answers_at_once() -> None:
    assert not matches("(a+)+$", "a" * 400 + "b", case=True)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("questions: [", 2, "This is not YAML"),
        ("- a", 1, "A quiz begins with “questions:”."),
        ("questions:\n  - id: a\n    type: odd\n    prompt: p\n", 3, "questions[0].type: “type” must be one of"),
        (
            "questions:\n  - id: a\n    type: blanks\n    text: '[[x]]'\n    blanks: {x: {accept: [z]}}\n",
            2,
            "questions[0].prompt: This is missing.",
        ),
        ("questions:\n  - id: a\n    type: text\n    accept: [x]\n", 2, "questions[0].prompt: This is missing."),
        (
            "questions:\n  - id: a\n    type: text\n    prompt: p\n    accept: [x]\n    acept: [y]\n",
            6,
            "questions[0].acept: There is no setting of this name.",
        ),
        (
            "questions:\n  - id: a\n    type: single\n    prompt: p\n    choices:\n"
            "      - {text: x, why: w}\n      - {text: y}\n",
            7,
            "questions[0].choices[1].why: This is missing.",
        ),
        (
            "questions:\n  - {id: a, type: poll, prompt: p, choices: [{text: x}, {text: y}]}\n"
            "  - {id: a, type: poll, prompt: p, choices: [{text: x}, {text: y}]}\n",
            1,
            "Two questions have the id “a”.",
        ),
        ("questions:\n  - {id: a, type: text, prompt: p, pattern: '('}\n", 2, "is not a regular expression"),
        ("questions:\n  - {id: a, type: text, prompt: p, pattern: '(?=x)'}\n", 2, "is not a regular expression"),
        # Small enough as it stands, too large once it knows no capitals.
        (
            "questions:\n  - {id: a, type: text, prompt: p, pattern: '\\p{Greek}{840}'}\n",
            2,
            "is not a regular expression",
        ),
        ("questions:\n  - {id: a, type: numeric, prompt: p, answer: 1 / 0}\n", 2, "cannot be computed"),
        (
            "questions:\n  - {id: a, type: blanks, prompt: p, text: '[[x]] [[y]]', blanks: {x: {accept: [z]}}}\n",
            2,
            "“[[y]]” stands in the text, but “blanks” does not say what is right there.",
        ),
        ("questions:\n  - {id: a, type: numeric, prompt: p, answer: .inf}\n", 2, "finite number"),
        ("questions:\n  - {id: a, type: numeric, prompt: p, answer: 1, tolerance: .inf}\n", 2, "finite number"),
        (
            "questions:\n  - {id: a, type: poll, prompt: p, choices: [{text: x}, {text: x}]}\n",
            2,
            "Two choices are the same.",
        ),
        ("questions:\n  - {id: a, type: ordering, prompt: p, items: [x, y, x]}\n", 2, "Two parts are the same"),
        ("questions:\n  - &a {id: a}\n  - *a\n", 3, "aliases (*name)"),
        ("a: " + "[" * 5000, 1, ""),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_path_and_line(text: str, line: int, words: str) -> None:
    read = read_quiz(text)
    assert read.quiz is None
    assert (read.problems[0].line, words in read.problems[0].message) == (line, True), read.problems


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["questions:", "\n", "  - ", "id: a", "type: text", "[", "{"])).map("".join)
)
def test_any_file_is_a_quiz_or_has_a_problem(text: str) -> None:
    read = read_quiz(text)
    assert (read.quiz is None) == bool(read.problems)


def test_a_quiz_written_to_a_file_is_read_back_the_same(quiz: Quiz) -> None:
    assert read_quiz(write_quiz(quiz)).quiz == quiz
    assert write_quiz(read_quiz("").quiz) == ""


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(QUESTIONS), st.text(min_size=1).filter(str.strip), st.floats(0, 100, exclude_min=True))
def test_whatever_is_written_in_a_question_is_read_back_the_same(question: Any, text: str, number: float) -> None:
    changed = {"prompt": text, "hint": text, "points": number, "tags": ["no", "1e3", "2026-01-01"]}
    written = Quiz(questions=(ANY_QUESTION.validate_python({**question.model_dump(by_alias=True), **changed}),))
    read = read_quiz(write_quiz(written))
    assert read.quiz == written, read.problems
