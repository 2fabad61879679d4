"""What happens to a training when its worker is killed, frozen or shut down: it goes on, and it ends once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import psutil
import pytest

from tests.person import FINAL, Person
from tests.stack import ROOT, Stack

pytestmark = [pytest.mark.fault, pytest.mark.slow]

# Long enough to be interrupted, with a checkpoint every few seconds.
TRAINING = {"text": "encyclopedia", "epochs": 20, "dimensions": 100}
TAKEN_UP_WITHIN = 25  # seconds, the promise


@pytest.fixture
def student(stack: Stack, request: pytest.FixtureRequest) -> Person:
    letters = "".join(filter(str.isalnum, request.node.name))
    return Person(stack.url).sign_up(f"{letters[-40:].lower()}@example.org")


@pytest.fixture
def second_worker(stack: Stack) -> Iterator[str]:
    """Another training worker beside the one that `up` supervises."""
    name = "spare@test"
    command = ["celery", "-A", "config.celery", "worker", "-Q", "training", "--concurrency", "1", "-n", name]
    env = {**stack.env, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
    worker = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.wait_for(lambda: name in [w["name"] for w in stack.get("/readyz")["workers"]], "the second worker")
    yield name
    worker.terminate()
    worker.wait(30)


def start_training(student: Person, seed: int) -> tuple[str, list[dict[str, Any]]]:
    """A training that is past its first checkpoint, and its events until then."""
    job = student.submit("train_vectors", **TRAINING, seed=seed)
    seen = []
    for event in student.listen(job["id"]):
        seen.append(event)
        if event["t"] - seen[0]["t"] > 8:
            return job["id"], seen
    raise AssertionError("the training ended too early for this test")


def check_story(student: Person, job_id: str, seen: list[dict[str, Any]]) -> None:
    assert [e["seq"] for e in seen] == list(range(1, len(seen) + 1)), "each event once, in order, none missing"
    assert [e["kind"] in FINAL for e in seen] == [False] * (len(seen) - 1) + [True], "one final event, the last"
    attempts = [e["attempt"] for e in seen]
    assert attempts == sorted(attempts)
    told = student.events(job_id)
    assert told["final"]
    assert [(e["seq"], e["kind"]) for e in told["events"]] == [(e["seq"], e["kind"]) for e in seen]
    for attempt in set(attempts):
        done = [e["data"]["done"] for e in seen if e["kind"] == "progress" and e["attempt"] == attempt]
        assert all(a <= b for a, b in pairwise(done)), "progress goes forwards within an attempt"


@pytest.mark.parametrize("victim", ["parent", "child"])
def test_a_killed_workers_run_is_taken_up_again_and_ends_once(stack: Stack, student: Person, victim: str) -> None:
    job_id, seen = start_training(student, seed=1 if victim == "parent" else 2)
    pids = stack.pids("training")
    children = [psutil.Process(pid) for pid in pids[1:]]
    os.kill(pids[0] if victim == "parent" else pids[-1], signal.SIGKILL)
    killed = time.monotonic()
    for event in student.listen(job_id, after=seen[-1]["seq"], timeout=TAKEN_UP_WITHIN + 10):
        seen.append(event)
        if event["kind"] == "resumed":
            break
    assert seen[-1]["kind"] == "resumed"
    assert time.monotonic() - killed < TAKEN_UP_WITHIN
    assert seen[-1]["data"]["from"], "it goes on from its checkpoint, not from the beginning"
    if victim == "parent":
        assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    stack.get("/healthz")
    for event in student.listen(job_id, after=seen[-1]["seq"]):
        seen.append(event)
        if event["kind"] == "progress" and student.job(job_id)["state"] == "running":
            student.stop(job_id)
    check_story(student, job_id, seen)
    assert student.job(job_id)["attempt"] == 2


def test_a_worker_frozen_past_its_lease_changes_nothing_when_it_wakes(
    stack: Stack, student: Person, second_worker: str
) -> None:
    job_id, seen = start_training(student, seed=3)
    owner = seen[0]["data"]["worker"]
    spare = owner.startswith("spare")
    family = (
        [p.pid for p in psutil.process_iter(["cmdline"]) if second_worker in (p.info["cmdline"] or [])]
        if spare
        else stack.pids("training")
    )
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        for event in student.listen(job_id, after=seen[-1]["seq"], timeout=TAKEN_UP_WITHIN + 10):
            seen.append(event)
            if event["kind"] == "resumed":
                break
        assert seen[-1]["kind"] == "resumed"
        assert seen[-1]["data"]["worker"] != owner
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)
    woken_at = seen[-1]["t"]
    for event in student.listen(job_id, after=seen[-1]["seq"]):
        seen.append(event)
        if event["t"] > woken_at + 8 and event["kind"] == "progress" and student.job(job_id)["state"] == "running":
            student.stop(job_id)
    check_story(student, job_id, seen)
    resumed_at = next(n for n, e in enumerate(seen) if e["kind"] == "resumed")
    assert {e["attempt"] for e in seen[resumed_at:]} == {2}, "the woken worker did not add a word"
    assert student.job(job_id)["attempt"] == 2


def test_a_worker_that_is_asked_to_stop_gives_its_run_back_at_once(stack: Stack, student: Person) -> None:
    job_id, seen = start_training(student, seed=4)
    os.kill(stack.pids("training")[0], signal.SIGTERM)
    for event in student.listen(job_id, after=seen[-1]["seq"], timeout=TAKEN_UP_WITHIN + 10):
        seen.append(event)
        if event["kind"] == "resumed":
            break
    assert seen[-1]["kind"] == "resumed"
    student.stop(job_id)
    for event in student.listen(job_id, after=seen[-1]["seq"]):
        seen.append(event)
    check_story(student, job_id, seen)


def test_a_browser_that_was_offline_gets_every_event_in_order_and_once(stack: Stack, student: Person) -> None:
    job = student.submit("train_vectors", **{**TRAINING, "epochs": 4}, seed=5)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["kind"] not in FINAL:
        # Online for a handful of events, then away while the training goes on.
        for event in student.listen(job["id"], after=seen[-1]["seq"] if seen else 0):
            seen.append(event)
            if len(seen) % 40 == 0:
                break
        time.sleep(1)
    check_story(student, job["id"], seen)
    assert seen[-1]["kind"] == "result"


def test_a_restart_of_everything_loses_nothing(stack: Stack, student: Person) -> None:
    job_id, seen = start_training(student, seed=6)
    quick = student.submit("explorer")
    stack.stop()
    stack.start()
    for event in student.listen(job_id, after=seen[-1]["seq"], timeout=60):
        seen.append(event)
        if event["kind"] == "resumed":
            student.stop(job_id)
    check_story(student, job_id, seen)
    assert student.job(quick["id"])["state"] in ("succeeded", "running", "queued")
