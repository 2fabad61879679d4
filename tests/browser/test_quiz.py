"""Taking a quiz: on a phone that loses its connection, with keys only, in two tabs, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_every_page import AXE, RULES, look
from tests.browser.test_keyboard import tab_to
from tests.browser.visitor import LESSON, Visitor

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
QUIZ = f"{LESSON}quiz/"
RESULTS = f"{QUIZ}results/"
AWAY = "ERR_INTERNET_DISCONNECTED"


def open_quiz(visitor: Visitor) -> Page:
    page = visitor.open(QUIZ)
    expect(page.locator("[data-quiz]")).to_have_attribute("data-mounted", "")
    return page


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question='{name}']")


def choose(page: Page, name: str, *texts: str) -> None:
    for text in texts:
        question(page, name).locator("label", has_text=text).click()


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(words)


def check(page: Page, name: str) -> Locator:
    question(page, name).get_by_role("button", name=re.compile("Check")).click()
    feedback = question(page, name).locator("[data-feedback]")
    expect(feedback).to_be_focused()
    return feedback


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()


def test_a_student_on_a_phone_loses_the_connection_and_nothing_else(arrive: Callable[..., Visitor]) -> None:
    phone = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    email = phone.sign_up()
    page = open_quiz(phone)
    choose(page, "one-hot", "Close to")
    state(page, "Saved")

    phone.context.set_offline(True)
    choose(page, "company", "keep the same company", "has the same vector")
    question(page, "untrained").get_by_label("Your number").fill("1")
    state(page, "Offline")
    # They go on: it is kept here, and cannot be checked or submitted yet.
    question(page, "summing-up").get_by_label("Gap 3").fill("cosine")
    question(page, "company").get_by_role("button", name=re.compile("Check")).click()
    expect(question(page, "company")).to_contain_text("You are offline. Your answer is kept")
    submit(page)
    expect(page.get_by_role("alert").filter(has_text="submit when you are back")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # The page is closed, and opened again once the connection is back.
    page.close()
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    page = open_quiz(phone)
    state(page, "Saved")
    phone.expect_problems(AWAY)
    expect(page.locator("[data-count]")).to_have_text("4 of 9 answered")

    # The same on another device, and there it is finished.
    desk = arrive()
    desk.sign_in(email)
    expect(desk.page.locator("details.menu summary")).to_have_text("Ada")
    page = open_quiz(desk)
    expect(page.locator("[data-count]")).to_have_text("4 of 9 answered")
    expect(question(page, "untrained").get_by_label("Your number")).to_have_value("1")
    expect(question(page, "summing-up").get_by_label("Gap 3")).to_have_value("cosine")
    for name, told in {"skip-gram": "Put them in order first", "cosine": "Answer the question first"}.items():
        question(page, name).get_by_role("button", name=re.compile("Check")).click()
        expect(question(page, name).get_by_role("alert")).to_contain_text(told)
    expect(check(page, "company")).to_contain_text("Right.")
    expect(check(page, "one-hot")).to_contain_text("Not right.")
    expect(question(page, "one-hot").get_by_role("link", name="See why")).to_have_attribute(
        "href", "/demos/explorer/?preset=drinks"
    )
    page.get_by_role("button", name="Submit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Not answered yet: Question 2, Question 4, Question 5, Question 6, Question 7.")
    expect(dialog).to_contain_text("Not filled in completely: Question 9.")
    dialog.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile(f"{RESULTS}$"))
    expect(page.locator(".score")).to_contain_text("2.67 of 15 points")
    again = page.locator(".again")
    expect(again.get_by_role("link", name="Read: A few features")).to_have_attribute("href", f"{LESSON}#a-few-features")
    expect(again.get_by_role("link", name="Run: Coffee and tea")).to_be_visible()


def test_a_connection_that_comes_back_is_noticed_at_once(visitor: Visitor) -> None:
    page = open_quiz(visitor)
    visitor.context.set_offline(True)
    choose(page, "queen", "Otherwise the answer")  # the very first answer: there is no attempt yet
    state(page, "Offline")
    question(page, "queen").get_by_role("button", name="Check question 4").click()
    expect(question(page, "queen").get_by_role("alert")).to_contain_text("check it when you are back")
    visitor.context.set_offline(False)
    state(page, "Saved")
    expect(question(page, "queen").get_by_role("alert")).to_have_count(0)
    visitor.expect_problems(AWAY)
    page.reload()
    expect(question(page, "queen").get_by_role("radio", name="Otherwise the answer")).to_be_checked()


def test_a_quiz_is_taken_with_keys_alone(visitor: Visitor) -> None:
    page = open_quiz(visitor)
    first = question(page, "one-hot")
    tab_to(page, first.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(first.get_by_role("radio").nth(1)).to_be_checked()
    tab_to(page, first.get_by_role("button", name="Check question 1"))
    page.keyboard.press("Enter")
    expect(first.locator("[data-feedback]")).to_be_focused()

    order = question(page, "skip-gram")
    text = order.locator(".ordering-text").nth(0).inner_text()
    down = order.locator("li").nth(0).get_by_role("button", name="Down")
    tab_to(page, down)
    page.keyboard.press("Enter")
    expect(order.locator(".ordering-text").nth(1)).to_have_text(text)
    expect(order.locator("li").nth(1).get_by_role("button", name="Down")).to_be_focused()
    place = order.locator("li").nth(1).get_by_role("combobox")
    place.focus()
    page.keyboard.press("5")
    expect(order.locator(".ordering-text").nth(4)).to_have_text(text)
    expect(order.locator("li").nth(4).get_by_role("combobox")).to_be_focused()
    order.locator("li").nth(3).get_by_role("button", name="Down").press("Enter")
    # The last one has no way down: the keys are where it can be taken back.
    expect(order.locator("li").nth(4).get_by_role("button", name="Up")).to_be_focused()

    pair = question(page, "methods").get_by_label("fastText")
    tab_to(page, pair)
    page.keyboard.press("a")
    expect(pair.locator("option:checked")).to_contain_text("adds up")

    tab_to(page, page.get_by_role("button", name="Submit"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(question(page, "cosine").get_by_label("Your number")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Submit"))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{RESULTS}$"))
    expect(page.get_by_role("heading", name="Your results")).to_be_visible()


def test_two_tabs_keep_one_answer_and_the_other_is_told(visitor: Visitor) -> None:
    first = open_quiz(visitor)
    visitor.page = visitor.context.new_page()
    second = open_quiz(visitor)
    choose(first, "queen", "Otherwise the answer")
    state(first, "Saved")

    # The second tab was opened before: its questions stand in another order.
    choose(second, "queen", "add up to zero")
    expect(second.get_by_role("alert")).to_contain_text("You have begun this quiz in another tab")
    mine = question(second, "queen").get_by_role("radio", name="Otherwise the answer")
    expect(mine).to_be_checked()

    # From now on both show the same attempt.
    choose(second, "queen", "the search is faster")
    state(second, "Saved")
    choose(first, "queen", "exactly the vector")
    expect(question(first, "queen").get_by_role("alert")).to_contain_text("answered in another tab")
    expect(question(first, "queen").get_by_role("radio", name="the search is faster")).to_be_checked()

    # What was typed gives way as well, though the browser says "change" of a field that is taken away.
    question(second, "cosine").get_by_label("Your number").fill("0.5")
    state(second, "Saved")
    question(first, "cosine").get_by_label("Your number").press_sequentially("0.6")
    expect(question(first, "cosine").get_by_role("alert")).to_contain_text("answered in another tab")
    expect(question(first, "cosine").get_by_label("Your number")).to_be_focused()
    choose(first, "company", "keep the same company")
    state(first, "Saved")
    first.reload()
    expect(question(first, "company").get_by_role("checkbox", name="keep the same company")).to_be_checked()
    expect(question(first, "cosine").get_by_label("Your number")).to_have_value("0.5")
    visitor.expect_problems("409: PUT /api/attempts/")


def test_the_quiz_in_a_lesson_is_answered_and_counts_as_done(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    expect(page.locator(".lesson-todo .todo-count")).to_have_text("0 of 4 done")
    assert visitor.context.cookies() == []
    block = page.locator(".quiz-block")
    expect(block).to_have_attribute("data-mounted", "")
    choose(page, "one-hot", "It depends")
    expect(check(page, "one-hot")).to_contain_text("Not right.")
    submit(page)
    expect(block.locator(".handed-in")).to_contain_text("0 of 15 points")
    expect(page.locator(".lesson-todo .todo-count")).to_have_text("1 of 4 done")
    block.get_by_role("button", name="Take it again").click()
    expect(question(page, "one-hot").get_by_role("radio", name="It depends")).not_to_be_checked()


def test_a_demo_waits_for_the_prediction_and_then_tells(visitor: Visitor) -> None:
    page = visitor.open(LESSON, predicts=True)
    prediction, explorer = page.locator("[data-predict]"), visitor.demo("explorer")
    run = explorer.get_by_role("button", name="Run")
    expect(prediction).to_have_attribute("data-mounted", "")
    expect(run).to_have_attribute("aria-disabled", "true")
    expect(explorer.locator(".demo-body")).to_be_hidden()
    run.click(force=True)
    expect(explorer.locator(".demo-status")).to_contain_text("First say above what you expect")
    expect(explorer).to_have_attribute("data-state", "recorded")

    prediction.get_by_role("radio", name="london").check()
    prediction.get_by_role("button", name="Keep my prediction").click()
    expect(run).to_be_focused()
    expect(prediction).to_contain_text("Your prediction is kept")
    expect(prediction).not_to_contain_text("0.80")
    page.keyboard.press("Enter")
    expect(explorer).to_have_attribute("data-state", "succeeded")
    expect(prediction).to_contain_text("You predicted")
    expect(prediction).to_contain_text("France it is, with 0.80")

    page.reload()
    expect(prediction.get_by_role("radio", name="london")).to_be_checked()
    expect(prediction.get_by_role("radio", name="london")).to_be_disabled()
    expect(run).to_have_attribute("aria-disabled", "false")


def test_a_prediction_that_was_skipped_is_not_asked_again(visitor: Visitor) -> None:
    visitor.open(LESSON)  # skips it
    page = visitor.open(LESSON, predicts=True)
    expect(page.locator("[data-predict]")).to_have_attribute("data-mounted", "")
    run = visitor.demo("explorer").get_by_role("button", name="Run")
    expect(run).to_have_attribute("aria-disabled", "false")


def test_without_javascript_a_form_takes_all_answers(arrive: Callable[..., Visitor]) -> None:
    plain = arrive(java_script_enabled=False)
    page = plain.page
    page.goto(QUIZ)
    question(page, "queen").get_by_role("radio", name="Otherwise the answer").check()
    question(page, "summing-up").get_by_label("Gap 3").fill("cosine")
    order = question(page, "skip-gram")
    order.get_by_role("combobox").nth(0).select_option("5")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("Your answers are saved.")
    expect(question(page, "summing-up").get_by_label("Gap 3")).to_have_value("cosine")
    question(page, "queen").get_by_role("button", name="Check question 4").click()
    expect(question(page, "queen").locator("[data-feedback]")).to_contain_text("Right.")
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile(f"{RESULTS}$"))
    expect(page.locator(".score")).to_contain_text("of 15 points")


def test_axe_finds_nothing_on_the_pages_of_a_quiz(arrive: Callable[..., Visitor]) -> None:
    # The policy forbids what axe does; every other test runs under it.
    visitor = arrive(bypass_csp=True, reduced_motion="reduce", color_scheme="light", viewport=PHONE)
    page = visitor.open(LESSON, predicts=True)
    expect(page.locator("[data-predict]")).to_have_attribute("data-mounted", "")
    found = looked_at(page)
    page = open_quiz(visitor)
    found += looked_at(page)
    for name, text in {"one-hot": "Close to", "company": "keep the same company"}.items():
        choose(page, name, text)
        check(page, name)
    question(page, "methods").get_by_label("GloVe").select_option(index=1)
    check(page, "methods")
    found += looked_at(page)
    page.get_by_role("button", name="Submit").click()
    found += looked_at(page)
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile(f"{RESULTS}$"))
    found += looked_at(page)
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def looked_at(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    page.emulate_media(color_scheme="light")
    found = look(page, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    return found + look(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
