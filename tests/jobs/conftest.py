"""Small demos with known behaviour, put into the registry for one test, and a worker that is this very process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from accounts.actors import Actor
from jobs import selectors
from jobs.models import Job, Run
from jobs.worker import work_off
from mlcore import contracts, registry
from mlcore.contracts import Demo, DemoError, FileRef
from tests.factories import UserFactory


class Doubling(Demo):
    """Doubles a number; fails as asked."""

    slug, lesson, version = "doubling", "tests", "v1"
    title, summary = "Doubling", "Twice a number."
    queue = "inference"
    deterministic = True
    follows_typing = True
    max_batch = 8

    class Params(contracts.Params):
        number: int = Field(1, ge=0, le=1000, title="Number", description="What is doubled.")
        trouble: str = Field("", max_length=20, title="Trouble", description="What goes wrong.")

    def __init__(self) -> None:
        self.batches: list[int] = []

    def run(self, params: Any, report: Any) -> dict[str, Any]:
        if params.trouble == "refuse":
            raise DemoError("That number is too dull. Choose another.")
        if params.trouble == "bug":
            raise RuntimeError("secret detail")
        if params.trouble == "nan":
            return {"twice": float("nan")}
        if params.trouble == "nul":
            return {"twice": "a\0b"}
        if params.trouble == "half":
            return {"twice": "\ud800"}
        if params.trouble == "odd words":
            raise DemoError("a\0b\ud800" * 1000)
        if params.trouble == "large":
            return {"twice": "x" * 300_000}
        report.progress(1, 1)
        return {"twice": params.number * 2}

    def batch_key(self, params: Any) -> str | None:
        return "all"

    def run_batch(self, params: Any, reports: Any) -> list[dict[str, Any]]:
        self.batches.append(len(params))
        if any(p.trouble for p in params):
            raise RuntimeError("one of them is bad")
        return [{"twice": p.number * 2} for p in params]


class Counting(Demo):
    """Counts to `steps`, one checkpoint a step; `gate` holds it back until the test opens it."""

    slug, lesson, version = "counting", "tests", "v1"
    title, summary = "Counting", "Counts."
    queue = "training"
    deterministic = True
    continues = True

    class Params(contracts.Params):
        steps: int = Field(3, ge=1, le=100, title="Steps", description="How far.")
        seed: int = Field(0, ge=0, le=100, title="Seed", description="Makes a different run.")

    def __init__(self) -> None:
        self.before_step: Callable[[int], None] = lambda step: None
        self.folder = Path()

    def run(self, params: Any, report: Any) -> dict[str, Any]:
        kept = report.resume_from()
        start = int(kept.read_text()) if kept else 0
        for step in range(start + 1, start + params.steps + 1 if start >= params.steps else params.steps + 1):
            self.before_step(step)
            report.progress(step, params.steps)
            report.metrics(step=step, loss=1 / step)
            path = self.folder / "checkpoint"
            path.write_text(str(step))
            report.checkpoint(path)
        return {"counted": step}


class Reading(Demo):
    """Counts the lines of a file. What stands in its first line can go wrong."""

    slug, lesson, version = "reading", "tests", "v1"
    title, summary = "Reading", "How many lines."
    queue = "inference"
    deterministic = True

    class Params(contracts.Params):
        file: FileRef = Field("", title="File", description="Its lines are counted.")
        small: FileRef = Field("", title="Small", description="Few.", json_schema_extra={"max_bytes": 1_000})

    def check_file(self, field: str, path: Path) -> dict[str, Any]:
        lines = path.read_bytes().decode().splitlines()
        if lines[0] == "prose":
            raise DemoError("There are no numbers in this file. Choose a table.")
        return {"lines": len(lines), "first": lines[0]}

    def run(self, params: Any, report: Any) -> dict[str, Any]:
        return {"lines": len(report.file(params.file).read_text().splitlines())}


@pytest.fixture
def demos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> dict[str, Any]:
    settings.MEDIA_ROOT = tmp_path / "media"
    found = {"doubling": Doubling(), "counting": Counting(), "reading": Reading()}
    found["counting"].folder = tmp_path
    monkeypatch.setattr(registry, "demos", lambda: found)
    return found


@pytest.fixture(autouse=True)
def _fresh_queue() -> None:
    """One look at the queue serves half a second, and a test takes less."""
    selectors.look_at_queue.cache_clear()


@pytest.fixture
def student(db: None) -> Actor:
    return actor_of(UserFactory())


def actor_of(user: Any) -> Actor:
    return Actor(user=user, guest="", address="192.0.2.1")


def guest(name: str = "g1", address: str = "192.0.2.1") -> Actor:
    return Actor(user=None, guest=name, address=address)


def work(queue: str = "inference", worker: str = "w1", **kwargs: Any) -> int:
    return work_off(queue, worker=worker, device="cpu", **kwargs)


def fresh(thing: Any) -> Any:
    """The row as it is in the database now."""
    if isinstance(thing, Job):
        return Job.objects.select_related("run").get(pk=thing.pk)
    return Run.objects.get(pk=thing.pk)
