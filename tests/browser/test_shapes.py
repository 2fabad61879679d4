"""The wirings' page: a net that answers what is typed, time by keyboard, the table of tasks, a wiring of one's own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = "/demos/shapes/"


def test_what_is_typed_is_drawn_at_once_and_answered_by_the_net(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo("shapes")
    frame.get_by_label("Word", exact=True).fill("ciudad")
    expect(frame.locator(".sh-headline")).to_contain_text("After 6 letters it takes “ciudad” for Spanish")
    steps = frame.get_by_role("group", name="The steps of the run")
    steps.focus()
    steps.press("Home")
    expect(frame.locator(".sh-step .sh-formula")).to_have_text("Step 1")
    steps.press("ArrowRight")
    expect(frame.locator(".sh-step")).to_contain_text("It reads “i”")
    expect(frame.locator(".sh-step")).to_contain_text("if the word ended here")
    page.wait_for_url(re.compile("shapes.step=2"))
    page.reload()
    expect(frame.locator(".sh-step .sh-formula")).to_have_text("Step 2")
    expect(frame.locator(".sh-headline")).to_contain_text("ciudad")

    frame.get_by_label("Word", exact=True).fill("ciud4d")
    expect(frame.locator("[data-field=word] .error")).to_have_text("Write letters only: the net has never read a “4”.")
    visitor.expect_problems("422: POST /api/demos/shapes/jobs/")


def test_a_card_changes_the_wiring_and_a_drawing_the_picture(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("shapes")
    frame.get_by_role("button", name=re.compile("^one to many")).click()
    expect(frame.locator(".sh-headline")).to_have_text("It writes “four”, letter by letter. Right.")
    pixel = frame.get_by_role("gridcell", name="Row 1, column 1: paper")
    pixel.focus()
    pixel.press("Space")
    expect(frame.get_by_role("gridcell", name="Row 1, column 1: ink 16 of 16")).to_be_focused()
    expect(frame.locator(".sh-headline")).not_to_contain_text("Right")  # nobody knows what a drawing is to be
    frame.get_by_role("button", name="Undo my drawing").click()
    expect(frame.locator(".sh-headline")).to_have_text("It writes “four”, letter by letter. Right.")


def test_a_task_is_found_in_the_table_and_lights_its_wiring(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("shapes")
    frame.get_by_text("Use cases").click()
    search = frame.get_by_role("searchbox", name="Search the tasks")
    search.fill("translation")
    expect(frame.get_by_role("status").filter(has_text="tasks")).to_have_text("1 of 35 tasks")
    row = frame.get_by_role("row").filter(has_text="Machine translation")
    search.press("Tab")
    row.get_by_role("button", name="delayed").focus()
    expect(frame.locator(".sh-card.sh-lit strong")).to_have_text("delayed")
    row.get_by_role("button", name="delayed").press("Enter")
    expect(frame.locator(".sh-card[aria-pressed=true] strong")).to_have_text("delayed")
    search.fill("submarine")
    expect(frame.get_by_text("Nothing here has “submarine” in it")).to_be_visible()
    frame.get_by_text("Run it").click()
    expect(frame.locator(".sh-headline")).to_have_text("It reads three hundred and five, and answers 305. Right.")


def test_a_wiring_of_ones_own_is_named_and_survives_a_reload(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo("shapes")
    frame.get_by_text("Build one").click()
    name = frame.locator(".sh-build-name")
    expect(name).to_have_text("Delayed")
    for step in (4, 5):
        frame.get_by_role("button", name=f"Output at step {step}").press("Space")
    expect(name).to_have_text("Many to one")
    expect(frame.get_by_text("The loss is that of one output, at step 6.")).to_be_visible()
    page.wait_for_url(re.compile("shapes.out=000001"))
    page.reload()
    expect(name).to_have_text("Many to one")
    expect(frame.locator(".sh-card.sh-lit strong")).to_have_text("many to one")
    frame.get_by_role("button", name="Output at step 1").click()
    frame.get_by_role("button", name="Input at step 1").click()
    expect(name).to_have_text("None of the five")
    expect(frame.get_by_text("comes before any input")).to_be_visible()
