"""CSV files as people have them are read, or refused with a sentence that says where."""

from __future__ import annotations

import codecs
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.data.tables import MAX_ROWS, TableError, read_table


def values(data: bytes, column: int = 0) -> list[float | None]:
    return list(read_table(data).columns[column].values)


@pytest.mark.parametrize(
    "data",
    [
        b"day,t\n2020-01-01,1.5\n2020-01-02,2.5\n",
        b"day;t\r\n2020-01-01;1,5\r\n2020-01-02;2,5\r\n",
        b"day\tt\n01.01.2020\t1,5\n02.01.2020\t2,5",
        b'"day","t"\n"2020-01-01","1,5"\n"2020-01-02","2,5"\n',
        b"2020/01/01|1.5\n2020/01/02|2.5\n",
        b"day, t\n2020-01-01 , 1.5\n\n2020-01-02 , 2.5\n\n",
        b"# made by a logger\nday,t\n20200101,1.5\n20200102,2.5\n",
        codecs.BOM_UTF8 + b"day,t\n2020-01-01,1.5\n2020-01-02,2.5\n",
        "day;t\n2020-01-01;1,5\n2020-01-02;2,5\n".encode("utf-16"),
        b"day,t\n2020-01-02,2.5\n2020-01-01,1.5\n",
    ],
    ids=["plain", "semicolons", "tabs", "quoted", "bars", "spaces", "comment", "mark", "utf-16", "newest-first"],
)
def test_the_same_table_in_another_form_is_the_same(data: bytes) -> None:
    table = read_table(data)
    assert [column.values for column in table.columns] == [(1.5, 2.5)]
    assert table.times == (datetime(2020, 1, 1), datetime(2020, 1, 2))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7.0),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("1 234.5", 1234.5),
        ("1\u202f234.5", 1234.5),
        ("1'234", 1234.0),
        ('"1,234,567"', 1234567.0),
        (".5", 0.5),
    ],
)
def test_numbers_are_written_in_many_ways(text: str, number: float) -> None:
    assert values(f"a,b\n{text},1\n{text},2\n".encode())[0] == number


def test_thousands_and_decimals_are_told_apart_by_the_separator_of_the_cells() -> None:
    assert values(b"a;b\n1.234,5;1\n2,5;2\n") == [1234.5, 2.5]
    assert values(b'a,b\n"1,234.5",1\n2.5,2\n') == [1234.5, 2.5]


def test_one_column_with_decimal_commas_needs_no_quotes() -> None:
    assert values(b"t\n1,5\n2,25\n") == [1.5, 2.25]


@pytest.mark.parametrize("gap", ["", "NA", "n/a", "NaN", "null", "-", "?"])
def test_a_gap_is_a_gap(gap: str) -> None:
    table = read_table(f"a,b\n1,2\n{gap},3\n4,5\n".encode())
    assert table.columns[0].values == (1.0, None, 4.0)
    assert table.columns[0].gaps == 1


def test_a_column_of_words_is_left_out_and_named() -> None:
    table = read_table("t;weather;città\n1;rain;Roma\n2;sun;Roma\n".encode("cp1252"))
    assert [column.name for column in table.columns] == ["t"]
    assert table.words == ("weather", "città")


def test_columns_without_a_header_are_numbered_and_equal_names_told_apart() -> None:
    assert [column.name for column in read_table(b"1,2\n3,4\n").columns] == ["column 1", "column 2"]
    assert [column.name for column in read_table(b"t,t\n1,2\n3,4\n").columns] == ["t", "t (2)"]


def test_years_that_count_up_are_the_time_and_other_whole_numbers_are_not() -> None:
    assert read_table(b"year,n\n1999,5\n2000,6\n2001,7\n").times[0] == datetime(1999, 1, 1)
    assert read_table(b"n,m\n1999,5\n2003,6\n2001,7\n").times == ()


def test_the_hour_that_comes_twice_in_autumn_is_two_where_the_offset_tells() -> None:
    table = read_table(b"t,v\n2025-10-26T02:00+02:00,1\n2025-10-26T02:00+01:00,2\n2025-10-26T03:00+01:00,3\n")
    assert [time.hour for time in table.times] == [0, 1, 2]
    assert read_table(b"t,v\n0001-01-01T00:00+09:00,1\n2025-10-26T02:00+01:00,2\n").words == ("t",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"a,b\n", "nothing below"),
        (b"PK\x03\x04rest of a sheet", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file"),
        (b"hello\nworld\n", "No column of this file holds numbers"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,two\n", "Line 22: “two” in the column “b” is no number"),
        (b"a\n" + b"1\n" * 20 + b"inf\n", "Line 22: “inf”"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,2,3\n", "Line 22 has 3 cells, and 2 are expected"),
        (b"d,v\n2020-01-01,1\n2020-01-03,2\n2020-01-02,3\n", "Line 4: the dates in “d” are not in order"),
        (b"d,v\n2020-01-01,1\n2020-01-02,2\n2020-01-02,3\n", "Line 4: the date in “d” is the same"),
        (b"v\n" + b"1\n" * (MAX_ROWS + 1), "more than 10,000 rows"),
        (b",".join(b"1" for _ in range(70)) + b"\n", "70 columns"),
        (b"a," * 49_999 + b"a", "Line 1 has 50,000 columns"),
        (b"d,v\n" + b"01/02/2020,one\n" * 20 + b"no,two\n", "No column of this file holds numbers"),
        (b"0000 q1,one\n" * 20, "No column of this file holds numbers"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_table(data)


def test_ten_thousand_rows_below_a_header_are_read() -> None:
    assert read_table(b"v\n" + b"1\n" * MAX_ROWS).rows == MAX_ROWS


@given(st.binary(max_size=300) | st.text(alphabet="0123456789,;.\n\"-eE \t'ab", max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    with suppress(TableError):
        table = read_table(data)
        assert all(len(column.values) == table.rows for column in table.columns)
        assert not table.times or len(table.times) == table.rows
