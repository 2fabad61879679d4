"""What the five nets answer, and what is said of their answers."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlcore import registry
from mlcore.recording import Recorder


def answer(**params: Any) -> dict[str, Any]:
    demo = registry.get("shapes")
    with Recorder() as recorder:
        events = recorder.run(demo, demo.Params.model_validate(params))
    return dict(events[-1]["data"]["result"])


def preset(name: str) -> dict[str, Any]:
    return answer(**registry.get("shapes").presets[name].params)


def test_one_to_one_has_one_step() -> None:
    (step,) = preset("one-to-one")["steps"]
    assert step["read"] == "picture"
    assert step["output"] == step["likely"][0]["symbol"]


def test_a_caption_is_written_letter_by_letter_from_one_look() -> None:
    result = preset("one-to-many")
    steps = result["steps"]
    assert [step["read"] for step in steps] == ["picture"] + [None] * (len(steps) - 1)
    assert "".join(step["output"] for step in steps[:-1]) == result["answer"] == result["wanted"] == "four"
    assert [step["fed"] for step in steps[1:]] == list("four")
    assert steps[-1]["output"] == "end"


def test_a_wrong_first_letter_is_never_taken_back() -> None:
    result = preset("no-way-back")
    assert (result["answer"], result["wanted"]) == ("sive", "eight")


def test_a_drawing_is_read_instead_of_the_picture_and_has_no_right_answer() -> None:
    result = answer(wiring="one-to-one", drawn="000gg000" * 8)
    assert result["pixels"][3] == 16
    assert result["wanted"] is None
    assert answer(wiring="one-to-one", drawn="0" * 64) == answer(wiring="one-to-one")


def test_a_word_is_asked_about_once_at_its_end() -> None:
    result = answer(word="bonjour")
    assert [step["output"] is not None for step in result["steps"]] == [False] * 6 + [True]
    assert result["answer"] == "French"


def test_each_letter_has_its_answer_at_once() -> None:
    result = preset("too-early")
    assert "".join(step["output"] for step in result["steps"]) == result["answer"]
    assert result["answer"] != result["wanted"] == "être sur une île très célèbre"


def test_who_reads_on_finds_more() -> None:
    early, late = preset("too-early"), preset("reads-on")
    right = [
        sum(one == other for one, other in zip(result["answer"], result["wanted"], strict=True))
        for result in (early, late)
    ]
    assert right[0] < right[1]
    assert len(late["steps"]) == len(early["steps"]) + 4


def test_a_number_is_read_to_its_end_and_then_written() -> None:
    result = preset("delayed")
    assert (result["answer"], result["wanted"]) == ("305", "305")
    assert preset("no-number")["wanted"] is None


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"word": "b0njour"}, "“0”"),
        ({"word": "x" * 30}, "at most 20"),
        ({"text": "42"}, "Type some French"),
        ({"numeral": "305"}, "“305” in words"),
    ],
)
def test_what_the_nets_cannot_read_is_refused_in_a_sentence(params: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        registry.get("shapes").Params.model_validate(params)
