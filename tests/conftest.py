"""What every test may use. The real PostgreSQL and Valkey run underneath (config/settings/test.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from common import valkey
from tests.stack import chromium, data_dir, stack  # noqa: F401 - fixtures


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: Playwright keeps an event loop in this thread from the first of them on, and
    where one runs Django lets nobody use the database.

    Where several processes share the tests (`-n 2 --dist loadgroup`), each has servers of its own. A file stays in one
    of them, and so do all tests with a browser, which share one running Unroll; what the contract asks is divided by
    demo.

    Whoever drives a browser, or kills processes, gets a second try: docs/decisions/0018.
    """
    items.sort(key=_has_browser)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
        if _has_browser(item) or item.get_closest_marker("fault"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _has_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


def _group(item: pytest.Item) -> str:
    if _has_browser(item):
        return "browser"
    asked = getattr(item, "callspec", None)
    return f"{item.path.stem}-{asked.params['slug']}" if asked and "slug" in asked.params else str(item.path)


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
