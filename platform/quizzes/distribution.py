"""How the answers to one question are spread, as bars: what was chosen, what was written, which parts were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quizzes.grading import grade, plain
from quizzes.presentation import ShownQuestion
from quizzes.questions import (
    AnyQuestion,
    BlanksQuestion,
    Choice,
    DemoQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    PollQuestion,
    SingleQuestion,
    TextQuestion,
)

MOST_ANSWERS = 8
"""That were typed and are listed one by one."""


@dataclass(frozen=True)
class Answered:
    """What one attempt has done at one question."""

    answer: Any
    """With positions of `quiz.yaml`; None: nothing."""
    share: float = 0.0
    seconds: float = 0.0
    misconceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    label: SafeString | str
    count: int
    share: float
    """Of the attempts."""
    right: bool | None = None
    """Whether this is a right answer; None where nothing is."""


@dataclass(frozen=True)
class Distribution:
    counts: str
    """What is counted, for the head of the column."""
    bars: tuple[Bar, ...]


def distribution(question: AnyQuestion, shown: ShownQuestion, answers: Sequence[Answered]) -> Distribution:
    """`shown` has its parts in the order of `quiz.yaml`."""
    given = [one for one in answers if one.answer is not None]
    match question:
        case SingleQuestion() | MultipleQuestion() | PollQuestion():
            counts, rows = "Chose it", _choices(question, shown, given)
        case OrderingQuestion():
            counts, rows = "Put it in its place", _places(shown, given)
        case MatchingQuestion():
            parts = [format_html("{} → {}", left, shown.choices[place].text) for place, left in enumerate(shown.lefts)]
            counts, rows = "Found it", _parts(question, parts, given)
        case BlanksQuestion():
            counts, rows = "Found it", _parts(question, [gap.name for gap in shown.gaps], given)
        case NumericQuestion() | TextQuestion() | DemoQuestion():
            counts, rows = "Answered so", _outcomes(given) if question.variables else _typed(given)
        case _:
            assert_never(question)
    if len(given) < len(answers):
        rows = [*rows, ("No answer", len(answers) - len(given), None)]
    return Distribution(
        counts, tuple(Bar(label, count, count / max(1, len(answers)), right) for label, count, right in rows)
    )


Rows = list[tuple[SafeString | str, int, bool | None]]


def _choices(
    question: SingleQuestion | MultipleQuestion | PollQuestion, shown: ShownQuestion, given: Iterable[Answered]
) -> Rows:
    chosen: Counter[int] = Counter()
    for one in given:
        chosen.update(one.answer if isinstance(one.answer, list) else [one.answer])
    return [
        (choice.text, chosen[place], written.correct if isinstance(written, Choice) else None)
        for place, (written, choice) in enumerate(zip(question.choices, shown.choices, strict=True))
    ]


def _places(shown: ShownQuestion, given: Iterable[Answered]) -> Rows:
    found = Counter(place for one in given for place, item in enumerate(one.answer) if item == place)
    return [(choice.text, found[place], None) for place, choice in enumerate(shown.choices)]


def _parts(
    question: MatchingQuestion | BlanksQuestion, labels: Sequence[SafeString | str], given: Iterable[Answered]
) -> Rows:
    """Each pair, or each blank, and how many had it right."""
    found: Counter[str] = Counter()
    for one in given:
        found.update(remark.part for remark in grade(question, one.answer, {}).remarks if remark.right)
    if isinstance(question, BlanksQuestion):
        return [(label, found[str(label)], None) for label in labels]
    return [(label, found[str(place)], None) for place, label in enumerate(labels)]


def _typed(given: Iterable[Answered]) -> Rows:
    """What was written most; capitals and accents make no difference here."""
    written: dict[tuple[str, bool], Counter[str]] = {}
    for one in given:
        key = (plain(str(one.answer), case=False, accents=False), one.share == 1)
        written.setdefault(key, Counter())[str(one.answer)] += 1
    most = sorted(written.items(), key=lambda item: (-item[1].total(), item[0]))
    rows: Rows = [(counts.most_common(1)[0][0], counts.total(), right) for (_, right), counts in most[:MOST_ANSWERS]]
    rest = sum(counts.total() for _, counts in most[MOST_ANSWERS:])
    return [*rows, ("Other answers", rest, None)] if rest else rows


def _outcomes(given: Sequence[Answered]) -> Rows:
    """Where everybody sees other numbers: right, wrong in a known way, or otherwise wrong."""
    right = sum(one.share == 1 for one in given)
    misled = Counter(one.misconceptions[0] for one in given if one.share < 1 and one.misconceptions)
    known: Rows = [(tag.replace("-", " "), count, False) for tag, count in misled.most_common()]
    return [("Right", right, True), *known, ("Other answers", len(given) - right - misled.total(), False)]
