"""What staff do in their pages, and what the student sees of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import training
from tests.browser.visitor import NO_CLIPBOARD, SELECTED, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(arrive: Callable[..., Visitor], staff_state: Path) -> Visitor:
    return arrive(storage_state=staff_state)


def test_staff_see_a_training_and_stop_it_for_the_student(visitor: Visitor, staff: Visitor) -> None:
    email = visitor.sign_up("Alan")
    frame = training.start(visitor)

    page = staff.open("/staff/jobs/")
    row = page.get_by_role("row").filter(has_text=email)
    expect(row).to_contain_text("Running")
    expect(row).to_contain_text("training-1@")
    row.get_by_role("button", name="Stop").click()
    expect(row).to_contain_text("Stopped")

    expect(frame).to_have_attribute("data-state", "stopped")
    expect(frame).to_contain_text("Staff stopped this run.")


def test_a_role_given_by_staff_counts_at_once(visitor: Visitor, staff: Visitor) -> None:
    email = visitor.sign_up("Barbara")
    visitor.page.goto("/staff/jobs/")
    expect(visitor.page.get_by_role("main")).not_to_contain_text("Jobs")
    visitor.expect_problems("40[34]: GET /staff/jobs/")

    page = staff.open("/staff/people/")
    page.get_by_label("Name or email").fill(email)
    expect(page.locator("#people tbody tr")).to_have_count(1)
    page.get_by_label("Role of Barbara").select_option("Staff")
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Saved")

    visitor.page.goto("/staff/jobs/")
    expect(visitor.page.get_by_role("heading", name="Jobs")).to_be_visible()


def make_link(staff: Visitor, email: str) -> Page:
    page = staff.open(f"/staff/people/?q={email}")
    page.get_by_role("row").filter(has_text=email).get_by_role("button", name="One-time link").click()
    page.wait_for_url("**/reset-link/")  # and for its scripts: a button without them does nothing
    return page


def test_a_one_time_link_sets_a_new_password_once(arrive: Callable[..., Visitor], staff: Visitor) -> None:
    email = arrive().sign_up("Edsger")
    staff.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = make_link(staff, email)
    link = page.get_by_label("One-time link").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link

    forgetful = arrive()
    forgetful.page.goto(link)
    for field in forgetful.page.locator("input[type=password]").all():
        field.fill("a new password 77")
    forgetful.page.get_by_role("main").get_by_role("button").first.click()
    expect(forgetful.page.locator("details.menu summary")).to_have_text("Edsger")

    somebody = arrive()
    somebody.page.goto(link)
    expect(somebody.page.locator("input[type=password]")).to_have_count(0)
    somebody.sign_in(email, "a new password 77")
    expect(somebody.page.locator("details.menu summary")).to_have_text("Edsger")


def test_where_nothing_can_be_copied_the_one_time_link_is_selected(
    arrive: Callable[..., Visitor], staff: Visitor
) -> None:
    email = arrive().sign_up("Kathleen")
    staff.context.add_init_script(NO_CLIPBOARD)
    page = make_link(staff, email)
    link = page.get_by_label("One-time link")
    page.get_by_role("button", name="Copy").click()
    expect(link).to_be_focused()
    assert link.evaluate(SELECTED) == link.input_value()
    expect(page.get_by_role("button", name="Copy it by hand")).to_be_visible()
