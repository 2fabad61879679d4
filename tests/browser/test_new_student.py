"""What somebody does who comes for the first time."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import training
from tests.browser.visitor import LESSON, Visitor, fill_sign_up, new_email

pytestmark = pytest.mark.browser


def test_a_new_student_reads_tries_trains_and_shares(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive()

    # From the front page into the lesson.
    page = visitor.open("/")
    page.get_by_role("main").get_by_role("link", name="Words as vectors").first.click()
    expect(page).to_have_url(re.compile(f"{LESSON}$"))

    # The neighbours of "paris", live and without a guess before.
    page.get_by_role("button", name="Skip this").click()
    explorer = visitor.demo("explorer")
    expect(explorer.get_by_label("Word", exact=True)).to_have_value("paris")
    explorer.get_by_role("button", name="Run").click()
    expect(explorer).to_have_attribute("data-state", "succeeded")
    answer = visitor.job("explorer")["result"]["lists"][0]["words"]
    assert "france" in [near["word"] for near in answer]
    expect(explorer.locator(".wv-near .wv-word")).to_have_text([near["word"] for near in answer])

    # A guest who wants to train is sent to sign up, and comes back to the same settings.
    frame = visitor.demo(training.SLUG)
    epochs = frame.get_by_role("spinbutton", name="Epochs")
    epochs.fill("20")
    frame.get_by_label("Seed").fill(str(training.new_seed()))
    frame.get_by_role("button", name="Run").click()
    told = frame.get_by_role("alert")
    expect(told).to_contain_text("Sign in to train a model")
    visitor.expect_problems("403: POST /api/demos/train_vectors/jobs/")
    told.get_by_role("link", name="Sign up").click()
    fill_sign_up(page, new_email("Ada"), "Ada")
    expect(page).to_have_url(re.compile(re.escape(LESSON)))
    expect(epochs).to_have_value("20")

    # The training starts, and its curve grows.
    frame.get_by_role("button", name="Run").click()
    before = training.wait_for_steps(frame, 3)
    job_id = visitor.job(training.SLUG)["id"]

    # A reload in the middle: the same points, and more of them.
    page.reload()
    after = training.wait_for_steps(frame, len(before) + 3)
    assert after[: len(before)] == before
    assert training.steps_told(visitor, job_id)[: len(after)] == after

    # The tab is closed; the plain address of the lesson finds the job that still runs.
    page = visitor.new_page()
    visitor.open(LESSON)
    frame = visitor.demo(training.SLUG)
    later = training.wait_for_steps(frame, len(after) + 3)
    assert visitor.job(training.SLUG)["id"] == job_id
    assert later[: len(after)] == after
    assert training.steps_told(visitor, job_id)[: len(later)] == later

    # Stop.
    frame.get_by_role("button", name="Stop").click()
    expect(frame).to_have_attribute("data-state", "stopped")
    expect(frame.locator(".demo-status")).to_contain_text("Stopped")
    expect(frame.get_by_role("button", name="Continue")).to_be_visible()  # so the run itself has said its last word
    assert visitor.job(training.SLUG)["state"] == "stopped"
    assert training.steps_shown(frame) == training.steps_told(visitor, job_id)

    # My work has it, and shares it.
    page.get_by_role("link", name="My work").click()
    run = page.get_by_role("listitem").filter(has_text="Train word vectors")
    expect(run).to_contain_text("Stopped")
    run.get_by_role("button", name="Share").click()
    link = run.get_by_role("link", name=re.compile("runs")).get_attribute("href")
    assert link

    # Whoever has the link sees the same picture, and neither a name nor a button.
    friend = arrive()
    friend.open(link)
    shared = friend.demo(training.SLUG)
    expect(shared).to_have_attribute("data-state", "stopped")
    assert training.steps_shown(shared) == training.steps_told(visitor, job_id)
    assert "Ada" not in friend.page.content()
    expect(shared.get_by_role("button", name=re.compile("^(Run|Stop|Share|Continue)$"))).to_have_count(0)
    expect(shared.get_by_role("spinbutton", name="Epochs")).to_be_disabled()
