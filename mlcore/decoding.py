"""From the scores of what may come next to what does: temperature, top-k, top-p, and a draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Decoding:
    """How the next symbol is chosen.

    Scores are divided by the temperature: below 1 the likely becomes likelier, above 1 all come closer. At 0 the
    likeliest is taken. Then the `top_k` likeliest stay (0: all), and of these the fewest that together have at least
    the probability `top_p`. Holtzman et al., *The Curious Case of Neural Text Degeneration* (2020), for the last.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if self.temperature < 0 or self.top_k < 0 or not 0 < self.top_p <= 1:
            raise ValueError("temperature and top-k are at least 0, and top-p lies above 0 and at most at 1")

    def probabilities(self, scores: npt.ArrayLike) -> Floats:
        """From scores (…, symbols) to what each symbol is drawn with; what is left out has exactly 0."""
        scores = np.asarray(scores, dtype=np.float64)
        if self.temperature == 0:
            return _one_hot(scores.argmax(axis=-1), scores.shape[-1])
        every = softmax((scores - scores.max(axis=-1, keepdims=True)) / self.temperature)
        if self.top_k == 0 and self.top_p == 1:
            return every
        # Likeliest first; of equals, the one with the smaller number.
        order = np.argsort(-scores, axis=-1, kind="stable")
        ranked = np.take_along_axis(every, order, axis=-1)
        keep = np.ones(ranked.shape, bool)
        if self.top_k:
            keep[..., self.top_k :] = False
        ranked = np.where(keep, ranked, 0)
        ranked /= ranked.sum(axis=-1, keepdims=True)
        if self.top_p < 1:
            before = np.cumsum(ranked, axis=-1) - ranked
            # The first stays in any case: nothing comes before it.
            ranked = np.where(before < self.top_p, ranked, 0)
            ranked /= ranked.sum(axis=-1, keepdims=True)
        left = np.zeros_like(every)
        np.put_along_axis(left, order, ranked, axis=-1)
        return left


def softmax(scores: npt.ArrayLike) -> Floats:
    """e to each score, divided by their sum over the last axis."""
    scores = np.asarray(scores, dtype=np.float64)
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def draw(probabilities: Floats, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """One symbol for each row of (…, symbols). What has probability 0 is never drawn."""
    ends = np.cumsum(probabilities, axis=-1)
    # The sum may miss 1 by a rounding: the draw is scaled to what is there.
    at = random.random(probabilities.shape[:-1])[..., None] * ends[..., -1:]
    chosen: npt.NDArray[np.int64] = (ends > at).argmax(axis=-1)
    return chosen


def _one_hot(at: Any, symbols: int) -> Floats:
    rows: Floats = np.eye(symbols)[at]
    return rows
