"""The forecast demo: what it says, that it can be stopped, taken up and gone on with, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from pydantic import ValidationError

from mlcore import registry
from mlcore.contracts import DemoError
from mlcore.data.series import PACKAGED
from mlcore.recording import Recorder, Silent
from tests.recorded import data_of, result_of, rows_of

FORECAST = registry.get("forecast")
TINY: Any = FORECAST.Params.model_validate({**FORECAST.tiny, "epochs": 4})


@pytest.fixture
def kept_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(type(FORECAST), "checkpoint_seconds", 0.0)


@pytest.fixture(scope="module")
def run() -> Iterator[Recorder]:
    with Recorder() as recorder:
        recorder.run(FORECAST, TINY)
        yield recorder


def params(**changes: Any) -> Any:
    return FORECAST.Params.model_validate({**FORECAST.tiny, **changes})


def own(tmp_path: Path, text: str, **changes: Any) -> tuple[Any, dict[str, Path]]:
    """Params of a run on a file, and what stands behind its id."""
    ref = str(uuid4())
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return params(series="own", file=ref, **changes), {ref: path}


def test_the_series_is_said_before_anything_is_learned(run: Recorder) -> None:
    data = data_of(run.events, "log")[0]
    series = PACKAGED["sunspots"].read()
    assert data["values"] == series.values[:, 0].round(1).tolist()
    assert (data["train"], data["validation"], data["rows"]) == (216, 262, 309)
    assert data["baselines"]["last"] == pytest.approx(24.424, abs=1e-3)
    kinds = [event["kind"] for event in run.events if event["kind"] != "progress"]
    assert kinds[0] == "log"


def test_each_frame_has_its_row_and_begins_before_the_first_update(run: Recorder) -> None:
    looked = [row["step"] for row in rows_of(run.events) if row["validation"] is not None]
    frames = data_of(run.events, "frame")
    assert looked == [frame["step"] for frame in frames]
    assert frames[0]["step"] == 0
    assert frames[-1]["step"] == result_of(run.events)["steps"]
    assert {len(frame[edge]) for frame in frames for edge in ("many", "low", "high")} == {TINY.horizon}


def test_nothing_of_the_test_part_is_said_before_the_end(run: Recorder) -> None:
    frames = data_of(run.events, "frame")
    assert {len(frame["one"]) for frame in frames} == {262 - 216}


def test_the_baselines_are_tested_beside_the_network(run: Recorder) -> None:
    errors = {row["name"]: row for row in result_of(run.events)["errors"]}
    assert list(errors) == ["model", "last", "seasonal", "linear"]
    truth = PACKAGED["sunspots"].read().values[:, 0]
    assert errors["last"]["one"]["mae"] == pytest.approx(np.abs(np.diff(truth)[261:]).mean(), abs=0.01)
    assert [len(row["ahead"]) for row in errors.values()] == [TINY.horizon] * 4


def test_watching_does_not_change_the_result(run: Recorder) -> None:
    assert FORECAST.run(TINY, Silent()) == result_of(run.events)


@pytest.mark.usefixtures("kept_often")
def test_a_run_taken_up_from_a_checkpoint_ends_with_the_same_result_and_says_only_the_rest(run: Recorder) -> None:
    with Recorder(stop_after=26) as stopped:
        stopped.run(FORECAST, TINY)
        assert stopped.events[-1]["kind"] == "stopped"
        with Recorder(resume=stopped.checkpoints[-1]) as resumed:
            resumed.run(FORECAST, TINY)
            assert result_of(resumed.events) == result_of(run.events)
            rest = data_of(resumed.events, "frame")
            assert 0 < len(rest) < len(data_of(run.events, "frame"))
            assert rest == data_of(run.events, "frame")[-len(rest) :]
            assert data_of(resumed.events, "log") == []


@pytest.mark.usefixtures("kept_often")
def test_a_run_taken_up_between_two_rows_of_its_curve_says_the_same_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcore.watched_forecast.WatchedForecast.rows_a_round", 2)
    monkeypatch.setattr("mlcore.watched_forecast.LOOKS", 1)
    with Recorder() as whole:
        whole.run(FORECAST, TINY)
        with Recorder(resume=whole.checkpoints[2]) as resumed:
            resumed.run(FORECAST, TINY)
            assert [row["step"] for row in rows_of(whole.events)] == [0, 2, 4]
            assert rows_of(resumed.events) == rows_of(whole.events)[-1:]
            assert result_of(resumed.events) == result_of(whole.events)


def test_going_on_says_all_of_the_earlier_run_again_and_joins_its_curve(run: Recorder) -> None:
    with Recorder(resume=run.checkpoints[-1], continued=True) as further:
        further.run(FORECAST, TINY)
        earlier = data_of(run.events, "frame")
        frames = data_of(further.events, "frame")
        assert frames[: len(earlier)] == earlier
        assert data_of(further.events, "log") == data_of(run.events, "log")
        steps = [row["step"] for row in rows_of(further.events)]
        assert steps == sorted(set(steps))
        assert result_of(further.events)["epochs"] == 2 * TINY.epochs
        assert result_of(further.events)["curve"][: len(earlier)] == result_of(run.events)["curve"]


def test_a_checkpoint_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"something else")
    with Recorder(resume=tmp_path / "old") as recorder:
        events = recorder.run(FORECAST, TINY)
    assert "Run it again from the start" in events[-1]["data"]["message"]


def test_without_clipping_it_diverges_says_so_and_is_not_tested() -> None:
    exploding = FORECAST.Params.model_validate(FORECAST.presets["exploding"].params)
    with Recorder() as recorder:
        recorder.run(FORECAST, exploding)
        result = result_of(recorder.events)
        assert 0 < result["diverged"]["step"] < 100
        assert result["test"] is None
        assert "model" not in {row["name"] for row in result["errors"]}
        with Recorder(resume=recorder.checkpoints[-1], continued=True) as further:
            events = further.run(FORECAST, exploding)
            assert "nothing to go on from" in events[-1]["data"]["message"]


def test_a_file_of_ones_own_is_forecast_with_its_dates_and_gaps(tmp_path: Path) -> None:
    lines = [f"2020-{1 + i // 28:02}-{1 + i % 28:02};{str(i % 7 + i / 100).replace('.', ',')};x" for i in range(200)]
    lines[50] = lines[50].split(";")[0] + ";;x"
    asked, files = own(tmp_path, "\ufeffday;sold;word\n" + "\n".join(lines))
    with Recorder(files=files) as recorder:
        recorder.run(FORECAST, asked)
        data = data_of(recorder.events, "log")[0]
    assert (data["name"], data["rows"], data["gaps"], data["period"]) == ("sold", 200, 1, 7)
    assert data["filled"] == [50]
    assert any("not evenly spaced" in note for note in data["notes"])
    assert any("word" in note for note in data["notes"])
    assert result_of(recorder.events)["test"] is not None


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("v\n" + "5\n" * 200, {}, "“v” is 5 in every row"),
        ("v\n" + "5\n6\n" * 5, {}, "too few for windows of 3"),
        ("v\n" + "5\n6\n" * 100, {"column": 2}, "has one column of numbers. Choose column 1"),
        ("v\n" + "5\n6\n" * 100, {"horizon": 60}, "too short to look 60 rows ahead"),
        ("v\n" + "5\n6\n" * 100 + "seven\n", {}, "“seven”"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_in_a_sentence(
    tmp_path: Path, text: str, changes: dict[str, Any], words: str
) -> None:
    asked, files = own(tmp_path, text, **changes)
    with Recorder(files=files) as recorder:
        last = recorder.run(FORECAST, asked)[-1]
    assert last["kind"] == "failed"
    assert words in last["data"]["message"]


def test_a_file_is_looked_at_when_it_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("day;sold;word\n1;2,5;x\n2;;y\n", encoding="utf-8")
    facts = FORECAST.check_file("file", path)
    assert facts["columns"] == ["day", "sold"]
    assert (facts["rows"], facts["gaps"], facts["words"]) == (2, 1, ["word"])
    assert facts["summary"] == "2 rows of numbers: 1 day, 2 sold"
    path.write_text("hello\nworld\n", encoding="utf-8")
    with pytest.raises(DemoError, match="No column of this file holds numbers"):
        FORECAST.check_file("file", path)


def test_ones_own_series_needs_a_file_and_no_other_one_keeps_it() -> None:
    with pytest.raises(ValidationError, match="Choose a CSV file"):
        params(series="own")
    assert params(series="co2", file=str(uuid4())) == params(series="co2")


def test_every_packaged_series_can_be_chosen() -> None:
    field = FORECAST.Params.model_json_schema()["properties"]["series"]
    assert set(field["enum"]) == {*PACKAGED, "own"}
    assert {name: series.title for name, series in PACKAGED.items()} == {
        name: label for name, label in field["labels"].items() if name != "own"
    }


def test_several_features_are_learned_from_and_the_chosen_column_is_forecast() -> None:
    with Recorder() as recorder:
        recorder.run(FORECAST, params(series="economy", column=2, features="all"))
        data = data_of(recorder.events, "log")[0]
    assert data["features"] == ["inflation", "unemployment", "interest rate", "growth of GDP"]
    assert data["columns"][0] == "unemployment"
    assert result_of(recorder.events)["weights"] > 0


@pytest.mark.slow
def test_the_default_run_beats_every_baseline_on_rows_it_has_never_seen() -> None:
    with Recorder() as recorder:
        recorder.run(FORECAST, FORECAST.Params())
        errors = {row["name"]: row["one"]["mae"] for row in result_of(recorder.events)["errors"]}
    assert errors["model"] < 0.95 * min(errors[name] for name in ("last", "seasonal", "linear"))
