"""One answer to one question: points, and what is said about it. Pure: the same answer always gets the same.

An answer comes from a page and may be anything. `read_answer` brings it to one form or refuses it; what it has read
can be graded.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from quizzes.arrangement import Arrangement
from quizzes.formulas import FormulaError, Numbers, compute, in_digits
from quizzes.patterns import matches
from quizzes.questions import (
    AnyQuestion,
    Blank,
    BlanksQuestion,
    Choice,
    DemoQuestion,
    MatchingQuestion,
    Misled,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    PollQuestion,
    SeenQuestion,
    SingleQuestion,
    TextQuestion,
    WrongAnswer,
)

LONGEST_ANSWER = 500
Answer = int | str | list[int] | list[int | None] | dict[str, str]
"""Positions are those of `quiz.yaml`, whatever order the page showed."""


class AnswerError(ValueError):
    """Why something is no answer to this question, for whoever gave it."""


@dataclass(frozen=True)
class Remark:
    """What is said about one part of an answer: a choice, a pair, a blank."""

    part: str
    """Its position in `quiz.yaml`, or its name; empty for the answer as a whole."""
    right: bool | None
    """None: neither; it was not chosen, or nothing is right."""
    why: str = ""
    misconception: str = ""
    see: str = ""


@dataclass(frozen=True)
class Grade:
    points: float
    """From 0 to the question's."""
    share: float
    """From 0 to 1."""
    remarks: tuple[Remark, ...] = ()
    right_answer: Any = None
    """What would have been right, in the form of an answer."""
    misconceptions: tuple[str, ...] = field(default=())
    read_as: str = ""
    """How a wrong number was read, in words, where it may have been meant otherwise."""

    @property
    def is_right(self) -> bool:
        return self.share == 1


def read_answer(question: AnyQuestion, raw: Any, arrangement: Arrangement) -> Answer:
    """What a page has sent, in the form that is kept and graded: positions as in `quiz.yaml`.

    Raises:
        AnswerError: it is no answer to this question.
    """
    match question:
        case SingleQuestion() | PollQuestion():
            return arrangement.written(_position(raw, len(question.choices)))
        case MultipleQuestion():
            return sorted(arrangement.written(place) for place in _positions(raw, len(question.choices)))
        case OrderingQuestion():
            places = _positions(raw, len(question.items))
            if len(places) != len(question.items):
                raise AnswerError("Put all of them in order.")
            return [arrangement.written(place) for place in places]
        case MatchingQuestion():
            return _pairs(question, raw, arrangement)
        case BlanksQuestion():
            if not isinstance(raw, dict) or not raw.keys() <= question.blanks.keys():
                raise AnswerError("Fill in the blanks.")
            return {name: _text(words) for name, words in raw.items()}
        case NumericQuestion() | TextQuestion() | DemoQuestion():
            return _text(_typed(raw))
        case _:
            assert_never(question)


def grade(  # noqa: PLR0911 (one for each type)
    question: AnyQuestion, answer: Answer | None, numbers: Numbers, demo_answer: Any = None
) -> Grade:
    """Grade what `read_answer` has read; None is no answer. `numbers` are those of the question's variables,
    `demo_answer` what the run of a demo gave."""
    match question:
        case PollQuestion():
            return Grade(points=0.0, share=0.0)
        case SingleQuestion():
            return _grade_choices(question, [] if answer is None else [answer])
        case MultipleQuestion():
            return _grade_choices(question, answer if isinstance(answer, list) else [])
        case NumericQuestion():
            return _grade_number(question, answer, numbers)
        case TextQuestion():
            return _grade_text(question, answer)
        case OrderingQuestion():
            return _grade_order(question, answer)
        case MatchingQuestion():
            return _grade_pairs(question, answer)
        case BlanksQuestion():
            return _grade_blanks(question, answer)
        case DemoQuestion():
            return _grade_demo(question, answer, demo_answer)
        case _:
            assert_never(question)


