"""GloVe's vectors for words as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from mlcore.data import glove
from mlcore.tokens import LINK, NUMBER, USER

Singles = npt.NDArray[np.float32]

_STANDS_FOR = {USER: "user", LINK: "link", NUMBER: "number"}
# GloVe was counted on text in which "don't" is two words, "do" and "n't".
_CONTRACTED = re.compile(r"(.+?)(n't|'\w+)")


def vectors_for(words: Iterable[str]) -> Singles:
    """(words, 50): zeros for a word that is not found, also not without its #, in its parts, or with fewer letters."""
    index = glove.load().index
    matrix = np.load(glove.VECTORS.locate(), mmap_mode="r")
    rows = [
        next((_mean(found, index, matrix) for found in _spellings(word) if _any(found, index)), None) for word in words
    ]
    return np.stack([np.zeros(glove.DIMENSIONS, np.float32) if row is None else row for row in rows])


def _spellings(word: str) -> Iterator[list[str]]:
    """What may stand for a word, best first; each is one word or several, whose mean counts."""
    word = _STANDS_FOR.get(word, word).lstrip("#")
    yield [word]
    if parts := _CONTRACTED.fullmatch(word):
        yield list(parts.groups())
    yield [word.replace("'", "")]
    yield [re.sub(r"(.)\1+$", r"\1", word)]
    yield [part for part in re.split(r"[-'/]", word) if part]


def _any(words: list[str], index: Mapping[str, int]) -> bool:
    return any(word in index for word in words)


def _mean(words: list[str], index: Mapping[str, int], matrix: Singles) -> Singles:
    rows = [matrix[index[word]] for word in words if word in index]
    mean: Singles = np.mean(rows, axis=0, dtype=np.float32)
    return mean
