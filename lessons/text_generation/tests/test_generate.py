"""A text that is written or read while somebody watches: what is told of each place, and of odd prompts and texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlcore import registry
from mlcore.characters import shipped
from mlcore.contracts import Event
from mlcore.decoding import Decoding
from mlcore.recording import Recorder
from tests.recorded import data_of, result_of

GENERATE = registry.get("generate")
params_of = GENERATE.Params.model_validate
COLUMNS = ("nats", "top", "likely", "allowed", "given", "kept")


def events_of(**params: Any) -> list[Event]:
    with Recorder() as recorder:
        return recorder.run(GENERATE, params_of(params))


def steps_of(events: list[Event], of: int = 0) -> dict[str, list[Any]]:
    """What was told of one of the texts, by column."""
    said = [data for data in data_of(events, "tokens") if data["of"] == of]
    places = [data["at"] for data in said]
    assert places == [sum(len(data["text"]) for data in said[:number]) for number in range(len(said))]
    columns = {name: [value for data in said for value in data[name]] for name in COLUMNS}
    return {"symbols": [symbol for data in said for symbol in data["text"]], **columns}


def text_of(events: list[Event], of: int = 0) -> str:
    return str(result_of(events)["texts"][of]["text"])


# Writing --------------------------------------------------------------------------------------------------------------


def test_what_is_told_on_the_way_is_the_text_of_the_result() -> None:
    events = events_of(length=50)
    told = steps_of(events)
    assert "".join(told["symbols"]) == text_of(events)
    assert {len(told[name]) for name in COLUMNS} == {50}


def test_the_first_character_comes_alone_and_no_word_is_long() -> None:
    """Else somebody waits for what is there already, or a stop takes effect late."""
    sizes = [len(data["text"]) for data in data_of(events_of(length=50), "tokens")]
    assert sizes[0] == 1
    assert max(sizes) <= 4


def test_a_seed_fixes_the_text_and_another_seed_changes_it() -> None:
    one, again, other = (text_of(events_of(length=80, seed=seed)) for seed in (5, 5, 6))
    assert one == again != other


def test_the_surprise_at_what_was_written_is_that_of_reading_it() -> None:
    events = events_of(prompt="ROMEO:", length=60, temperature=1.3)
    read = shipped().surprise("ROMEO:" + text_of(events)).nats[len("ROMEO:") :]
    np.testing.assert_allclose(steps_of(events)["nats"], read, atol=2e-3)
    assert result_of(events)["texts"][0]["nats"] == pytest.approx(read.mean(), abs=2e-3)


@given(temperature=st.floats(0.2, 2), top_k=st.integers(0, 65), top_p=st.floats(0.05, 1), seed=st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_nothing_is_written_that_was_left_out(temperature: float, top_k: int, top_p: float, seed: int) -> None:
    told = steps_of(events_of(length=12, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed))
    for symbol, top, allowed, drawn, kept in zip(
        told["symbols"], told["top"], told["allowed"], told["given"], told["kept"], strict=True
    ):
        assert drawn > 0
        assert 1 <= kept <= (top_k or 65)
        assert [share > 0 for share in allowed] == [rank < kept for rank in range(len(top))]
        assert symbol in top[:kept] or kept > len(top)


def test_at_temperature_zero_the_likeliest_is_written_whatever_the_seed() -> None:
    events = events_of(length=60, temperature=0, seed=3)
    told = steps_of(events)
    assert told["symbols"] == [top[0] for top in told["top"]]
    assert set(told["given"]) == {1.0}
    assert set(told["kept"]) == {1}
    assert text_of(events) == text_of(events_of(length=60, temperature=0, seed=4))


def test_two_temperatures_are_the_texts_that_each_writes_alone() -> None:
    both = events_of(length=40, temperature=0.5, compare=True, other_temperature=1.4)
    assert text_of(both, 0) == text_of(events_of(length=40, temperature=0.5))
    assert text_of(both, 1) == text_of(events_of(length=40, temperature=1.4))
    assert [text["temperature"] for text in result_of(both)["texts"]] == [0.5, 1.4]


def test_a_character_chosen_by_hand_stands_there_and_all_before_it_stays() -> None:
    usual, changed = events_of(length=40), events_of(length=40, chosen=f"0.10.{ord('Q')}")
    before, after = text_of(usual), text_of(changed)
    assert after[:10] == before[:10]
    assert after[10] == "Q" != before[10]
    # From there on it is what the model writes after that prompt, with the random numbers of these places.
    random = np.random.default_rng(1)
    random.random(11)
    prompt = GENERATE.Params().prompt  # type: ignore[attr-defined]
    expected = Decoding(0.8).probabilities(shipped().scores(shipped().after(prompt + after[:11])))[0]
    symbol = shipped().alphabet.symbols[int((expected.cumsum() > random.random()).argmax())]
    assert after[11] == symbol


def test_what_is_chosen_for_one_text_does_not_touch_the_other() -> None:
    asked = {"length": 20, "compare": True}
    usual, changed = events_of(**asked), events_of(**asked, chosen=f"1.3.{ord('Q')}")
    assert text_of(usual, 0) == text_of(changed, 0)
    assert text_of(changed, 1)[3] == "Q"


def test_a_character_that_the_network_never_saw_cannot_be_chosen() -> None:
    assert text_of(events_of(length=10, chosen="0.2.8364 0.500.65")) == text_of(events_of(length=10))


@pytest.mark.parametrize("chosen", ["2.1.65", "0.1", "0.1.x", "0.1.1114112", "-1.0.65", "0.1.65;0.2.66"])
def test_nonsense_chosen_by_hand_is_refused(chosen: str) -> None:
    with pytest.raises(ValidationError):
        params_of({"chosen": chosen})


def test_equal_choices_are_equal_params() -> None:
    assert params_of({"chosen": "0.9.66  0.2.65 0.9.67"}) == params_of({"chosen": "0.2.65 0.9.67"})


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_text_is_read_as_the_model_reads_it_at_once() -> None:
    text = "Friends, Romans, countrymen,\nlend me your 5 ears — now."
    events = events_of(task="read", text=text)
    told, usual = steps_of(events), shipped().surprise(text)
    assert "".join(told["symbols"]) == text
    got = [np.nan if nats is None else nats for nats in told["nats"]]
    np.testing.assert_allclose(got, usual.nats, atol=2e-3)
    assert [top[:1] for top in told["top"]] == usual.best
    summary = result_of(events)["texts"][0]
    assert summary["nats"] == pytest.approx(usual.mean, abs=2e-3)
    assert summary["bits"] == pytest.approx(usual.mean / np.log(2), abs=3e-3)
    assert summary["perplexity"] == pytest.approx(np.exp(usual.mean), rel=3e-3)


def test_the_most_surprising_places_come_first() -> None:
    result = result_of(events_of(task="read", text="What light through yonder qzjx breaks?"))
    bits = [place["bits"] for place in result["surprising"]]
    assert bits == sorted(bits, reverse=True)
    assert result["surprising"][0]["symbol"] in "qzjx"


# Odd prompts and texts ------------------------------------------------------------------------------------------------

ODD = {
    "one character": "a",
    "emoji": "👑👩‍👩‍👧 king",
    "another script": "Быть или не быть",
    "nothing it knows": "12450 €",
    "control characters": "a\x01\x1b[31mb\x7f",
    "a line separator": "a\u2028b",
    "right to left": "שלום king \u202e",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_what_it_never_saw_is_named_by_its_place_and_passed_over(text: str) -> None:
    text = params_of({"prompt": text}).prompt  # type: ignore[attr-defined]
    unknown = [at for at, symbol in enumerate(text) if symbol not in shipped().alphabet.symbols]

    read = events_of(task="read", text=text)
    assert result_of(read)["unknown"] == data_of(read, "tokens")[0]["unknown"] == unknown
    assert [at for at, nats in enumerate(steps_of(read)["nats"]) if nats is None] == unknown
    assert (result_of(read)["texts"][0]["bits"] is None) == (len(unknown) == len(text))

    written = events_of(prompt=text, length=8)
    assert data_of(written, "tokens")[0]["unknown"] == unknown
    without = "".join(symbol for at, symbol in enumerate(text) if at not in unknown)
    assert text_of(written) == "".join(
        one.symbol
        for one in shipped().write(without, 8, Decoding(0.8), GENERATE.Params().seed)  # type: ignore[attr-defined]
    )


def test_without_a_prompt_it_begins_by_itself() -> None:
    assert len(text_of(events_of(prompt="", length=5))) == 5


@pytest.mark.parametrize("text", ["", "   ", "word " * 10_000, "a\ud800b"])
def test_a_text_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        params_of({"task": "read", "text": text})
