"""Questions from Moodle's GIFT (https://docs.moodle.org/en/GIFT_format).

An item ends at an empty line. `\\` before one of `~ = # { } : n` and itself takes its meaning away; so marked
characters are put out of sight first, and the rest is split at what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quizzes.exchange.html_text import as_markdown
from quizzes.exchange.report import (
    LONGEST_FILE,
    FileRefused,
    Imported,
    name_of,
)
from quizzes.questions import NO_WHY

LONGEST_PART = 20_000
ESCAPED = "\\~=#{}:n"
_HIDDEN = {character: chr(0xFDD0 + place) for place, character in enumerate(ESCAPED)}
"""Code points that stand for no character, in any text."""
_SHOWN = str.maketrans({hidden: "\n" if character == "n" else character for character, hidden in _HIDDEN.items()})
_NO_CHARACTERS = dict.fromkeys(map(ord, _HIDDEN.values()), "\ufffd")
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_CATEGORY = re.compile(r"\$CATEGORY:(.*)", re.IGNORECASE)
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%")
_PICTURE = re.compile(r"<img\b|@@PLUGINFILE@@", re.IGNORECASE)
_TRUTH = re.compile(r"\s*(TRUE|T|FALSE|F)\s*(?=#|$)", re.IGNORECASE)


class Unreadable(ValueError):
    """Why an item is left out."""


@dataclass(frozen=True)
class Item:
    number: int
    line: int
    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    right: bool
    """Marked by `=`."""
    weight: float | None
    """In percent, where it is said."""
    text: str
    feedback: str


def read_gift(data: bytes) -> Imported:
    """What of a file can be read, and what cannot.

    Raises:
        FileRefused: it is too large, or no text.
    """
    if len(data) > LONGEST_FILE:
        raise FileRefused(f"This file is larger than {LONGEST_FILE // 1000} kB. Divide it into several.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("This is no text in UTF-8. Save it as UTF-8, then try again.") from error
    imported = Imported()
    for item in _items(text):
        try:
            value = _read_item(item, imported)
        except Unreadable as error:
            imported.skip(item.number, item.line, str(error))
            continue
        imported.take(value, item.number, item.line)
    return imported


def _items(text: str) -> Iterator[Item]:
    """The questions of a file; comments are left out, categories become tags of what follows."""
    lines: list[str] = []
    tags: tuple[str, ...] = ()
    first = number = 0
    for place, line in enumerate([*re.split(r"\r\n|\r|\n", text), ""], start=1):
        if line.lstrip().startswith("//"):
            continue
        if not lines and (category := _CATEGORY.match(line.strip())):
            tags = _tags(category[1])
        elif line.strip():
            first = first if lines else place
            lines.append(line)
        elif lines:
            number += 1
            yield Item(number, first, "\n".join(lines), tags)
            lines = []


def _tags(category: str) -> tuple[str, ...]:
    """`$course$/top/Gates/Basics`: gates, basics."""
    words = [word.strip() for word in category.split("/")]
    while words and words[0] in ("$course$", "$module$", "$system$", "top", ""):
        del words[0]
    tags = (name_of(word, "") for word in words)
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _read_item(item: Item, imported: Imported) -> dict[str, Any]:
    text = _hide(item.text)
    title = _TITLE.match(text)
    if title:
        text = text[title.end() :]
    opens, closes = text.find("{"), text.rfind("}")
    if opens < 0 and closes < 0:
        raise Unreadable("This has no answers in {…}: it is a text, and no question.")
    if opens < 0 or closes < opens or "{" in text[opens + 1 : closes] or "}" in text[opens + 1 : closes]:
        raise Unreadable("The braces {…} around the answers are not in pairs. Write \\{ and \\} within texts.")
    text_format = _FORMAT.match(text[:opens])
    form = text_format[1].lower() if text_format else ""
    before, after = text[text_format.end() if text_format else 0 : opens], text[closes + 1 :]
    inside, _, general = text[opens + 1 : closes].partition("####")
    prompt = f"{before.rstrip()} _____ {after.lstrip()}" if after.strip() else before
    value: dict[str, Any] = {
        "id": _show(title[1]).strip() if title else "",
        "prompt": _words(prompt, form),
        "tags": item.tags,
        **({"why": _words(general, form)} if general.strip() else {}),
    }
    tell = _Teller(item, imported)
    value |= _read_answers(inside, form, tell)
    if general.strip():
        value["why"] = _words(general, form)
    if _PICTURE.search(item.text):
        tell("It shows a picture, which is not in a GIFT file. Upload it, and choose it in the form of the question.")
    return value


@dataclass(frozen=True)
class _Teller:
    """Says what of an item comes in otherwise than it was."""

    item: Item
    imported: Imported

    def __call__(self, reason: str) -> None:
        self.imported.change(self.item.number, self.item.line, reason)


def _read_answers(inside: str, form: str, tell: _Teller) -> dict[str, Any]:
    """The type of the question, and what belongs to it."""
    if not inside.strip():
        raise Unreadable("This is an essay. Essays cannot be graded here.")
    if truth := _TRUTH.match(inside):
        return _true_or_false(truth[1].upper().startswith("T"), inside[truth.end() :], form)
    if inside.lstrip().startswith("#"):
        return _numeric(inside.lstrip()[1:], form, tell)
    answers = _answers(inside, form)
    if all(answer.right and "->" in answer.text for answer in answers):
        return _matching(answers)
    if all(answer.right for answer in answers):
        return _short_text(answers, tell)
    return _choices(answers, tell)


def _true_or_false(is_true: bool, rest: str, form: str) -> dict[str, Any]:
    """`{TRUE#said to who is wrong#said to who is right}`."""
    wrong, right = ([_words(part, form) for part in rest.split("#")[1:]] + ["", ""])[:2]
    return {
        "type": "single",
        "shuffle": False,
        "choices": [
            {"text": text, "correct": correct, "why": (right if correct else wrong) or NO_WHY}
            for text, correct in (("True", is_true), ("False", not is_true))
        ],
    }


def _choices(answers: list[Answer], tell: _Teller) -> dict[str, Any]:
    marked = sum(answer.right for answer in answers)
    weights = [answer.weight or 0 for answer in answers]
    several = marked > 1 or (marked == 0 and sum(weight > 0 for weight in weights) > 1)
    if marked > 1:
        tell("Several choices are right, so all of them are asked for (multiple choice).")
    elif any(0 < weight < 100 for weight in weights) and not several:
        tell("A choice that gave a part of the points gives none.")
    elif several and len({weight for weight in weights if weight > 0}) > 1:
        tell("Each right choice counts the same.")

    def correct(answer: Answer) -> bool:
        return answer.right or (marked == 0 and (answer.weight or 0) > 0)

    return {
        "type": "multiple" if several or marked == 0 else "single",
        "choices": [
            {"text": answer.text, "correct": correct(answer), "why": answer.feedback or NO_WHY} for answer in answers
        ],
    }


def _short_text(answers: list[Answer], tell: _Teller) -> dict[str, Any]:
    accept, wrong, said = [], [], []
    for answer in answers:
        text = answer.text.replace(r"\*", "\0")
        if "*" in text:
            tell(f"“{answer.text}” is left out: * for any letters is not known here.")
            continue
        text = text.replace("\0", "*")
        if answer.weight in (None, 100):
            accept.append(text)
            said.append(answer.feedback)
        else:
            if answer.weight:
                tell(f"“{text}” gave a part of the points and gives none.")
            wrong.append({"answer": text, "why": answer.feedback or NO_WHY})
    why = next(filter(None, said), "")
    return {"type": "text", "accept": accept, "wrong": wrong, **({"why": why} if why else {})}


def _matching(answers: list[Answer]) -> dict[str, Any]:
    pairs, extra = [], []
    for answer in answers:
        left, right = (side.strip() for side in answer.text.split("->", 1))
        if left:
            pairs.append({"left": left, "right": right, **({"why": answer.feedback} if answer.feedback else {})})
        else:
            extra.append(right)
    return {"type": "matching", "pairs": pairs, "extra": extra}


def _numeric(inside: str, form: str, tell: _Teller) -> dict[str, Any]:
    """`{#3:0.1}`, `{#1..5}`, or several with weights: `{#=3:0 =%50%3:1 ~#why}`."""
    answers = _answers(inside, form) if re.match(r"\s*[=~]", inside) else [_answer("=", inside, form)]
    right: list[tuple[float, float, str]] = []
    wrong = []
    for answer in answers:
        if not answer.right:
            continue  # `~#…` is said to everybody else, in Moodle
        number, tolerance = _number(answer.text)
        if answer.weight in (None, 100):
            right.append((number, tolerance, answer.feedback))
        elif answer.weight == 0:
            wrong.append({"answer": number, "why": answer.feedback or NO_WHY})
        else:
            tell(f"“{answer.text}” gave a part of the points and gives none.")
    if not right:
        raise Unreadable("No number is right.")
    number, tolerance, why = right[0]
    if len({one[:2] for one in right}) == 1:
        value = {"type": "numeric", "answer": number, "tolerance": tolerance, "wrong": wrong}
    elif any(tolerance for _, tolerance, _ in right):
        raise Unreadable("Several numbers with a tolerance are right; here there is one.")
    else:
        tell("Several numbers are right, so they are compared as texts.")
        value = {"type": "text", "accept": [f"{number:.15g}" for number, _, _ in right]}
    return {**value, **({"why": why} if why else {})}


def _number(text: str) -> tuple[float, float]:
    """The middle and the tolerance of `3`, `3:0.1` or `1..5`."""
    try:
        if ".." in text:
            first, last = (float(part) for part in text.split("..", 1))
            return (first + last) / 2, abs(last - first) / 2
        number, _, tolerance = text.partition(":")
        return float(number), abs(float(tolerance or 0))
    except ValueError as error:
        raise Unreadable(f"“{text}” is no number.") from error


def _answers(inside: str, form: str) -> list[Answer]:
    """What begins with `=` or `~`."""
    parts = re.split(r"([=~])", inside)
    if parts[0].strip():
        raise Unreadable("An answer begins with = or ~.")
    return [_answer(mark, text, form) for mark, text in zip(parts[1::2], parts[2::2], strict=True)]


def _answer(mark: str, text: str, form: str) -> Answer:
    weight = _WEIGHT.match(text)
    words, _, feedback = text[weight.end() if weight else 0 :].partition("#")
    return Answer(
        right=mark == "=",
        weight=float(weight[1]) if weight else None,
        text=_words(words, form),
        feedback=_words(feedback, form),
    )


def _words(text: str, form: str) -> str:
    """A text as Markdown: without the marks of GIFT, and without HTML unless it says that it is none."""
    if mark := _FORMAT.match(text):
        form, text = mark[1].lower(), text[mark.end() :]
    if len(text) > LONGEST_PART:
        raise Unreadable("A text in it is too long.")
    text = _show(text).strip()
    return text if form in ("markdown", "plain") else as_markdown(text)


def _hide(text: str) -> str:
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text.translate(_NO_CHARACTERS))


def _show(text: str) -> str:
    return text.translate(_SHOWN)
