"""How well a text is foretold by counting which character follows which: what a network must beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


def bits(learned: Ids, told: Ids, symbols: int, order: int) -> float:
    """The mean of −log₂ p of each character of a text, in bits, by counts of `order` characters in a row.

    `order` 1 knows how frequent each character is, 2 which follow which, 3 which follow a pair. What was seldom seen
    leans on the shorter row: I. H. Witten and T. C. Bell, *The zero-frequency problem*, IEEE Transactions on
    Information Theory 37, 1991. The first characters, which have no such row before them, are left out.

    Args:
        learned: the text that is counted.
        told: the text that is foretold, longer than `order`.
        symbols: how many characters there are.
    """
    return float(-np.log2(probabilities(learned, told, symbols, order)).mean())


def probabilities(learned: Ids, told: Ids, symbols: int, order: int) -> Floats:
    """How likely each character of `told` from the place `order` − 1 on is, after those before it."""
    if order == 0:
        return np.full(len(told), 1 / symbols)
    shorter = probabilities(learned, told, symbols, order - 1)[1 if order > 1 else 0 :]
    rows, counts = np.unique(_rows(learned, symbols, order), return_counts=True)
    before = rows // symbols
    contexts, first = np.unique(before, return_index=True)
    seen = np.add.reduceat(counts, first)
    kinds = np.diff(np.append(first, len(rows)))
    asked = _rows(told, symbols, order)
    count = _look_up(rows, counts, asked)
    seen_here, kinds_here = (_look_up(contexts, values, asked // symbols) for values in (seen, kinds))
    # After what was never seen, nothing is known but the shorter row.
    known = seen_here > 0
    mixed: Floats = np.where(
        known, (count + kinds_here * shorter) / np.where(known, seen_here + kinds_here, 1), shorter
    )
    return mixed


def _rows(ids: Ids, symbols: int, order: int) -> npt.NDArray[np.int64]:
    """Each row of `order` characters as one number."""
    rows = np.zeros(len(ids) - order + 1, np.int64)
    for at in range(order):
        rows = rows * symbols + ids[at : len(ids) - order + 1 + at]
    return rows


def _look_up(keys: npt.NDArray[np.int64], values: npt.NDArray[np.int64], asked: npt.NDArray[np.int64]) -> Floats:
    """The value of each key that is asked for; 0 for one that is not there."""
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, values[at], 0).astype(np.float64)
