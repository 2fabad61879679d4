"""The explorer: what it answers, what it says of words it does not know, and that a batch changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlcore import registry
from mlcore.data import glove
from mlcore.recording import Silent

EXPLORER = registry.get("explorer")
params_of = EXPLORER.Params.model_validate


def ask(**params: Any) -> dict[str, Any]:
    return EXPLORER.run(params_of(params), Silent())


def roles(result: dict[str, Any]) -> dict[str, str]:
    return {point["word"]: point["role"] for point in result["map"]["points"]}


def test_neighbours_are_listed_and_drawn_best_first() -> None:
    result = ask(task="neighbours", word="paris", count=5)
    (found,) = result["lists"]
    assert found["of"] == "paris"
    assert [row["word"] for row in found["words"]] == ["france", "brussels", "amsterdam", "french", "vienna"]
    assert found["words"][0] == {"word": "france", "similarity": 0.802533, "rank": glove.load().rank("france")}
    assert roles(result) == {"paris": "asked", **{row["word"]: "near" for row in found["words"]}}


def test_similarity_lists_the_neighbours_of_both_words() -> None:
    result = ask(task="similarity", first="coffee", second="tea", count=4)
    assert result["similarity"] == pytest.approx(glove.load().similarity("coffee", "tea"), abs=1e-6)
    assert [(found["of"], len(found["words"])) for found in result["lists"]] == [("coffee", 4), ("tea", 4)]
    assert len(roles(result)) == len(result["map"]["points"])  # a word near both is drawn once


def test_a_word_is_wholly_similar_to_itself() -> None:
    result = ask(task="similarity", first="tea", second="Tea")
    assert result["similarity"] == 1
    assert result["asked"] == ["tea"]


def test_an_analogy_is_a_parallelogram_on_the_map() -> None:
    result = ask(task="analogy", a="man", b="king", c="woman")
    assert result["answer"] == "queen"
    place = {point["word"] or point["role"]: (point["x"], point["y"]) for point in result["map"]["points"]}
    for axis in (0, 1):
        one_side = place["king"][axis] - place["man"][axis]
        other_side = place["target"][axis] - place["woman"][axis]
        assert one_side == pytest.approx(other_side, abs=2e-5)
    assert roles(result)["queen"] == "answer"


def test_the_odd_one_out_is_marked() -> None:
    result = ask(task="odd_one_out", words="breakfast, lunch dinner bicycle")
    assert result["answer"] == "bicycle"
    assert roles(result) == {"bicycle": "odd", "breakfast": "asked", "lunch": "asked", "dinner": "asked", "": "mean"}


@pytest.mark.parametrize(
    ("params", "unknown"),
    [
        ({"task": "neighbours", "word": "pariss"}, ["pariss"]),
        ({"task": "similarity", "first": "tea", "second": "coffeee"}, ["coffeee"]),
        ({"task": "analogy", "a": "mannn", "b": "king", "c": "womann"}, ["mannn", "womann"]),
        ({"task": "odd_one_out", "words": ["tea", "coffee", "bicyclle"]}, ["bicyclle"]),
    ],
)
def test_an_unknown_word_is_told_with_near_spellings_and_nothing_else_is_made_up(
    params: dict[str, Any], unknown: list[str]
) -> None:
    result = ask(**params)
    assert [entry["word"] for entry in result["unknown"]] == unknown
    assert result["lists"] == [] == result["map"]["points"]
    assert result["answer"] is None
    assert result["similarity"] is None
    for entry in result["unknown"]:
        assert 1 <= len(entry["suggestions"]) <= 6
        assert all(word in glove.load() for word in entry["suggestions"])


def test_a_name_of_two_words_is_offered_with_a_hyphen_and_in_parts() -> None:
    (entry,) = ask(word="New York")["unknown"]
    assert entry["suggestions"][:4] == ["new-york", "newyork", "new", "york"]


@pytest.mark.parametrize("typed", ["paris", "Paris", "  PARIS ", "pArIs\t"])
def test_case_and_spaces_do_not_matter(typed: str) -> None:
    assert params_of({"word": typed}) == params_of({"word": "paris"})


def test_a_typographic_apostrophe_is_the_plain_one() -> None:
    assert ask(word="o’clock")["unknown"] == []


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"word": "   "}, "Type a word."),
        ({"task": "odd_one_out", "words": "tea tea coffee"}, "Type three to ten different words."),
        ({"words": list("abcdefghijk")}, "Type three to ten different words."),
    ],
)
def test_nothing_typed_is_refused_in_plain_words(params: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        params_of(params)


@pytest.mark.parametrize("params", [{"word": 3}, {"words": [1, 2, 3]}, {"words": {"a": 1}}, {"word": "x" * 51}])
def test_values_of_another_kind_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        params_of(params)


def test_common_words_leave_out_the_rare_ones() -> None:
    common, everything = (
        ask(word="python", count=40, search=search)["lists"][0]["words"] for search in ("common", "all")
    )
    assert max(row["rank"] for row in common) <= 50_000
    assert max(row["rank"] for row in everything) > 50_000


def test_a_rare_word_can_be_asked_for_though_only_common_ones_are_looked_among() -> None:
    result = ask(word="corythosaurus")
    assert glove.load().rank("corythosaurus") > 50_000
    assert result["lists"][0]["words"]


def test_a_batch_of_all_tasks_answers_each_as_alone() -> None:
    questions = [params_of(preset.params) for preset in EXPLORER.presets.values()]
    questions += [params_of({"word": word}) for word in ("tea", "pariss", "seven", "new york")]
    room = EXPLORER.max_batch - len(questions)
    questions += [params_of({"task": "similarity", "first": word}) for word in glove.load().words[500 : 500 + room]]
    assert {EXPLORER.batch_key(params) for params in questions} == {"common"}
    together = EXPLORER.run_batch(questions, [Silent()] * len(questions))
    assert together == [EXPLORER.run(params, Silent()) for params in questions]
