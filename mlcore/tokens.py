"""From text to numbers and back: by characters, and by the words of a tweet.

A tokeniser cuts a text into tokens that, joined, are the text again, whatever it holds. A vocabulary gives a number to
each token it knows.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
UNKNOWN = -1

# Characters -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Characters:
    """The characters that a model knows, each with its place as its number."""

    symbols: str
    """Each once."""

    @classmethod
    def of(cls, text: str, most: int | None = None) -> Characters:
        """Those of a text, in the order of Unicode; only the `most` frequent, where that is given."""
        counts = Counter(text)
        return cls("".join(sorted(sorted(counts, key=lambda symbol: (-counts[symbol], symbol))[:most])))

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def _order(self) -> tuple[npt.NDArray[np.uint32], Ids]:
        points = _code_points(self.symbols)
        order = np.argsort(points)
        return points[order], order.astype(np.int32)

    def encode(self, text: str) -> Ids:
        """The number of each character of a text; `UNKNOWN` for those that have none."""
        points, (known, ids) = _code_points(text), self._order
        if not len(known):
            return np.full(len(points), UNKNOWN, np.int32)
        at = np.minimum(np.searchsorted(known, points), len(known) - 1)
        return np.where(known[at] == points, ids[at], np.int32(UNKNOWN))

    def decode(self, ids: Iterable[int]) -> str:
        """The characters that have these numbers. Raises IndexError for a number that none has."""
        found = [int(at) for at in ids]
        if any(at < 0 for at in found):
            raise IndexError("no character has a number below 0")
        return "".join(self.symbols[at] for at in found)


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    # A lone surrogate is no valid text, but a page can send one.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


# Words of a tweet -----------------------------------------------------------------------------------------------------

USER, LINK, NUMBER, OTHER = "<user>", "<link>", "<number>", "<other>"
"""What stands for every @handle, every address, every number, and every word that a vocabulary lacks."""

_EMOJI = "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff]"
_PIECES = re.compile(
    rf"""
      (?P<space>  \s+ )
    | (?P<link>   (?:https?://|www\.)[^\s<>"]+ )
    | (?P<user>   @\w+ )
    | (?P<smile>  [:;=8][-'^o]?[()\[\]dDpP/\\|3*] (?!\w) | <3 | \( [-'^o]?[:;=] (?!\w) )
    | (?P<number> [$£€]?\d+(?:[.,:/]\d+)*(?:%|(?!\w)) )
    | (?P<word>   \#?[^\W_]+(?:['’`-][^\W_]+)* )
    | (?P<emoji>  {_EMOJI}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*(?:\u200d{_EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff]*)* )
    | (?P<same>   (?P<sign>[^\w\s])(?P=sign)* )
    | (?P<rest>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff]")


class Piece(NamedTuple):
    """A stretch of a text. `form` is what a vocabulary knows it by; between words it is empty."""

    text: str
    form: str


def tidy(text: str) -> str:
    """The text as it is meant: HTML's entities as characters, control characters as spaces."""
    return _CONTROL.sub(" ", html.unescape(text))


def pieces(text: str) -> list[Piece]:
    """A text cut into words, signs, emoji and the gaps between them: `"".join(piece.text …)` is the text.

    In a form, letters are small, three equal letters and more are two, a row of equal signs is one sign, and a handle,
    an address or a number is only that it is one.
    """
    return [Piece(found.group(), _form(found)) for found in _PIECES.finditer(text)]


def forms(text: str) -> list[str]:
    """The forms of the words and signs of a text, tidied, in order."""
    return [piece.form for piece in pieces(tidy(text)) if piece.form]


_MASKED = {"space": "", "link": LINK, "user": USER, "number": NUMBER}


def _form(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found.group()
    if kind == "word":
        return _LONG.sub(r"\1\1", text.lower().replace("’", "'").replace("`", "'"))
    if kind == "same":
        return found["sign"]
    if kind == "emoji":
        return text.rstrip("\ufe0e\ufe0f")
    return _MASKED.get(kind, text)


def mask_handles(text: str) -> str:
    """The text without the names of people: every @handle is @user."""
    return re.sub(r"@\w+", "@user", text)


@dataclass(frozen=True)
class Vocabulary:
    """The forms that a model knows, each with its place as its number. 0 is a gap, 1 what it does not know."""

    words: tuple[str, ...]
    """The first two are "" and `OTHER`."""

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], at_least: int = 1, most: int | None = None) -> Vocabulary:
        """The forms that occur so often, most frequent first."""
        counts = Counter(form for text in texts for form in text)
        kept = [form for form, count in counts.items() if count >= at_least]
        return cls(("", OTHER, *sorted(kept, key=lambda form: (-counts[form], form))[:most]))

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.words)}

    def __contains__(self, form: str) -> bool:
        return form in self._ids

    def encode(self, forms: Iterable[str]) -> Ids:
        """Numbers of forms. A hashtag that is not known is the word behind its #."""
        return np.array([self._ids.get(form, self._ids.get(form.lstrip("#"), 1)) for form in forms], np.int32)

    def rows(self, texts: Sequence[Sequence[str]], longest: int) -> Ids:
        """(texts, longest): each filled up with 0 behind; only the first `longest` words of a longer one."""
        filled = np.zeros((len(texts), longest), np.int32)
        for row, text in zip(filled, texts, strict=True):
            ids = self.encode(text[:longest])
            row[: len(ids)] = ids
        return filled
