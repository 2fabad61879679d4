"""What the browser tests know about the live training: how to start one, and what its picture says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

SLUG = "train_vectors"
PAGE = f"/demos/{SLUG}/"


def new_seed() -> int:
    """Makes a training one of its own; equal ones would meet."""
    return uuid4().fields[0] % 2**31


def settings(**params: Any) -> str:
    """Settings for a URL: a training that lasts longer than any test looks at it."""
    values = {"epochs": 20, "dimensions": 100, "seed": new_seed(), **params}
    return urlencode({f"{SLUG}.{name}": value for name, value in values.items()})


def start(visitor: Visitor, path: str = PAGE, **params: Any) -> Locator:
    """Open the page, press Run, and wait for the first numbers."""
    visitor.open(f"{path}?{settings(**params)}")
    frame = visitor.demo(SLUG)
    frame.get_by_role("button", name="Run").click()
    wait_for_steps(frame, 2)
    return frame


def wait_for_steps(frame: Locator, count: int) -> list[int]:
    """The steps in the table of the loss, once there are at least so many of the run that goes on."""
    expect(frame).to_have_attribute("data-state", "running")
    expect(frame.locator("div.demo-body")).not_to_contain_class("stale")  # the picture from before is gone …
    frame.page.evaluate(
        "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )  # … drawn over
    table = open_table(frame)
    expect(table.locator("tbody tr").nth(count - 1)).to_be_attached()
    return steps_shown(frame)


def steps_shown(frame: Locator) -> list[int]:
    """The steps in the table of the loss, the twin of the curve."""
    cells = open_table(frame).locator("tbody tr td:nth-child(2)")
    return [int(text) for text in cells.all_text_contents()]


def open_table(frame: Locator) -> Locator:
    chart = frame.locator(".chart").filter(has=frame.page.locator("[aria-label='Loss on held-out pairs']"))
    toggle = chart.get_by_role("button", name="Show as table")
    if toggle.is_visible():
        toggle.click()
    table = chart.get_by_role("table")
    expect(table).to_be_visible()
    return table


def steps_told(visitor: Visitor, job_id: str) -> list[int]:
    """The steps that the run has told of so far, from the API."""
    events: list[dict[str, Any]] = visitor.context.request.get(f"/api/jobs/{job_id}/events/").json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return [row["step"] for event in events if event["kind"] == "metrics" for row in event["data"]["rows"]]
