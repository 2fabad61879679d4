"""Instructors write questions in the browser: by forms and as text, with what students see beside it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.classroom import Classroom
from tests.browser.test_every_page import AXE, RULES, look
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # a minute and more together


@pytest.fixture
def room(stack: Stack) -> Classroom:
    return Classroom(stack)


def open_questions(visitor: Visitor, room: Classroom) -> Page:
    page = visitor.sign_in(room.anna)
    expect(page.locator("details.menu summary")).to_be_visible()
    page.goto(f"{room.editor}quiz/")
    return page


def begin(page: Page, kind: str) -> None:
    page.get_by_label("A new question").select_option(label=kind)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mounted", "")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def fill_choice(page: Page, number: int, text: str, why: str = "", *, correct: bool = False) -> None:
    choice = row(page, f"Choice {number}")
    choice.get_by_role("textbox", name="Choice").fill(text)
    if why:
        choice.get_by_label("Why", exact=True).fill(why)
    if correct:
        choice.get_by_label("This is right").check()


def one_choice(page: Page) -> None:
    fill_choice(page, 1, "the gate", "It opens.", correct=True)
    fill_choice(page, 2, "the fence", "It stays.")
    row(page, "Choice 2").get_by_text("Misconception, demo, picture").click()
    row(page, "Choice 2").get_by_label("Demo that shows why").select_option(index=1)
    row(page, "Choice 2").get_by_label("Misconception").fill("fences")


def several(page: Page) -> None:
    one_choice(page)
    fill_choice(page, 3, "the door", "It opens as well.", correct=True)


def number(page: Page) -> None:
    page.get_by_label("Right answer").fill("n * 2")
    page.get_by_label("Unit").first.fill("m")
    page.get_by_text("Hint, explanation, picture").click()
    page.get_by_label("Variables").fill("n = 2 to 5")


def short_text(page: Page) -> None:
    page.get_by_label("What counts").fill("gate\ndoor")


def in_order(page: Page) -> None:
    for place, words in enumerate(["first", "second", "third"], start=1):
        row(page, f"Part {place}").get_by_label("Text").fill(words)


def pairs(page: Page) -> None:
    for place, (left, right) in enumerate([("cat", "meow"), ("dog", "bark")], start=1):
        row(page, f"Pair {place}").get_by_label("Left side").fill(left)
        row(page, f"Pair {place}").get_by_label("Right side").fill(right)


def blanks(page: Page) -> None:
    page.get_by_label("Text with blanks").fill("A gate [[acts]].")
    row(page, "Blank 1").get_by_label("Name").fill("acts")
    row(page, "Blank 1").get_by_label("What counts").fill("opens")


def poll(page: Page) -> None:
    fill_choice(page, 1, "yes")
    fill_choice(page, 2, "no")


def demo(page: Page) -> None:
    page.get_by_label("Demo", exact=True).select_option(value="explorer")
    page.get_by_label("Its settings").fill("word: king")
    page.get_by_label("Where the answer stands").fill("neighbours.0.word")


FILL = {
    "One choice": one_choice,
    "Several choices": several,
    "Number": number,
    "Short text": short_text,
    "Put in order": in_order,
    "Match pairs": pairs,
    "Fill in the blanks": blanks,
    "Poll": poll,
    "What a demo shows": demo,
}


def test_a_question_of_each_type_is_written_by_its_form_and_seen_before_it_is_saved(
    visitor: Visitor, room: Classroom
) -> None:
    page = open_questions(visitor, room)
    for place, (kind, fill) in enumerate(FILL.items(), start=1):
        begin(page, kind)
        page.get_by_label("Question", exact=True).fill(f"What is **number {place}**?")
        fill(page)
        page.get_by_role("button", name="Preview", exact=True).click()
        seen = page.get_by_role("region", name="As students see it")
        expect(seen.locator(".question-prompt strong")).to_have_text(f"number {place}")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".question-list > li")).to_have_count(place)
    expect(page.locator(".question-list .error-text")).to_have_count(0)
    expect(page.locator(".question-list .chip.plain")).to_have_text(list(FILL))


def test_a_mistake_is_told_at_its_field_and_rows_come_and_go(visitor: Visitor, room: Classroom) -> None:
    page = open_questions(visitor, room)
    begin(page, "One choice")
    page.get_by_label("Question", exact=True).fill("What opens?")
    one_choice(page)
    row(page, "Choice 2").get_by_label("Why", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row(page, "Choice 2").locator(".field.bad")).to_contain_text("This is missing.")
    visitor.expect_problems("422")
    page.get_by_role("button", name="Add a choice").click()
    expect(row(page, "Choice 4").get_by_role("textbox", name="Choice")).to_be_focused()
    page.get_by_role("button", name="Remove choice 2").click()
    expect(row(page, "Choice 4")).to_have_count(0)
    fill_choice(page, 2, "the wall", "It is in the way.")
    page.get_by_role("button", name="Preview", exact=True).click()
    seen = page.get_by_role("region", name="As students see it")
    seen.get_by_label("the wall").check()
    page.get_by_role("button", name="Check this answer").click()
    expect(seen).to_contain_text("It is in the way.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".question-list > li")).to_have_count(1)


def test_a_question_is_written_with_the_keyboard_only(visitor: Visitor, room: Classroom) -> None:
    page = open_questions(visitor, room)
    page.get_by_label("A new question").focus()
    page.keyboard.type("Short")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-mounted", "")
    page.get_by_label("Question", exact=True).focus()
    page.keyboard.type("What opens?")
    page.keyboard.press("Tab")
    page.keyboard.type("gate")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # in a field it shows the question, and saves nothing
    seen = page.get_by_role("region", name="As students see it")
    expect(seen).to_contain_text("What opens?")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".question-list > li")).to_have_count(1)
    page.get_by_role("link", name="What opens?").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What counts")).to_have_value("gate")


def test_a_faulty_text_is_told_with_its_line_and_mended(visitor: Visitor, room: Classroom) -> None:
    page = open_questions(visitor, room)
    text = page.get_by_role("textbox", name="Questions (quiz.yaml)")
    expect(text).to_have_class(re.compile("cm-content"))  # the editor has taken the plain field's place
    text.focus()
    page.keyboard.insert_text("questions:\n  - {id: one, type: text, prompt: What?, acept: [a]}\n")
    page.get_by_role("button", name="Save the text").click()
    page.get_by_role("button", name="Line 2: questions[0].acept").click()
    expect(page.locator(".cm-activeLine")).to_contain_text("acept")
    expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(0)


def test_a_question_can_be_written_without_javascript(arrive: Callable[..., Visitor], room: Classroom) -> None:
    page = open_questions(arrive(java_script_enabled=False), room)
    page.get_by_label("A new question").select_option(label="Poll")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Question", exact=True).fill("And you?")
    poll(page)
    page.get_by_role("button", name="Add a choice").click()
    fill_choice(page, 4, "perhaps")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".question-list > li")).to_have_count(1)
    assert "perhaps" in page.get_by_label("Questions (quiz.yaml)").input_value()


def look_at(page: Page) -> None:
    """Nothing is wider than the screen, and axe finds nothing."""
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], page.url
    page.add_script_tag(path=AXE)
    assert look(page, {"runOnly": RULES}) == [], page.url


@pytest.mark.parametrize("width", [360, 1360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_and_have_no_barriers(
    arrive: Callable[..., Visitor], room: Classroom, width: int, scheme: str
) -> None:
    visitor = arrive(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = open_questions(visitor, room)
    begin(page, "One choice")
    page.get_by_label("Question", exact=True).fill("What opens?")
    one_choice(page)
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator(".question-preview .question")).to_be_visible()
    page.get_by_role("button", name="Check this answer").click()
    expect(page.locator(".question-preview [data-feedback]")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".question-list > li")).to_have_count(1)
    look_at(page)
    course = f"/author/courses/{room.slug}"
    for path in (f"{room.editor}quiz/settings/", f"{course}/questions-bank/", f"{course}/quiz-import/"):
        page.goto(path)
        look_at(page)
