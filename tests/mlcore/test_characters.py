"""The character model in numpy against Keras; its training against plain gradients; texts with odd characters."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.characters import WEIGHTS, CharacterModel, shipped
from mlcore.data.characters import divide, packaged_shakespeare, tiny_shakespeare
from mlcore.data.texts import shakespeare_files
from mlcore.decoding import Decoding
from mlcore.recording import Recorder
from mlcore.tokens import Characters

TEXT = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n" * 20
ALPHABET = Characters.of(TEXT)


def some_weights(symbols: int, units: int = 12, layers: int = 2, vector: int = 6) -> list[Any]:
    random = np.random.default_rng(7)
    shapes: list[tuple[int, ...]] = [(symbols, vector)]
    for layer in range(layers):
        shapes += [(units if layer else vector, 4 * units), (units, 4 * units), (4 * units,)]
    return [random.normal(0, 0.5, shape).astype(np.float32) for shape in [*shapes, (units, symbols), (symbols,)]]


@pytest.fixture(scope="module")
def model() -> CharacterModel:
    return CharacterModel(ALPHABET, some_weights(len(ALPHABET)))


def test_the_model_computes_what_keras_does(model: CharacterModel) -> None:
    from mlcore.models.characters import Sizes, next_character

    theirs = next_character(Sizes(len(ALPHABET), vector=6, units=12, layers=2))
    theirs.set_weights(some_weights(len(ALPHABET)))
    ids = ALPHABET.encode(TEXT[:60]).reshape(2, 30)
    scores, _ = model.read(ids, model.empty_state(2))
    np.testing.assert_allclose(scores, theirs(ids).numpy(), rtol=1e-4, atol=1e-5)


def test_a_character_at_a_time_and_a_text_at_once_come_to_the_same(model: CharacterModel) -> None:
    ids = ALPHABET.encode(TEXT[:40])
    state = model.empty_state()
    at_once, last = model.read(ids[None], state)
    for at in range(40):
        state = model.step(ids[at : at + 1], state)
        np.testing.assert_allclose(model.scores(state)[0], at_once[0, at], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(state, last, rtol=1e-4, atol=1e-5)


def test_the_weights_survive_a_file_in_half_precision(model: CharacterModel, tmp_path: Path) -> None:
    model.save(tmp_path / "weights.npz")
    again = CharacterModel.load(tmp_path / "weights.npz")
    assert again.alphabet == model.alphabet
    np.testing.assert_allclose(again.next("First"), model.next("First"), atol=5e-3)


def test_weights_of_another_alphabet_are_refused() -> None:
    with pytest.raises(ValueError, match="another alphabet"):
        CharacterModel(Characters("ab"), some_weights(3))


def test_surprise_is_what_each_character_costs(model: CharacterModel) -> None:
    text = "hear me"
    found = model.surprise(text)
    for at, symbol in enumerate(text):
        likely = model.next(text[:at])
        assert math.isclose(found.nats[at], -math.log(likely[ALPHABET.encode(symbol)[0]]), rel_tol=1e-4)
        assert found.best[at] == ALPHABET.symbols[likely.argmax()]
    assert math.isclose(found.mean, found.nats.mean())


def test_the_loss_of_a_text_is_its_mean_surprise(model: CharacterModel) -> None:
    from_empty, _ = model.read(ALPHABET.encode(TEXT[:101])[None], model.empty_state())
    ids, said = ALPHABET.encode(TEXT[:101]), from_empty[0].astype(float)
    expected = [math.log(np.exp(said[at]).sum()) - said[at, ids[at + 1]] for at in range(100)]
    assert math.isclose(model.loss(TEXT[:101], readers=1, window=7), float(np.mean(expected)), rel_tol=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_characters_it_never_saw_are_told_and_passed_over(text: str) -> None:
    model = CharacterModel(ALPHABET, some_weights(len(ALPHABET)))
    found = model.surprise(text)
    unknown = [at for at, symbol in enumerate(text) if symbol not in ALPHABET.symbols]
    assert model.unknown(text) == unknown == np.flatnonzero(np.isnan(found.nats)).tolist()
    kept = "".join(symbol for symbol in text if symbol in ALPHABET.symbols)
    np.testing.assert_allclose(model.next(text), model.next(kept))


def test_a_seed_fixes_the_text(model: CharacterModel) -> None:
    def text(seed: int, temperature: float = 1.0) -> str:
        return "".join(each.symbol for each in model.write("All:", 60, Decoding(temperature), seed))

    assert text(1) == text(1) != text(2)
    assert text(1, 0) == text(2, 0)


def test_what_is_written_comes_from_what_is_allowed(model: CharacterModel) -> None:
    text = ""
    for each in model.write("All:", 40, Decoding(0.8, top_k=3), 5):
        np.testing.assert_allclose(each.likely, model.next("All:" + text), atol=1e-5)
        assert each.symbol == ALPHABET.symbols[each.id]
        assert each.allowed[each.id] > 0
        assert (each.allowed > 0).sum() == 3
        text += each.symbol


def test_texts_written_side_by_side_are_those_written_alone(model: CharacterModel) -> None:
    alone = "".join(each.symbol for each in model.write("All:", 50, Decoding(0), 1))
    assert model.write_many("All:", 3, 50, Decoding(0), 1) == [alone] * 3
    many = model.write_many("All:", 4, 50, Decoding(), 1)
    assert len(set(many)) == 4
    assert many == model.write_many("All:", 4, 50, Decoding(), 1)


# Training -------------------------------------------------------------------------------------------------------------


def trainer(**reading: Any) -> Any:
    from mlcore.character_training import CharacterTrainer, Reading
    from mlcore.models.characters import Sizes

    sizes = Sizes(len(ALPHABET), vector=6, units=12, layers=2, dropout=0.2)
    return CharacterTrainer(
        sizes, ALPHABET.encode(TEXT), Reading(**{"epochs": 3, "readers": 4, "window": 20, "averaged": 0.9, **reading})
    )


def test_the_way_back_written_out_is_that_of_keras() -> None:
    from mlcore.backend import tf
    from mlcore.models.characters import Sizes, next_character, scores

    model = next_character(Sizes(len(ALPHABET), vector=6, units=12, layers=2))
    weights = some_weights(len(ALPHABET))
    model.set_weights(weights)
    ids = ALPHABET.encode(TEXT[:63]).reshape(3, 21)
    with tf.GradientTape() as tape:
        expected = _loss(model(ids[:, :-1]), ids[:, 1:])
    theirs = tape.gradient(expected, model.trainable_variables)
    given = [tf.constant(array) for array in weights]
    with tf.GradientTape() as tape:
        tape.watch(given)
        said, _ = scores(given, tf.constant(ids.T[:-1]), tf.zeros((2, 2, 3, 12)))
        ours = _loss(said, ids.T[1:])
    np.testing.assert_allclose(ours, expected, rtol=1e-5)
    for mine, other in zip(tape.gradient(ours, given), theirs, strict=True):
        np.testing.assert_allclose(mine, tf.convert_to_tensor(other), rtol=1e-4, atol=1e-6)


def _loss(scores: Any, ids: Any) -> Any:
    from mlcore.backend import tf

    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(ids, scores))


def test_a_training_that_was_interrupted_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = trainer()
    losses = [whole.train_step().loss for _ in range(12)]
    first = trainer()
    for _ in range(5):
        first.train_step()
    first.save(tmp_path / "place.npz", {"told": 1})
    second = trainer()
    assert second.restore(tmp_path / "place.npz") == {"told": 1}
    assert [second.train_step().loss for _ in range(7)] == losses[5:]
    for ours, theirs in zip(second.weights(), whole.weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_training_learns_and_says_so_by_the_numpy_model_too() -> None:
    from mlcore.character_training import AT_ONCE
    from mlcore.training import fit

    learner = trainer(epochs=12, learning_rate=0.02)
    before = learner.loss_on(ALPHABET.encode(TEXT), readers=4)
    with Recorder() as recorder:
        fit(learner, recorder)
    after = learner.loss_on(ALPHABET.encode(TEXT), readers=4)
    assert after < 0.6 * before
    whole = 4 * AT_ONCE  # what does not fill a window of all readers is left out
    length = whole * ((len(TEXT) - 1) // whole) + 1
    ours = CharacterModel(ALPHABET, learner.weights()).loss(TEXT[:length], readers=4)
    assert math.isclose(ours, after, rel_tol=1e-3)
    assert learner.rate == pytest.approx(0.02)


def test_a_checkpoint_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.npz").write_bytes(b"no zip")
    with pytest.raises(ValueError, match="no checkpoint"):
        trainer().restore(tmp_path / "other.npz")


def test_a_text_shorter_than_one_window_of_all_readers_is_refused() -> None:
    with pytest.raises(ValueError, match="need more than 80,000"):
        trainer(readers=400, window=200)


# Texts ----------------------------------------------------------------------------------------------------------------


def test_the_packaged_shakespeare_begins_with_the_first_citizen_and_grows_by_works() -> None:
    one, two = packaged_shakespeare(1), packaged_shakespeare(2)
    assert one.startswith("THE TRAGEDY OF CORIOLANUS")
    assert "FIRST CITIZEN.\nBefore we proceed any further, hear me speak." in one
    assert two.startswith(one.rstrip())
    assert "\r" not in two
    assert "\n\n\n" not in two


def test_a_text_is_divided_without_a_loss() -> None:
    train, validation = divide("0123456789", 0.75)
    assert (train, validation) == ("0123456", "789")


def test_without_its_folder_tiny_shakespeare_says_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("UNROLL_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="UNROLL_DATA"):
        tiny_shakespeare()
    monkeypatch.setenv("UNROLL_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="download https://"):
        tiny_shakespeare()
    (tmp_path / "tinyshakespeare").mkdir()
    (tmp_path / "tinyshakespeare" / "input.txt").write_text("something else")
    with pytest.raises(ValueError, match="is not the file"):
        tiny_shakespeare()


# What ships -----------------------------------------------------------------------------------------------------------


def test_the_card_describes_the_weights_that_ship() -> None:
    weights = WEIGHTS / "weights.npz"
    card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert weights.stat().st_size < 8e6
    best = min(card["curve"], key=lambda row: row["validation"])
    assert card["epoch_shipped"] == best["epoch"]
    assert best["validation"] - 0.01 < card["scores"]["validation_nats"] < min(best["validation"] + 0.01, 1.48)


def test_it_reads_a_play_that_it_never_saw_far_better_than_its_letters_shuffled() -> None:
    """Macbeth is none of the plays in Tiny Shakespeare."""
    model = shipped()
    (path,) = (path for path in shakespeare_files() if path.stem == "macbeth_gut")
    play = path.read_text(encoding="latin-1").replace("\r\n", "\n")[20_000:40_000]
    text = "".join(symbol for symbol in play if symbol in model.alphabet.symbols)
    shuffled = "".join(np.random.default_rng(1).permutation(list(text)))
    assert model.loss(text) < 1.9
    assert model.loss(shuffled) > 3.0
