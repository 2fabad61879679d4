from __future__ import annotations

from typing import Any

import pytest

from mlcore import registry
from mlcore.contracts import Event
from mlcore.recording import Recorder
from tests.recorded import result_of, rows_of

demo = registry.get("bucketing")
SMALL: dict[str, Any] = {"text": "news", "sentences": 128, "longest": 30, "batch_size": 16, "rounds": 2, "units": 8}


def run(**changes: Any) -> list[Event]:
    with Recorder() as recorder:
        return recorder.run(demo, demo.Params.model_validate({**SMALL, **changes}))


def test_the_padding_is_the_same_each_time_though_the_clock_is_not() -> None:
    one, other = result_of(run()), result_of(run())
    for key in ("lengths", "orders", "sentences", "among", "too_long"):
        assert one[key] == other[key]


def test_the_three_orders_hold_the_same_sentences() -> None:
    result = result_of(run())
    assert [len(sentence.split()) for sentence in result["sentences"]] == result["lengths"]
    for order in result["orders"].values():
        members = [member for batch in order["batches"] for member in batch["members"]]
        assert sorted(members) == list(range(128))


def test_sorting_wastes_least_and_chance_most() -> None:
    wasted = {name: order["wasted"] for name, order in result_of(run())["orders"].items()}
    assert wasted["sorted"] <= wasted["bucketed"] < wasted["random"]


def test_the_batches_can_be_seen_before_anything_is_measured() -> None:
    kinds = [event["kind"] for event in run()]
    assert kinds.index("frame") < kinds.index("metrics")


def test_each_round_is_told() -> None:
    events = run(rounds=3)
    assert [row["round"] for row in rows_of(events)] == [1, 2, 3]
    assert result_of(events)["times"]["rounds"] == 3


@pytest.mark.parametrize("text", ["encyclopedia", "shakespeare", "news"])
def test_the_largest_answer_still_fits_into_a_log(text: str) -> None:
    events = run(text=text, sentences=1000, longest=80, batch_size=4)
    assert max(len(str(event["data"])) for event in events) < 240_000
