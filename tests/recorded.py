"""Looking at what a demo said in a run that was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlcore.contracts import Event


def data_of(events: Sequence[Event], kind: str) -> list[dict[str, Any]]:
    """What the events of one kind say."""
    return [event["data"] for event in events if event["kind"] == kind]


def rows_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The rows of the curves."""
    return [row for data in data_of(events, "metrics") for row in data["rows"]]


def result_of(events: Sequence[Event]) -> dict[str, Any]:
    """The result of a run that has come to its end."""
    last = events[-1]
    assert last["kind"] == "result", f"the run ended with {last}"
    return dict(last["data"]["result"])
