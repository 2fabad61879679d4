"""Forecasts that need no network, and that a network should beat.

An origin o knows rows [0, o) and forecasts rows o, o + 1, …; a forecast of O origins, H rows ahead, has shape (O, H).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mlcore.windows import Floats, windows

Ints = npt.NDArray[np.integer]

SHORTEST = 16
"""In fewer rows a season could not be told from chance."""


def last_value(values: Floats, origins: Ints, horizon: int) -> Floats:
    """It stays as it is. `values`: (T,)."""
    return np.repeat(values[origins - 1][:, None], horizon, axis=1)


def seasonal(values: Floats, origins: Ints, horizon: int, period: int) -> Floats:
    """It is as it was one season ago. `values`: (T,); every origin has a whole season before it."""
    ahead = np.arange(horizon) % period
    return np.asarray(values[origins[:, None] - period + ahead])


class LinearModel:
    """The next row as a linear function of the last N rows, fitted by least squares (a vector autoregression).

    Args:
        values: (T, F), the rows to learn from; known: (T, F).
        length: N.
    """

    def __init__(self, values: Floats, known: npt.NDArray[np.bool_], length: int) -> None:
        learned = windows(values, known, length, first=0, end=len(values))
        design, targets, counted = _design(learned.inputs), learned.targets[:, -1], learned.weights[:, -1] > 0
        self.length = length
        self.coefficients = np.empty((design.shape[1], values.shape[1]))
        # The target is learned where it was measured. The other features only help it along: their filled gaps may
        # count, so that all of them are solved for at once.
        measured = counted[:, 0]
        self.coefficients[:, 1:] = _solve(design, targets[:, 1:])
        self.coefficients[:, :1] = _solve(design[measured], targets[measured, :1])

    def __call__(self, inputs: Floats) -> Floats:
        """The next row after each window, of which the last N rows count: (B, ≥ N, F) → (B, F)."""
        return np.asarray(_design(inputs[:, -self.length :]) @ self.coefficients)


def roll_out(
    step: Callable[[Floats], Floats], inputs: Floats, horizon: int, after_each: Callable[[], None] = lambda: None
) -> Floats:
    """Many steps ahead: each forecast row becomes the last row of the next window. (B, N, F) → (B, H, F).

    Args:
        step: the next row after each window, (B, N, F) → (B, F).
        after_each: called after every step.
    """
    rows = []
    for _ in range(horizon):
        row = step(inputs)
        rows.append(row)
        inputs = np.concatenate([inputs[:, 1:], row[:, None].astype(inputs.dtype)], axis=1)
        after_each()
    return np.stack(rows, axis=1)


def likely_period(values: Floats, *, longest: int) -> int | None:
    """The lag at which a series is most like itself, once it has been unlike; nothing where it has no such lag.

    The autocorrelation is taken of the detrended values (T,), so that a slope does not look like a season.
    """
    if len(values) < SHORTEST:
        return None
    rows = np.arange(len(values))
    rest = values - np.polyval(np.polyfit(rows, values, 1), rows)
    power = float(rest @ rest)
    if power <= 0:
        return None
    like = np.array([rest[lag:] @ rest[: len(rest) - lag] / power for lag in range(min(longest, len(rest) // 2) + 1)])
    unlike = np.flatnonzero(like < 0)
    if len(unlike) == 0:
        return None
    best = int(unlike[0] + np.argmax(like[unlike[0] :]))
    return best if like[best] > 0.2 else None


def _design(inputs: Floats) -> Floats:
    """Each window as one row, and a one for the constant: (B, N, F) → (B, N·F + 1)."""
    flat = inputs.reshape(len(inputs), -1)
    return np.hstack([flat, np.ones((len(flat), 1), dtype=flat.dtype)])


def _solve(design: Floats, targets: Floats) -> Floats:
    """Least squares by the normal equations: far faster than decomposing the tall matrix, exact enough when scaled."""
    return np.asarray(np.linalg.lstsq(design.T @ design, design.T @ targets)[0])
