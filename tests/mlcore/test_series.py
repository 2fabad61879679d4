"""The series that packages carry are the ones their loaders describe; a student's own table becomes one too."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from mlcore.data import series as module
from mlcore.data.packages import PackagedFile
from mlcore.data.series import PACKAGED, SeriesError, of_table, spacing, time_of, with_target
from mlcore.data.tables import read_table

FILES = [module.SUNSPOTS, module.CO2, module.ECONOMY, module.SEATTLE, module.AIRPORTS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_every_file_is_the_one_it_was_written_for(file: PackagedFile) -> None:
    assert file.verify().is_file()


@pytest.mark.parametrize(
    ("name", "rows", "columns", "last"),
    [
        ("sunspots", 309, 1, datetime(2008, 1, 1)),
        ("co2", 2_284, 1, datetime(2001, 12, 29)),
        ("seattle", 1_461, 4, datetime(2015, 12, 31)),
        ("airport", 8_730, 5, datetime(2013, 12, 30, 23)),
        ("economy", 202, 4, datetime(2009, 7, 1)),
    ],
)
def test_each_series_has_the_rows_it_is_said_to_have(name: str, rows: int, columns: int, last: datetime) -> None:
    series = PACKAGED[name].read()
    assert series.values.shape == (rows, columns)
    assert f"{rows:,}" in PACKAGED[name].title
    assert np.isfinite(series.values).all()
    assert series.start is not None
    assert time_of(series.start, series.every, rows - 1) == last


def test_a_gap_has_the_value_before_it_and_is_not_known() -> None:
    series = of_table(read_table(b"a,b\n,1\n2,2\n,3\n,4\n5,5\n"), "mine")
    assert series.values[:, 0].tolist() == [2, 2, 2, 5]
    assert series.known[:, 0].tolist() == [True, False, False, True]


def test_hours_that_the_airport_missed_are_gaps() -> None:
    series = PACKAGED["airport"].read()
    assert int((~series.known[:, 0]).sum()) == 24


def test_another_column_can_be_forecast_alone_or_with_all_others_behind_it() -> None:
    whole = PACKAGED["seattle"].read()
    assert [f.name for f in with_target(whole, 3, alone=True).features] == ["wind"]
    moved = with_target(whole, 3, alone=False)
    assert moved.target.name == "wind"
    assert (moved.values[:, 0] == whole.values[:, 2]).all()
    assert sorted(f.name for f in moved.features) == sorted(f.name for f in whole.features)


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(SeriesError, match="has 4 columns of numbers"):
        with_target(PACKAGED["seattle"].read(), 5, alone=True)


@pytest.mark.parametrize(
    ("times", "every"),
    [
        (["2020-01-31", "2020-02-29", "2020-03-31"], "month"),
        (["2020-01-01", "2020-02-01", "2020-03-01"], "month"),
        (["2020-01-01", "2020-04-01", "2020-07-01"], "quarter"),
        (["2019-01-01", "2020-01-01", "2021-01-01"], "year"),
        (["2020-02-28", "2020-02-29", "2020-03-01"], "day"),
        (["2020-01-01", "2020-01-08"], "week"),
        (["2020-01-01 23:00", "2020-01-02 00:00"], "hour"),
        (["2020-01-01", "2020-01-02", "2020-01-04"], "row"),
    ],
)
def test_the_spacing_of_dates_is_found_where_they_are_evenly_spaced(times: list[str], every: str) -> None:
    assert spacing([datetime.fromisoformat(time) for time in times])[0] == every


def test_uneven_dates_and_words_are_noted() -> None:
    series = of_table(read_table(b"d,v,w\n2020-01-03,1,x\n2020-01-02,2,y\n2019-05-01,3,z\n"), "mine")
    assert [note.split()[0] for note in series.notes] == ["The", "The", "Left"]


def test_a_table_without_one_whole_row_is_told() -> None:
    with pytest.raises(SeriesError, match="no row in which all of these columns"):
        of_table(read_table(b"a,b\n1,\n,2\n"), "mine")
