"""The sentiment model in numpy against Keras, and its views of a sentence against their definitions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.calibration import calibration_error, fit_temperature, log_loss
from mlcore.data.tweets import LABELS, split
from mlcore.decoding import softmax
from mlcore.sentiment import LONGEST, WEIGHTS, BagOfWords, SentimentModel, load, save, sentence, shipped
from mlcore.tokens import USER, Vocabulary

WORDS = Vocabulary.of([["the", "crew", "was", "not", "good", "bad", "!", USER], ["the", "was"]])
SENTENCE = ["the", "crew", "was", "not", "unheard-of", "good", "!"]
each_kind = pytest.mark.parametrize(
    ("cell", "bidirectional", "strongest"),
    [("gru", True, True), ("gru", True, False), ("lstm", True, False), ("lstm", False, True), ("gru", False, False)],
)


def both(cell: Any, bidirectional: bool, strongest: bool) -> tuple[Any, SentimentModel]:
    from mlcore.backend import keras
    from mlcore.models.sentiment import Sizes, arrays_of, sentiment

    keras.utils.set_random_seed(4)
    glove = np.random.default_rng(1).normal(size=(len(WORDS), 50)).astype(np.float32)
    sizes = Sizes(
        *(len(WORDS), 5), vector=8, cell=cell, units=6, strongest=strongest, bidirectional=bidirectional,
        word_dropout=0.3,
    )  # fmt: skip
    model = sentiment(sizes, embeddings="both", glove=glove)
    for layer in ("memory", "class"):
        weights = model.get_layer(layer).get_weights()
        model.get_layer(layer).set_weights(
            [np.random.default_rng(at).normal(0, 0.5, array.shape) for at, array in enumerate(weights)]
        )
    return model, SentimentModel(WORDS, arrays_of(model), strongest=strongest, temperature=1.5)


@each_kind
def test_the_scores_are_those_of_keras(cell: str, bidirectional: bool, strongest: bool) -> None:
    theirs, ours = both(cell, bidirectional, strongest)
    texts = [SENTENCE, ["good"], ["bad", "crew", "!"]]
    np.testing.assert_allclose(ours.scores(texts), theirs(WORDS.rows(texts, 9)).numpy(), rtol=1e-4, atol=1e-5)


@each_kind
def test_each_view_is_what_it_says(cell: str, bidirectional: bool, strongest: bool) -> None:
    _, model = both(cell, bidirectional, strongest)
    reading = model.read(SENTENCE)
    np.testing.assert_allclose(reading.probabilities, model.probabilities([SENTENCE])[0], atol=1e-6)
    for at in range(len(SENTENCE)):
        np.testing.assert_allclose(reading.after[at], model.probabilities([SENTENCE[: at + 1]])[0], atol=1e-6)
        without = model.probabilities([SENTENCE[:at] + SENTENCE[at + 1 :]])[0]
        np.testing.assert_allclose(reading.without[at], reading.probabilities - without, atol=1e-6)
    assert reading.known == [True, True, True, True, False, True, True]


@each_kind
def test_the_gradient_is_that_of_tensorflow(cell: str, bidirectional: bool, strongest: bool) -> None:
    from mlcore.backend import tf

    theirs, ours = both(cell, bidirectional, strongest)
    x = tf.constant(ours.vectors[WORDS.encode(SENTENCE)][None])
    for of_class in range(3):
        with tf.GradientTape() as tape:
            tape.watch(x)
            states = theirs.get_layer("memory")(x)
            states = theirs.get_layer("strongest")(states) if strongest else states
            score = theirs.get_layer("class")(states)[0, of_class]
        expected = (tape.gradient(score, x) * x)[0].numpy().sum(axis=-1)
        np.testing.assert_allclose(ours.read(SENTENCE).gradient[:, of_class], expected, rtol=1e-3, atol=1e-5)


def test_a_text_without_words_has_probabilities_and_no_views() -> None:
    _, model = both("gru", True, True)
    reading = model.read([])
    assert reading.probabilities.sum() == pytest.approx(1)
    assert reading.after.shape == reading.gradient.shape == reading.without.shape == (0, 3)
    assert model.read(["good"]).without.shape == (1, 3)


@given(st.text(st.characters(exclude_categories=[]), max_size=200))
@settings(max_examples=50)
def test_a_sentence_keeps_each_piece_and_counts_its_words(text: str) -> None:
    cut = sentence(text)
    assert [cut.pieces[at].form for at, word in enumerate(cut.word_of) if word is not None] == cut.words


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    cut = sentence("word " * 10_000)
    assert len(cut.words) == LONGEST
    assert cut.left_out == 10_000 - LONGEST
    assert cut.word_of[2 * LONGEST] is None


def test_words_are_dropped_only_while_a_model_learns() -> None:
    from mlcore.backend import keras
    from mlcore.models.sentiment import WordDropout

    keras.utils.set_random_seed(1)
    drop, ids = WordDropout(0.5), np.arange(2000).reshape(2, 1000) % 50
    kept = np.asarray(drop(ids, training=True))
    assert np.array_equal(np.asarray(drop(ids)), ids)
    assert set(kept[kept != ids]) == {1}
    assert 0.4 < (kept != ids).mean() < 0.56
    assert (kept[ids == 0] == 0).all()


def test_a_bag_adds_up_what_its_words_give_each_once() -> None:
    bag = BagOfWords(["good", "bad"], np.array([[-1.0, 0.0, 2.0], [2.0, 0.0, -1.0]]), np.array([0.5, 0.2, 0.1]))
    given = bag.contributions(["good", "crew", "good", "bad"])
    assert given.tolist() == [[-1, 0, 2], [0, 0, 0], [0, 0, 0], [2, 0, -1]]
    np.testing.assert_allclose(bag.probabilities(["good", "good", "bad"]), softmax([1.5, 0.2, 1.1]))


def test_both_survive_a_file_in_half_precision(tmp_path: Any) -> None:
    from mlcore.models.sentiment import arrays_of

    theirs, ours = both("gru", True, True)
    bag = BagOfWords(["good"], np.ones((1, 3)), np.zeros(3))
    save(tmp_path / "weights.npz", WORDS, arrays_of(theirs), bag, strongest=True, temperature=1.5)
    model, counted = load(tmp_path / "weights.npz")
    np.testing.assert_allclose(model.probabilities([SENTENCE]), ours.probabilities([SENTENCE]), atol=5e-3)
    assert counted.probabilities(["good"]) == pytest.approx([1 / 3] * 3)


# Calibration ----------------------------------------------------------------------------------------------------------


def test_a_temperature_takes_away_what_was_too_sure() -> None:
    random = np.random.default_rng(3)
    scores = random.normal(size=(4000, 3))
    labels = np.array([random.choice(3, p=row) for row in softmax(scores)])
    assert fit_temperature(3 * scores, labels) == pytest.approx(3, rel=0.1)
    assert log_loss(softmax(scores), labels) < log_loss(softmax(3 * scores), labels)
    assert calibration_error(softmax(scores), labels) < 0.03
    assert calibration_error(softmax(3 * scores), labels) > 0.15


def test_the_calibration_error_is_the_gap_between_belief_and_truth() -> None:
    sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    assert calibration_error(sure, np.array([0, 0, 0, 1])) == pytest.approx((0.1 + 0.1) / 2)


# What ships -----------------------------------------------------------------------------------------------------------


def test_the_card_describes_the_weights_that_ship() -> None:
    weights = WEIGHTS / "weights.npz"
    card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert weights.stat().st_size < 6e6
    tweets = split()["test"]
    labels = np.array([LABELS.index(tweet.label) for tweet in tweets])
    said = shipped().model.probabilities([tweet.forms for tweet in tweets])
    assert (said.argmax(axis=1) == labels).mean() == pytest.approx(card["test"]["accuracy"], abs=0.002)
    assert calibration_error(said, labels) == pytest.approx(card["test"]["calibration_error"], abs=0.002)
    assert card["test"]["accuracy"] > card["baseline"]["test"]["accuracy"]


def test_it_knows_thanks_from_complaints_and_questions() -> None:
    model, bag = shipped()
    for text, label in (
        ("Thank you so much, great crew!", "positive"),
        ("3 hours on hold and my bag is lost", "negative"),
        ("@user what time does flight 12 leave?", "neutral"),
    ):
        words = sentence(text).words
        assert LABELS[model.read(words).probabilities.argmax()] == label
        assert LABELS[bag.probabilities(words).argmax()] == label
