"""word2vec in slices: equal to gensim in one go, also after being taken up from a checkpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gensim.models import Word2Vec

from mlcore.data.texts import TEXTS
from mlcore.text import sentences
from mlcore.word2vec import FINAL_LEARNING_RATE, FREQUENT, HeldOutLoss, Settings, SlicedWord2Vec, hold_out

SKIP_GRAM = Settings(
    algorithm="skip-gram", dimensions=20, window=4, negative=5, epochs=2, learning_rate=0.05, min_count=5, seed=7
)
CBOW = replace(SKIP_GRAM, algorithm="cbow", dimensions=12, negative=3)
LARGE = replace(SKIP_GRAM, dimensions=100, window=8)  # needs smaller slices than gensim's own


@pytest.fixture(scope="module")
def news() -> list[list[str]]:
    return list(sentences(TEXTS["news"].documents()))


def train(model: SlicedWord2Vec) -> SlicedWord2Vec:
    while not model.finished:
        model.train_slice()
    return model


def uninterrupted(model: SlicedWord2Vec) -> Word2Vec:
    """gensim's own training on the same sentences in the same order, in one call."""
    settings = model.settings
    plain = Word2Vec(
        sg=int(settings.algorithm == "skip-gram"),
        vector_size=settings.dimensions,
        window=settings.window,
        negative=settings.negative,
        min_count=settings.min_count,
        sample=FREQUENT,
        alpha=settings.learning_rate,
        min_alpha=FINAL_LEARNING_RATE,
        seed=settings.seed,
        batch_words=model.model.batch_words,
        workers=1,
    )
    plain.build_vocab(model.sentences)
    plain.train(model.sentences, total_examples=len(model.sentences), epochs=settings.epochs)
    return plain


@pytest.mark.parametrize("settings", [SKIP_GRAM, CBOW, LARGE], ids=["skip-gram", "cbow", "large"])
def test_training_in_slices_equals_one_uninterrupted_training(news: list[list[str]], settings: Settings) -> None:
    model = train(SlicedWord2Vec(news, settings))
    plain = uninterrupted(model)
    assert model.words == plain.wv.index_to_key
    np.testing.assert_array_equal(model.vectors, plain.wv.vectors)
    np.testing.assert_array_equal(model.outputs, plain.syn1neg)


@pytest.mark.parametrize("settings", [SKIP_GRAM, CBOW], ids=["skip-gram", "cbow"])
@pytest.mark.parametrize("at", [1, 5, 9])
def test_training_taken_up_from_a_checkpoint_ends_the_same(
    news: list[list[str]], settings: Settings, at: int, tmp_path: Path
) -> None:
    whole = SlicedWord2Vec(news, settings)
    while whole.step < at:
        whole.train_slice()
    whole.save(tmp_path / "checkpoint", {"axes": np.eye(2)})
    train(whole)

    resumed = SlicedWord2Vec(news, settings)
    extra = resumed.restore(tmp_path / "checkpoint")
    assert resumed.step == at
    assert extra["axes"].tolist() == [[1, 0], [0, 1]]
    train(resumed)
    np.testing.assert_array_equal(resumed.vectors, whole.vectors)


def test_a_checkpoint_of_another_size_is_refused(news: list[list[str]], tmp_path: Path) -> None:
    SlicedWord2Vec(news, SKIP_GRAM).save(tmp_path / "checkpoint", {})
    with pytest.raises(ValueError, match="does not fit"):
        SlicedWord2Vec(news, CBOW).restore(tmp_path / "checkpoint")


def test_another_seed_gives_other_vectors(news: list[list[str]]) -> None:
    model, other = (SlicedWord2Vec(news, replace(SKIP_GRAM, seed=seed)) for seed in (1, 2))
    assert not np.array_equal(model.vectors, other.vectors)


def test_a_second_round_goes_on_with_the_first_learning_rate(news: list[list[str]]) -> None:
    model = train(SlicedWord2Vec(news, SKIP_GRAM))
    steps, rate = model.step, model.learning_rate
    with pytest.raises(ValueError, match="begin_round"):
        model.train_slice()
    model.begin_round()
    assert not model.finished
    assert model.total_steps == 2 * steps
    assert model.learning_rate == rate == SKIP_GRAM.learning_rate
    before = model.vectors.copy()
    train(model)
    assert model.epoch == 2 * SKIP_GRAM.epochs
    assert not np.array_equal(model.vectors, before)


def test_larger_models_have_smaller_slices(news: list[list[str]]) -> None:
    small, large = SlicedWord2Vec(news, SKIP_GRAM), SlicedWord2Vec(news, LARGE)
    assert len(large.slices) > 2 * len(small.slices)
    assert sum(map(len, large.slices)) == len(news)


def test_a_text_without_repeated_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no word occurs 5 times"):
        SlicedWord2Vec([["one", "two"], ["three", "four"]], SKIP_GRAM)


@pytest.mark.parametrize("settings", [SKIP_GRAM, CBOW], ids=["skip-gram", "cbow"])
def test_the_held_out_loss_begins_at_chance_and_falls(news: list[list[str]], settings: Settings) -> None:
    learned, held_out = hold_out(news)
    model = SlicedWord2Vec(learned, settings)
    loss = HeldOutLoss(model, held_out)
    assert loss(model) == pytest.approx(6 * np.log(2), abs=1e-6)
    train(model)
    assert loss(model) < 0.8 * 6 * np.log(2)


@pytest.mark.parametrize("settings", [SKIP_GRAM, CBOW], ids=["skip-gram", "cbow"])
def test_the_held_out_loss_is_the_sum_of_the_paper(news: list[list[str]], settings: Settings) -> None:
    """Written out pair by pair, on a text so small that the pairs are known."""
    model = train(SlicedWord2Vec(news, settings))
    word, context = "australian", ["the", "prime"]
    loss = HeldOutLoss(model, [["the", word]] if settings.algorithm == "skip-gram" else [[word, *context]])
    expected = []
    for target, near, noise in zip(loss._word, loss._context, loss._noise, strict=True):
        weights = loss._weight[len(expected)]
        hidden = sum(w * model.vectors[c] for w, c in zip(weights, near, strict=True))
        true = 1 / (1 + np.exp(-model.outputs[target] @ hidden))
        false = [1 / (1 + np.exp(model.outputs[k] @ hidden)) for k in noise]
        expected.append(-np.log(true) - sum(np.log(false)))
    assert loss(model) == pytest.approx(np.mean(expected), rel=1e-5)
    first = loss._context[0][loss._weight[0] > 0]
    assert {model.words[i] for i in first} <= {"the", word, *context}


def test_the_same_sentences_are_held_out_every_time(news: list[list[str]]) -> None:
    assert hold_out(news) == hold_out(news)
    learned, held_out = hold_out(news)
    assert len(held_out) == 100
    assert len(learned) + len(held_out) == len(news)
