"""Questions as a table, one a row: CSV, or the first sheet of an xlsx file.

The columns, by the words in the first row and in any order; `type` and `prompt` must be there:

    type        single, multiple, poll, numeric, text, ordering, matching
    prompt      Markdown
    choice 1 …  what is chosen from; for text each answer that counts; for ordering the parts in their right order;
                for matching the left sides
    match 1 …   for matching the right sides; one without a left side belongs to none
    why 1 …     why choice 1 is right or wrong
    correct     for single and multiple the numbers of the right choices: 2, or 1, 3
    answer      for numeric the number; tolerance, relative and unit beside it
    points, tags (with commas), hint, why (about the whole question), id

Formulas are not computed: a cell says what it said when the file was saved. What goes out is never taken for one.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from common.spreadsheets import as_written, harmless
from quizzes.exchange.report import LONGEST_FILE, FileRefused, Imported, name_of
from quizzes.exchange.xlsx import read_xlsx, write_xlsx
from quizzes.questions import NO_WHY, AnyQuestion, MatchingQuestion, NumericQuestion, OrderingQuestion, TextQuestion

LEFT_OUT = "left out"
FIRST_COLUMNS = ("type", "id", "prompt", "points", "tags", "hint", "answer", "tolerance", "relative", "unit", "correct")
_NUMBERED = re.compile(r"(choice|match|why) (\d{1,3})")
Cell = str | float
Table = list[list[Cell]]


def read_csv(data: bytes) -> Imported:
    """
    Raises:
        FileRefused: nothing of it can be read.
    """
    if len(data) > LONGEST_FILE:
        raise FileRefused(f"This file is larger than {LONGEST_FILE // 1000} kB. Divide it into several.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # as a spreadsheet in Western Europe saves it
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table: list[tuple[int, Sequence[Any]]] = []
    try:
        for row in rows:
            table.append((rows.line_num, row))
    except csv.Error as error:
        raise FileRefused(f"Line {rows.line_num} cannot be read as CSV: {error}.") from error
    return _read_table(table)


def read_sheet(data: bytes) -> Imported:
    """The first sheet of an xlsx file.

    Raises:
        FileRefused: nothing of it can be read.
    """
    return _read_table(list(enumerate(read_xlsx(data), start=1)))


def write_csv(questions: Iterable[AnyQuestion]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(_write_table(questions))
    return out.getvalue()


def write_sheet(questions: Iterable[AnyQuestion]) -> bytes:
    return write_xlsx(_write_table(questions))


# In --------------------------------------------------------------------------------------------------------------


def _read_table(rows: list[tuple[int, Sequence[Any]]]) -> Imported:
    """Rows with the line on which each stands."""
    filled = [(line, [_text_of(cell) for cell in row]) for line, row in rows]
    filled = [(line, row) for line, row in filled if any(row)]
    if not filled:
        raise FileRefused("There is nothing in this table.")
    columns = [" ".join(title.lower().split()) for title in filled[0][1]]
    if not {"type", "prompt"} <= set(columns):
        raise FileRefused("The first row must name the columns, among them “type” and “prompt”.")
    imported = Imported()
    for number, (line, row) in enumerate(filled[1:], start=1):
        cells = {column: text for column, text in zip(columns, row, strict=False) if text}
        if cells.get("type", "").lower() == LEFT_OUT:
            imported.skip(number, line, cells.get("prompt", "It was left out of the file."))
        else:
            imported.take({**_value_of(cells), "id": cells.get("id", "")}, number, line)
    return imported


def _value_of(cells: dict[str, str]) -> dict[str, Any]:
    """The question that a row says, still unchecked."""
    kind = cells.get("type", "").lower()
    value: dict[str, Any] = {name: cells[name] for name in ("prompt", "points", "hint", "why") if name in cells}
    value |= {
        "type": kind,
        "tags": [tag for tag in (name_of(tag.strip(), "") for tag in cells.get("tags", "").split(",")) if tag],
    }
    choices, whys = _numbered(cells, "choice"), _numbered(cells, "why")
    right = set(re.findall(r"\d+", cells.get("correct", "")))
    match kind:
        case "single" | "multiple":
            value["choices"] = [
                {"text": text, "correct": str(place) in right, "why": whys.get(place) or NO_WHY}
                for place, text in choices.items()
            ]
        case "poll":
            value["choices"] = [{"text": text} for text in choices.values()]
        case "text":
            value["accept"] = list(choices.values())
        case "ordering":
            value["items"] = list(choices.values())
        case "matching":
            value |= _pairs(choices, _numbered(cells, "match"), whys)
        case "numeric":
            value |= {name: cells[name] for name in ("answer", "tolerance", "relative", "unit") if name in cells}
            if "answer" in value:
                value["answer"] = _number_or_text(value["answer"])
    return value


def _pairs(lefts: dict[int, str], rights: dict[int, str], whys: dict[int, str]) -> dict[str, Any]:
    pairs = [
        {"left": left, "right": rights.get(place, ""), **({"why": whys[place]} if place in whys else {})}
        for place, left in lefts.items()
    ]
    return {"pairs": pairs, "extra": [right for place, right in rights.items() if place not in lefts]}


def _numbered(cells: dict[str, str], name: str) -> dict[int, str]:
    """The cells of `choice 1`, `choice 2`, … by their numbers, in their order."""
    found = {}
    for column, text in cells.items():
        if (match := _NUMBERED.fullmatch(column)) and match[1] == name:
            found[int(match[2])] = text
    return dict(sorted(found.items()))


def _text_of(cell: Any) -> str:
    """A cell as text: 3 for 3.0, and without the mark that keeps a spreadsheet from computing it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    return as_written(str(cell).strip())


