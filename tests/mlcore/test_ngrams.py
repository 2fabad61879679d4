"""Counting which character follows which, against counts by hand; texts of one's own as they come from programs."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import ngrams
from mlcore.data.own_text import SHORTEST, TextError, first_words, read_text

VERSE = "Habe nun, ach! Philosophie, Juristerei und Medizin, und leider auch Theologie durchaus studiert.\n"


def ids(text: str) -> ngrams.Ids:
    return np.array([ord(symbol) - ord("a") for symbol in text], np.int32)


def by_hand(learned: str, symbols: int, context: str, symbol: str) -> float:
    """Witten and Bell's estimate, from the definition."""
    shorter = by_hand(learned, symbols, context[1:], symbol) if context else 1 / symbols
    size = len(context)
    after = Counter(learned[at + size] for at in range(len(learned) - size) if learned[at : at + size] == context)
    if not after:
        return shorter
    return (after[symbol] + len(after) * shorter) / (after.total() + len(after))


@settings(deadline=None, max_examples=40)
@given(st.text("abcd", min_size=3, max_size=40), st.text("abcd", min_size=4, max_size=12), st.integers(1, 3))
def test_what_counting_says_is_what_the_definition_says(learned: str, told: str, order: int) -> None:
    found = ngrams.probabilities(ids(learned), ids(told), 4, order)
    places = range(order - 1, len(told))
    expected = [by_hand(learned, 4, told[at - order + 1 : at], told[at]) for at in places]
    np.testing.assert_allclose(found, expected)


def test_after_any_context_the_probabilities_sum_to_one() -> None:
    learned = ids("abracadabradacba")
    for context in ("ab", "dd", "ca"):
        total = sum(ngrams.probabilities(learned, ids(context + symbol), 4, 3)[-1] for symbol in "abcd")
        assert math.isclose(total, 1)


def test_knowing_nothing_costs_the_logarithm_of_the_alphabet() -> None:
    assert ngrams.bits(ids("abcd"), ids("aaaa"), 4, 0) == 2


def test_a_text_that_repeats_is_nearly_free_for_pairs_and_costs_a_bit_for_single_characters() -> None:
    text = ids("ab" * 2000)
    assert math.isclose(ngrams.bits(text, text, 2, 1), 1, abs_tol=0.01)
    assert ngrams.bits(text, text, 2, 2) < 0.01


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encodings_that_programs_write(encoding: str) -> None:
    verse = VERSE.replace("und leider", "heißes Bemühn")
    text = read_text((verse * 30).replace("\n", "\r\n").encode(encoding))
    assert text == verse * 30


def test_a_broken_character_does_not_make_the_others_strange() -> None:
    verse = VERSE.replace("und leider", "heißes Bemühn")
    cut = (verse * 30 + "ü").encode()[:-1]
    assert read_text(cut) == verse * 30
    assert read_text(cut.replace("ß".encode(), b"\xff", 1)) == verse.replace("ß", "") + verse * 29


def test_a_text_is_tidied() -> None:
    text = read_text(("  \n\n\n\nA\u0308rger\t\x07\u200b\u00a0da  \n" + VERSE * 30 + "\n\n\n\nEnde \n\n").encode())
    assert text == "Ärger  da\n" + VERSE * 30 + "\nEnde\n"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("\u3000\u3000天地玄黄宇宙洪荒日月盈昃。", "  天地玄黄宇宙洪荒日月盈昃。"),
        ("Où vas-tu\u202f? demanda-t-il\u2009; «\u00a0nulle part\u00a0»", "Où vas-tu ? demanda-t-il ; « nulle part »"),
        ("ฉัน\u200bรัก\u200bเธอ\u200bมาก\u200bจริงๆ", "ฉันรักเธอมากจริงๆ"),
    ],
)
def test_spaces_of_other_scripts_are_spaces_and_what_has_no_width_goes(line: str, kept: str) -> None:
    assert read_text(f"{line}\u2028".encode() * 200) == (f"{kept}\n" * 200).lstrip()


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73\u0301"])
def test_of_accents_without_end_only_the_first_are_kept_so_that_no_file_keeps_the_server_busy(marks: str) -> None:
    first, second = marks
    text = read_text((VERSE * 30 + "x" + first * 3_000 + second * 3_000).encode())
    assert text.startswith(VERSE * 30 + "x")
    assert len(text) < len(VERSE * 30) + 70
    assert read_text((VERSE * 30 + "o\u0302\u0323").encode()).endswith("\u1ed9\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"a", "has 2 characters"),
        (VERSE.encode(), f"at least {SHORTEST:,}"),
        (b"a" * 100_000, "repeats"),
        (b"ab" * 100_000, "repeats"),
        (b"\x89PNG\r\n\x1a\n\0\0" + bytes(range(256)) * 50, "not a text file"),
        (bytes(5_000), "not a text file"),
        (b"PK\x03\x04" + VERSE.encode() * 30, "document of a program"),
        (b"%PDF-1.7" + VERSE.encode() * 30, "document of a program"),
    ],
)
def test_what_is_no_text_or_too_short_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(TextError, match=words) as refused:
        read_text(data)
    assert str(refused.value).endswith(".")


def test_the_first_words_are_whole_and_on_one_line() -> None:
    assert first_words("Habe nun,\nach! Philosophie") == "Habe nun, ach!"
    assert first_words("Donaudampfschifffahrt") == "Donaudampfschiff"
    assert first_words("ja\n") == "ja"
