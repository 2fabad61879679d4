from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.valkey import client
from jobs import eventlog
from jobs.models import Run


def make_run(**fields: Any) -> Run:
    return Run(
        **{"id": uuid4(), "demo": "d", "version": "v", "params": {}, "queue": "inference", "attempt": 1, **fields}
    )


def say(run: Run, attempt: int, *texts: str) -> int:
    last = eventlog.last_seq(run.id)
    return eventlog.append(
        run.id, attempt, [eventlog.encode(run, attempt, "log", {"text": text}) for text in texts], last=last
    )


def test_events_are_numbered_from_one_without_a_gap() -> None:
    run = make_run()
    assert eventlog.open_attempt(run, "started", {}) == 1
    assert say(run, 1, "a", "b") == 3
    assert say(run, 1, "c") == 4
    events = eventlog.read(run.id, after=0)
    assert [e["seq"] for e in events] == [1, 2, 3, 4]
    assert [e["data"].get("text") for e in events] == [None, "a", "b", "c"]
    assert [e["seq"] for e in eventlog.read(run.id, after=2)] == [3, 4]


def test_a_write_whose_answer_was_lost_is_not_written_twice() -> None:
    run = make_run()
    eventlog.open_attempt(run, "started", {})
    line = [eventlog.encode(run, 1, "log", {"text": "once"})]
    assert eventlog.append(run.id, 1, line, last=1) == 2
    assert eventlog.append(run.id, 1, line, last=1) == 2
    assert [e["kind"] for e in eventlog.read(run.id, after=0)] == ["started", "log"]


def test_an_older_attempt_cannot_add_a_word() -> None:
    run = make_run()
    eventlog.open_attempt(run, "started", {})
    run.attempt = 2
    eventlog.open_attempt(run, "resumed", {})
    assert say(run, 1, "ghost") == eventlog.FENCED
    run.attempt = 1
    assert eventlog.open_attempt(run, "started", {}) == eventlog.FENCED
    assert [e["kind"] for e in eventlog.read(run.id, after=0)] == ["started", "resumed"]


def test_nothing_comes_after_the_final_event_and_it_comes_once() -> None:
    run = make_run()
    eventlog.open_attempt(run, "started", {})
    run.state, run.ended, run.result = "succeeded", timezone.now(), {"answer": 42}
    eventlog.close(run)
    eventlog.close(run)
    assert say(run, 1, "late") == eventlog.CLOSED
    run.attempt = 2
    assert eventlog.open_attempt(run, "resumed", {}) == eventlog.CLOSED
    events = eventlog.read(run.id, after=0)
    assert [e["kind"] for e in events] == ["started", "result"]
    assert events[-1]["data"] == {"result": {"answer": 42}}


def test_a_run_that_has_not_ended_cannot_be_closed() -> None:
    with pytest.raises(ValueError, match="not ended"):
        eventlog.close(make_run())


def test_a_closed_log_is_forgotten_by_valkey_after_a_day() -> None:
    run = make_run(state="stopped", ended=timezone.now())
    eventlog.close(run)
    ttl: Any = client().ttl(eventlog.log_key(run.id))
    assert 0 < ttl <= 24 * 3600


def test_a_log_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "MAX_LOG_BYTES", 1000)
    run = make_run()
    eventlog.open_attempt(run, "started", {})
    assert say(run, 1, "x" * 400) > 0
    assert say(run, 1, "x" * 800) == eventlog.FULL


def test_an_event_that_is_too_large_or_not_json_is_refused() -> None:
    with pytest.raises(eventlog.EventTooLarge):
        eventlog.encode(make_run(), 1, "log", {"text": "x" * 300_000})
    with pytest.raises(ValueError, match="not JSON compliant"):
        eventlog.encode(make_run(), 1, "log", {"x": float("nan")})


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=3), max_size=5))
def test_packing_a_log_loses_nothing(data: list[dict[str, Any]]) -> None:
    run = make_run()
    events = [eventlog.decode(n, eventlog.encode(run, 1, "log", d)) for n, d in enumerate(data, start=1)]
    assert eventlog.unpack(eventlog.pack(events)) == events
    assert [e["data"] for e in events] == data
