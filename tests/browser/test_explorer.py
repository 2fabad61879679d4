"""The explorer's page: typing, clicking on, words it does not know, settings that do not fit, one address for all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = "/demos/explorer/"


def test_an_unknown_word_is_told_with_spellings_to_click(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("explorer")
    frame.get_by_label("Word", exact=True).fill("londno")  # nobody presses Run: it follows typing
    expect(frame.locator(".wv-headline")).to_have_text("GloVe does not know “londno”.")
    frame.locator(".wv-suggestions").get_by_role("button", name="london", exact=True).click()
    expect(frame.locator(".wv-headline")).to_have_text("The words nearest to london.")
    expect(frame.get_by_label("Word", exact=True)).to_have_value("london")


def test_a_click_on_a_near_word_asks_for_its_own_neighbours(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("explorer")
    frame.locator(".wv-near").filter(has_text="brussels").click()
    expect(frame.locator(".wv-headline")).to_have_text("The words nearest to brussels.")
    expect(frame.get_by_label("Word", exact=True)).to_have_value("brussels")
    expect(frame.locator(".wv-near").filter(has_text="brussels")).to_have_count(0)


def test_an_address_gives_everybody_the_same_picture(arrive: Callable[..., Visitor]) -> None:
    visitor, friend = arrive(), arrive()
    page = visitor.open(PAGE)
    frame = visitor.demo("explorer")
    frame.get_by_label("Examples").select_option("france : paris = japan : …")
    expect(frame.locator(".wv-headline")).to_have_text("france is to paris as japan is to tokyo.")
    near = frame.locator(".wv-near .wv-word").all_text_contents()
    job_id = visitor.job("explorer")["id"]

    page.reload()
    expect(frame.locator(".wv-near .wv-word")).to_have_text(near)

    friend.open(page.url)
    expect(friend.demo("explorer").locator(".wv-near .wv-word")).to_have_text(near)
    expect(friend.page).not_to_have_url(re.compile(job_id))
    friend.expect_problems("404: GET /api/jobs/")  # the job is the visitor's; the settings are everybody's


def test_what_the_server_refuses_is_said_at_the_field(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("explorer")
    frame.get_by_label("Question").select_option("Which word is the odd one out?")
    expect(frame.locator(".wv-headline")).to_contain_text("is the odd one out")
    words = frame.get_by_label("Words", exact=True)
    words.fill("tea tea tea")
    expect(words).to_have_attribute("aria-invalid", "true")
    expect(frame.locator("[data-field=words] .error")).to_have_text("Type three to ten different words.")
    visitor.expect_problems("422: POST /api/demos/explorer/jobs/")
    words.fill("tea coffee hammer")
    expect(frame.locator(".wv-headline")).to_have_text("hammer is the odd one out.")
    expect(words).not_to_have_attribute("aria-invalid", "true")
