"""A table of numbers from a CSV file as people have them: from a spreadsheet, an instrument, another country.

Only the standard library is used, because the web process reads a file when it comes in. What cannot be read is said in
a sentence with its line; nothing is guessed that could be wrong without being seen.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

MAX_ROWS = 10_000
MAX_COLUMNS = 60
TIME_COLUMNS = 6
"""Dates are looked for in the first columns only: in sixty of them that only begin like dates it would take seconds."""
LONGEST_NAME = 60
MISSING = frozenset({"", "-", "–", "—", ".", "?", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing"})
DELIMITERS = ("\t", ";", "|", ",")
MOSTLY = 0.9
"""A column is one of numbers when at least this share of its cells are; what else stands in it is then a mistake."""
FIRST_YEAR, LAST_YEAR = 1000, 2999

_POINT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_SPACES = str.maketrans("", "", " '’_\u00a0\u2009\u202f")
_DATE_FORMATS = (
    *("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S"),
    *("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y"),
    *("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S"),
    *("%d-%m-%Y", "%d-%m-%Y %H:%M", "%Y-%m", "%Y/%m", "%m/%Y", "%m.%Y"),
    *("%b %Y", "%B %Y", "%b %d %Y", "%B %d %Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%b-%d-%Y"),
)
_QUARTER = re.compile(r"([12]\d{3})[ -]?q([1-4])", re.IGNORECASE)


class TableError(ValueError):
    """What cannot be read, and where, in a sentence for whoever made the file."""


@dataclass(frozen=True)
class Column:
    """A column of numbers; a gap is `None`."""

    name: str
    values: tuple[float | None, ...]

    @property
    def gaps(self) -> int:
        return self.values.count(None)


@dataclass(frozen=True)
class Table:
    """What a file holds: its columns of numbers, when each row was, and which columns were left out as words."""

    columns: tuple[Column, ...]
    times: tuple[datetime, ...]
    """Strictly increasing, one a row; empty where no column has dates."""
    words: tuple[str, ...]
    turned: bool
    """The newest row came first, and the rows were turned round."""

    @property
    def rows(self) -> int:
        return len(self.columns[0].values)


@dataclass(frozen=True)
class _Cells:
    """The text of a file, cell by cell, with the line on which each row ends."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str


def read_table(data: bytes) -> Table:
    """Read a CSV file.

    Cells may be quoted, and separated by commas, semicolons, tabs or bars; decimals may have a point or a comma; the
    text may be UTF-8, UTF-16 or Windows-1252, with or without a byte-order mark; the first line may be a header. A
    column of dates becomes the time of the rows.

    Raises:
        TableError: says what is wrong, and on which line.
    """
    cells = _split(_decode(data))
    decimal_comma = _has_decimal_commas(cells)
    columns: list[Column] = []
    words: list[str] = []
    times: list[datetime] = []
    for place, name in enumerate(cells.header):
        texts = [row[place] for row in cells.rows]
        if not times and place < TIME_COLUMNS and (found := _times(texts)):
            times = found
            _check_order(times, cells, name)
        elif (values := _numbers(texts, name, cells.lines, decimal_comma)) is not None:
            columns.append(Column(name, values))
        else:
            words.append(name)
    if not columns:
        raise TableError("No column of this file holds numbers. Each column of a series has one number a line.")
    turned = len(times) > 1 and times[0] > times[-1]
    if turned:
        times.reverse()
        columns = [Column(column.name, column.values[::-1]) for column in columns]
    return Table(tuple(columns), tuple(times), tuple(words), turned)


