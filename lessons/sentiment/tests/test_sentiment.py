"""The picture of a sentence: its numbers are the model's, odd text gets a sentence, the lesson's facts are true."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlcore import registry
from mlcore.contracts import DemoError
from mlcore.data.tweets import LABELS, split
from mlcore.recording import Silent
from mlcore.sentiment import LONGEST, shipped

SENTIMENT = registry.get("sentiment")
params_of = SENTIMENT.Params.model_validate
STATIC = Path(__file__).parents[1] / "static"


def ask(**params: Any) -> dict[str, Any]:
    return SENTIMENT.run(params_of(params), Silent())


def one(text: str) -> dict[str, Any]:
    (sentence,) = ask(text=text)["sentences"]
    return sentence


def test_each_number_is_what_it_is_called() -> None:
    model, bag = shipped()
    found = one("The flight was NOT bad!")
    words = ["the", "flight", "was", "not", "bad", "!"]
    assert found["words"] == words
    for at in range(len(words)):
        np.testing.assert_allclose(found["after"][at], model.probabilities([words[: at + 1]])[0], atol=1e-4)
        without = model.probabilities([words[:at] + words[at + 1 :]])[0]
        np.testing.assert_allclose(found["without"][at], found["probabilities"] - without, atol=2e-4)
    np.testing.assert_allclose(found["after"][-1], found["probabilities"], atol=1e-4)
    scores = np.sum(found["bag"]["contributions"], axis=0) + found["bag"]["before"]
    np.testing.assert_allclose(np.exp(scores) / np.exp(scores).sum(), found["bag"]["probabilities"], atol=1e-3)
    np.testing.assert_allclose(bag.probabilities(words), found["bag"]["probabilities"], atol=1e-4)


def test_a_slope_says_what_a_small_change_of_the_word_does() -> None:
    from mlcore.sentiment import SentimentModel

    model = shipped().model
    words = ["great", ",", "another", "delay"]
    found = np.array(one("great, another delay")["gradient"])
    for at, word in enumerate(words):
        ends = []
        for factor in (0.99, 1.01):
            other = SentimentModel.__new__(SentimentModel)
            other.__dict__.update(model.__dict__)
            other.vectors = model.vectors.copy()
            other.vectors[model.vocabulary.encode([word])[0]] *= factor
            ends.append(other.scores([words])[0].astype(float))
        slope = (ends[1] - ends[0]) / 0.02
        np.testing.assert_allclose(found[at], slope - slope.mean(), atol=0.02)


def test_every_unit_is_heard_at_one_word() -> None:
    found = one("My flight was cancelled, but the staff were wonderful")
    model = shipped().model
    assert sum(found["heard"]) == model.V.shape[0] == 128
    x = model.vectors[model.vocabulary.encode(found["words"])]
    forward = model.directions[0].states(x[None])[0]
    backward = model.directions[1].states(x[None, ::-1])[0][::-1]
    places = np.concatenate([forward, backward], axis=1).argmax(axis=0)
    assert found["heard"] == [int((places == at).sum()) for at in range(len(x))]


def test_the_pieces_are_the_text_and_point_at_its_words() -> None:
    text = "Café ☕ at 9:30, @anna?? 東京 naïve\u200b"
    found = one(text)
    assert "".join(piece["text"] for piece in found["pieces"]) == text.replace("\u200b", " ").rstrip() + " "
    at = [piece["word"] for piece in found["pieces"] if piece["word"] is not None]
    assert at == list(range(len(found["words"])))
    assert found["words"][3:6] == ["<number>", ",", "<user>"]


def test_words_that_a_model_does_not_know_are_marked() -> None:
    found = one("brillig thanks thanks")
    assert found["known"] == [False, True, True]
    assert found["bag"]["known"] == [False, True, True]
    assert found["bag"]["repeated"] == [False, False, True]
    assert found["bag"]["contributions"][2] == [0, 0, 0]


def test_words_behind_the_longest_are_told_and_change_nothing() -> None:
    text = "late " * (LONGEST + 30)
    found = one(text)
    assert (len(found["words"]), found["left_out"]) == (LONGEST, 30)
    whole = shipped().model.probabilities([["late"] * LONGEST])[0]
    np.testing.assert_allclose(found["probabilities"], whole, atol=1e-4)
    assert sum(piece["word"] is not None for piece in found["pieces"]) == LONGEST


def test_a_second_sentence_is_read_as_if_alone() -> None:
    both = ask(text="Thank you!", other="The crew was rude")["sentences"]
    assert both == [one("Thank you!"), one("The crew was rude")]


@pytest.mark.parametrize("other", [" ", "\u200b", "\x07"])
def test_a_second_sentence_that_cannot_be_seen_is_none(other: str) -> None:
    assert ask(text="Thank you!", other=other) == ask(text="Thank you!")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\x07\x08", "\ufeff"])
def test_nothing_typed_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(ValidationError, match="Write a sentence; one word is enough"):
        params_of({"text": text})


@pytest.mark.parametrize("text", ["&nbsp;", "&#8203;"])
def test_what_cannot_be_seen_is_told_apart_from_words(text: str) -> None:
    with pytest.raises(DemoError, match="one word is enough"):
        ask(text=text)


def test_ten_thousand_words_are_refused_with_the_limit() -> None:
    with pytest.raises(ValidationError, match="at most 2000"):
        params_of({"text": "word " * 10_000})


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=60))
def test_any_text_gets_an_answer_or_a_sentence(text: str) -> None:
    try:
        result = ask(text=text)
    except (DemoError, ValidationError):
        return
    line = json.dumps(result, allow_nan=False)
    assert "\\u0000" not in line
    json.dumps(result, ensure_ascii=False).encode()  # no half of a pair of surrogates
    for sentence in result["sentences"]:
        np.testing.assert_allclose(np.sum(sentence["after"], axis=1), 1, atol=1e-3)


def test_half_of_a_surrogate_pair_is_no_end() -> None:
    from mlcore.feeling import feel

    (found,) = feel(["thanks \ud83d"], shipped())["sentences"]
    assert found["words"] == ["thanks", "\ufffd"]


def test_every_example_that_fools_it_comes_with_its_reason() -> None:
    written = (STATIC / "sentiment-words.js").read_text()
    plain = {"turn", "question"}
    told = {name for name, preset in SENTIMENT.presets.items() if f'"{preset.params.get("text")}",' in written}
    told |= {"more-helpful"} if '"You could not have been more helpful",' in written else set()
    assert told == set(SENTIMENT.presets) - plain


def test_the_model_is_fooled_as_the_lesson_says() -> None:
    def says(text: str) -> tuple[str, int]:
        parts = one(text)["probabilities"]
        return LABELS[int(np.argmax(parts))], round(100 * max(parts))

    assert says("The flight was bad") == ("negative", 64)
    assert says("The flight was not bad") == ("negative", 85)
    assert says("it was not very good") == ("positive", 72)
    assert says("it was not good") == ("positive", 51)
    assert says("great, another delay") == ("positive", 57)
    assert says("You could not have been more helpful") == ("negative", 68)
    assert says("My flight was cancelled, but the staff were wonderful") == ("positive", 90)
    good, bad = ask(text="It was good, not bad", other="It was bad, not good")["sentences"]
    assert good["bag"]["probabilities"] == bad["bag"]["probabilities"]
    assert good["probabilities"][0] > bad["probabilities"][0]


def test_the_tweets_are_as_the_lesson_says() -> None:
    train = [(tweet.forms, tweet.label) for tweet in split()["train"]]
    assert len(train) == 11_297

    def complaints(word: str) -> tuple[int, int]:
        labels = [label for forms, label in train if word in forms]
        return len(labels), labels.count("negative")

    assert complaints("not") == (1168, 993)
    assert complaints("hours") == (531, 512)
    pairs = [pair for forms, _ in train for pair in {*pairwise(forms)}]
    assert (pairs.count(("not", "bad")), pairs.count(("not", "very"))) == (2, 7)


def test_the_order_of_words_is_worth_a_point() -> None:
    model, validation = shipped().model, split()["validation"]
    truth = np.array([LABELS.index(tweet.label) for tweet in validation])

    def right(texts: list[list[str]]) -> float:
        return float((model.probabilities(texts).argmax(axis=1) == truth).mean())

    random = np.random.default_rng(0)
    shuffled = [right([list(random.permutation(tweet.forms)) for tweet in validation]) for _ in range(5)]
    assert round(right([tweet.forms for tweet in validation]), 3) == 0.826
    assert round(float(np.mean(shuffled)), 3) == 0.816
