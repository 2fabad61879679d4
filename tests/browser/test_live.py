"""The live picture, whatever happens to the network, the server and the workers meanwhile."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Route, expect

from tests.browser import training
from tests.browser.visitor import Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser

FORGET = """
from jobs import services
from jobs.models import Job
job = Job.objects.select_related("run").get(pk="{}")
services.stop_run(run=job.run)
job.delete()
"""
HAS_CHECKPOINT = """
from jobs.models import Artifact
if Artifact.objects.filter(run__jobs="{}", name=Artifact.CHECKPOINT).exists():
    print("yes")
"""


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


def test_a_run_that_is_gone_can_be_followed_by_a_new_one(stack: Stack, student: Visitor) -> None:
    frame = training.start(student)
    job_id = student.job(training.SLUG)["id"]
    student.context.set_offline(True)
    stack.manage("shell", "--no-imports", "-c", FORGET.format(job_id))
    student.context.set_offline(False)
    expect(frame).to_contain_text("This run is not there any more. Press Run to start a new one.")
    expect(frame).to_have_attribute("data-state", "recorded")
    expect(frame.locator(".demo-status")).to_contain_text("A recorded run")
    expect(frame.locator("div.demo-body")).not_to_contain_class("stale")

    frame.get_by_role("button", name="Run").click()
    training.wait_for_steps(frame, 1)
    assert student.job(training.SLUG)["id"] != job_id
    frame.get_by_role("button", name="Stop").click()
    expect(frame).to_have_attribute("data-state", "stopped")


def test_a_stop_pressed_before_continue_is_answered_stops_the_new_run(stack: Stack, student: Visitor) -> None:
    frame = training.start(student)
    before = student.job(training.SLUG)["id"]
    stack.wait_for(lambda: stack.manage("shell", "--no-imports", "-c", HAS_CHECKPOINT.format(before)), "a checkpoint")
    frame.get_by_role("button", name="Stop").click()
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    student.page.route("**/continue/", hold)
    with student.page.expect_request("**/continue/"):
        frame.get_by_role("button", name="Continue").click()
    expect(frame).to_have_attribute("data-state", "queued")
    frame.get_by_role("button", name="Stop").click()
    held.pop().continue_()
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()
    after = student.job(training.SLUG)
    assert after["id"] != before
    assert after["state"] == "stopped"
