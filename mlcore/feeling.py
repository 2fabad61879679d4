"""What the sentiment model makes of a sentence and of each word, and a bag of words beside it: plain numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mlcore.data.tweets import LABELS
from mlcore.sentiment import BagOfWords, Shipped, sentence

_HALVES = re.compile("[\ud800-\udfff]")


def feel(texts: Sequence[str], models: Shipped) -> dict[str, Any]:
    """What both models make of each text.

    Scores are given against the mean of the classes' scores: softmax sees their differences only, so that whatever a
    word adds to all classes alike says nothing.

    Raises:
        ValueError: there is no word and no sign in a text.
    """
    return {"classes": list(LABELS), "sentences": [_sentence(text, models) for text in texts]}


def _sentence(text: str, models: Shipped) -> dict[str, Any]:
    # Half of a pair of surrogates is no character, and cannot be kept.
    cut = sentence(_HALVES.sub("\ufffd", text))
    if not cut.words:
        raise ValueError("There is no word in this, only what cannot be seen. Write a sentence; one word is enough.")
    reading = models.model.read(cut.words)
    return {
        "pieces": [{"text": piece.text, "word": at} for piece, at in zip(cut.pieces, cut.word_of, strict=True)],
        "words": cut.words,
        "left_out": cut.left_out,
        "probabilities": _rounded(reading.probabilities),
        "known": reading.known,
        "after": _rounded(reading.after),
        "gradient": _rounded(_apart(reading.gradient)),
        "without": _rounded(reading.without),
        "heard": models.model.heard(cut.words).tolist(),
        "bag": _counted(cut.words, models.bag),
    }


def _counted(words: Sequence[str], bag: BagOfWords) -> dict[str, Any]:
    return {
        "probabilities": _rounded(bag.probabilities(words)),
        "known": [word in bag.words for word in words],
        "repeated": [word in words[:at] for at, word in enumerate(words)],
        "contributions": _rounded(_apart(bag.contributions(words))),
        "before": _rounded(_apart(bag.c[None])[0]),
    }


def _apart(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(scores - scores.mean(axis=-1, keepdims=True))


def _rounded(numbers: npt.NDArray[np.float64]) -> Any:
    return (numbers.round(4) + 0.0).tolist()  # no -0.0
