"""Windows of a series with their targets, and parts that keep the future out of the past.

Shapes: T rows in time, F features, B windows, N rows a window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Floats = npt.NDArray[np.floating]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """Where the parts of a series end: rows [0, train) to learn from, to `validation` to watch, the rest to test."""

    train: int
    validation: int
    rows: int


def split(rows: int, *, train: float = 0.7, validation: float = 0.15) -> Parts:
    """Cut by time, never at random: a row between two known ones would be no forecast."""
    return Parts(int(rows * train), int(rows * (train + validation)), rows)


@dataclass(frozen=True)
class Scaler:
    """Mean 0 and standard deviation 1 over the rows it was fitted on. `mean` and `scale`: (F,)."""

    mean: Floats
    scale: Floats

    @classmethod
    def fit(cls, values: Floats, known: Bools) -> Scaler:
        """Look at the known values only. A feature that never changes keeps the scale 1. Both arguments: (T, F)."""
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, values, 0).sum(axis=0) / count
        scale = np.sqrt(np.where(known, (values - mean) ** 2, 0).sum(axis=0) / count)
        return cls(mean, np.where(scale > 0, scale, 1.0))

    def scaled(self, values: Floats) -> Floats:
        return np.asarray((values - self.mean) / self.scale)


@dataclass(frozen=True)
class Windows:
    """Inputs (B, N, F), targets (B, N, F), the same one row later, and how much each target counts (B, N, F)."""

    inputs: Floats
    targets: Floats
    weights: Floats

    def __len__(self) -> int:
        return len(self.inputs)


def windows(values: Floats, known: Bools, length: int, *, first: int, end: int) -> Windows:
    """All windows whose last target lies in rows [first, end).

    A window may reach back before `first` for its inputs, as a forecast may look at all of the past; but targets before
    `first`, and those that nobody measured, count nothing.

    Args:
        values: (T, F); known: (T, F), false where a gap was filled.
        length: N, rows in a window.
    """
    start = max(0, first - length)
    rows = slice(start, end)
    counted = known[rows].copy()
    counted[: max(0, first - start)] = False
    inputs = _slide(values[rows][:-1], length)
    return Windows(inputs, _slide(values[rows][1:], length), _slide(counted[1:].astype(values.dtype), length))


def _slide(values: Floats, length: int) -> Floats:
    """(T, F) → (T − N + 1, N, F), without copying."""
    if len(values) < length:
        return np.empty((0, length, values.shape[1]), dtype=values.dtype)
    return np.moveaxis(sliding_window_view(values, length, axis=0), -1, 1)
