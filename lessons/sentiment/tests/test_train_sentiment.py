"""The training on tweets: what it says, that it can be stopped, taken up and gone on with, and that it is fair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from mlcore import registry
from mlcore.backend import keras
from mlcore.data.tweets import LABELS, split
from mlcore.models.sentiment import Sizes, sentiment, without_gaps
from mlcore.recording import Recorder, Silent
from mlcore.watched_sentiment import LONGEST, forms_of
from tests.recorded import data_of, result_of, rows_of

TRAIN = registry.get("train_sentiment")
TINY: Any = TRAIN.Params.model_validate({**TRAIN.tiny, "epochs": 3, "learning_rate": 0.01})


@pytest.fixture
def kept_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every step."""
    monkeypatch.setattr(type(TRAIN), "checkpoint_seconds", 0.0)


@pytest.fixture(scope="module")
def run() -> Iterator[Recorder]:
    with Recorder() as recorder:
        recorder.run(TRAIN, TINY)
        yield recorder


def params(**changes: Any) -> Any:
    return TRAIN.Params.model_validate({**TRAIN.tiny, **changes})


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text]


def test_each_look_says_of_every_tweet_what_the_scores_are_made_of(run: Recorder) -> None:
    data = data_of(run.events, "log")[0]
    truth = digits(data["truth"])
    looked = [row for row in rows_of(run.events) if row["f1"] is not None]
    frames = data_of(run.events, "frame")
    assert [row["step"] for row in looked] == [frame["step"] for frame in frames]
    for row, frame in zip(looked, frames, strict=True):
        said = digits(frame["said"])
        assert frame["counts"] == confusion_matrix(truth, said, labels=[0, 1, 2]).tolist()
        assert row["f1"] == pytest.approx(f1_score(truth, said, average="macro"), abs=1e-4)
        sure = np.array(frame["sure"]).reshape(-1, 2) / 1000
        three = np.stack([sure[:, 0], 1 - sure.sum(axis=1), sure[:, 1]], axis=1)
        assert (three.max(axis=1) - three[np.arange(len(said)), said] <= 0.002).all()


def test_only_validation_tweets_are_shown_and_they_name_nobody(run: Recorder) -> None:
    tweets = data_of(run.events, "log")[0]["tweets"]
    assert tweets == [tweet.text for tweet in split()["validation"]]
    assert {handle for text in tweets for handle in re.findall(r"@\w+", text)} == {"@user"}
    assert not any("&amp;" in text or "&lt;" in text for text in tweets)


def test_the_test_part_is_not_looked_at(monkeypatch: pytest.MonkeyPatch, run: Recorder) -> None:
    parts = split()
    monkeypatch.setattr("mlcore.watched_sentiment.split", lambda: {**parts, "test": None})
    forms_of.cache_clear()
    assert TRAIN.run(TINY, Silent()) == result_of(run.events)


def test_fewer_tweets_are_part_of_more_and_the_baseline_learns_from_as_many() -> None:
    found = {}
    for tweets in (100, 400):
        with Recorder() as recorder:
            recorder.run(TRAIN, params(tweets=tweets))
            data = data_of(recorder.events, "log")[0]
        labels = [LABELS.index(tweet.label) for tweet in split()["train"][:tweets]]
        assert data["learned"] == np.bincount(labels, minlength=3).tolist()
        assert result_of(recorder.events)["tweets"] == tweets
        found[tweets] = data["baseline"]["accuracy"]
    assert found[400] > found[100]


def test_watching_does_not_change_the_result(run: Recorder) -> None:
    assert TRAIN.run(TINY, Silent()) == result_of(run.events)


