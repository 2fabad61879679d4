"""The gradebook as files for a spreadsheet. Row by row into a file: a large course takes no memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from common.spreadsheets import harmless
from quizzes.models import Attempt
from quizzes.selectors.gradebook import Gradebook

Value = str | float | datetime | None
Table = Iterable[list[Value]]


def grade_table(book: Gradebook) -> Iterator[list[Value]]:
    """One row a student."""
    titles: list[Value] = ["name", "email", "mean %", "attempts"]
    for column in book.columns:
        titles += [f"{column.lesson.title}: {what}" for what in ("points", "of", "attempts")]
    yield titles
    for row in book.rows:
        user = row.membership.user
        values: list[Value] = [user.name, user.email, _percent(row.mean), row.attempts]
        for cell in row.cells:
            values += [cell.points, cell.most_points, cell.attempts] if cell.attempts else [None, None, 0]
        yield values


def attempt_table(attempts: Iterable[Attempt]) -> Iterator[list[Value]]:
    """One row an attempt."""
    yield ["name", "email", "lesson", "attempt", "begun", "handed in", "points", "of", "%", "points by hand"]
    for attempt in attempts:
        assert attempt.user is not None, "Only those of students are exported."
        yield [
            attempt.user.name,
            attempt.user.email,
            attempt.lesson.title,
            attempt.number,
            attempt.started,
            attempt.submitted,
            attempt.score if attempt.submitted else None,
            attempt.most_points,
            _percent(attempt.share) if attempt.submitted else None,  # type: ignore[attr-defined]
            attempt.override,
        ]


def write_csv(table: Table, file: IO[bytes]) -> None:
    """UTF-8 with a mark at its beginning, without which Excel takes the letters for others."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)  # some spreadsheets part cells at semicolons
    for row in table:
        writer.writerow([_moment(value) if isinstance(value, datetime) else _safe(value) for value in row])
    text.detach()


def write_xlsx(tables: Mapping[str, Table], file: IO[bytes]) -> None:
    """A sheet for each, by its title."""
    book = Workbook(write_only=True)
    for title, table in tables.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "B2"
        for row in table:
            # A spreadsheet knows no time zones.
            sheet.append(
                [
                    timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else _safe(value)
                    for value in row
                ]
            )
    book.save(file)


def _safe(value: Any) -> Any:
    """No text that would be run as a formula, and none that a sheet cannot hold."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
