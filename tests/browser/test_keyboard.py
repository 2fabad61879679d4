"""The lesson without a mouse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import LESSON, Visitor

pytestmark = pytest.mark.browser

MOST_STOPS = 300

# The element in focus: whether it follows the one before in the page's order, and whether the focus can be seen. The
# order is asked of the two elements: their numbers in the page would change while a chart above them is being drawn.
FOCUS = """() => {
    const focused = document.activeElement;
    if (focused === document.body || focused === window.firstFocused) return null;
    const before = window.lastFocused;
    window.firstFocused ??= focused;
    window.lastFocused = focused;
    const shown = [focused, focused.closest("label")].filter(Boolean).map(element => getComputedStyle(element));
    const box = focused.closest("label") ?? focused;
    return {
        what: `${focused.tagName} ${focused.ariaLabel ?? focused.textContent.trim() ?? ""}`.slice(0, 60),
        follows: !before || (before.isConnected
            && Boolean(before.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING)),
        visible: shown.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
            && box.getBoundingClientRect().width > 0,
    };
}"""


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {target}")


def test_tab_walks_the_lesson_in_order_and_one_sees_where(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        stops.append(focus)
    assert 40 < len(stops) < MOST_STOPS, "through both demos, and out of them again"
    assert [stop["what"] for stop in stops if not stop["visible"]] == []
    assert [stop["what"] for stop in stops if not stop["follows"]] == []


def test_the_skip_link_leads_past_the_header(visitor: Visitor) -> None:
    page = visitor.open(LESSON, predicts=True)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_demo_is_run_and_read_with_keys_alone(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    frame = visitor.demo("explorer")
    tab_to(page, frame.get_by_label("Word", exact=True))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("violin")
    page.keyboard.press("Enter")
    expect(frame.locator(".wv-headline")).to_have_text("The words nearest to violin.")
    expect(frame).to_have_attribute("data-state", "succeeded")
    near = frame.locator(".wv-near").first
    word = near.locator(".wv-word").text_content()
    tab_to(page, near)
    page.keyboard.press("Enter")
    expect(frame.locator(".wv-headline")).to_have_text(f"The words nearest to {word}.")


def test_arrow_keys_step_through_a_training(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    frame = visitor.demo("train_vectors")
    slider = frame.get_by_role("slider", name="Moment of the training")
    tab_to(page, slider)
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 0.00")
    expect(frame.locator(".wv-headline")).to_contain_text("Epoch 0.00")
    expect(page).to_have_url(re.compile(r"train_vectors\.step=0"))  # the address follows the slider a moment later
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("1")
    expect(page).to_have_url(re.compile(r"train_vectors\.step=[1-9]"))
    first = page.url
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("2")
    expect(page).not_to_have_url(first)
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_value("1")
    expect(page).to_have_url(first)
    page.reload()
    expect(slider).to_have_value("1")
    frame.get_by_role("button", name="One step on").press("Enter")
    expect(slider).to_have_value("2")
    tab_to(page, slider)
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"epoch 10\.00"))
