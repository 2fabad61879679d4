"""The training on characters: what it says, that it can be stopped, taken up and gone on with, and what it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from mlcore import registry
from mlcore.contracts import DemoError
from mlcore.data.characters import packaged_shakespeare
from mlcore.recording import Recorder, Silent
from mlcore.watched_character_training import EXCERPT_OF_OWN, SAMPLE, stages
from tests.recorded import data_of, result_of, rows_of

TRAIN = registry.get("train_characters")
FAUST = Path(__file__).parent / "files" / "train_characters.file.faust.txt"


def params(**changes: Any) -> Any:
    return TRAIN.Params.model_validate({**TRAIN.tiny, **changes})


TINY = params(updates=6)


@pytest.fixture
def kept_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(type(TRAIN), "checkpoint_seconds", 0.0)


@pytest.fixture(scope="module")
def run() -> Iterator[Recorder]:
    with Recorder() as recorder:
        recorder.run(TRAIN, TINY)
        yield recorder


def own(path: Path, **changes: Any) -> tuple[Any, dict[str, Path]]:
    """Params of a run on a file, and what stands behind its id."""
    ref = str(uuid4())
    return params(text="own", file=ref, **changes), {ref: path}


def test_the_text_and_what_counting_reaches_are_said_before_anything_is_learned(run: Recorder) -> None:
    assert next(event["kind"] for event in run.events if event["kind"] != "progress") == "log"
    data = data_of(run.events, "log")[0]
    text = packaged_shakespeare()
    assert data["characters"] == len(text)
    assert data["symbols"] == "".join(sorted(set(text)))
    assert data["example"] == "First Citizen"
    assert data["excerpt"] in text
    assert data["excerpt"].startswith("FIRST CITIZEN.\nBefore we proceed")
    bits = data["baselines"]
    assert bits["equal"] == round(math.log2(len(set(text))), 3)
    assert bits["equal"] > bits["single"] > bits["pairs"] > bits["triples"] > 2


def test_each_stage_has_a_sample_and_its_row_and_the_first_comes_before_any_update(run: Recorder) -> None:
    frames = data_of(run.events, "frame")
    looked = [row["step"] for row in rows_of(run.events) if row["validation"] is not None]
    assert looked == [frame["step"] for frame in frames] == sorted(stages(6))
    assert {len(frame["text"]) for frame in frames} == {SAMPLE}
    assert {len(frame["vectors"]) for frame in frames} == {len("First Citizen")}
    assert set(frames[0]["alike"]) == {""}
    assert all(len(set(like)) == 3 for like in frames[-1]["alike"])


def test_a_network_that_has_learned_nothing_says_each_character_with_about_one_probability(run: Recorder) -> None:
    first = next(row for row in rows_of(run.events) if row["validation"] is not None)
    assert first["validation"] == pytest.approx(math.log(76), rel=0.02)


def test_stages_double_and_then_come_evenly() -> None:
    assert sorted(stages(600)) == [0, 5, 10, 20, 40, 75, 150, 225, 300, 375, 450, 525, 600]
    assert sorted(stages(600, rounds=2) - stages(600)) == [675, 750, 825, 900, 975, 1050, 1125, 1200]
    for updates in (1, 2, 3, 7, 50, 1999):
        assert {0, updates, 3 * updates} <= stages(updates, rounds=3)
        assert max(stages(updates, rounds=3)) == 3 * updates


def test_words_that_the_text_does_not_have_are_told(run: Recorder) -> None:
    words = set(packaged_shakespeare().lower().replace("\n", " ").split(" "))
    for frame in data_of(run.events, "frame"):
        assert not set(frame["made_up"]) & words
        assert all(word in frame["text"].lower() for word in frame["made_up"])


def test_watching_does_not_change_the_result(run: Recorder) -> None:
    assert TRAIN.run(TINY, Silent()) == result_of(run.events)


@pytest.mark.usefixtures("kept_often")
def test_a_run_taken_up_from_a_checkpoint_ends_with_the_same_result_and_says_only_the_rest(
    run: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Recorder() as whole:
        whole.run(TRAIN, TINY)
        with Recorder(resume=whole.checkpoints[2]) as resumed:
            resumed.run(TRAIN, TINY)
            assert result_of(resumed.events) == result_of(run.events)
            rest = data_of(resumed.events, "frame")
            assert rest == data_of(run.events, "frame")[-len(rest) :]
            assert [frame["step"] for frame in rest] == [step for step in sorted(stages(6)) if step > 3]
            assert data_of(resumed.events, "log") == []


def test_going_on_says_all_of_the_earlier_run_again_and_joins_its_strip(run: Recorder) -> None:
    with Recorder(resume=run.checkpoints[-1], continued=True) as further:
        further.run(TRAIN, TINY)
        earlier, frames = data_of(run.events, "frame"), data_of(further.events, "frame")
        assert frames[: len(earlier)] == earlier
        assert [frame["step"] for frame in frames] == sorted(stages(6, rounds=2))
        assert data_of(further.events, "log") == data_of(run.events, "log")
        steps = [row["step"] for row in rows_of(further.events)]
        assert steps == sorted(set(steps))
        assert result_of(further.events)["steps"] == 12


def test_a_checkpoint_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"something else")
    with Recorder(resume=tmp_path / "old") as recorder:
        events = recorder.run(TRAIN, TINY)
    assert "Run it again from the start" in events[-1]["data"]["message"]


def test_a_text_of_ones_own_is_learned_from_and_only_its_beginning_is_shown() -> None:
    asked, files = own(FAUST)
    with Recorder(files=files) as recorder:
        recorder.run(TRAIN, asked)
        data = data_of(recorder.events, "log")[0]
    text = FAUST.read_text(encoding="utf-8").strip() + "\n"
    assert data["characters"] == len(text)
    assert data["example"] == data["prompt"] == "Habe nun, ach!"
    assert data["excerpt"] == text[:EXCERPT_OF_OWN]
    # What a network that has learned nothing writes says nothing either.
    said = json.dumps([event["data"] for event in recorder.events], ensure_ascii=False)
    assert "Totenbein" not in said
    assert str(asked.file) not in said


def test_characters_of_the_beginning_that_the_text_lacks_are_told_by_place() -> None:
    asked, files = own(FAUST, prompt="Ach Ωя😀!", updates=1)
    with Recorder(files=files) as recorder:
        recorder.run(TRAIN, asked)
        data = data_of(recorder.events, "log")[0]
    assert data["unknown"] == [4, 5, 6]
    assert result_of(recorder.events)["sample"]


def test_a_text_with_too_many_different_characters_keeps_the_most_frequent(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("".join(chr(0x4E00 + n % 900 if n % 3 else 0x61 + n % 26) for n in range(6000)), encoding="utf-8")
    asked, files = own(path, updates=1)
    with Recorder(files=files) as recorder:
        recorder.run(TRAIN, asked)
        data = data_of(recorder.events, "log")[0]
    assert len(data["symbols"]) == 257
    assert "\ufffd" in data["symbols"]
    assert 0.3 < data["left_out"] < 0.7
    # What is shown of it stands at its place, rare or not.
    assert len(data["excerpt"]) == EXCERPT_OF_OWN
    assert len(data["example"]) == 16
    assert data["characters"] == 6001


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("abcdefgh " * 300, {"readers": 64, "window": 64}, "64 readers with windows of 64 need more than 4,096"),
        ("abcdefgh", {}, "has 9 characters"),
        ("a" * 5000, {}, "repeats"),
        ("\0\x01" * 5000, {}, "not a text file"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_in_a_sentence(
    tmp_path: Path, text: str, changes: dict[str, Any], words: str
) -> None:
    path = tmp_path / "own.txt"
    path.write_text(text, encoding="utf-8")
    asked, files = own(path, **changes)
    with Recorder(files=files) as recorder:
        last = recorder.run(TRAIN, asked)[-1]
    assert last["kind"] == "failed"
    assert words in last["data"]["message"]


def test_a_file_is_looked_at_when_it_comes_in(tmp_path: Path) -> None:
    facts = TRAIN.check_file("file", FAUST)
    text = FAUST.read_text(encoding="utf-8")
    assert facts["summary"] == f"{len(text):,} characters, {len(set(text))} different ones"
    (tmp_path / "own.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    with pytest.raises(DemoError, match="not a text file"):
        TRAIN.check_file("file", tmp_path / "own.txt")


def test_ones_own_text_needs_a_file_and_no_other_one_keeps_it() -> None:
    with pytest.raises(ValidationError, match="Choose a text file"):
        params(text="own")
    assert params(file=str(uuid4())) == params()


def test_an_update_of_too_many_characters_is_refused_in_a_sentence() -> None:
    assert params(readers=32, window=128).readers == 32
    with pytest.raises(ValidationError, match="33 readers with windows of 128 are 4,224 characters for each update"):
        params(readers=33, window=128)


@pytest.mark.parametrize("prompt", ["a\0b", "a\nb", "a\x07b", "a\u200bb"])
def test_a_beginning_that_is_no_line_is_refused(prompt: str) -> None:
    with pytest.raises(ValidationError, match="no characters of a line"):
        params(prompt=prompt)


@pytest.mark.slow
def test_the_default_run_learns_more_than_counting_three_in_a_row() -> None:
    with Recorder() as recorder:
        recorder.run(TRAIN, TRAIN.Params())
        data = data_of(recorder.events, "log")[0]
        last = data_of(recorder.events, "frame")[-1]
        assert result_of(recorder.events)["bits"] < 0.9 * data["baselines"]["triples"]
    assert "\n" in last["text"]
    assert len(last["made_up"]) < 0.5 * len(last["text"].split())
