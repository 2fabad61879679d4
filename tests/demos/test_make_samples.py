"""The command that records the runs on which the demos' pages open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demos.management.commands.make_samples import merge_progress
from mlcore import registry
from mlcore.contracts import Event


def event(kind: str, done: int = 0) -> Event:
    return Event(seq=0, attempt=1, t=0.0, kind=kind, data={"done": done})


def test_progress_is_kept_only_where_something_came_after_it() -> None:
    said = [event("progress", 1), event("progress", 2), event("frame"), event("progress", 3), event("result")]
    kept = merge_progress(said)
    assert [(each["kind"], each["data"]["done"]) for each in kept] == [
        ("progress", 2),
        ("frame", 0),
        ("progress", 3),
        ("result", 0),
    ]
    assert [each["seq"] for each in kept] == [1, 2, 3, 4]


def test_a_demo_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"no demo “nothing”; there are .*explorer"):
        call_command("make_samples", "nothing")


def test_a_recorded_run_is_written_beside_the_view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ROOT", tmp_path)
    monkeypatch.setattr(registry, "LESSONS", tmp_path / "lessons")
    (tmp_path / "lessons" / "word_vectors").mkdir(parents=True)
    call_command("make_samples", "explorer", verbosity=0)
    demo = registry.get("explorer")
    sample = json.loads((tmp_path / "lessons/word_vectors/static/explorer.sample.json").read_text())
    assert sample["params"] == demo.Params().model_dump(mode="json")
    assert sample["version"] == demo.version
    assert [each["kind"] for each in sample["events"]] == ["result"]
