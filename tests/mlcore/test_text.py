from __future__ import annotations

from mlcore.text import sentences, words


def test_words_are_lower_case_runs_of_letters() -> None:
    assert words("The 2 cafés—open at nine o’clock, don't they?") == [
        *("the", "cafés", "open", "at", "nine", "o'clock"),
        *("don't", "they"),
    ]


def test_sentences_end_at_full_stops_and_empty_lines() -> None:
    text = "Who's there? Nay, answer me.\n\nLong live the\nking"
    assert list(sentences([text])) == [
        ["who's", "there"],
        ["nay", "answer", "me"],
        ["long", "live", "the", "king"],
    ]


def test_a_sentence_of_one_word_is_left_out() -> None:
    assert list(sentences(["Bernardo? He is here.", "Yes."])) == [["he", "is", "here"]]