def check_can_be_told(question: AnyQuestion, answer: Answer | None, demo_answer: Any = None) -> None:
    """Whether something that locks the answer may be said about it: a slip of the pen is not held against anybody.

    Raises:
        AnswerError: a number is asked for, and the answer has none.
    """
    asks_number = isinstance(question, NumericQuestion) or (
        isinstance(question, DemoQuestion) and _is_number(demo_answer)
    )
    if asks_number and isinstance(answer, str) and not parse_number(answer):
        raise AnswerError("A number is asked for, and there is none at the beginning of your answer. Type one: 3.5")


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+[.,]?\d*|[.,]\d+"
_NUMBER = re.compile(rf"\s*([+\-−]?)({_DIGITS})(?:\s*(?:[eE]|[·*x×]\s*10\^)\s*([+\-−]?\d{{1,4}}))?\s*(.*?)\s*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_WRITTEN_OUT = 1e10
"""From here on a number is written with a power of ten, in so many digits as it has."""


def parse_number(text: str) -> list[tuple[float, str]]:
    """The number at the beginning of a text, and the unit behind it: “3,5 m” → [(3.5, "m")]; none where there is none.

    “3,145” is two numbers: in some countries the comma stands before the decimals, in others between thousands.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return []
    sign, digits, power, unit = match.groups()
    ways = [digits.replace(",", "")] if _GROUPED.fullmatch(digits) else []
    if digits.count(",") < 2 and not ("," in digits and "." in digits):
        ways.append(digits.replace(",", "."))
    found = []
    for way in dict.fromkeys(ways):
        value = float(f"{sign}{way}e{power or 0}".replace("−", "-"))
        if math.isfinite(value):
            found.append((value, unit))
    return found


# --- each type


def _grade_choices(question: SingleQuestion | MultipleQuestion, chosen: Sequence[Any]) -> Grade:
    """Several right ones: each right choice counts one part, each wrong one takes one away; never less than nothing."""
    right = [place for place, choice in enumerate(question.choices) if choice.correct]
    hits = sum(place in right for place in chosen)
    share = max(0, hits - (len(chosen) - hits)) / len(right)
    remarks = tuple(
        _remark(str(place), choice, choice.correct if place in chosen else None)
        for place, choice in enumerate(question.choices)
    )
    misled = [
        choice
        for place, choice in enumerate(question.choices)
        if isinstance(choice, Choice) and place in chosen and not choice.correct
    ]
    return _grade(question, share, remarks, right[0] if isinstance(question, SingleQuestion) else right, misled)


def _grade_number(question: NumericQuestion, answer: Answer | None, numbers: Numbers) -> Grade:
    right = compute(question.answer, numbers)
    shown = _in_sensible_digits(right, question) + (f" {question.unit}" if question.unit else "")
    values = _in_unit(question, answer)
    if _any_close(values, right, question):
        return _grade(question, 1, (), shown, [])
    read_as = _read_as(answer)
    for wrong in question.wrong:
        try:
            expected = compute(wrong.answer, numbers)
        except FormulaError:
            continue
        if _any_close(values, expected, question):
            return _grade(question, 0, (_remark("", wrong, right=False),), shown, [wrong], read_as=read_as)
    return _grade(question, 0, (), shown, [], read_as=read_as)


def _in_unit(question: NumericQuestion, answer: Answer | None) -> list[float]:
    """What the answer's number may be in the question's unit. One without a unit is taken in it."""
    factors = {"": 1.0, **{_same_letters(other): factor for other, factor in question.units.items()}}
    if question.unit:
        factors[_same_letters(question.unit)] = 1.0
    parsed = parse_number(answer) if isinstance(answer, str) else []
    return [value * factors[_same_letters(unit)] for value, unit in parsed if _same_letters(unit) in factors]


def _read_as(answer: Answer | None) -> str:
    """“3145 or 3.145”; empty where a number has no comma."""
    if not isinstance(answer, str) or "," not in answer:
        return ""
    return " or ".join(in_digits(value) for value, _ in parse_number(answer))


def _in_sensible_digits(right: float, question: NumericQuestion | DemoQuestion) -> str:
    """What is right, with no more decimals than the tolerance asks for. Typed so, it is right."""
    margin = max(question.tolerance, question.relative * abs(right))
    if not margin or abs(right) >= _WRITTEN_OUT:
        return in_digits(right)
    return in_digits(round(right, max(0, -math.floor(math.log10(margin)))) + 0.0)  # + 0.0: never -0


def _same_letters(unit: str) -> str:
    """The micro sign and the Greek letter look the same, and so do an ohm and an omega: a reader types either."""
    return unicodedata.normalize("NFKC", unit)


def _grade_text(question: TextQuestion, answer: Answer | None) -> Grade:
    words = answer if isinstance(answer, str) else ""
    shown = question.accept[0] if question.accept else None
    said = plain(words, case=question.case, accents=question.accents)
    accepted = said in {plain(text, case=question.case, accents=question.accents) for text in question.accept}
    if said and (accepted or (question.pattern and matches(question.pattern, words.strip(), case=question.case))):
        return _grade(question, 1, (), shown, [])
    for wrong in question.wrong:
        # YAML takes 3 for a number.
        mistake = wrong.answer if isinstance(wrong.answer, str) else in_digits(wrong.answer)
        if said and said == plain(mistake, case=question.case, accents=question.accents):
            return _grade(question, 0, (_remark("", wrong, right=False),), shown, [wrong])
    return _grade(question, 0, (), shown, [])


def _grade_order(question: OrderingQuestion, answer: Answer | None) -> Grade:
    """The longest run of items that stand in the right order, not counting one that is always there."""
    right = list(range(len(question.items)))
    given = [place for place in answer if isinstance(place, int)] if isinstance(answer, list) else []
    share = max(0, longest_rising(given) - 1) / (len(right) - 1)
    return _grade(question, share, (), right, [])


def _grade_pairs(question: MatchingQuestion, answer: Answer | None) -> Grade:
    given = answer if isinstance(answer, list) else [None] * len(question.pairs)
    rights = question.rights
    hits = [
        place is not None and rights[place] == pair.right for pair, place in zip(question.pairs, given, strict=True)
    ]
    remarks = tuple(
        Remark(str(number), hit, why=pair.why or "")
        for number, (pair, hit) in enumerate(zip(question.pairs, hits, strict=True))
    )
    return _grade(question, sum(hits) / len(hits), remarks, list(range(len(question.pairs))), [])


def _grade_blanks(question: BlanksQuestion, answer: Answer | None) -> Grade:
    given = answer if isinstance(answer, dict) else {}
    hits = {name: _fits(blank, given.get(name, "")) for name, blank in question.blanks.items()}
    remarks = tuple(Remark(name, hit, why=question.blanks[name].why or "") for name, hit in hits.items())
    shown = {name: blank.accept[0] for name, blank in question.blanks.items()}
    return _grade(question, sum(hits.values()) / len(hits), remarks, shown, [])


def _fits(blank: Blank, words: str) -> bool:
    said = plain(words, case=blank.case, accents=blank.accents)
    return said in {plain(text, case=blank.case, accents=blank.accents) for text in blank.accept}


def _grade_demo(question: DemoQuestion, answer: Answer | None, demo_answer: Any) -> Grade:
    words = answer if isinstance(answer, str) else ""
    if _is_number(demo_answer):
        right = _any_close([value for value, _ in parse_number(words)], demo_answer, question)
        asked_for = _in_sensible_digits(demo_answer, question)
        return _grade(question, float(right), (), asked_for, [], read_as="" if right else _read_as(answer))
    shown = str(demo_answer) if demo_answer is not None else None
    said = plain(words, case=question.case, accents=False)
    right = bool(said) and shown is not None and said == plain(shown, case=question.case, accents=False)
    return _grade(question, float(right), (), shown, [])


# --- what they share


def _is_number(demo_answer: Any) -> bool:
    return isinstance(demo_answer, (int, float)) and not isinstance(demo_answer, bool)


def plain(text: str, *, case: bool, accents: bool) -> str:
    """A text as it is compared: one space between words, and without capitals or accents where they do not matter."""
    text = unicodedata.normalize("NFKC", " ".join(text.split()))
    if not accents:
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return text if case else text.casefold()


def longest_rising(numbers: Sequence[int]) -> int:
    """How many of the numbers stand in rising order, at most (patience sorting)."""
    ends: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
    return len(ends)


def _grade(
    question: AnyQuestion,
    share: float,
    remarks: tuple[Remark, ...],
    right_answer: Any,
    misled: Sequence[Misled],
    *,
    read_as: str = "",
) -> Grade:
    return Grade(
        points=round(share * question.points, 6),
        share=share,
        remarks=(*remarks, *_seen(question, share)),
        right_answer=right_answer,
        misconceptions=tuple(dict.fromkeys(one.misconception for one in misled if one.misconception)),
        read_as=read_as,
    )


def _seen(question: AnyQuestion, share: float) -> list[Remark]:
    """The demo that shows why, where the question as a whole names one."""
    return [Remark("", share == 1, see=question.see)] if isinstance(question, SeenQuestion) and question.see else []


def _remark(part: str, misled: Misled | WrongAnswer, right: bool | None) -> Remark:
    return Remark(part, right, misled.why, misled.misconception or "", misled.see or "")


def _any_close(values: Iterable[float], right: float, question: NumericQuestion | DemoQuestion) -> bool:
    return any(_close(value, right, question.tolerance, question.relative) for value in values)


def _close(value: float, right: float, tolerance: float, relative: float) -> bool:
    """`relative` is a share of what is right, not of the larger of the two, as it would be for `math.isclose`."""
    margin = max(tolerance, relative * abs(right))
    # What is right is shown with ten digits, and must be right when it is typed so.
    enough = max(margin, 1e-9 * abs(right))
    # An answer exactly at the edge is not lost to binary fractions. Without a margin 0.1 + 0.2 - 0.3 is 0; with one,
    # what is right may be as small as an electron's charge, and 0 is wrong.
    slack = 1e-12 * (max(abs(right), margin) if margin else max(abs(right), 1))
    return abs(value - right) <= enough + slack


def _position(raw: Any, count: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < count:
        raise AnswerError("Choose one of the answers.")
    return raw


def _positions(raw: Any, count: int) -> list[int]:
    if not isinstance(raw, list) or len(raw) > count:
        raise AnswerError("Choose among the answers.")
    places = [_position(place, count) for place in raw]
    if len(set(places)) < len(places):
        raise AnswerError("The same answer is there twice.")
    return places


def _pairs(question: MatchingQuestion, raw: Any, arrangement: Arrangement) -> list[int | None]:
    if not isinstance(raw, list) or len(raw) != len(question.pairs):
        raise AnswerError("Choose a partner for each.")
    count = len(question.rights)
    return [None if place is None else arrangement.written(_position(place, count)) for place in raw]


def _typed(raw: Any) -> Any:
    """A number that was sent as one, as it would be typed."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return raw
    try:
        return in_digits(raw) if math.isfinite(raw) else ""
    except OverflowError:  # JSON knows whole numbers that no float holds
        return ""


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise AnswerError("Type an answer.")
    if len(raw) > LONGEST_ANSWER:
        raise AnswerError(f"An answer has at most {LONGEST_ANSWER} characters.")
    return raw.replace("\0", "").encode("utf-8", "replace").decode().strip()
