"""Tables of questions come in and go out: nothing in them runs, and no file fills the memory."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from quizzes.exchange.report import LONGEST_FILE, FileRefused
from quizzes.exchange.sheets import read_csv, read_sheet, write_csv, write_sheet
from quizzes.exchange.xlsx import MOST_ROWS, MOST_UNPACKED
from quizzes.questions import ANY_QUESTION, NO_WHY

COLUMNS = [
    *("type", "prompt", "choice 1", "choice 2", "choice 3", "correct", "why 1", "why 2", "why 3"),
    *("answer", "tolerance", "unit", "points", "tags", "match 1", "match 2"),
]
TABLE = f"""{",".join(COLUMNS)}
single,Capital of France?,Paris,Rome,,1,Yes.,No: Italy's.,,,,,2,"Cities, Europe",,
multiple,Gates?,input,output,garden,"1, 2",,,,,,,,,,
numeric,How long?,,,,,,,,"2,5",0.1,m,,,,
text,Say it.,Café,coffee,,,,,,,,,,,,
ordering,Order.,first,second,third,,,,,,,,,,,
matching,Match.,cat,dog,,,,,,,,,,,meow,bark
poll,And you?,yes,no,,,,,,,,,,,,
"""


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_row_of_each_type() -> None:
    imported = read_csv(TABLE.encode())
    assert not imported.skipped
    single, multiple, numeric, text, ordering, matching, poll = imported.questions
    assert (single.points, single.tags) == (2, ("cities", "europe"))
    assert [choice.why for choice in single.choices] == ["Yes.", "No: Italy's."]  # type: ignore[union-attr]
    assert [choice.correct for choice in multiple.choices] == [True, True, False]  # type: ignore[union-attr]
    assert imported.without_why == 3
    assert (numeric.answer, numeric.tolerance, numeric.unit) == (2.5, 0.1, "m")  # type: ignore[union-attr]
    assert text.accept == ("Café", "coffee")  # type: ignore[union-attr]
    assert ordering.items == ("first", "second", "third")  # type: ignore[union-attr]
    assert matching.pairs[1].right == "bark"  # type: ignore[union-attr]
    assert [choice.text for choice in poll.choices] == ["yes", "no"]  # type: ignore[union-attr]


def test_a_table_of_a_western_spreadsheet_with_semicolons() -> None:
    imported = read_csv("Type;Prompt;Choice 1\r\ntext;Où?;Orléans\r\n".encode("cp1252"))
    assert imported.questions[0].prompt == "Où?"


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_the_rest_comes_in() -> None:
    imported = read_csv(b"type,prompt,choice 1,choice 2,correct\nsingle,Q,a,b,\nessay,Q\ntext,Q,yes\nnumeric,Q\n")
    assert [(item.number, item.line) for item in imported.skipped] == [(1, 2), (2, 3), (4, 5)]
    assert "correct" in imported.skipped[0].reason
    assert len(imported.questions) == 1


def test_a_spreadsheet_is_read_without_computing_anything() -> None:
    imported = read_sheet(xlsx(["type", "prompt", "answer"], ["numeric", "2 + 3", 5], ["numeric", "Sum?", "=1+1"]))
    assert imported.questions[0].answer == 5  # type: ignore[union-attr]
    assert [item.line for item in imported.skipped] == [3]


def test_nothing_that_goes_out_is_taken_for_a_formula() -> None:
    prompt = '=HYPERLINK("http://bad.example","click")'
    value = {"id": "q", "type": "text", "prompt": prompt, "hint": "@SUM(1)", "accept": ["-1", "+1", "'=1"]}
    question = ANY_QUESTION.validate_python(value)
    cells = [cell for row in csv.reader(io.StringIO(write_csv([question]))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    sheet = load_workbook(io.BytesIO(write_sheet([question]))).active
    assert sheet
    assert {cell.data_type for row in sheet for cell in row} == {"s"}  # type: ignore[union-attr]
    assert read_csv(write_csv([question]).encode()).questions == [question]


def bomb(parts: dict[str, bytes]) -> bytes:
    """An xlsx file with these parts in place of its own."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(xlsx(["type", "prompt"])))
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no zip", "not an xlsx"),
        (b"x" * (LONGEST_FILE + 1), "larger than"),
        (bomb({"xl/worksheets/sheet1.xml": b" " * (MOST_UNPACKED + 1)}), "unpacked"),
        (bomb({"xl/workbook.xml": ENTITIES}), "entities"),
        (bomb({"xl/workbook.xml": ENTITIES.decode().encode("utf-16")}), "entities|not an xlsx"),
        (bomb({"xl/workbook.xml": b"<workbook/>"}), "cannot be read"),
        (bomb({"xl/workbook.xml": b"nothing"}), "not an xlsx|cannot be read"),
        (xlsx(["type", "prompt"], *([["text", "Q"]] * MOST_ROWS)), "rows"),
    ],
)
def test_a_file_that_is_a_trap_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_sheet(data)


def test_a_cell_in_the_last_row_of_all_is_told_and_does_not_fill_the_memory() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"], sheet["B1"], sheet["XFD1048576"] = "type", "prompt", "far away"  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FileRefused, match="rows"):
        read_sheet(out.getvalue())


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b\n1,2\n", b'type,prompt\n"open', b"\0\xff"])
def test_a_table_that_is_none_is_refused_or_empty(data: bytes) -> None:
    with contextlib.suppress(FileRefused):
        assert read_csv(data).questions == []


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"type,prompt\n{text}".encode())))
def test_any_file_is_read_or_told(data: bytes) -> None:
    for reader in (read_csv, read_sheet):
        with contextlib.suppress(FileRefused):
            reader(data)


texts = st.text(st.one_of(st.sampled_from("ab =+-@'\n,;\""), st.characters(categories=["L", "P"])), min_size=1).filter(
    lambda text: bool(text.strip())
)
names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True)
numbers = st.decimals(-(10**6), 10**6, places=3).map(float)
common = {
    "id": names,
    "prompt": texts,
    "why": texts,
    "hint": texts,
    "points": st.integers(1, 100),
    "tags": st.lists(names, max_size=3),
}
whys = texts.filter(lambda text: text.strip() != NO_WHY)
rows = st.lists(st.fixed_dictionaries({"text": texts, "why": whys}), min_size=2, max_size=5)
marked = rows.map(lambda found: [{**row, "correct": place == 1} for place, row in enumerate(found)])


def of_type(kind: str, **parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **common, **parts})


sayable = st.one_of(
    of_type("single", choices=marked),
    of_type("multiple", choices=marked),
    of_type("poll", choices=st.lists(st.fixed_dictionaries({"text": texts}), min_size=2, max_size=4)),
    of_type("numeric", answer=numbers, tolerance=numbers.map(abs), relative=st.just(0.25), unit=st.just("m")),
    of_type("text", accept=st.lists(texts, min_size=1, max_size=4)),
    of_type("ordering", items=st.lists(texts, min_size=2, max_size=5)),
    of_type(
        "matching",
        pairs=st.lists(st.fixed_dictionaries({"left": texts, "right": texts, "why": texts}), min_size=2, max_size=4),
        extra=st.lists(texts, max_size=2),
    ),
)


@settings(max_examples=25, deadline=None)
@given(sayable)
def test_what_a_table_can_say_comes_back_as_it_went_out(value: dict[str, Any]) -> None:
    try:
        question = ANY_QUESTION.validate_python(value)
    except ValueError:
        return  # two sides that are the same, a text that is too long
    assert read_csv(write_csv([question]).encode()).questions == [question]
    assert read_sheet(write_sheet([question])).questions == [question]
