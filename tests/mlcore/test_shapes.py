"""The five nets: what they read, what keeps test and training apart, and that they are as good as their card says."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from mlcore import shapes
from mlcore.data import digits, languages
from mlcore.numerals import LARGEST, spelled, value_of
from mlcore.shape_inputs import read_drawing, read_french, read_numeral, read_word


def test_every_number_is_spelled_in_words_that_spell_it() -> None:
    assert spelled(3405) == ["three", "thousand", "four", "hundred", "and", "five"]
    assert spelled(3405, with_and=False) == ["three", "thousand", "four", "hundred", "five"]
    assert spelled(0) == ["zero"]
    for number in range(LARGEST + 1):
        assert value_of(spelled(number)) == number == value_of(spelled(number, with_and=False))
    with pytest.raises(ValueError, match="10000"):
        spelled(10_000)


@pytest.mark.parametrize("words", ["thousand three", "two two", "and", "", "five and", "ten hundred", "twenty eleven"])
def test_words_that_spell_no_number_have_no_value(words: str) -> None:
    assert value_of(words.split()) is None


def test_what_is_typed_is_brought_to_one_form() -> None:
    assert read_word(" École ") == "école"
    assert read_french("  Il  est né ") == "Il est né"
    assert read_numeral("Forty-Two") == "forty two"
    assert read_drawing("0" * 64) == ""


@pytest.mark.parametrize(
    ("read", "typed", "says"),
    [
        (read_word, " ", "Type a word"),
        (read_word, "deux mots", "one word"),
        (read_word, "m4n", "“4”"),
        (read_word, "слово", "“с”"),
        (read_word, "x" * 21, "21 letters"),
        (read_french, "…", "Type some French"),
        (read_french, "a" * 61, "61 characters"),
        (read_french, "le mot 水", "“水”"),
        (read_numeral, "-", "Type a number in words"),
        (read_numeral, "3 hundred", "“3” in words"),
        (read_numeral, "trois", "“trois”"),
        (read_numeral, "one " * 13, "13 words"),
        (read_drawing, "0x", "64 pixels"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(read: object, typed: str, says: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=says) as refused:
        read(typed)
    assert str(refused.value).endswith(".")


def test_accents_are_taken_off_and_put_back() -> None:
    text = "L'été, à Besançon : où Noël s'arrête"
    pairs = shapes.split_accents(text)
    assert "".join(letter for letter, _ in pairs) == "L'ete, a Besancon : ou Noel s'arrete"
    assert "".join(shapes.with_accent(letter, accent) for letter, accent in pairs) == text
    assert shapes.split_accents("ñ") == [("ñ", "none")]  # no accent of French


def test_the_packaged_files_are_the_expected_ones() -> None:
    digits.DIGITS.verify()
    for file in languages.LANGUAGES.values():
        file.verify()


def test_the_card_is_that_of_the_weights() -> None:
    nets = shapes.card()["nets"]
    assert set(nets) == {*shapes.WIRINGS, shapes.WAITS}
    for name, net in nets.items():
        assert hashlib.sha256((shapes.WEIGHTS / f"{name}.npz").read_bytes()).hexdigest() == net["sha256"]


def test_the_nets_are_as_good_as_their_card_says() -> None:
    from mlcore.recipes.shapes import numbers, score_numerals, score_pictures

    nets = shapes.card()["nets"]
    assert score_pictures("one-to-one") == nets["one-to-one"]["scores"]
    assert score_pictures("one-to-many") == nets["one-to-many"]["scores"]
    assert score_numerals() == nets["delayed"]["scores"]
    assert not set(numbers(test=True)) & set(numbers(test=False))


def test_nothing_of_the_test_was_trained_on() -> None:
    from mlcore.recipes.shapes import french, words

    trained, kept = words(test=False), words(test=True)
    assert not {word[:4] for word, _ in trained} & {word[:4] for word, _ in kept}
    assert not set(french(test=False)) & set(french(test=True))
    seen, unseen = (shapes.pictures_apart(test).pixels for test in (False, True))
    assert not {row.tobytes() for row in seen} & {row.tobytes() for row in unseen}


def test_the_wiring_is_in_the_weights_of_the_targets() -> None:
    """Of training examples: an output counts where the wiring has one."""
    from mlcore.recipes.shapes import delayed, many_to_one, one_to_many

    word = many_to_one()
    length = int(word.x[0].sum())
    assert word.weights[0].tolist() == [0.0] * (length - 1) + [1.0] + [0.0] * (word.x.shape[1] - length)
    caption = one_to_many()
    reads = caption.x[0, :, : shapes.READS["one-to-many"]]
    assert np.flatnonzero(reads.any(axis=1)).tolist() == [0]
    asked = np.flatnonzero(caption.weights[0])
    assert asked.tolist() == list(range(len(shapes.NAMES[0]) + 1))
    numeral = delayed()
    read = numeral.x[0, :, : shapes.READS["delayed"]].any(axis=1)
    assert not (read & (numeral.weights[0] > 0)).any()
    assert np.flatnonzero(numeral.weights[0])[0] == read.sum()


def test_a_net_reads_what_it_wrote() -> None:
    steps = shapes.run_numeral(["three", "hundred", "and", "five"])
    assert [step.read for step in steps] == ["three", "hundred", "and", "five", None, None, None, None]
    assert [step.output for step in steps] == [None] * 4 + ["3", "0", "5", "end"]
    assert [step.fed for step in steps[4:]] == [None, "3", "0", "5"]


def test_an_answer_ends_even_if_the_net_never_says_so() -> None:
    for words in ("seven " * 12, "thousand three", "and"):
        steps = shapes.run_numeral(words.split())
        assert len(steps) <= len(words.split()) + shapes.LONGEST_ANSWER


def test_the_second_net_for_accents_says_each_four_letters_later() -> None:
    steps = shapes.run_text("ete", wait=shapes.WAIT)
    assert [step.read for step in steps] == ["e", "t", "e", None, None, None, None]
    assert [step.about for step in steps] == [None, None, None, None, "e", "t", "e"]
    assert [step.output is None for step in steps] == [True] * 4 + [False] * 3
