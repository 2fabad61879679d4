"""Sentences of the texts that installed packages carry, drawn at random."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlcore.data.texts import TEXTS
from mlcore.text import sentences


class Draw(NamedTuple):
    """Sentences as lists of words; of how many they were drawn, and how many were too long to be drawn."""

    sentences: list[list[str]]
    among: int
    too_long: int


def draw_sentences(text: str, count: int, longest: int, seed: int) -> Draw:
    """`count` different sentences of `text` (a key of `TEXTS`) with 2 to `longest` words; fewer if it has not so many.

    Words are in lower case, without figures and punctuation.
    """
    every = list(sentences(TEXTS[text].documents()))
    short = [sentence for sentence in every if len(sentence) <= longest]
    chosen = np.random.default_rng(seed).permutation(len(short))[:count]
    return Draw([short[at] for at in chosen], len(short), len(every) - len(short))
