"""Asking and answering under a lesson, by people with browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_every_page import AXE, RULES, look
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # a minute and more together

LESSON = "/courses/sequence-models/word-vectors/"
ASK = re.compile("^Ask (a|the first) question$")
DISCUSSION = f"{LESSON}discussion/"
PHONE = {"width": 360, "height": 740}

Arrive = Callable[..., Visitor]


def come_to_discussion(visitor: Visitor) -> Locator:
    """The part of the lesson's page that is fetched when the reader comes to it."""
    page = visitor.open(LESSON)
    panel = page.locator("#panel-discussion")
    panel.scroll_into_view_if_needed()
    expect(panel.locator("[data-discussion]")).to_be_visible()
    return panel


def ask(place: Page | Locator, title: str, text: str) -> None:
    place.get_by_label("Your question in one line").fill(title)
    place.get_by_label("Text").fill(text)
    place.get_by_role("button", name="Post your question").click()


def test_readers_ask_and_answer_without_leaving_the_lesson(arrive: Arrive) -> None:
    title = f"Why cosine {uuid4().hex[:6]}?"
    ada, ben = arrive(viewport=PHONE), arrive(color_scheme="dark")
    ada.sign_up("Ada")
    panel = come_to_discussion(ada)
    panel.get_by_role("link", name=ASK).press("Enter")
    expect(panel.get_by_role("heading", name="Ask a question")).to_be_focused()
    panel.get_by_label("Text").fill("Is $x_t$ a *word*?")
    expect(panel.get_by_role("region", name="Preview").locator(".katex")).to_be_visible()
    panel.get_by_role("button", name="Post your question").press("Enter")
    expect(panel.get_by_label("Your question in one line")).to_be_focused()
    expect(panel.get_by_label("Your question in one line")).to_have_accessible_description(
        "Say in one line what you would like to know."
    )
    ask(panel, title, "Is $x_t$ a *word*?")
    expect(panel.get_by_role("heading", name=title)).to_be_focused()
    expect(panel).to_contain_text("Your question is posted.")
    expect(panel.locator(".post-text .katex").first).to_be_visible()
    expect(ada.page).to_have_url(ada.page.url.split("/courses")[0] + LESSON)

    ben.sign_up("Ben")
    panel = come_to_discussion(ben)
    panel.get_by_role("link", name=title).click()
    panel.get_by_role("textbox", name="Your answer").fill("No, a **vector**.")
    panel.get_by_role("button", name="Post your answer").click()
    answer = panel.get_by_role("article", name="Answer by Ben")
    expect(answer).to_be_focused()
    expect(answer).to_contain_text("No, a vector.")

    page = ada.open("/my/")
    page.get_by_role("link", name=f"New answers to “{title}”").click()
    page.get_by_role("button", name="Accept this answer").click()
    expect(page.get_by_role("article", name="Answer by Ben")).to_contain_text("Accepted answer")
    expect(ada.open("/my/").get_by_role("link", name=f"New answers to “{title}”")).to_have_count(0)


def test_without_javascript_everything_is_a_page(arrive: Arrive) -> None:
    title = f"Does it work {uuid4().hex[:6]}?"
    visitor = arrive(java_script_enabled=False, viewport=PHONE)
    visitor.sign_up("Ida")
    page = visitor.page
    page.goto(LESSON)
    page.locator("#panel-discussion").get_by_role("link").click()
    page.get_by_role("link", name=ASK).click()
    ask(page, title, "I wonder.")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_role("textbox", name="Your answer").fill("It does.")
    page.get_by_role("button", name="Post your answer").click()
    expect(page.get_by_role("article", name="Answer by Ida")).to_contain_text("It does.")
    page.get_by_role("link", name="Edit your answer").click()
    page.get_by_label("Text").fill("It really does.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Answer by Ida")).to_contain_text("It really does.")
    page.get_by_role("link", name="Delete your question").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("main")).to_contain_text("Your question is deleted.")
    expect(page.get_by_role("link", name=title)).to_have_count(0)


def test_staff_find_and_hide_what_was_reported(arrive: Arrive, staff_state: Path) -> None:
    title = f"Buy watches {uuid4().hex[:6]}"
    ada, ben, grace = arrive(), arrive(), arrive(storage_state=staff_state)
    ada.sign_up("Ada")
    ask(ada.open(f"{DISCUSSION}ask/"), title, "Here.")
    expect(ada.page.get_by_role("heading", name=title)).to_be_visible()
    ben.sign_up("Ben")
    panel = come_to_discussion(ben)
    panel.get_by_role("link", name=title).click()
    panel.get_by_role("link", name="Report the question by Ada").click()
    panel.get_by_label("What is wrong with it?").fill("This is an advertisement.")
    panel.get_by_role("button", name="Report").click()
    expect(panel).to_contain_text("Thank you.")

    page = grace.open("/")
    page.get_by_role("banner").get_by_role("link", name="questions in your courses").click()
    page.get_by_role("link", name="Reported", exact=True).click()
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("main")).to_contain_text("This is an advertisement.")
    page.get_by_role("link", name="Hide the question by Ada").click()
    page.get_by_label("Why?").fill("No advertisements, please.")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("main")).to_contain_text("The question is hidden.")
    expect(come_to_discussion(ben).get_by_role("link", name=title)).to_have_count(0)
    expect(ada.open(ada.page.url).get_by_role("main")).to_contain_text("No advertisements, please.")


def test_the_pages_fit_a_phone_and_axe_finds_nothing(arrive: Arrive, staff_state: Path) -> None:
    visitor = arrive(bypass_csp=True, reduced_motion="reduce", color_scheme="light", viewport=PHONE)
    visitor.sign_up("Emmy")
    ask(
        visitor.open(f"{DISCUSSION}ask/"),
        "A" * 119 + "?",
        "$x_t$ and `code` " + "w" * 300 + "\n\n|a|b|\n|--|--|\n|1|2|",
    )
    page = visitor.page
    page.get_by_role("textbox", name="Your answer").fill("An answer.\n\n# With a heading")
    page.get_by_role("button", name="Post your answer").click()
    expect(page.get_by_role("article", name="Answer by Emmy")).to_be_visible()
    question = page.url.split("?")[0]
    for path in (
        DISCUSSION,
        f"{DISCUSSION}ask/",
        question,
        f"{question.replace('discussion/', 'discussion/question/')}edit/",
    ):
        fits_and_is_accessible(visitor.open(path))
    come_to_discussion(visitor).get_by_role("link", name="A" * 119).click()
    expect(page.locator("#panel-discussion").get_by_role("textbox", name="Your answer")).to_be_visible()
    fits_and_is_accessible(page)

    staff = arrive(
        bypass_csp=True, storage_state=staff_state, reduced_motion="reduce", color_scheme="light", viewport=PHONE
    )
    fits_and_is_accessible(staff.open("/author/courses/sequence-models/questions/?show=all"))
    fits_and_is_accessible(staff.open(question))


def fits_and_is_accessible(page: Page) -> None:
    expect(page.locator("html")).to_have_js_property("scrollWidth", PHONE["width"])
    page.add_script_tag(path=AXE)
    found = look(page, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    found += look(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    page.emulate_media(color_scheme="light")
    assert found == [], page.url
