"""A person with a real browser at a running Unroll."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

PATIENCE = 30_000  # milliseconds: what a busy machine may take; no test waits that long where all is well
PASSWORD = "correct horse 42"
LESSON = "/courses/sequence-models/word-vectors/"
# As at http://192.168.… in a classroom: a browser has no clipboard for pages that come without https.
NO_CLIPBOARD = "delete Navigator.prototype.clipboard"
SELECTED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"


class Visitor:
    """One person with a browser of their own: cookies, storage, colours, screen.

    `problems` collects what their pages complain of: script errors, whatever the console calls an error (breaches of
    the content security policy among it), failed requests, and answers of 400 and more. `expect_problems` takes back
    those that a test is about.
    """

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(base_url=url, **options)
        self.context.set_default_timeout(PATIENCE)
        self.problems: list[str] = []
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def _heard(self, said: ConsoleMessage) -> None:
        # What could not be loaded is told in more detail by the two below.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {said.text}")

    def _failed(self, request: Request) -> None:
        # A page that is left breaks off what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure}: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.request.method} {urlsplit(response.url).path}")

    def expect_problems(self, pattern: str) -> None:
        """There were problems of this kind, as there should be; others still fail the test."""
        found = [problem for problem in self.problems if re.search(pattern, problem)]
        assert found, f"nothing like {pattern!r} in {self.problems}"
        self.problems = [problem for problem in self.problems if problem not in found]

    def new_page(self) -> Page:
        """Close the tab and open another one."""
        self.page.close()
        self.page = self.context.new_page()
        return self.page

    def open(self, path: str, *, predicts: bool = False) -> Page:
        """Go there; unless the visitor `predicts`, they skip what would keep demos from running."""
        self.page.goto(path)
        for frame in self.page.locator("[data-demo]").all():
            expect(frame).to_have_attribute("data-mounted", "", timeout=PATIENCE)
        if not predicts:
            for prediction in self.page.locator("[data-predict]").all():
                expect(prediction).to_have_attribute("data-mounted", "")
                if (skip := prediction.get_by_role("button", name="Skip this")).is_visible():
                    skip.click()
        return self.page

    def sign_up(self, name: str = "Ada") -> str:
        """Make an account and be signed in; returns the email."""
        email = new_email(name)
        self.page.goto("/accounts/signup/")
        fill_sign_up(self.page, email, name)
        expect(self.page.locator("details.menu summary")).to_have_text(name)
        return email

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        return self.page

    def demo(self, slug: str) -> Locator:
        """The first frame of this demo on the page."""
        return self.page.locator(f"[data-demo='{slug}']").first

    def job(self, slug: str) -> dict[str, Any]:
        """The job that the frame of a demo follows, as the API tells it."""
        self.page.wait_for_function("name => new URL(location).searchParams.has(name)", arg=f"{slug}.job")
        job_id = self.page.evaluate("name => new URL(location).searchParams.get(name)", f"{slug}.job")
        return dict(self.context.request.get(f"/api/jobs/{job_id}/").json())

    def close(self) -> None:
        self.context.close()


def new_email(name: str) -> str:
    return f"{name.lower()}-{uuid4().hex[:8]}@example.org"


def fill_sign_up(page: Page, email: str, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(email)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