def _number_or_text(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


# Out -------------------------------------------------------------------------------------------------------------


def _write_table(questions: Iterable[AnyQuestion]) -> Table:
    rows: list[dict[str, Cell]] = []
    left_out: list[dict[str, Cell]] = []
    for question in questions:
        if reason := _unsayable(question):
            left_out.append({"type": LEFT_OUT, "prompt": f"{question.id}: {reason}"})
        else:
            rows.append(_row_of(question))
    rows += left_out
    most = max((_most(rows, name) for name in ("choice", "match", "why")), default=0)
    numbered = [f"{name} {place}" for place in range(1, most + 1) for name in ("choice", "match", "why")]
    used = {column for row in rows for column in row} | {"type", "id", "prompt"}
    columns = [column for column in (*FIRST_COLUMNS, "why", *numbered) if column in used]
    body = [[_harmless(row.get(column, "")) for column in columns] for row in rows]
    return [[*columns], *body]


def _most(rows: list[dict[str, Cell]], name: str) -> int:
    places = [
        int(match[2]) for row in rows for column in row if (match := _NUMBERED.fullmatch(column)) and match[1] == name
    ]
    return max(places, default=0)


def _unsayable(question: AnyQuestion) -> str:
    """Why the table has no columns for what makes an answer right; empty where it has. What only explains more
    (pictures, misconceptions, demos, wrong answers) stays behind."""
    if question.variables:
        return "its numbers differ from attempt to attempt"
    if question.type in ("blanks", "demo"):
        return f"a table has no columns for this type ({question.type})"
    if isinstance(question, NumericQuestion) and isinstance(question.answer, str):
        return "its answer is a formula"
    if isinstance(question, TextQuestion) and (question.pattern or question.case or question.accents):
        return "it compares texts in a way of its own"
    return ""


def _row_of(question: AnyQuestion) -> dict[str, Cell]:
    row: dict[str, Cell] = {"type": question.type, "id": question.id, "prompt": question.prompt}
    if question.points != 1:
        row["points"] = question.points
    row |= {name: text for name in ("hint", "why") if (text := getattr(question, name))}
    if question.tags:
        row["tags"] = ", ".join(question.tags)
    match question:
        case NumericQuestion():
            row |= {name: value for name in ("tolerance", "relative", "unit") if (value := getattr(question, name))}
            row["answer"] = question.answer
        case TextQuestion():
            row |= _columns("choice", question.accept)
        case OrderingQuestion():
            row |= _columns("choice", question.items)
        case MatchingQuestion():
            row |= _columns("choice", [pair.left for pair in question.pairs])
            row |= _columns("match", [*(pair.right for pair in question.pairs), *question.extra])
            row |= _columns("why", [pair.why or "" for pair in question.pairs])
        case _:
            choices = getattr(question, "choices", ())
            row |= _columns("choice", [choice.text for choice in choices])
            row |= _columns("why", [_said(choice) for choice in choices])
            right = [str(place) for place, one in enumerate(choices, start=1) if getattr(one, "correct", False)]
            if right:
                row["correct"] = ", ".join(right)
    return row


def _columns(name: str, texts: Iterable[str]) -> dict[str, Cell]:
    return {f"{name} {place}": text for place, text in enumerate(texts, start=1) if text}


def _said(choice: Any) -> str:
    why = getattr(choice, "why", "")
    return "" if why == NO_WHY else str(why)


def _harmless(cell: Cell) -> Cell:
    """Not taken for a formula by a spreadsheet, which would run it on the reader's computer."""
    if isinstance(cell, str):
        return harmless(cell)
    return cell if math.isfinite(cell) else str(cell)
