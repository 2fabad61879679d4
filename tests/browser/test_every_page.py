"""What holds on every page: it fits a phone, a screen reader can use it, and the security policy lets it work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mlcore import registry
from tests.browser.classroom import Classroom
from tests.browser.visitor import Visitor
from tests.stack import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # some minutes together

COURSE = "/courses/sequence-models/"
LESSONS = [f"{COURSE}{path.parent.name.replace('_', '-')}/" for path in sorted(registry.LESSONS.glob("*/lesson.md"))]
DEMOS = [f"/demos/{slug}/" for slug in sorted(registry.demos())]
READING = ["/", "/courses/", COURSE, *LESSONS, f"{LESSONS[0]}print/", f"{COURSE}glossary/", "/search/?q=vector", "/my/"]
GUEST = [*READING, *DEMOS, "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/author/help/"]
STUDENT = [
    "/my/",
    "/my/runs/",
    COURSE,
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/account/export/",
    "/account/delete/",
    "/enrol/",
    "/accounts/2fa/",
    "/accounts/logout/",
]
OWN_COURSE = "/author/courses/{course}/"
AUTHOR = [
    "/author/",
    "/author/courses/new/",
    OWN_COURSE,
    *(f"{OWN_COURSE}{page}/" for page in ("settings", "members", "announcements", "glossary", "questions", "import")),
    f"{OWN_COURSE}lessons/new/",
    f"{OWN_COURSE}lessons/signs/",
    f"{OWN_COURSE}lessons/signs/revisions/",
    f"{OWN_COURSE}lessons/signs/revisions/1/",
    f"{OWN_COURSE}lessons/signs/as-student/",
    f"{OWN_COURSE}lessons/signs/original/",
    "/preview/{course}/",
    "/enrol/{course}/",
    "/courses/{course}/",
    "/courses/{course}/signs/discussion/",
    "/courses/{course}/signs/discussion/ask/",
]
STAFF = ["/staff/jobs/", "/staff/people/", "/staff/courses/"]
SHARED = "a shared run"
EVERY_PAGE = [
    *(("guest", path) for path in [*GUEST, SHARED]),
    *(("student", path) for path in STUDENT),
    *(("author", path) for path in AUTHOR),
    *(("staff", path) for path in STAFF),
]
every_page = pytest.mark.parametrize(("who", "path"), EVERY_PAGE, ids=[" ".join(pair) for pair in EVERY_PAGE])

WIDTHS = {"a phone": 360, "a zoomed screen": 680}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def student(browser: Any, stack: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Somebody with an account and a run that is done and shared: their cookies, and the link."""
    visitor = Visitor(browser, stack.url)
    visitor.sign_up("Emmy")
    visitor.open("/demos/explorer/?explorer.word=violin")
    frame = visitor.demo("explorer")
    expect(frame).to_have_attribute("data-state", "succeeded")
    frame.get_by_role("button", name="Share").click()
    link = frame.get_by_label("Link to this run").input_value()
    state = tmp_path_factory.mktemp("student") / "state.json"
    visitor.context.storage_state(path=state)
    visitor.close()
    return {"state": state, "link": link}


@pytest.fixture(scope="session")
def author(browser: Any, stack: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Somebody who teaches a course: their cookies, and the course."""
    room = Classroom(stack)
    visitor = Visitor(browser, stack.url)
    expect(visitor.sign_in(room.anna).locator("details.menu summary")).to_have_text("Anna")
    state = tmp_path_factory.mktemp("author") / "state.json"
    visitor.context.storage_state(path=state)
    visitor.close()
    return {"state": state, "course": room.slug}


@pytest.fixture
def come_as(
    arrive: Callable[..., Visitor], student: dict[str, Any], author: dict[str, Any], staff_state: Path
) -> Callable[..., Visitor]:
    states = {"guest": None, "student": student["state"], "author": author["state"], "staff": staff_state}
    return lambda who, **options: arrive(storage_state=states[who], **options)


@pytest.fixture
def address(student: dict[str, Any], author: dict[str, Any]) -> Callable[[str], str]:
    return lambda path: student["link"] if path == SHARED else path.format(course=author["course"])


def open_page(visitor: Visitor, path: str) -> Page:
    page = visitor.open(path)
    for chart in page.locator(".chart-plot").all():
        chart.scroll_into_view_if_needed()
        expect(chart).to_contain_class("js-plotly-plot")
    return page


@every_page
def test_page_never_scrolls_sideways(
    come_as: Callable[..., Visitor], address: Callable[[str], str], who: str, path: str
) -> None:
    page = open_page(come_as(who, viewport={"width": 1360, "height": 800}), address(path))
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 740})
        # Waited for: a chart takes its new width a moment later.
        expect(page.locator("html"), f"on {name}").to_have_js_property("scrollWidth", width)


@every_page
def test_axe_finds_nothing(come_as: Callable[..., Visitor], address: Callable[[str], str], who: str, path: str) -> None:
    # The policy forbids what axe does; every other test runs under it.
    visitor = come_as(who, bypass_csp=True, reduced_motion="reduce", color_scheme="light")
    page = open_page(visitor, address(path))
    page.add_script_tag(path=AXE)
    found = look(page, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    found += look(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert found == []


def look(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds, grave or not: rule, places, and what to do."""
    violations = page.evaluate(
        "async options => (await axe.run({...options, resultTypes: ['violations']})).violations", options
    )
    return [
        f"{found['id']} at {[node['target'] for node in found['nodes']]}: {found['nodes'][0]['failureSummary']}"
        for found in violations
    ]


def test_a_script_written_into_a_page_does_not_run(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'taken over'";
            document.body.append(script);
        }"""
    )
    assert "Unroll" in page.title()
    visitor.expect_problems("Content Security Policy")


def test_a_page_that_is_not_there_says_so(visitor: Visitor) -> None:
    page = visitor.open("/courses/nothing-of-this-name/")
    expect(page.get_by_role("main")).to_contain_text("There is nothing here")
    visitor.expect_problems("404: GET /courses/nothing-of-this-name/")
