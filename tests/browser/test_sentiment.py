"""A sentence's picture: it follows typing, words are stepped through, two are compared, odd text is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = "/demos/sentiment/"


def opened(visitor: Visitor, address: str = PAGE) -> Locator:
    visitor.open(address)
    return visitor.demo("sentiment")


def words(frame: Locator, block: int = 0) -> Locator:
    return frame.locator(".fe-block").nth(block).locator(".fe-word > span:first-child")


def test_the_picture_follows_typing(visitor: Visitor) -> None:
    frame = opened(visitor)
    frame.get_by_label("Sentence", exact=True).fill("Worst flight ever")  # nobody presses Run
    expect(words(frame)).to_have_text(["Worst", "flight", "ever"])
    expect(frame.locator(".fe-headline")).to_contain_text("The network says negative")
    expect(frame.get_by_role("button", name=re.compile("negative"))).to_have_attribute("aria-pressed", "true")
    expect(frame.locator(".fe-signs, .fe-sign")).to_have_text(["−", "−", "−"])


def test_a_word_is_told_when_it_is_reached_by_keys_and_the_address_keeps_it(visitor: Visitor) -> None:
    frame = opened(visitor)
    last = frame.locator("[data-word='9']")
    last.click()
    last.press("ArrowLeft")
    expect(frame.locator("[data-word='8']")).to_have_attribute("aria-current", "true")
    expect(frame.locator(".fe-readout").first).to_contain_text(re.compile("^were After it: negative, 72 %"))
    frame.locator("[data-word='8']").press("Home")
    expect(frame.locator("[data-word='0']")).to_be_focused()
    expect(frame.locator(".fe-head").first).to_have_text("network, 1 of 10 words")
    frame.locator("[data-word='3']").click()
    expect(visitor.page).to_have_url(re.compile(r"sentiment\.word=4"))
    visitor.page.reload()
    expect(frame.locator("[data-word='3']")).to_have_attribute("aria-current", "true")


def test_another_class_is_asked_about_by_a_press(visitor: Visitor) -> None:
    frame = opened(visitor)
    frame.get_by_role("button", name=re.compile("negative")).press("Enter")
    expect(visitor.page).to_have_url(re.compile(r"sentiment\.class=negative"))
    expect(frame.locator(".fe-readout").first).to_contain_text("For “negative”")
    frame.get_by_text("Every number, as a table").click()
    expect(frame.locator(".fe-table caption")).to_have_text("Weights are for “negative”.")
    expect(frame.locator(".fe-table tbody tr")).to_have_count(10)


def test_two_sentences_are_compared_and_the_word_that_one_has_alone_is_marked(visitor: Visitor) -> None:
    frame = opened(visitor)
    frame.get_by_label("Examples").select_option("Fooled: not bad is worse than bad")
    expect(words(frame)).to_have_text(["The", "flight", "was", "not", "bad"])
    expect(words(frame, 1)).to_have_text(["The", "flight", "was", "bad"])
    expect(frame.locator(".fe-changed > span:first-child")).to_have_text(["not"])
    expect(frame.locator(".fe-reason")).to_contain_text("85 % are complaints")
    second = frame.locator(".fe-block").nth(1)
    frame.locator(".fe-block").first.locator("[data-word='4']").hover()
    expect(second.locator("[data-word='3']")).to_contain_class("fe-lit")
    frame.get_by_label("Compare with", exact=True).fill("")
    expect(second).to_be_hidden()


def test_where_the_two_ways_disagree_is_said(visitor: Visitor) -> None:
    frame = opened(visitor)
    frame.get_by_label("Examples").select_option("Two ways to weigh a word, two answers")
    expect(frame.locator(".fe-note")).to_contain_text("The two ways disagree (≠) about “love”, “yes”")
    expect(frame.locator(".fe-apart")).to_have_text(["≠", "≠"])
    love = frame.locator(".fe-word").filter(has_text="love")
    love.hover()
    expect(frame.locator(".fe-readout").first).to_contain_text("slope × word −0.35; without it 9 points less")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("brillig frabjous", "The network knows none of these words"),
        ("the brillig crew", "Unknown to the network, and all the same to it: “brillig”."),
        ("late " * 125, "Only the first 120 words are read; 5 more are left out."),
        ("ありがとう", "The network knows none of these words"),
    ],
)
def test_what_is_not_read_or_not_known_is_told(visitor: Visitor, text: str, says: str) -> None:
    frame = opened(visitor)
    frame.get_by_label("Sentence", exact=True).fill(text)
    expect(frame.locator(".fe-remark").first).to_contain_text(says)


def test_nothing_and_too_much_are_refused_at_the_field_and_the_picture_stays(visitor: Visitor) -> None:
    frame = opened(visitor)
    field = frame.get_by_label("Sentence", exact=True)
    for text, says in (("", "Write something here"), ("word " * 10_000, "Write at most 2000 letters")):
        field.fill(text)
        frame.get_by_role("button", name="Run").click()
        expect(frame.locator("[data-field='text'] .error")).to_contain_text(says)
        expect(words(frame)).to_have_count(10)


def test_no_word_is_wider_than_a_small_screen(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 360, "height": 800})
    frame = opened(visitor)
    frame.get_by_label("Sentence", exact=True).fill(f"{'extraordinarily' * 6} late https://example.org/{'x' * 90}")
    expect(words(frame)).to_have_count(3)
    width = visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_a_frame_with_an_example_shows_it_once_the_reader_has_predicted(visitor: Visitor) -> None:
    page = visitor.open("/courses/sequence-models/sentiment/", predicts=True)
    prediction = page.locator("[data-predict]").nth(1)
    frame = page.locator("[data-demo='sentiment']").nth(1)
    expect(prediction).to_have_attribute("data-mounted", "")
    expect(frame).to_have_attribute("data-state", "recorded")
    prediction.get_by_role("radio").first.check()
    prediction.get_by_role("button", name="Keep my prediction").click()
    expect(frame).to_have_attribute("data-state", "succeeded")  # nobody presses Run
    expect(words(frame, 1)).to_have_text(["It", "was", "bad", ",", "not", "good"])
    expect(prediction).to_contain_text("You predicted")