def _decode(data: bytes) -> str:
    if not data.strip():
        raise TableError("This file is empty.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError("This is a spreadsheet's own file. Save the sheet as CSV, and choose that file.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise TableError("This is not a text file. A CSV file has lines of numbers, separated by commas.")
    return text


def _split(text: str) -> _Cells:
    delimiter = _delimiter(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in _rows(text, delimiter):
        if len(rows) > MAX_ROWS:
            raise TableError(
                f"This file has more than {MAX_ROWS:,} rows. Keep {MAX_ROWS:,} at most: a part of it, or a mean a day "
                "instead of a value a minute."
            )
        if len(row) > MAX_COLUMNS:  # before anybody looks for dates in all of them, which would take minutes
            raise TableError(f"Line {line} has {len(row):,} columns. Keep {MAX_COLUMNS} at most.")
        rows.append(row)
        lines.append(line)
    header = rows[0] if _is_header(rows[0]) else []
    if header:
        del rows[0], lines[0]
    if not rows:
        raise TableError("This file has a header and nothing below it.")
    if header and len(header) == 1 and delimiter == "," and all(len(row) == 2 for row in rows):
        rows = [[",".join(row)] for row in rows]  # one column with decimal commas that nobody quoted
    width = len(header) or Counter(map(len, rows)).most_common(1)[0][0]
    for line, row in zip(lines, rows, strict=True):
        if len(row) > width:
            raise TableError(f"Line {line} has {len(row)} cells, and {width} are expected there.")
        row.extend([""] * (width - len(row)))
    if len(rows) > MAX_ROWS:
        raise TableError(f"This file has more than {MAX_ROWS:,} rows. Keep {MAX_ROWS:,} at most.")
    return _Cells(_names(header, width), rows, lines, delimiter)


def _rows(text: str, delimiter: str, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    count = 0
    try:
        for raw in reader:
            row = [cell.strip() for cell in raw]
            while row and not row[-1]:
                row.pop()
            if not row or row[0].startswith("#"):
                continue
            yield reader.line_num, row
            count += 1
            if count == most:
                return
    except csv.Error as error:
        raise TableError(f"Line {reader.line_num} cannot be split into cells ({error}).") from error


def _delimiter(text: str) -> str:
    """The one that splits nearly all of the first lines into the same number of cells, and more than one."""
    for candidate in DELIMITERS:
        widths = Counter(len(row) for _, row in _rows(text, candidate, most=200))
        if not widths:
            raise TableError("This file is empty.")
        width, count = widths.most_common(1)[0]
        if width > 1 and count >= MOSTLY * widths.total():
            return candidate
    return ","


def _is_header(row: Sequence[str]) -> bool:
    """Whether these are names: no cell of them is a number."""
    return any(cell.lower() not in MISSING for cell in row) and not any(
        cell.lower() not in MISSING and (_is_number(cell) or _date(cell) is not None) for cell in row
    )


def _names(header: Sequence[str], width: int) -> list[str]:
    names: list[str] = []
    for place in range(width):
        name = (header[place] if place < len(header) else "").replace("\n", " ")[:LONGEST_NAME].strip()
        name = name or f"column {place + 1}"
        again = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names


def _has_decimal_commas(cells: _Cells) -> bool:
    """Whether 1,5 is one and a half. Where commas separate the cells, only quoted ones can tell."""
    with_comma = [
        cell for row in cells.rows for cell in row if "," in cell and _COMMA.fullmatch(cell.translate(_SPACES))
    ]
    if cells.delimiter != "," or len(cells.header) == 1:
        return bool(with_comma)
    return any(not _THOUSANDS.fullmatch(cell.translate(_SPACES)) for cell in with_comma)


def _is_number(text: str) -> bool:
    plain = text.translate(_SPACES)
    return any(char.isdigit() for char in plain) and bool(_POINT.fullmatch(plain) or _COMMA.fullmatch(plain))


def _number(text: str, decimal_comma: bool) -> float | None:
    plain = text.translate(_SPACES)
    if not (_COMMA if decimal_comma else _POINT).fullmatch(plain) or not any(char.isdigit() for char in plain):
        return None
    plain = plain.replace(".", "").replace(",", ".") if decimal_comma and "," in plain else plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _numbers(texts: list[str], name: str, lines: list[int], decimal_comma: bool) -> tuple[float | None, ...] | None:
    """The numbers of a column, or nothing where it holds words."""
    filled = [place for place, text in enumerate(texts) if text.lower() not in MISSING]
    values: list[float | None] = [None] * len(texts)
    wrong: list[int] = []
    for place in filled:
        values[place] = _number(texts[place], decimal_comma)
        if values[place] is None:
            wrong.append(place)
    if not filled or len(wrong) > (1 - MOSTLY) * len(filled):
        return None
    if wrong:
        shown = texts[wrong[0]][:30]
        raise TableError(
            f"Line {lines[wrong[0]]}: “{shown}” in the column “{name}” is no number. Correct it, or leave it empty."
        )
    return tuple(values)


def _date(text: str) -> datetime | None:
    """A date that is one whatever stands below it."""
    if text.isdigit():
        return None
    return _iso_or_quarter(text) or next((found for form in _DATE_FORMATS if (found := _strptime(text, form))), None)


def _strptime(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _times(texts: list[str]) -> list[datetime]:
    """The dates of a column; empty where it holds something else."""
    first = texts[0]
    if first.isdigit():
        return _digit_times(texts)
    if _date(first) is None:
        return []
    for form in ("", *_DATE_FORMATS):
        found: list[datetime] = []
        for text in texts:
            time = _strptime(text, form) if form else _iso_or_quarter(text)
            if time is None:
                break  # to parse a date takes long
            found.append(time)
        else:
            return found
    return []


def _iso_or_quarter(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        # With an offset in universal time, where no hour comes twice in autumn.
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        quarter = _QUARTER.fullmatch(text)
        return datetime(int(quarter[1]), 3 * int(quarter[2]) - 2, 1) if quarter else None


def _digit_times(texts: list[str]) -> list[datetime]:
    """Years (1959) in a column that counts up or down by one, or days (19580329)."""
    if not all(text.isascii() and text.isdigit() for text in texts):
        return []
    lengths = {len(text) for text in texts}
    if lengths == {8}:
        days = [_strptime(text, "%Y%m%d") for text in texts]
        return [day for day in days if day] if None not in days else []
    numbers = [int(text) for text in texts] if lengths == {4} else []
    steps = {after - before for before, after in pairwise(numbers)}
    if numbers and steps in ({1}, {-1}) and all(FIRST_YEAR <= year <= LAST_YEAR for year in numbers):
        return [datetime(year, 1, 1) for year in numbers]
    return []


def _check_order(times: list[datetime], cells: _Cells, name: str) -> None:
    descending = times[0] > times[-1]
    for place, (before, after) in enumerate(pairwise(times), start=1):
        if before == after:
            raise TableError(
                f"Line {cells.lines[place]}: the date in “{name}” is the same as in the line before. A series has one "
                "row for each time."
            )
        if (after < before) is not descending:
            raise TableError(
                f"Line {cells.lines[place]}: the dates in “{name}” are not in order. Sort the rows by time."
            )
