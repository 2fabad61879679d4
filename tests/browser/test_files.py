"""A file of one's own in a demo's form, and a demo taken along as a notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
OWN = "/demos/forecast/?forecast.series=own"
ROWS = "\n".join(["month,load", *(f"{2000 + n // 12}-{n % 12 + 1:02d},{50 + n % 7}" for n in range(120))])


def choose(page: Page, name: str, content: str) -> None:
    page.locator(".field-file input").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


def test_a_file_is_chosen_kept_over_a_reload_and_taken_away(arrive: Callable[..., Visitor]) -> None:
    ada = arrive()
    ada.sign_up()
    page = ada.open(OWN)

    input_ = page.locator(".field-file input")
    input_.evaluate("input => { input.onclick = () => { input.asked = true; return false; } }")
    page.get_by_role("button", name="File Choose a file").press("Enter")
    assert input_.evaluate("input => input.asked"), "the browser's own dialog opens"
    choose(page, "my load.csv", ROWS)
    expect(page.locator(".file-name")).to_contain_text("my load.csv")
    expect(page.locator(".file-name")).to_contain_text("120 rows")
    page.reload()
    expect(page.locator(".file-name")).to_contain_text("my load.csv")

    bob = arrive()
    bob.sign_up("Bob")
    theirs = bob.open(page.url)
    expect(theirs.locator(".field-file .error")).to_contain_text("not here any more")
    expect(theirs.locator(".file-name")).not_to_contain_text("my load")
    bob.expect_problems("404: GET /api/uploads/")

    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="File Choose a file")).to_be_focused()
    expect(page.locator(".file-name")).to_have_text("or drop one here")


def test_a_file_that_is_none_is_refused_at_its_field(arrive: Callable[..., Visitor]) -> None:
    ada = arrive(viewport={"width": 360, "height": 740})
    ada.sign_up()
    page = ada.open(OWN)
    error = page.locator(".field-file .error")
    choose(page, "a.csv", "It was a dark and stormy night.\n" * 40)
    expect(error).not_to_be_empty()
    ada.expect_problems("422: POST /api/uploads/")
    choose(page, "b.csv", "1\n" * 1_000_001)
    expect(error).to_have_text("This file has more than 2 MB. Choose a smaller one.")
    choose(page, "c.csv", ROWS)
    expect(page.locator(".file-name")).to_contain_text("c.csv")
    expect(error).to_be_hidden()


def test_a_demo_is_taken_along_as_a_notebook(arrive: Callable[..., Visitor], tmp_path: Path) -> None:
    page = arrive().open("/demos/explorer/")
    page.get_by_label("Word", exact=True).fill("berlin")
    with page.expect_download() as download:
        page.get_by_role("link", name="Open as notebook").click()
    download.value.save_as(tmp_path / "notebook")
    assert download.value.suggested_filename == "explorer.ipynb"
    cells = json.loads((tmp_path / "notebook").read_text())["cells"]
    assert any("word = 'berlin'" in "".join(cell["source"]) for cell in cells)
