"""The live picture, whatever happens to the network, the server and the workers meanwhile."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import expect

from tests.browser import training
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def student(visitor: Visitor) -> Visitor:
    visitor.sign_up("Joan")
    return visitor


def test_a_page_that_was_offline_shows_every_step_once_and_in_order(stack: Stack, student: Visitor) -> None:
    frame = training.start(student)
    job_id = student.job(training.SLUG)["id"]

    student.context.set_offline(True)
    expect(frame.locator(".demo-connection")).to_contain_text("offline")
    missed = len(training.steps_shown(frame)) + 3
    stack.wait_for(lambda: len(training.steps_told(student, job_id)) >= missed, "steps while the page is away")
    assert len(training.steps_shown(frame)) < missed

    student.context.set_offline(False)
    training.wait_for_steps(frame, missed + 1)
    expect(frame.locator(".demo-connection")).to_have_text("")
    frame.get_by_role("button", name="Stop").click()
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()
    shown = training.steps_shown(frame)
    assert shown == training.steps_told(student, job_id)
    assert shown == sorted(set(shown))


@pytest.mark.fault
@pytest.mark.slow
def test_a_page_goes_on_by_itself_when_the_web_server_was_killed(stack: Stack, student: Visitor) -> None:
    frame = training.start(student)
    job_id = student.job(training.SLUG)["id"]
    before = training.steps_shown(frame)
    os.kill(stack.pids("web")[0], signal.SIGKILL)
    expect(frame.locator(".demo-connection")).to_contain_text("reconnecting")
    expect(frame.locator(".demo-connection")).to_have_text("")
    shown = training.wait_for_steps(frame, len(before) + 5)
    assert shown[: len(before)] == before
    assert training.steps_told(student, job_id)[: len(shown)] == shown
    frame.get_by_role("button", name="Stop").click()
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()
    student.expect_problems("WebSocket|ERR_")


def test_without_a_worker_the_page_says_so_and_starts_when_one_comes(stack: Stack, student: Visitor) -> None:
    workers = stack.pids("training")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        student.open(f"{training.PAGE}?{training.settings()}")
        frame = student.demo(training.SLUG)
        frame.get_by_role("button", name="Run").click()
        expect(frame.locator(".demo-status")).to_contain_text("Waiting for a worker")
        expect(frame).to_have_attribute("data-state", "queued")
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
    training.wait_for_steps(frame, 1)
    frame.get_by_role("button", name="Stop").click()
    expect(frame).to_have_attribute("data-state", "stopped")