@pytest.mark.usefixtures("kept_often")
def test_a_run_taken_up_from_a_checkpoint_ends_with_the_same_result_and_says_only_the_rest(run: Recorder) -> None:
    at = next(i for i, event in enumerate(run.events) if event["kind"] == "frame" and event["data"]["step"] == 2)
    with Recorder(stop_after=at + 3) as stopped:
        stopped.run(TRAIN, TINY)
        assert stopped.events[-1]["kind"] == "stopped"
        with Recorder(resume=stopped.checkpoints[-1]) as resumed:
            resumed.run(TRAIN, TINY)
            assert result_of(resumed.events) == result_of(run.events)
            rest = data_of(resumed.events, "frame")
            assert 0 < len(rest) < len(data_of(run.events, "frame"))
            assert rest == data_of(run.events, "frame")[-len(rest) :]
            assert data_of(resumed.events, "log") == []


def test_going_on_says_all_of_the_earlier_run_again_and_joins_its_curve(run: Recorder) -> None:
    with Recorder(resume=run.checkpoints[-1], continued=True) as further:
        further.run(TRAIN, TINY)
        earlier, frames = data_of(run.events, "frame"), data_of(further.events, "frame")
        assert frames[: len(earlier)] == earlier
        assert data_of(further.events, "log") == data_of(run.events, "log")
        steps = [row["step"] for row in rows_of(further.events)]
        assert steps == sorted(set(steps))
        assert result_of(further.events)["epochs"] == 2 * TINY.epochs
        assert result_of(further.events)["curve"][: len(earlier)] == result_of(run.events)["curve"]


def test_a_checkpoint_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"something else")
    with Recorder(resume=tmp_path / "old") as recorder:
        events = recorder.run(TRAIN, TINY)
    assert "Run it again from the start" in events[-1]["data"]["message"]


@pytest.mark.parametrize("embeddings", ["glove", "own", "both"])
@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
def test_leaving_out_columns_of_gaps_changes_nothing(cell: Any, embeddings: Any) -> None:
    keras.utils.set_random_seed(1)
    table = np.random.default_rng(1).normal(size=(30, 50)).astype(np.float32)
    sizes = Sizes(30, 20, cell=cell, units=3, strongest=cell != "gru")
    model = sentiment(sizes, embeddings=embeddings, glove=None if embeddings == "own" else table)
    ids = np.zeros((3, LONGEST), np.int32)
    ids[0, :5], ids[1, :2] = [4, 9, 1, 25, 3], [7, 7]
    assert without_gaps(model)(ids).numpy() == pytest.approx(model(ids).numpy(), abs=1e-6)
    assert without_gaps(model)(ids[2:]).shape == (1, 3)


def test_no_tweet_is_longer_than_what_is_read() -> None:
    assert max(map(len, [*forms_of("train"), *forms_of("validation")])) <= LONGEST


def test_frozen_vectors_stay_as_they_are_and_own_ones_learn() -> None:
    with Recorder() as frozen, Recorder() as own:
        frozen.run(TRAIN, params(embeddings="glove"))
        own.run(TRAIN, params(embeddings="own"))
    # 2 units of a simple cell on 50 numbers, and 3 classes
    theirs, ours = result_of(frozen.events), result_of(own.events)
    assert theirs["weights"] == (50 + 2 + 1) * 2 + (2 + 1) * 3
    assert ours["weights"] == theirs["weights"] + 50 * (ours["words"] + 2)


def test_class_weights_make_it_say_the_rare_classes_more_often() -> None:
    said = {}
    for weights in (False, True):
        with Recorder() as recorder:
            recorder.run(TRAIN, params(tweets=600, epochs=4, class_weights=weights, learning_rate=0.01, units=8))
            counts = np.array(result_of(recorder.events)["counts"])
        said[weights] = counts[:, 1:].sum()
    assert said[True] > said[False]


@pytest.mark.slow
def test_the_default_run_comes_near_the_baseline() -> None:
    with Recorder() as recorder:
        recorder.run(TRAIN, TRAIN.Params())
        result = result_of(recorder.events)
    assert result["f1"] > result["baseline"]["f1"] - 0.03
