"""Questions as Moodle's GIFT. What GIFT has no words for is left out, and the file says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from quizzes.exchange.gift import ESCAPED
from quizzes.questions import (
    NO_WHY,
    AnyQuestion,
    BlanksQuestion,
    DemoQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    PollQuestion,
    SingleQuestion,
    TextQuestion,
    links_of,
)

TOP = "$course$/top"
_BEGINS_OTHERWISE = re.compile(r"\s*(\[(html|markdown|plain|moodle)\]|%-?\d)", re.IGNORECASE)


class Unsayable(ValueError):
    """Why GIFT cannot say a question."""


def write_gift(questions: Iterable[AnyQuestion]) -> str:
    """The file; a question that cannot be in it is named in a comment."""
    pieces: list[str] = []
    category = TOP
    for question in questions:
        try:
            text = f"::{_escape(question.id)}::[markdown]{_escape(question.prompt)}{_braces(question)}"
        except Unsayable as error:
            pieces.append(f"// Left out: {question.id}. {error}")
            continue
        of_this = "/".join([TOP, *question.tags])
        if links_of(question):
            pieces.append(f"// Left out of {question.id}: the demos that show why.")
        if of_this != category:
            category = of_this
            pieces.append(f"$CATEGORY: {category}")
        pieces.append(text)
    return "".join(f"{piece}\n\n" for piece in pieces)


def _braces(question: AnyQuestion) -> str:
    if question.variables:
        raise Unsayable("Its numbers differ from attempt to attempt.")
    general = f"\n\t####{_escape(question.why)}" if question.why else ""
    return "{\n" + "\n".join(f"\t{line}" for line in _answers(question)) + general + "\n}"


def _answers(question: AnyQuestion) -> list[str]:
    match question:
        case SingleQuestion():
            return [("=" if one.correct else "~") + _text(one.text) + _said(one.why) for one in question.choices]
        case MultipleQuestion():
            return _multiple(question)
        case NumericQuestion():
            return _numeric(question)
        case TextQuestion():
            return _short_text(question)
        case MatchingQuestion():
            return _matching(question)
        case PollQuestion():
            raise Unsayable("GIFT has no polls.")
        case OrderingQuestion():
            raise Unsayable("GIFT has no ordering.")
        case BlanksQuestion():
            raise Unsayable("GIFT has no texts with several blanks.")
        case DemoQuestion():
            raise Unsayable("Its answer comes from a demo.")
        case _:
            assert_never(question)


def _multiple(question: MultipleQuestion) -> list[str]:
    """Right choices share 100 %; as many wrong ones take all of it away."""
    right = sum(choice.correct for choice in question.choices)
    wrong = len(question.choices) - right
    return [
        f"~%{100 / right:.5f}%{_text(one.text)}{_said(one.why)}"
        if one.correct
        else f"~%-{100 / wrong:.5f}%{_text(one.text)}{_said(one.why)}"
        for one in question.choices
    ]


def _numeric(question: NumericQuestion) -> list[str]:
    if isinstance(question.answer, str) or any(isinstance(one.answer, str) for one in question.wrong):
        raise Unsayable("Its answer is a formula.")
    if question.unit:
        raise Unsayable("GIFT has no units.")
    tolerance = max(question.tolerance, abs(question.answer) * question.relative)
    return [
        "#",
        f"={question.answer!r}:{tolerance!r}",
        *(f"=%0%{one.answer!r}:0.0{_said(one.why)}" for one in question.wrong),
    ]


def _short_text(question: TextQuestion) -> list[str]:
    if question.pattern:
        raise Unsayable("A regular expression says what is right.")
    if all("->" in text for text in question.accept):
        raise Unsayable("GIFT would take “->” for a pair.")
    return [
        *(f"={_text(_literally(text))}" for text in question.accept),
        *(f"=%0%{_text(_literally(str(one.answer)))}{_said(one.why)}" for one in question.wrong),
    ]


def _literally(text: str) -> str:
    return text.replace("*", r"\*")


def _matching(question: MatchingQuestion) -> list[str]:
    if any("->" in pair.left for pair in question.pairs):
        raise Unsayable("GIFT would take “->” for the middle of a pair.")
    return [
        # Without why they belong together: Moodle takes what follows for a part of the right side.
        *(f"={_text(pair.left)} -> {_escape(pair.right)}" for pair in question.pairs),
        *(f"= -> {_escape(text)}" for text in question.extra),
    ]


def _said(why: str) -> str:
    return f"#{_text(why)}" if why and why != NO_WHY else ""


def _text(text: str) -> str:
    """Where a text begins as a format or a weight does, its format is said, so that it is read as a text."""
    return ("[markdown]" if _BEGINS_OTHERWISE.match(text) else "") + _escape(text)


def _escape(text: str) -> str:
    text = re.sub(r"\r\n?", "\n", text)
    return "".join(
        "\\n" if character == "\n" else f"\\{character}" if character in ESCAPED and character != "n" else character
        for character in text
    )
