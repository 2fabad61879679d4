"""Instructors write lessons in the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.classroom import Classroom
from tests.browser.test_every_page import AXE, RULES, look
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def room(stack: Stack) -> Classroom:
    return Classroom(stack)


def open_editor(visitor: Visitor, email: str, room: Classroom) -> Page:
    page = visitor.sign_in(email)
    expect(page.locator("details.menu summary")).to_be_visible()
    page.goto(room.editor)
    expect(page.locator("#lesson-editor")).to_have_attribute("data-mounted", "")
    expect(preview(page).locator("article")).to_have_attribute("data-shown", "")
    return page


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("#preview")


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


def write(page: Page, words: str) -> None:
    """At the end of the text, as if it were pasted: typing would begin lists by itself."""
    text(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def save(page: Page, number: int) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_have_text(f"Saved as revision {number}.")


def a_picture() -> Any:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(file, "PNG")
    return {"name": "a map.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_a_lesson_with_a_demo_and_a_picture_is_written_previewed_and_published(
    arrive: Callable[..., Visitor], room: Classroom
) -> None:
    author = arrive()
    page = open_editor(author, room.anna, room)
    page.get_by_label("Title").fill("Words near words")
    expect(preview(page).get_by_role("heading", level=1)).to_have_text("Words near words")

    write(page, "## Neighbours\n\nThe **cosine** of $x$.\n\n")
    expect(preview(page).locator(".math .katex")).to_be_visible()
    page.get_by_role("button", name="Demo…").click()
    page.get_by_role("dialog").get_by_role("group", name="Explore word vectors").get_by_role("button").nth(1).click()
    frame = preview(page).locator("[data-demo='explorer']")
    expect(frame).to_have_attribute("data-mounted", "")

    page.get_by_label("A picture from your computer").set_input_files(a_picture())
    page.get_by_label("What is to be seen?").fill("A map in teal")
    page.get_by_role("button", name="Put it into the text").click()
    picture = preview(page).get_by_role("img", name="A map in teal")
    expect(picture).to_have_js_property("naturalWidth", 80)

    write(page, "\n:::demo nothing\n")
    expect(page.locator("#problems")).to_contain_text("There is no demo “nothing”.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be published yet")
    author.expect_problems("422: POST .*/publish/")
    page.locator("#problems").get_by_role("button").click()
    expect(text(page)).to_be_focused()
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    expect(page.locator("#no-problems")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#lesson-state")).to_contain_text("Published")

    stranger = arrive()
    stranger.page.goto(room.lesson)
    stranger.expect_problems("404: GET")
    author.open(room.lesson)
    expect(page.get_by_role("heading", level=1)).to_have_text("Words near words")
    expect(page.get_by_role("img", name="A map in teal")).to_be_visible()


def test_a_demo_that_runs_goes_on_while_the_text_around_it_changes(visitor: Visitor, room: Classroom) -> None:
    page = open_editor(visitor, room.anna, room)
    write(page, "Before.\n\n:::demo explorer\n\nAfter.\n")
    frame = preview(page).locator("[data-demo='explorer']")
    expect(frame).to_have_attribute("data-mounted", "")
    frame.evaluate("frame => frame.dataset.sameAsBefore = 'yes'")
    text(page).focus()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("A line above.\n\n")
    expect(preview(page).get_by_text("A line above.")).to_be_visible()
    write(page, "A line below.\n")
    expect(preview(page).get_by_text("A line below.")).to_be_visible()
    expect(frame).to_have_attribute("data-same-as-before", "yes")
    expect(frame).to_have_count(1)


def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(visitor: Visitor, room: Classroom) -> None:
    page = open_editor(visitor, room.anna, room)
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if "first words" in route.request.post_data and "second" not in route.request.post_data:
            held.append(route)
        else:
            route.continue_()

    page.route("**/preview/", hold_the_first)
    with page.expect_request(lambda request: "first words" in (request.post_data or "")):
        write(page, "The first words.")
    write(page, " And the second.")
    expect(preview(page).get_by_text("And the second.")).to_be_visible()
    assert held
    for route in held:
        route.fulfill(json={"html": "<p>Too late.</p>", "problems": []})
    write(page, " And a third.")
    expect(preview(page).get_by_text("And a third.")).to_be_visible()
    expect(preview(page).get_by_text("Too late.")).to_have_count(0)


def test_the_second_editor_is_told_and_nothing_is_overwritten(arrive: Callable[..., Visitor], room: Classroom) -> None:
    anna, bob = arrive(), arrive()
    first = open_editor(anna, room.anna, room)
    second = open_editor(bob, room.bob, room)
    expect(second.locator("#presence")).to_have_text("Anna is editing this lesson too.")

    write(first, "What Anna wrote.")
    save(first, 2)
    write(second, "What Bob wrote.")
    second.keyboard.press("Control+s")
    dialog = second.get_by_role("dialog")
    expect(dialog).to_contain_text("Anna saved this lesson in the meantime")
    expect(dialog.locator("del")).to_contain_text("What Anna wrote.")
    expect(dialog.locator("ins")).to_contain_text("What Bob wrote.")
    dialog.get_by_role("button", name="Keep mine on top").click()
    expect(second.locator("#save-state")).to_have_text("Saved as revision 3.")
    bob.expect_problems("409: POST .*/save/")

    first.get_by_label("Title").fill("Anna's words")
    first.keyboard.press("Control+s")
    first.get_by_role("dialog").get_by_role("button", name="Take theirs").click()
    anna.expect_problems("409: POST .*/save/")
    expect(text(first)).to_contain_text("What Bob wrote.")
    first.get_by_role("button", name="Take it back").click()
    expect(text(first)).to_contain_text("What Anna wrote.")
    expect(first.get_by_label("Title")).to_have_value("Anna's words")


def test_what_was_not_saved_is_there_when_the_author_comes_back(visitor: Visitor, room: Classroom) -> None:
    page = open_editor(visitor, room.anna, room)
    write(page, "Typed and not saved.")
    expect(preview(page).get_by_text("Typed and not saved.")).to_be_visible()
    page = visitor.new_page()
    page.goto(room.editor)
    expect(text(page)).not_to_contain_text("Typed")
    page.get_by_role("button", name="Take it back").click()
    expect(text(page)).to_contain_text("Typed and not saved.")
    save(page, 2)
    page.reload()
    expect(page.locator("#lesson-editor")).to_have_attribute("data-mounted", "")
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)


def test_a_preview_link_is_made_and_switched_off_while_the_text_is_not_saved(
    arrive: Callable[..., Visitor], room: Classroom
) -> None:
    page = open_editor(arrive(), room.anna, room)
    write(page, "Not saved yet.")
    page.get_by_text("Preview link", exact=True).first.click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Preview link")
    expect(link).to_have_value(re.compile("/preview/"))
    expect(link).to_be_focused()
    guest = arrive().page
    guest.goto(link.input_value())
    expect(guest.get_by_role("main")).to_contain_text("A preview of a lesson")
    page.get_by_role("button", name="Switch it off").click()
    expect(link).to_be_hidden()
    expect(text(page)).to_contain_text("Not saved yet.")
    expect(page.locator("#save-state")).to_have_text("Not saved yet.")


def test_on_a_phone_the_text_is_on_the_first_screen(arrive: Callable[..., Visitor], room: Classroom) -> None:
    page = open_editor(arrive(viewport={"width": 360, "height": 740}), room.anna, room)
    box = page.locator("#panel-body .cm-scroller").bounding_box()
    assert box
    assert box["y"] + 150 < 740, "less than seven lines of the text are seen"
    expect(page.locator("html")).to_have_js_property("scrollWidth", 360)
    page.get_by_text("Preview", exact=True).click()
    expect(preview(page).locator("article")).to_be_visible()
    expect(page.get_by_label("As on a phone")).to_be_hidden()


def test_a_form_that_comes_back_with_a_mistake_is_shown_there(visitor: Visitor, room: Classroom) -> None:
    page = open_editor(visitor, room.anna, room)
    page.goto(room.editor.split("lessons/")[0] + "settings/")
    field = page.get_by_label("Email of their account")
    field.fill("nobody@example.org")
    page.get_by_role("button", name="Add an instructor").click()
    expect(page.get_by_text("No instructor has this email.")).to_be_in_viewport()
    expect(field).to_be_focused()


def test_the_keyboard_is_enough_to_write_save_and_publish(visitor: Visitor, room: Classroom) -> None:
    page = open_editor(visitor, room.anna, room)
    page.get_by_label("Title").focus()
    tab_until(page, text(page))
    page.keyboard.type("Typed with keys")
    page.keyboard.press("Control+b")
    page.keyboard.type("only")
    expect(text(page)).to_contain_text("Typed with keys**only**")
    page.keyboard.press("Tab")
    expect(text(page)).not_to_be_focused()
    save(page, 2)
    tab_until(page, page.get_by_role("button", name="Publish"), back=True)
    page.keyboard.press("Enter")
    expect(page.locator("#lesson-state")).to_contain_text("Published")


def tab_until(page: Page, wanted: Locator, *, back: bool = False) -> None:
    for _ in range(30):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("the keyboard does not lead there")


def test_without_javascript_a_lesson_is_saved_and_published(arrive: Callable[..., Visitor], room: Classroom) -> None:
    page = arrive(java_script_enabled=False).sign_in(room.anna)
    page.goto(room.editor)
    page.locator("textarea[name=body]").fill("Plain text.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("main")).to_contain_text("Saved.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#lesson-state")).to_contain_text("Published")


@pytest.mark.parametrize("path", ["", "revisions/", "revisions/1/", "revisions/compare/?from=1&to=2", "as-student/"])
def test_axe_finds_nothing_on_the_pages_of_an_author(
    arrive: Callable[..., Visitor], room: Classroom, path: str
) -> None:
    visitor = arrive(bypass_csp=True, reduced_motion="reduce", color_scheme="light")
    page = open_editor(visitor, room.anna, room)
    write(page, "## A part\n\nText.\n\n:::demo nothing\n\n:::quiz\n")
    expect(page.locator("#problems")).to_contain_text("nothing")
    save(page, 2)
    if path:
        page.goto(room.editor + path)
    page.add_script_tag(path=AXE)
    found = look(page, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    found += look(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert found == []
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("html")).to_have_js_property("scrollWidth", 360)
