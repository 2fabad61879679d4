"""xlsx files as tables of plain cells. A file is looked at before anything in it is unpacked or parsed: a small one may
hold gigabytes, or entities that stand for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from quizzes.exchange.report import LONGEST_FILE, FileRefused

MOST_ROWS = 2_000
MOST_COLUMNS = 80
MOST_FILES = 200
MOST_UNPACKED = 10_000_000
_CHUNK = 4_096


def read_xlsx(data: bytes) -> list[Sequence[Any]]:
    """The rows of the first sheet; of a formula what it gave when the file was saved.

    Raises:
        FileRefused: it is too large, unpacked too, or no xlsx file.
    """
    if len(data) > LONGEST_FILE:
        raise FileRefused(f"This file is larger than {LONGEST_FILE // 1000} kB. Divide it into several.")
    _check_parts(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim any
        rows = list(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True))
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise FileRefused("This cannot be read as an xlsx file. Save it once more, or as CSV.") from error
    if len(rows) > MOST_ROWS:
        raise FileRefused(f"This table has more than {MOST_ROWS:,} rows. Divide it into several.")
    return rows


def _check_parts(data: bytes) -> None:
    """Raises FileRefused for what would be too much once it is unpacked, and for XML that declares something."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            # No more is ever unpacked of a part than it says here.
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused("This file is too large once it is unpacked. Divide it into several.")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(part) as file:
                        _check_declarations(file)
    except FileRefused:
        raise
    except Exception as error:  # zipfile raises several kinds for a damaged file
        raise FileRefused("This is not an xlsx file. Save it as xlsx or CSV, then try again.") from error


def _check_declarations(file: Any) -> None:
    """A document type can only stand before the first element, so no more than that is parsed."""
    begun = False

    def refuse(*_: object) -> None:
        raise FileRefused("This file declares entities, which no spreadsheet needs. Save it once more, or as CSV.")

    def begin(*_: object) -> None:
        nonlocal begun
        begun = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    while not begun and (chunk := file.read(_CHUNK)):
        parser.Parse(chunk, False)


def write_xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A sheet with a heading; texts are put in as texts, never as formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Questions")
    sheet.freeze_panes = "A2"
    for place, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=place == 0)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
