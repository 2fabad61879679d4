"""People with real browsers at the running Unroll. What goes wrong in one of their pages fails the test at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import PASSWORD, PATIENCE, Visitor, new_email
from tests.stack import Stack


@pytest.fixture(scope="session", autouse=True)
def _patient() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def arrive(browser: Browser, stack: Stack) -> Iterator[Callable[..., Visitor]]:
    """Call it for each person that comes, with options of `Browser.new_context` (`color_scheme`, `viewport`, …)."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        visitors.append(Visitor(browser, stack.url, **options))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []


@pytest.fixture
def visitor(arrive: Callable[..., Visitor]) -> Visitor:
    return arrive()


@pytest.fixture(scope="session")
def staff_state(browser: Browser, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of Grace, who is staff: `arrive(storage_state=staff_state)`."""
    path = tmp_path_factory.mktemp("staff") / "state.json"
    visitor = Visitor(browser, stack.url)
    email = new_email("Grace")
    stack.manage("createstaff", email, "--name", "Grace", "--password-stdin", typed=PASSWORD)
    page = visitor.sign_in(email)
    expect(page.locator("details.menu summary")).to_have_text("Grace")
    visitor.context.storage_state(path=path)
    visitor.close()
    return path
