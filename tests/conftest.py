"""What every test may use. The real PostgreSQL and Valkey run underneath (config/settings/test.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from common import valkey
from tests.stack import Stack, chromium, data_dir, stack  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Nothing of one test (event logs, allowances, hints) is seen by the next."""
    valkey.client().flushdb()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:  # noqa: F811
    """One person's browser, at the address of the running Unroll."""
    context = browser.new_context(base_url=stack.url)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; a script's uncaught error and a breach of the content security policy fail the test at its end."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert problems == []
