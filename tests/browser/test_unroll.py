"""The unrolled net: stepping, changing weights by pointer, keys and typing, bad values, one address for all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = "/demos/unroll/"
MEAN = f"{PAGE}?preset=one-neuron"


def weight(frame: Locator, name: str) -> Locator:
    return frame.locator(f"[data-weight='{name}']")


def said(frame: Locator) -> list[str]:
    return frame.locator(".un-column .un-cell .un-value").all_text_contents()


def test_each_product_of_the_step_is_written_out_and_python_agrees(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("unroll")
    net = frame.get_by_role("group", name=re.compile("^The unrolled net"))
    expect(frame.locator(".un-formula").first).to_have_text("h₁(4) = tanh( x(4)·Wx + h(3)·Wy + b )")
    net.press("ArrowRight")
    net.press("ArrowDown")
    expect(frame.locator(".un-formula").first).to_have_text("h₂(5) = tanh( x(5)·Wx + h(4)·Wy + b )")
    rows = frame.locator(".un-products").first.locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(0)).to_have_text(re.compile(r"x\(5\)1\.00× 4\.944\.94"))
    expect(rows.nth(0).get_by_role("button", name="Wx, from x(t) to h₂(t): 4.94. Choose this weight.")).to_be_visible()
    expect(frame.locator(".un-check")).to_contain_text("The same numbers, computed in Python")
    expect(visitor.page).to_have_url(re.compile(r"unroll\.step=5.*unroll\.unit=2"))


def test_a_weight_is_changed_by_keys_by_dragging_and_by_typing(visitor: Visitor) -> None:
    page = visitor.open(MEAN)
    frame = visitor.demo("unroll")
    own = weight(frame, "Wy.0.0")
    expect(own).to_have_text("0.81")
    before = said(frame)
    own.focus()
    own.press("ArrowDown")
    expect(own).to_have_text("0.76")
    expect(own).to_have_attribute("aria-valuenow", "0.76")
    assert said(frame)[0] == before[0], "nothing came before the first step"
    assert said(frame)[3] != before[3]
    expect(frame.locator(".un-verdict")).to_contain_text("step 2 and every later one")

    own.hover(position={"x": 10, "y": 10})  # where it stands by now
    page.mouse.down()
    box = own.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(own).to_have_text("1.16")

    own.press("Enter")
    typed = frame.get_by_label("Its value")
    expect(typed).to_be_focused()
    typed.fill("0,4")
    typed.press("Enter")
    expect(own).to_have_text("0.40")
    expect(frame.locator(".un-check")).to_contain_text("The same numbers, computed in Python")

    frame.get_by_role("button", name="Reset all weights").click()
    expect(own).to_have_text("0.81")
    assert said(frame) == before


def test_a_weight_that_cannot_be_is_refused_and_the_picture_stays(visitor: Visitor) -> None:
    visitor.open(MEAN)
    frame = visitor.demo("unroll")
    expect(weight(frame, "Wy.0.0")).to_have_text("0.81")
    before = said(frame)
    typed = frame.get_by_label("Its value")
    for text in ("Infinity", "NaN", "1e9", "much", ""):
        typed.fill(text)
        typed.press("Enter")
        expect(frame.locator(".un > .notice")).to_contain_text("between −1000 and 1000")
        assert said(frame) == before
    typed.fill("0.5")
    typed.press("Enter")
    expect(frame.locator(".un > .notice")).to_be_hidden()
    expect(weight(frame, "Wy.0.0")).to_have_text("0.50")


def test_a_link_reproduces_everything(arrive: Callable[..., Visitor]) -> None:
    visitor, friend = arrive(), arrive()
    page = visitor.open(f"{PAGE}?preset=seen-an-a")
    frame = visitor.demo("unroll")
    frame.get_by_label("Letters").fill("so far away")
    expect(frame.locator(".un-column")).to_have_count(11)
    own = weight(frame, "Wy.0.0")
    own.focus()
    own.press("ArrowUp")
    weight(frame, "b.0").focus()
    net = frame.get_by_role("group", name=re.compile("^The unrolled net"))
    net.press("ArrowRight")
    net.press("ArrowRight")
    expect(page).to_have_url(re.compile("unroll.step=6"))
    expect(page).to_have_url(re.compile("unroll.changes="))
    sums = frame.locator(".un-products").all_text_contents()
    address = re.sub(r"unroll\.job=[^&]*&?", "", page.url)

    friend.open(address)
    theirs = friend.demo("unroll")
    expect(weight(theirs, "Wy.0.0")).to_have_text("2.87")
    expect(weight(theirs, "b.0")).to_have_class(re.compile("un-lit-w"))
    assert theirs.locator(".un-products").all_text_contents() == sums


def test_another_net_has_its_own_weights(visitor: Visitor) -> None:
    page = visitor.open(f"{MEAN}&unroll.changes=Wy.0.0%3D0.4")
    frame = visitor.demo("unroll")
    expect(weight(frame, "Wy.0.0")).to_have_text("0.40")
    frame.get_by_label("Net", exact=True).select_option("Your own, for numbers")
    expect(frame.locator(".un-headline")).to_contain_text("3 neurons read 10 numbers")
    expect(page).not_to_have_url(re.compile("changes"))
    frame.get_by_role("radio", name="none").check()
    for name in ("Wy.0.0", "Wy.1.1"):
        weight(frame, name).focus()
        typed = frame.get_by_label("Its value")
        typed.fill("9")
        typed.press("Enter")
    expect(frame.locator(".un-verdict")).to_contain_text("The state explodes")


def test_an_example_with_weights_of_its_own_is_where_changing_begins(visitor: Visitor) -> None:
    visitor.open(f"{PAGE}?preset=without-squashing")
    frame = visitor.demo("unroll")
    verdict = frame.locator(".un-verdict")
    expect(verdict).to_have_text(re.compile("^The state explodes: .* to 2217 at step 20"))
    expect(frame.get_by_text("before you changed the weights")).to_be_hidden()
    weight(frame, "Wy.0.0").press("ArrowDown")
    expect(verdict).to_contain_text("step 2 and every later one")
    expect(frame.get_by_text("before you changed the weights")).to_be_visible()


def test_a_sequence_that_is_too_long_is_said_and_the_last_picture_stays(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("unroll")
    expect(frame.locator(".un-column")).to_have_count(7)
    frame.get_by_label("Noughts and ones").fill("01" * 20)
    expect(frame.locator(".un-column")).to_have_count(40)
    frame.get_by_label("Noughts and ones").fill("01" * 21)
    expect(frame.locator(".demo-hint")).to_contain_text("here are 42")
    expect(frame.locator(".un-column")).to_have_count(40)
    frame.get_by_label("Noughts and ones").fill("0121")
    expect(frame.locator(".un > .notice")).to_have_text("This net reads noughts and ones only, such as 0110.")
    visitor.page.wait_for_load_state("networkidle")
    visitor.expect_problems("422|400")


def test_the_net_rolls_up_and_unrolls_on_a_phone(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = visitor.open(PAGE)
    frame = visitor.demo("unroll")
    frame.get_by_role("button", name="Roll up").click()
    expect(frame.locator(".un-drawing")).to_have_class(re.compile("un-rolled"))
    expect(page).to_have_url(re.compile("unroll.rolled=1"))
    frame.get_by_role("button", name="Unroll through time").click()
    expect(frame.locator(".un-drawing")).not_to_have_class(re.compile("un-rolled"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
