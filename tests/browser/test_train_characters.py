"""The training on characters: samples and curve at one moment, windows and targets, a text of one's own, going on."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.training import new_seed
from tests.browser.visitor import PATIENCE, Visitor

pytestmark = pytest.mark.browser

SLUG = "train_characters"
PAGE = f"/demos/{SLUG}/"
LEARNING = 5 * PATIENCE
"""The worker first has to load its library and to compile the network, beside whatever else a busy machine does."""
FAUST = (
    Path(__file__).resolve().parents[2] / "lessons" / "text_generation" / "tests" / "files" / f"{SLUG}.file.faust.txt"
)


def chosen(frame: Locator) -> Locator:
    """The card of the stage that is looked at."""
    return frame.locator(".tc-strip-of-samples [aria-current=step]")


def test_sample_curve_and_vectors_are_those_of_the_chosen_stage(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo(SLUG)
    headline, sample = frame.locator(".tc-headline"), frame.locator(".tc-sample")
    expect(headline).to_contain_text("After 600 updates: 2.")
    expect(frame.locator(".tc-note")).to_contain_text("Better than counting three characters in a row")
    in_the_end = sample.text_content() or ""

    frame.get_by_role("button", name=re.compile("^40 ")).click()
    expect(headline).to_contain_text("After 40 updates: 3.")
    expect(chosen(frame)).to_contain_text("40")
    expect(sample).not_to_have_text(in_the_end)
    expect(page).to_have_url(re.compile(f"{SLUG}.step=40(&|$)"))
    page.reload()
    expect(frame).to_have_attribute("data-mounted", "")
    expect(headline).to_contain_text("After 40 updates")

    slider = frame.get_by_role("slider", name="Stage of the training")
    slider.press("Home")
    expect(headline).to_contain_text("Before any update: 6.")
    expect(chosen(frame)).to_contain_text("before")
    expect(frame.locator(".tc-alike")).to_have_text("moved like")
    slider.press("End")
    expect(sample).to_have_text(in_the_end)
    expect(frame.locator(".tc-alike td").nth(1)).to_have_text(re.compile("[aeou]"))
    expect(page).not_to_have_url(re.compile("step="))


def test_a_window_and_its_target_are_walked_through_by_keys(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo(SLUG)
    window = frame.get_by_role("group", name=re.compile("^A window and its target"))
    pairs = window.locator("[data-place]")
    expect(pairs).to_have_count(64)
    window.focus()
    window.press("ArrowRight")
    window.press("ArrowRight")
    said = frame.get_by_text("the network should say")
    expect(said).to_contain_text("Having read “FIR”, the network should say “S”")
    expect(pairs.nth(2)).to_have_class(re.compile("lit"))
    expect(pairs.nth(3)).to_have_class(re.compile("next"))
    assert pairs.locator("i").all_text_contents()[:-1] == pairs.locator("b").all_text_contents()[1:]

    frame.get_by_role("button", name="“i”, place 2").focus()
    expect(frame.get_by_text("“i” is number 57; row 57")).to_be_visible()
    expect(frame.locator(".tc-vectors th.same")).to_have_count(3)

    frame.get_by_role("slider", name="Window", exact=True).last.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"{SLUG}.instance=1"))
    page.reload()
    expect(frame).to_have_attribute("data-mounted", "")
    expect(frame.locator(".tc-window [data-place] b").first).to_have_text("L")


def test_a_text_of_ones_own_is_learned_and_gone_on_with(visitor: Visitor) -> None:
    visitor.sign_up()
    page = visitor.page
    asked = {"text": "own", "units": 4, "window": 8, "readers": 8, "updates": 8, "prompt": "Ach Ω", "seed": new_seed()}
    visitor.open(f"{PAGE}?{urlencode({f'{SLUG}.{name}': value for name, value in asked.items()})}")
    frame = visitor.demo(SLUG)
    page.locator(".field-file input").set_input_files(
        {"name": "tea.txt", "mimeType": "text/plain", "buffer": b"Tea for two.\n" * 20}
    )
    expect(page.locator(".field-file .error")).to_contain_text("Choose one of at least 2,000")
    visitor.expect_problems("422: POST /api/uploads/")
    page.locator(".field-file input").set_input_files(FAUST)
    expect(page.locator(".file-name")).to_contain_text("different ones")

    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame).to_have_attribute("data-state", "succeeded", timeout=LEARNING)
    cards = frame.locator(".tc-strip-of-samples li")
    expect(cards.last).to_contain_text("8")
    before = cards.count()
    expect(frame.locator(".tc-vectors th button").first).to_have_text("H")
    expect(frame.locator(".tc-prompt del")).to_have_text("Ω")
    expect(frame.get_by_text("The text has no Ω: passed over.")).to_be_visible()

    frame.get_by_role("button", name="Continue").click()
    expect(frame.locator(".tc-headline")).to_contain_text("After 16 updates", timeout=LEARNING)
    expect(frame).to_have_attribute("data-state", "succeeded", timeout=LEARNING)
    assert cards.count() > before
    expect(cards.first).to_contain_text("before")
