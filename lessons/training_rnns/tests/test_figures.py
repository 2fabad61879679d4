"""The figures that the lesson's text and quiz name."""

from __future__ import annotations

from typing import Any

import pytest

from mlcore import registry
from mlcore.bucketing import padding, three_orders
from mlcore.data.sentences import draw_sentences
from mlcore.recording import Recorder


def of_bptt(**params: Any) -> dict[str, Any]:
    demo = registry.get("bptt")
    with Recorder() as recorder:
        return dict(recorder.run(demo, demo.Params.model_validate(params))[-1]["data"]["result"])


def test_the_first_step_hears_more_from_the_future_than_from_its_own_cost() -> None:
    result = of_bptt()
    assert result["direct"][0][0] == pytest.approx(0.575, abs=5e-4)
    assert result["future"][0][0] == pytest.approx(0.647, abs=5e-4)
    assert result["contributions"]["Wy"][0] == [[0, 0], [0, 0]]
    assert result["worst_error"] < 1e-9


@pytest.mark.parametrize(("updates", "cost"), [(0, 1.329), (1, 0.875), (20, 0.112), (100, 0.0002)])
def test_the_cost_falls_as_the_text_says(updates: int, cost: float) -> None:
    assert of_bptt(updates=updates)["cost"] == pytest.approx(cost, abs=5e-4)


def test_the_gradient_that_vanishes_arrives_as_the_text_says() -> None:
    delta = of_bptt(**registry.get("bptt").presets["vanishing"].params)["delta"]
    assert delta[-1][0] == pytest.approx(-1.0, abs=0.05)
    assert delta[0][0] == pytest.approx(-0.0002, abs=5e-5)


def test_the_padding_is_what_the_text_says() -> None:
    params: Any = registry.get("bucketing").Params()
    drawn = draw_sentences(params.text, params.sentences, params.longest, params.seed)
    for buckets, share in ((1, 58.7), (5, 20.0), (20, 5.3)):
        orders = three_orders(drawn.sentences, params.batch_size, buckets, params.seed)
        wasted = {name: 100 * padding(orders.lengths, batches).wasted for name, batches in orders.batches.items()}
        assert wasted == pytest.approx({"random": 50.7, "sorted": 5.3, "bucketed": share}, abs=0.05)
