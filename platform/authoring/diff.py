"""What is different between two texts: by lines, and within a changed line by words. For people; it merges nothing.

`templates/authoring/diff.html` draws it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from courses.lesson_files import LessonContent

AROUND = 3
"""Lines that are shown before and after a change."""
MOST_WORDS = 2_000
"""Beyond it, two changed passages are shown as wholes: comparing words takes time with the square of them."""

SHORT = 200
OFTEN = 10

Kind = Literal["same", "gone", "new"]


class Matcher(SequenceMatcher[str]):
    """What occurs often in a long text (a blank line, a space) is compared only beside something that is the same.

    Comparing each blank line with each other one takes time with the cube of them. The library's own `autojunk` lets
    through more of them the longer a text is.
    """

    def __init__(
        self,
        isjunk: Callable[[str], bool] | None = None,
        a: Sequence[str] = "",
        b: Sequence[str] = "",
        autojunk: bool = False,
    ) -> None:
        often = {one for one, times in Counter(b).items() if times > OFTEN} if len(b) > SHORT else set()
        super().__init__(isjunk or often.__contains__, a, b, autojunk)


@dataclass(frozen=True)
class Piece:
    """A part of a line; `changed`: it is what differs."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    kind: Kind
    old: int | None
    new: int | None
    """Its number in each of the texts, from 1; None where it is not there."""
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Passage:
    """Lines that belong together. A `folded` one is equal in both and further away from any change."""

    lines: tuple[Line, ...]
    folded: bool = False


@dataclass(frozen=True)
class Diff:
    name: str
    """What is compared, for a heading: "Text"."""
    passages: tuple[Passage, ...]


def diff_contents(old: LessonContent, new: LessonContent) -> list[Diff]:
    """Where two states of a lesson differ: its settings, text and questions. What is equal is left out."""
    pairs = [
        ("Title, summary, aims", _settings(old), _settings(new)),
        ("Text", old.body, new.body),
        ("Questions (quiz.yaml)", old.quiz, new.quiz),
    ]
    return [diff_texts(name, one, other) for name, one, other in pairs if one != other]


def diff_texts(name: str, old: str, new: str) -> Diff:
    olds, news = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in Matcher(None, olds, news).get_opcodes():
        if tag == "equal":
            lines += [
                Line("same", i + 1, j + 1, (Piece(olds[i]),)) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
            ]
        else:
            lines += _changed(olds[i1:i2], news[j1:j2], i1 + 1, j1 + 1)
    return Diff(name, tuple(_fold(lines)))


def _settings(content: LessonContent) -> str:
    aims = [f"Aim: {aim}" for aim in content.aims]
    return "\n".join([f"Title: {content.title}", f"Summary: {content.summary}", *aims])


def _changed(olds: Sequence[str], news: Sequence[str], old: int, new: int) -> list[Line]:
    """Lines that were replaced: first those that are gone, then those that came."""
    gone, came = _by_words("\n".join(olds), "\n".join(news)) if olds and news else (None, None)
    return [
        *(
            Line("gone", old + index, None, tuple(gone[index]) if gone else (Piece(text, True),))
            for index, text in enumerate(olds)
        ),
        *(
            Line("new", None, new + index, tuple(came[index]) if came else (Piece(text, True),))
            for index, text in enumerate(news)
        ),
    ]


def _by_words(old: str, new: str) -> tuple[list[list[Piece]] | None, list[list[Piece]] | None]:
    """The words that differ, line by line; None where there are too many, or hardly any is the same."""
    olds, news = re.findall(r"\n|\w+|[^\S\n]+|[^\w\s]", old), re.findall(r"\n|\w+|[^\S\n]+|[^\w\s]", new)
    if len(olds) > MOST_WORDS or len(news) > MOST_WORDS:
        return None, None
    matcher = Matcher(None, olds, news)
    if matcher.ratio() < 0.4:
        return None, None
    gone: list[list[Piece]] = [[]]
    came: list[list[Piece]] = [[]]
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        _add(gone, "".join(olds[i1:i2]), tag != "equal")
        _add(came, "".join(news[j1:j2]), tag != "equal")
    return gone, came


def _add(lines: list[list[Piece]], text: str, changed: bool) -> None:
    first, *others = text.split("\n")
    if first:
        lines[-1].append(Piece(first, changed))
    for other in others:
        lines.append([Piece(other, changed)] if other else [])


def _fold(lines: Sequence[Line]) -> list[Passage]:
    near: set[int] = set()
    for index, line in enumerate(lines):
        if line.kind != "same":
            near.update(range(index - AROUND, index + AROUND + 1))
    passages: list[Passage] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or (index in near) != (start in near):
            passages.append(Passage(tuple(lines[start:index]), folded=start not in near))
            start = index
    return passages
