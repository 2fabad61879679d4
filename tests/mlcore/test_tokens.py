"""Tokens, joined, are the text again, whatever it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlcore.tokens import LINK, NUMBER, OTHER, UNKNOWN, USER, Characters, Vocabulary, forms, mask_handles, pieces, tidy

any_text = st.text(st.characters(exclude_categories=[]))


@given(any_text)
@example("\ud800 \U0001f600\x00")
def test_characters_come_back_from_their_numbers(text: str) -> None:
    known = Characters.of(text)
    ids = known.encode(text)
    assert (ids >= 0).all()
    assert known.decode(ids) == text


@given(any_text, any_text)
def test_unknown_characters_are_told_from_the_others(learned: str, text: str) -> None:
    known = Characters.of(learned)
    ids = known.encode(text)
    assert [at == UNKNOWN for at in ids] == [symbol not in learned for symbol in text]
    assert known.decode(ids[ids != UNKNOWN]) == "".join(symbol for symbol in text if symbol in learned)


def test_only_the_most_frequent_characters_are_kept_where_that_is_asked() -> None:
    assert Characters.of("aaabbc", most=2).symbols == "ab"
    assert Characters("zab").encode("abz?").tolist() == [1, 2, 0, UNKNOWN]


@pytest.mark.parametrize("number", [-1, 3])
def test_a_number_that_no_character_has_is_refused(number: int) -> None:
    with pytest.raises(IndexError):
        Characters("abc").decode([0, number])


@given(any_text)
@example("@user I'm sooooo :-) <3 http://t.co/a?b=c 👨‍👩‍👧 👍🏽 don’t $1,000.50 #fail!!! 日本語 ﷽")
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    cut = pieces(text)
    assert "".join(piece.text for piece in cut) == text
    assert all(bool(piece.form) != piece.text.isspace() for piece in cut)
    assert all(piece.text for piece in cut)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@JetBlue Thanks!!!", [USER, "thanks", "!"]),
        ("I don’t CARE", ["i", "don't", "care"]),
        ("sooooo good", ["soo", "good"]),
        ("see https://t.co/x1 or www.a.org", ["see", LINK, "or", LINK]),
        ("flight 4053 at 5:50, $30", ["flight", NUMBER, "at", NUMBER, ",", NUMBER]),
        ("you &amp; me &lt;3 :-)", ["you", "&", "me", "<3", ":-)"]),
        ("#fail... 👍🏽👍", ["#fail", ".", "👍🏽", "👍"]),
        ("👨‍👩‍👧", ["👨‍👩‍👧"]),
        ("a\x00b\x07", ["a", "b"]),
        ("   ", []),
    ],
)
def test_the_forms_of_a_tweet(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@given(any_text)
def test_a_tidied_text_has_no_control_characters(text: str) -> None:
    assert not any(ord(symbol) < 32 or 127 <= ord(symbol) < 160 for symbol in tidy(text) if symbol not in "\n\t")


@given(any_text)
def test_no_handle_is_left_where_they_are_masked(text: str) -> None:
    masked = mask_handles(f"@{text} @someone")
    assert "@someone" not in masked
    assert {piece.text for piece in pieces(masked) if piece.form == USER} <= {"@user"}


def test_a_vocabulary_numbers_words_by_how_often_they_occur() -> None:
    known = Vocabulary.of([["b", "a", "b"], ["c", "a", "b"]], at_least=2)
    assert known.words == ("", OTHER, "b", "a")
    assert known.encode(["a", "#b", "never seen"]).tolist() == [3, 2, 1]
    assert "a" in known
    assert "c" not in known
    assert np.array_equal(known.rows([["a"], ["b", "a", "b"], []], longest=2), [[3, 0], [2, 3], [0, 0]])
