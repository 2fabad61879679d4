"""The fit loop: keras' arithmetic, the same after an interruption, and an end where it diverges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlcore.backend import keras, tf
from mlcore.contracts import Stopped
from mlcore.models.recurrent import next_row
from mlcore.recording import Recorder, Silent
from mlcore.training import Settings, Trainer, cross_entropy, fit

RNG = np.random.default_rng(5)
INPUTS = RNG.normal(size=(20, 4, 2)).astype(np.float32)
TARGETS = np.cumsum(INPUTS, axis=1).astype(np.float32)
SETTINGS = Settings(epochs=3, batch=8, learning_rate=0.01, seed=4)


def trainer(settings: Settings = SETTINGS, **changes: Any) -> Trainer:
    keras.utils.set_random_seed(settings.seed)
    model = next_row("simple", units=5, features=2)
    return Trainer(model, INPUTS, TARGETS, settings=settings, **changes)


def weights(trained: Trainer) -> list[Any]:
    return list(trained.model.get_weights())


def assert_same(one: Trainer, other: Trainer) -> None:
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_a_step_is_that_of_keras(optimizer: Any) -> None:
    ours = trainer(Settings(epochs=2, batch=8, optimizer=optimizer, learning_rate=0.02, clip=0.5, seed=4))
    keras.utils.set_random_seed(4)
    model = next_row("simple", units=5, features=2)
    classes = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}
    model.compile(classes[optimizer](0.02, global_clipnorm=0.5), loss="mse")
    for epoch in range(2):
        order = np.random.default_rng((4, epoch)).permutation(20)
        for start in (0, 8, 16):
            rows = order[start : start + 8]
            expected = model.train_on_batch(INPUTS[rows], TARGETS[rows])
            assert ours.train_step().loss == pytest.approx(float(expected), rel=1e-4, abs=1e-5)
    for a, b in zip(weights(ours), model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_model_learns_eight_examples_by_heart() -> None:
    keras.utils.set_random_seed(1)
    model = next_row("gru", units=16, features=2)
    learned = Trainer(model, INPUTS[:8], TARGETS[:8], settings=Settings(epochs=400, batch=8, learning_rate=0.02))
    fit(learned, Silent())
    assert float(np.mean((model(INPUTS[:8]).numpy() - TARGETS[:8]) ** 2)) < 0.001 * float(TARGETS[:8].var())


def test_targets_of_weight_zero_teach_nothing() -> None:
    counted = np.ones_like(TARGETS)
    counted[:, 2:] = 0
    wild = TARGETS.copy()
    wild[:, 2:] = 1e6
    one, other = trainer(weights=counted), trainer(weights=counted)
    other.targets = wild
    fit(one, Silent())
    fit(other, Silent())
    assert_same(one, other)


def test_the_gradient_is_clipped_and_its_whole_length_said() -> None:
    settings = Settings(epochs=1, batch=20, optimizer="sgd", learning_rate=1.0, clip=0.01, seed=4)
    clipped = trainer(settings)
    before = weights(clipped)
    step = clipped.train_step()
    moved = np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(before, weights(clipped), strict=True)))
    assert step.gradient > 0.1
    assert moved == pytest.approx(0.01, rel=1e-3)


def test_a_training_taken_up_from_a_file_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole, first = trainer(), trainer()
    fit(whole, Silent())
    for _ in range(4):
        first.train_step()
    first.save(tmp_path / "kept", {"said": [1, 2]})
    second = trainer()
    assert second.restore(tmp_path / "kept") == {"said": [1, 2]}
    fit(second, Silent())
    assert second.step == whole.step == 9
    assert_same(second, whole)


def test_another_round_goes_on_where_the_first_ended() -> None:
    once, twice = trainer(Settings(epochs=6, batch=8, learning_rate=0.01, seed=4)), trainer()
    fit(once, Silent())
    fit(twice, Silent())
    twice.begin_round()
    fit(twice, Silent())
    assert_same(once, twice)


@pytest.mark.parametrize("write", [lambda path: path.write_bytes(b"junk"), lambda path: np.savez(path.open("wb"), a=1)])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, write: Callable[[Path], Any]) -> None:
    write(tmp_path / "kept")
    with pytest.raises(ValueError, match=r"checkpoint|pickle"):
        trainer().restore(tmp_path / "kept")


def test_half_a_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    trainer().save(path, {})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="no checkpoint"):
        trainer().restore(path)


def test_a_checkpoint_of_a_larger_model_is_refused(tmp_path: Path) -> None:
    trainer().save(tmp_path / "kept", {})
    other = Trainer(next_row("simple", units=6, features=2), INPUTS, TARGETS, settings=SETTINGS)
    with pytest.raises(ValueError, match="another shape"):
        other.restore(tmp_path / "kept")


def test_a_stop_ends_it_at_the_next_step() -> None:
    stopped = trainer()
    with Recorder(stop_after=2) as recorder, pytest.raises(Stopped):
        fit(stopped, recorder)
    assert stopped.step == 2


def test_steps_too_large_are_noticed_as_diverging() -> None:
    wild = trainer(Settings(epochs=500, batch=20, optimizer="sgd", learning_rate=50.0, seed=4))
    fit(wild, Silent())
    assert wild.diverged
    assert wild.step < 500


def test_a_last_step_that_leaves_no_weights_has_diverged() -> None:
    settings = Settings(epochs=1, batch=len(INPUTS), seed=4)
    model = next_row("simple", units=3, features=2)
    # √ has no slope at 0: a cost that is a number, and a gradient that is none.
    last = Trainer(model, INPUTS, TARGETS, settings=settings, loss=lambda _, said, __: tf.reduce_sum(tf.sqrt(0 * said)))
    fit(last, Silent())
    assert last.finished
    assert last.diverged


def test_cross_entropy_is_that_of_keras() -> None:
    logits, classes = RNG.normal(size=(6, 4)).astype(np.float32), RNG.integers(0, 4, 6)
    ours = cross_entropy(tf.constant(classes), tf.constant(logits), tf.ones(6))
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(classes, logits)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)
