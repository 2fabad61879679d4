"""The live training: what it says, that it can be stopped and taken up, and that watching does not change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gensim.models import KeyedVectors
from pydantic import ValidationError

from mlcore import registry
from mlcore.data.texts import TEXTS
from mlcore.recording import Recorder, Silent
from tests.recorded import data_of, result_of, rows_of

TRAIN = registry.get("train_vectors")
TINY: Any = TRAIN.Params.model_validate(TRAIN.tiny)


@pytest.fixture
def kept_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(type(TRAIN), "checkpoint_seconds", 0.0)


@pytest.fixture(scope="module")
def run() -> Iterator[Recorder]:
    with Recorder() as recorder:
        recorder.run(TRAIN, TINY)
        yield recorder


def test_each_row_of_the_curve_has_its_frame_of_the_map(run: Recorder) -> None:
    frames = data_of(run.events, "frame")
    assert [row["step"] for row in rows_of(run.events)] == [frame["step"] for frame in frames]
    assert frames[0]["step"] == 0
    assert frames[-1]["step"] == result_of(run.events)["steps"]
    for frame in frames:
        assert len(frame["words"]) == len(frame["x"]) == len(frame["y"]) == len(TINY.watch)


def test_the_loss_begins_at_chance_and_falls(run: Recorder) -> None:
    curve = [row["loss"] for row in rows_of(run.events)]
    assert curve[0] == pytest.approx(4.1589, abs=1e-4)
    assert curve[-1] == result_of(run.events)["loss"] < 3


def test_the_result_names_the_neighbours_and_counts_of_the_watched_words(run: Recorder) -> None:
    watched = result_of(run.events)["watched"]
    assert [entry["word"] for entry in watched] == list(TINY.watch)
    assert all(len(entry["neighbours"]) == 6 and entry["count"] >= TINY.min_count for entry in watched)
    assert result_of(run.events)["map"] == {
        k: v for k, v in data_of(run.events, "frame")[-1].items() if k not in ("step", "epoch")
    }


def test_the_vectors_are_handed_over_in_the_format_of_word2vec(run: Recorder) -> None:
    vectors = KeyedVectors.load_word2vec_format(str(run.artifacts["vectors.bin"]), binary=True)
    result = result_of(run.events)
    assert len(vectors) == result["vocabulary"]
    assert vectors.vector_size == TINY.dimensions
    first = result["watched"][0]
    found = vectors.most_similar(first["word"], topn=6)
    assert [word for word, _ in found] == [near["word"] for near in first["neighbours"]]


def test_watching_does_not_change_the_result(run: Recorder) -> None:
    assert TRAIN.run(TINY, Silent()) == result_of(run.events)


@pytest.mark.usefixtures("kept_often")
def test_a_run_taken_up_from_any_checkpoint_ends_with_the_same_result_and_the_same_curve(run: Recorder) -> None:
    with Recorder(stop_after=24) as stopped:
        stopped.run(TRAIN, TINY)
        assert stopped.events[-1]["kind"] == "stopped"
        assert len(stopped.checkpoints) > 3
        for checkpoint in (stopped.checkpoints[0], stopped.checkpoints[-1]):
            with Recorder(resume=checkpoint) as resumed:
                resumed.run(TRAIN, TINY)
                assert result_of(resumed.events) == result_of(run.events)
                rest = data_of(resumed.events, "frame")
                assert 0 < len(rest) < len(data_of(run.events, "frame"))
                assert rest == data_of(run.events, "frame")[-len(rest) :]


def test_a_run_taken_up_after_its_last_step_only_says_the_result(run: Recorder) -> None:
    with Recorder(resume=run.checkpoints[-1]) as resumed:
        resumed.run(TRAIN, TINY)
        assert result_of(resumed.events) == result_of(run.events)
        assert data_of(resumed.events, "frame") == []


def test_going_on_after_the_end_trains_another_round(run: Recorder) -> None:
    with Recorder(resume=run.checkpoints[-1], continued=True) as further:
        further.run(TRAIN, TINY)
        result = result_of(further.events)
        assert (result["epochs"], result["steps"]) == (2 * TINY.epochs, 2 * result_of(run.events)["steps"])
        assert data_of(further.events, "frame")[0]["step"] == result_of(run.events)["steps"]
        assert data_of(further.events, "progress")[-1]["total"] == result["steps"]


@pytest.mark.usefixtures("kept_often")
def test_going_on_after_a_stop_ends_the_same_round(run: Recorder) -> None:
    with Recorder(stop_after=24) as stopped:
        stopped.run(TRAIN, TINY)
        with Recorder(resume=stopped.checkpoints[-1], continued=True) as further:
            further.run(TRAIN, TINY)
            assert result_of(further.events)["steps"] == result_of(run.events)["steps"]
            assert result_of(further.events)["loss"] == result_of(run.events)["loss"]


def test_a_checkpoint_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"something else")
    with Recorder(resume=tmp_path / "old") as recorder:
        events = recorder.run(TRAIN, TINY)
    assert events[-1]["kind"] == "failed"
    assert "Run it again from the start" in events[-1]["data"]["message"]


def test_watched_words_that_the_text_lacks_are_told() -> None:
    params = TINY.model_copy(update={"epochs": 1, "watch": ("australia", "police", "man", "wherefore", "woman")})
    with Recorder() as recorder:
        recorder.run(TRAIN, params.model_copy(update={"min_count": 8}))
        result = result_of(recorder.events)
    assert [entry["word"] for entry in result["watched"]] == ["australia", "police", "man"]
    assert [entry["word"] for entry in result["unknown"]] == ["wherefore", "woman"]
    assert result["unknown"][0]["count"] == 0
    assert 0 < result["unknown"][1]["count"] < 8


def test_a_text_without_the_watched_words_fails_with_words_to_try() -> None:
    with Recorder() as recorder:
        events = recorder.run(TRAIN, TINY.model_copy(update={"watch": ("wherefore", "thou", "police")}))
    message = events[-1]["data"]["message"]
    assert events[-1]["kind"] == "failed"
    assert "only 1 of your words" in message
    assert "for example" in message


@pytest.mark.parametrize("watch", ["", "one two", [f"w{i}" for i in range(25)], ["a", "A", " a "]])
def test_too_few_or_too_many_words_to_watch_are_refused(watch: Any) -> None:
    with pytest.raises(ValidationError, match="three to twenty-four"):
        TRAIN.Params.model_validate({"watch": watch})


def test_every_text_can_be_chosen() -> None:
    assert set(TRAIN.Params.model_json_schema()["properties"]["text"]["enum"]) == set(TEXTS)


@pytest.mark.parametrize("name", list(TRAIN.presets))
def test_each_preset_watches_words_that_its_text_has(name: str) -> None:
    params: Any = TRAIN.Params.model_validate(TRAIN.presets[name].params)
    with Recorder(stop_after=40) as recorder:
        events = recorder.run(TRAIN, params)
    frames = data_of(events, "frame")
    assert frames[0]["words"] == list(params.watch)
