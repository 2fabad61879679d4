"""The frame around a demo: what a person does with it, and what they see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import NO_CLIPBOARD, SELECTED, Visitor

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.filter(({ previousRect, currentRect }) => previousRect.y !== currentRect.y);
    if (moved.length) window.shifts.push([value, moved.map(({ node }) => node?.className ?? "")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def ask(demo: Locator, word: str) -> None:
    demo.get_by_label("Word", exact=True).fill(word)
    demo.get_by_role("button", name="Run", exact=True).click()
    expect(demo).to_have_attribute("data-state", "succeeded")


def answered(page: Page, word: str) -> None:
    expect(page.locator(".demo-body").first).to_contain_text(f"nearest to {word}")


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_when_the_frame_opens_or_an_answer_comes(arrive: Callable[..., Visitor], width: int) -> None:
    visitor = arrive(viewport={"width": width, "height": 900})
    visitor.context.add_init_script(SHIFTS)
    page = visitor.open("/demos/explorer/")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    ask(visitor.demo("explorer"), "music")
    answered(page, "music")
    assert page.evaluate("window.shifts") == []


def test_a_demo_is_worked_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open("/demos/explorer/")
    demo = visitor.demo("explorer")
    demo.get_by_label("Word", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("london")
    page.keyboard.press("Enter")
    answered(page, "london")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(demo.get_by_role("spinbutton")).to_have_value("11")
    expect(demo.locator(".wv-near .wv-word")).to_have_count(11)  # it follows the slider


def test_what_is_wrong_stands_at_its_field_and_nothing_is_sent(visitor: Visitor) -> None:
    page = visitor.open("/demos/explorer/")
    demo = visitor.demo("explorer")
    word = demo.get_by_label("Word", exact=True)
    word.fill("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    demo.get_by_role("button", name="Run", exact=True).click()
    expect(word).to_be_focused()
    expect(word).to_have_attribute("aria-invalid", "true")
    expect(word).to_have_accessible_description(re.compile("Write something here"))
    expect(demo).to_have_attribute("data-state", "recorded")
    assert asked == []


def test_a_shared_run_can_be_looked_at_but_not_run(arrive: Callable[..., Visitor]) -> None:
    one, other = arrive(permissions=["clipboard-read", "clipboard-write"]), arrive()
    one.open("/demos/explorer/")
    ask(one.demo("explorer"), "winter")
    one.demo("explorer").get_by_role("button", name="Share").click()
    link = one.page.get_by_label("Link to this run").input_value()
    assert one.page.evaluate("navigator.clipboard.readText()") == link
    page = other.open(link)
    answered(page, "winter")
    demo = other.demo("explorer")
    expect(demo.get_by_role("button", name="Run", exact=True)).to_have_count(0)
    expect(demo.get_by_label("Word", exact=True)).to_be_disabled()
    demo.get_by_role("link", name="Run it yourself").click()
    answered(page, "winter")


def test_the_run_of_a_second_frame_is_shared_as_it_was_asked_for(arrive: Callable[..., Visitor]) -> None:
    one, friend = arrive(), arrive()
    page = one.open("/courses/sequence-models/sentiment/")
    for at, sentence in enumerate(("Worst flight ever", "Thanks so much")):
        frame = page.locator("[data-demo='sentiment']").nth(at)
        frame.get_by_label("Sentence", exact=True).fill(sentence)
        expect(frame.locator(".fe-word > span:first-child").first).to_have_text(sentence.split()[0])
    frame.get_by_role("button", name="Share").click()
    friend.open(frame.get_by_label("Link to this run").input_value())
    theirs = friend.demo("sentiment")
    expect(theirs.get_by_label("Sentence", exact=True)).to_have_value("Thanks so much")
    expect(theirs.locator(".fe-word > span:first-child").first).to_have_text("Thanks")


def test_where_nothing_can_be_copied_the_link_is_shown_selected(visitor: Visitor) -> None:
    visitor.context.add_init_script(NO_CLIPBOARD)
    visitor.open("/demos/explorer/")
    demo = visitor.demo("explorer")
    ask(demo, "autumn")
    demo.get_by_role("button", name="Share").click()
    link = demo.get_by_label("Link to this run")
    expect(link).to_be_focused()
    assert link.evaluate(SELECTED) == link.input_value()
    expect(demo).to_contain_text("Copy this link by hand.")


def test_a_chart_has_a_table_of_the_same_numbers(visitor: Visitor) -> None:
    visitor.open("/demos/explorer/")
    demo = visitor.demo("explorer")
    demo.get_by_role("button", name="Show as table").first.click()
    table = demo.get_by_role("table").first
    expect(table).to_be_visible()
    expect(table.get_by_role("row", name=re.compile("france"))).to_be_visible()
