"""Light and dark: as the system says, until somebody chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LIGHT, DARK = "rgb(251, 250, 247)", "rgb(20, 22, 26)"  # --paper in tokens.css


def choose(page: Page, theme: str) -> None:
    page.locator(".theme").get_by_title(theme, exact=True).click()


def expect_paper(page: Page, color: str) -> None:
    expect(page.locator("body")).to_have_css("background-color", color)


def test_colours_follow_the_system_while_nothing_is_chosen(arrive: Callable[..., Visitor]) -> None:
    page = arrive(color_scheme="dark").open("/")
    expect_paper(page, DARK)
    page.emulate_media(color_scheme="light")
    expect_paper(page, LIGHT)


def test_chosen_colours_stay_on_every_page_and_in_every_tab(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(color_scheme="light")
    page = visitor.open("/")
    other_tab = visitor.context.new_page()
    other_tab.goto("/accounts/login/")
    choose(page, "Dark")
    expect_paper(page, DARK)
    expect_paper(other_tab, DARK)
    page.reload()
    expect_paper(page, DARK)
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    page = visitor.new_page()
    page.goto("/my/")
    expect_paper(page, DARK)


def test_going_back_to_the_system_follows_it_again(arrive: Callable[..., Visitor]) -> None:
    page = arrive(color_scheme="light").open("/")
    choose(page, "Dark")
    choose(page, "As the system says")
    expect_paper(page, LIGHT)
    page.emulate_media(color_scheme="dark")
    expect_paper(page, DARK)
