from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlcore import contracts
from mlcore.contracts import Demo, DemoError, Reporter, Stopped
from mlcore.recording import Recorder, Silent


class Counting(Demo):
    """Counts to five, or fails on the way."""

    class Params(contracts.Params):
        fail: bool = False

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        for i in range(5):
            report.progress(i + 1, 5)
            if params.fail:
                raise DemoError("Too far. Try less.")
        return {"counted": 5}


def test_every_event_is_kept_in_order_and_the_result_comes_last() -> None:
    with Recorder() as recorder:
        events = recorder.run(Counting(), Counting.Params())
    assert [event["kind"] for event in events] == ["progress"] * 5 + ["result"]
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[-1]["data"] == {"result": {"counted": 5}}


def test_a_stop_ends_the_run_at_the_next_call() -> None:
    with Recorder(stop_after=3) as recorder:
        events = recorder.run(Counting(), Counting.Params())
    assert [event["kind"] for event in events] == ["progress"] * 3 + ["stopped"]


def test_a_stopped_recorder_raises_in_every_call(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with Recorder(stop_after=0) as recorder:
        for call in (
            lambda: recorder.metrics(loss=1.0),
            lambda: recorder.tokens("a"),
            lambda: recorder.checkpoint(file),
            lambda: recorder.artifact("a", file),
        ):
            with pytest.raises(Stopped):
                call()


def test_in_a_batch_a_stop_is_told_and_not_raised() -> None:
    with Recorder(stop_after=1, raising=False) as recorder:
        recorder.progress(1, 2)
        recorder.progress(2, 2)
        assert recorder.stopped


def test_a_demo_error_becomes_the_sentence_for_the_student() -> None:
    with Recorder() as recorder:
        events = recorder.run(Counting(), Counting.Params(fail=True))
    assert events[-1]["kind"] == "failed"
    assert events[-1]["data"] == {"message": "Too far. Try less."}


def test_what_is_not_json_is_refused() -> None:
    with Recorder() as recorder:
        with pytest.raises(ValueError, match="JSON"):
            recorder.metrics(loss=float("nan"))
        with pytest.raises(TypeError):
            recorder.emit("frame", points={1, 2})


def test_files_are_kept_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "model"
    with Recorder() as recorder:
        for text in ("first", "second"):
            file.write_text(text)
            recorder.checkpoint(file)
        recorder.artifact("model", file)
        assert [path.read_text() for path in recorder.checkpoints] == ["first", "second"]
        assert recorder.artifacts["model"].read_text() == "second"
    assert not recorder.artifacts["model"].exists()


def test_silence_takes_everything_and_never_stops() -> None:
    assert Counting().run(Counting.Params(), Silent()) == {"counted": 5}
    assert Silent().resume_from() is None
