from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from mlcore import registry
from mlcore.recording import Recorder

demo = registry.get("bptt")


def run(**params: Any) -> dict[str, Any]:
    with Recorder() as recorder:
        last = recorder.run(demo, demo.Params.model_validate(params))[-1]
    assert last["kind"] == "result", last
    return dict(last["data"]["result"])


@pytest.mark.parametrize("preset", sorted(demo.presets))
def test_backpropagation_and_finite_differences_agree_in_every_example(preset: str) -> None:
    assert run(**demo.presets[preset].params)["worst_error"] < 1e-5


def test_the_target_of_a_window_is_the_window_one_step_later() -> None:
    result = run(sequence=[1, 2, 3, 4])
    assert result["x"] == [[1], [2], [3]]
    assert result["target"] == [2, 3, 4]


def test_what_the_next_step_brings_is_what_it_then_brings() -> None:
    before, after = run(updates=0), run(updates=1)
    assert after["cost"] == before["next_cost"] < before["cost"]
    assert after["curve"] == [before["cost"], after["cost"]]


def test_a_step_goes_against_the_gradient_as_far_as_the_rate_says() -> None:
    before, after = run(learning_rate=0.5), run(learning_rate=0.5, updates=1)
    moved = before["weights"]["Wy"][0][1] - 0.5 * before["gradient"]["Wy"][0][1]
    assert after["weights"]["Wy"][0][1] == pytest.approx(moved, rel=1e-12)


def test_a_training_that_explodes_is_shown_up_to_where_it_could_be_computed() -> None:
    result = run(**demo.presets["far"].params)
    assert result["diverged"]
    assert result["update"] < demo.presets["far"].params["updates"]
    assert result["next_cost"] is None
    assert len(result["curve"]) == result["update"] + 1


def test_with_the_cost_at_the_end_a_weak_loop_lets_the_gradient_vanish() -> None:
    first, *_, last = (abs(delta[0]) for delta in run(**demo.presets["vanishing"].params)["delta"])
    assert first < last / 1000


def test_with_a_strong_loop_it_explodes() -> None:
    first, *_, last = (abs(delta[0]) for delta in run(**demo.presets["exploding"].params)["delta"])
    assert first == pytest.approx(2**7 * last)


@pytest.mark.parametrize("preset", sorted(demo.presets))
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_the_wildest_settings_give_numbers(preset: str, activation: str) -> None:
    extreme = {"loop": 3, "learning_rate": 5, "updates": 200, "activation": activation}
    result = run(**{**demo.presets[preset].params, **extreme})
    assert result["cost"] >= 0


def test_two_features_must_be_equally_long() -> None:
    with pytest.raises(ValidationError, match="sequence has 3 values"):
        demo.Params.model_validate({"sequence": [1, 2, 3], "features": "two", "second": [1, 2]})


def test_a_second_feature_that_is_not_read_may_have_any_length() -> None:
    assert run(sequence=[1, 2, 3], second=[1, 2])["x"] == [[1], [2]]
    assert demo.Params.model_validate({"second": [1, 2]}) == demo.Params()


@pytest.mark.parametrize("sequence", [[1], [1] * 9, [float("nan"), 1], [float("inf"), 1], [6, 1], ["a", "b"]])
def test_what_is_no_short_sequence_of_small_numbers_is_refused(sequence: list[Any]) -> None:
    with pytest.raises(ValidationError):
        demo.Params.model_validate({"sequence": sequence})
