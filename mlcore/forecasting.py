"""Forecasting a series from windows of its past: what is learned from, what is forecast, and how wrong it is.

Shapes: T rows, F features (the first is the target), N rows a window, O origins, H rows ahead. An origin o knows rows
[0, o) and forecasts rows o … o + H − 1. Errors and forecasts are in the unit of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlcore.baselines import LinearModel, last_value, roll_out, seasonal
from mlcore.data.series import Series, SeriesError
from mlcore.windows import Floats, Parts, Scaler, Windows, split, windows

Ints = npt.NDArray[np.int64]
Step = Callable[[Floats], Floats]
"""The next row after each window, scaled: (O, N, F) → (O, F)."""

FEWEST_WINDOWS = 8
FEWEST_ORIGINS = 8
MOST_COEFFICIENTS = 400
"""The linear model of a table with many columns looks at fewer rows: it would take minutes, and fit everything."""
LARGEST = 1e15
"""Squares of far larger numbers are infinite, and their digits fill a log."""
BAND = 0.8
"""The share of true values that should lie within the band."""


class Problem:
    """A series cut by time, scaled by what its first part shows, and seen through windows.

    Args:
        differences: learn how much each value changes instead of the value.

    Raises:
        SeriesError: too short for these windows, constant where it is learned from, or too large to compute with.
    """

    def __init__(self, series: Series, *, window: int, horizon: int, differences: bool = False) -> None:
        self.series, self.window, self.horizon, self.differences = series, window, horizon, differences
        self.parts = split(len(series.values))
        self._check()
        values, self.known = series.values, series.known
        if differences:
            values = np.diff(values, axis=0, prepend=values[:1])
            before = np.concatenate([np.zeros_like(self.known[:1]), self.known[:-1]])
            self.known = self.known & before
        learned = slice(0, self.parts.train)
        self.scaler = Scaler.fit(values[learned], self.known[learned])
        self.scaled = self.scaler.scaled(values).astype(np.float32)
        self.training = self._windows(0, self.parts.train)
        self.validation = self._windows(self.parts.train, self.parts.validation)

    @property
    def target(self) -> Floats:
        """(T,)"""
        return np.asarray(self.series.values[:, 0])

    @property
    def longest_horizon(self) -> int:
        """With fewer forecasts than `FEWEST_ORIGINS` in a part, their errors would say nothing."""
        parts = self.parts
        return min(parts.validation - parts.train, parts.rows - parts.validation) - FEWEST_ORIGINS + 1

    def origins(self, first: int, end: int, *, ahead: int, most: int | None = None) -> Ints:
        """Origins whose forecasts of `ahead` rows all lie in rows [first, end); `most` of them, evenly spaced."""
        count = max(0, end - ahead - first + 1)
        if most is None or count <= most:
            return np.arange(first, first + count)
        return np.linspace(first, first + count - 1, most).round().astype(np.int64)

    def inputs(self, origins: Ints) -> Floats:
        """What each origin sees: (O, N, F), scaled."""
        return np.asarray(self.scaled[origins[:, None] + np.arange(-self.window, 0)])

    def in_unit(self, rows: Floats, origins: Ints) -> Floats:
        """Forecast rows (O, H, F), scaled, as values of the target: (O, H)."""
        values = rows[..., 0] * self.scaler.scale[0] + self.scaler.mean[0]
        if self.differences:
            values = self.target[origins - 1][:, None] + np.cumsum(values, axis=1)
        return np.asarray(values)

    def errors(self, forecasts: Floats, origins: Ints) -> Floats:
        """Forecast minus truth, (O, H); NaN where nobody measured."""
        rows = origins[:, None] + np.arange(forecasts.shape[1])
        truth = np.where(self.series.known[:, 0], self.target, np.nan)
        return np.asarray(forecasts - truth[rows])

    def forecast(
        self, step: Step, origins: Ints, horizon: int, after_each: Callable[[], None] = lambda: None
    ) -> Floats:
        """What `step` forecasts when it is fed its own output: (O, H), in the unit."""
        return self.in_unit(roll_out(step, self.inputs(origins), horizon, after_each), origins)

    def baselines(self) -> Mapping[str, Callable[[Ints, int], Floats]]:
        """Forecasts without a network: name → function of origins and horizon."""
        train = slice(0, self.parts.train)
        rows = max(1, min(self.window, MOST_COEFFICIENTS // len(self.series.features)))
        linear = LinearModel(self.scaled[train].astype(np.float64), self.known[train], rows)
        period = self.series.period
        found: dict[str, Callable[[Ints, int], Floats]] = {
            "last": lambda origins, horizon: last_value(self.target, origins, horizon)
        }
        if period is not None and period <= self.parts.train:
            found["seasonal"] = lambda origins, horizon: seasonal(self.target, origins, horizon, period)
        found["linear"] = lambda origins, horizon: self.forecast(linear, origins, horizon)
        return found

    def _windows(self, first: int, end: int) -> Windows:
        return windows(self.scaled, self.known, self.window, first=first, end=end)

    def _check(self) -> None:
        series, parts, window = self.series, self.parts, self.window
        if parts.train - window - self.differences < FEWEST_WINDOWS or self.longest_horizon < 1:
            needed = max(int((window + 1 + FEWEST_WINDOWS) / 0.7) + 1, 60)
            raise SeriesError(
                f"This series has {parts.rows} rows, too few for windows of {window}: with {needed} rows or more there "
                "would be enough to learn from. Choose a shorter window or a longer series."
            )
        if self.horizon > self.longest_horizon:
            raise SeriesError(
                f"This series is too short to look {self.horizon} rows ahead. Choose {self.longest_horizon} or less."
            )
        for feature, largest in zip(series.features, np.abs(series.values).max(axis=0), strict=True):
            if largest > LARGEST:
                raise SeriesError(
                    f"“{feature.name}” holds a value as large as {largest:.3g}; up to {LARGEST:g} can be used. "
                    "Choose another unit, or correct it where it is a mistake."
                )
        known = series.known[:, 0]
        for first, end, what in (
            (0, parts.train, "learned from, the first 70 % of the rows"),
            (parts.train, parts.validation, "watched, the next 15 % of the rows"),
            (parts.validation, parts.rows, "tested, the last 15 % of the rows"),
        ):
            if known[first:end].mean() < 0.5:
                raise SeriesError(
                    f"More than half of “{series.target.name}” is missing in the part that is {what}. Choose another "
                    "column, or leave out the rows without a number at the ends of the file."
                )
        learned, known = series.values[: parts.train, 0], known[: parts.train]
        if np.ptp(learned[known]) == 0:
            raise SeriesError(
                f"“{series.target.name}” is {learned[0]:g} in every row that is learned from: there is nothing to "
                "forecast."
            )


@dataclass(frozen=True)
class Errors:
    """Mean absolute error and root of the mean squared error, in the unit; `None` where there is no number."""

    mae: float | None
    rmse: float | None

    @classmethod
    def of(cls, errors: Floats) -> Errors:
        """Of errors of any shape; NaN is left out, as nobody measured there."""
        known = errors[~np.isnan(errors)].astype(np.float64)
        if len(known) == 0:
            return cls(None, None)
        return cls(float(np.abs(known).mean()), float(np.sqrt((known**2).mean())))


def mean_by_step(errors: Floats) -> list[float | None]:
    """Mean absolute error of each step ahead: (O, H) → H numbers."""
    return [Errors.of(column).mae for column in errors.T]


@dataclass(frozen=True)
class Band:
    """What to add to a forecast of each step ahead to get the edges within which `BAND` of the truth should lie.

    These are quantiles of truth minus forecast on rows that the model did not learn from. Nothing is assumed about how
    errors are spread; but it is assumed that the future errs as those rows did.
    """

    low: Floats
    high: Floats

    @classmethod
    def of(cls, errors: Floats) -> Band:
        """`errors`: forecast minus truth, (O, H)."""
        edges = [(1 - BAND) / 2, (1 + BAND) / 2]
        some = np.where(np.isnan(errors).all(axis=0), 0.0, errors)
        low, high = np.nanquantile(-some, edges, axis=0)
        return cls(low, high)

    def coverage(self, errors: Floats) -> float | None:
        """The share of true values within the band around these forecasts."""
        known = ~np.isnan(errors)
        inside = (-errors >= self.low) & (-errors <= self.high) & known
        return float(inside.sum() / known.sum()) if known.any() else None


__all__ = ["BAND", "Band", "Errors", "Parts", "Problem", "Series", "SeriesError", "Step", "mean_by_step"]
