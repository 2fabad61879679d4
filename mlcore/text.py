"""From running text to words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A run of letters of any alphabet, with inner apostrophes kept ("o'clock"); figures and punctuation fall away.
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")


def words(text: str) -> list[str]:
    """The words of `text`, in order, in lower case."""
    return _WORD.findall(text.replace("’", "'").lower())


def sentences(documents: Iterable[str]) -> Iterator[list[str]]:
    """The words of each sentence that has at least two: a lone word has no neighbour to learn from."""
    for document in documents:
        for sentence in _SENTENCE_END.split(document):
            found = words(sentence)
            if len(found) > 1:
                yield found
