"""The unrolled net: what it answers, what it refuses, and that the page's test vectors are what it computes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from lessons.recurrent_neurons.tests import unroll_vectors
from mlcore import registry, unrolled
from mlcore.contracts import DemoError
from mlcore.recipes import unroll as recipe
from mlcore.recording import Silent
from mlcore.recurrent import forward

UNROLL = registry.get("unroll")
params_of = UNROLL.Params.model_validate


def ask(**params: Any) -> dict[str, Any]:
    return UNROLL.run(params_of(params), Silent())


def test_the_vectors_of_the_pages_test_are_what_is_computed() -> None:
    stored = json.loads(unroll_vectors.FILE.read_text(encoding="utf-8"))
    computed = json.loads(json.dumps(unroll_vectors.computed()))
    assert len(stored) == len(computed)
    for one, other in zip(stored, computed, strict=True):
        assert one.keys() == other.keys()
        for name in ("z", "y", "said", "wanted"):
            if other[name] is None:
                assert one[name] is None
            else:
                np.testing.assert_allclose(one[name], other[name], rtol=1e-9, atol=1e-9)
        assert {name: one[name] for name in one.keys() - {"z", "y", "said", "wanted"}} == {
            name: other[name] for name in other.keys() - {"z", "y", "said", "wanted"}
        }


@pytest.mark.parametrize("example", list(recipe.PLANS))
def test_a_trained_net_is_right_on_sequences_it_never_saw(example: Any) -> None:
    net = unrolled.trained_nets()[example]
    assert recipe.right(example, net, np.random.default_rng(77), 200)["sequences"] == 1.0


def test_the_card_is_that_of_the_weights() -> None:
    card = json.loads((unrolled.WEIGHTS.parent / "card.json").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(unrolled.WEIGHTS.read_bytes()).hexdigest()
    assert card["scores"].keys() == unrolled.trained_nets().keys()


def test_the_recipe_makes_the_weights_that_are_shipped() -> None:
    shipped = unrolled.trained_nets()["seen_a"].arrays()
    trained = recipe.train("seen_a", 0).arrays()
    for name, array in trained.items():
        np.testing.assert_allclose(array, shipped[name], atol=0.011)


def test_the_gradients_of_the_recipe_are_those_of_finite_differences() -> None:
    random = np.random.default_rng(0)
    arrays = [random.normal(0, 0.5, shape) for shape in [(2, 3), (3, 3), (3,), (3, 1), (1,)]]
    x = random.normal(size=(4, 6, 2))
    target = random.normal(size=(4, 6))

    def cost() -> float:
        net = recipe.net_of(arrays, "linear")
        said = net.output(forward(net.layer, x).y)[..., 0]
        return float(((said - target) ** 2).mean() / 2)

    found = recipe.slopes(recipe.net_of(arrays, "linear"), x, target)
    for array, slope in zip(arrays, found, strict=True):
        for place in np.ndindex(array.shape):
            middle = array[place]
            array[place] = middle + 1e-6
            high = cost()
            array[place] = middle - 1e-6
            low = cost()
            array[place] = middle
            assert slope[place] == pytest.approx((high - low) / 2e-6, abs=1e-7)


def test_a_changed_weight_changes_what_is_said_from_the_second_step_on() -> None:
    before, after = ask(example="mean"), ask(example="mean", changes="Wy.0.0=0.4")
    same = [one == other for one, other in zip(before["y"], after["y"], strict=True)]
    assert same == [True, *[False] * 9]
    assert after["net"]["Wy"] == [[0.4]]
    assert after["trained"]["mean"]["Wy"] == before["net"]["Wy"], "the given weights stay as they are"


def test_the_output_can_be_the_state() -> None:
    result = ask(example="seen_a", output="state")
    assert result["said"] is None
    assert result["wanted"] is None
    assert result["y"] == ask(example="seen_a")["y"]


def test_a_state_that_nothing_squashes_explodes_and_is_still_told() -> None:
    preset = UNROLL.presets["without-squashing"]
    y = [row[0] for row in ask(**preset.params)["y"]]
    assert y == [1.5**t for t in range(20)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("Wy.0.0=inf", "changes no weight"),
        ("Wy.0.0=nan", "changes no weight"),
        ("Wy.0.0=1e400", "changes no weight"),
        ("Wy.0.0=1001", "between −1000 and 1000"),
        ("Wy.0.9=1", "no weight Wy.0.9"),
        ("b.0.0=1", "no weight b.0.0"),
        ("__class__.0=1", "changes no weight"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_in_a_sentence(changes: str, words: str) -> None:
    with pytest.raises(DemoError, match=words):
        ask(changes=changes)


@pytest.mark.parametrize(
    "params",
    [
        {"bits": "0120"},
        {"bits": ""},
        {"bits": "0" * 41},
        {"brackets": "(a)"},
        {"letters": "x" * 41},
        {"numbers": []},
        {"numbers": [0.0] * 41},
        {"numbers": [float("nan")]},
        {"numbers": [float("inf")]},
        {"numbers": [1001]},
        {"units": 17},
    ],
)
def test_a_sequence_that_cannot_be_read_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        params_of(params)


def test_bits_may_be_typed_with_spaces_and_commas() -> None:
    assert params_of({"bits": "0 1, 1"}) == params_of({"bits": "011"})


def test_what_is_no_letter_is_read_as_a_space() -> None:
    assert (unrolled.encode("letters", "A–İ") == unrolled.encode("letters", "a  ")).all()


def test_the_numbers_of_the_lesson_are_true() -> None:
    seen = ask(example="seen_a")
    assert [round(row[0], 2) for row in seen["y"]][3:5] == [-1.0, 0.84]
    assert [round(value, 2) for value in seen["said"]][3:5] == [0.0, 0.99]
    forgets = ask(example="seen_a", changes="Wy.0.0=0.5")
    assert [round(value, 2) for value in forgets["said"]][5:7] == [0.14, 0.01]
    deep = ask(**UNROLL.presets["too-deep"].params)["said"]
    assert [round(deep[at], 2) for at in (6, 7, 15)] == [4.78, 4.79, -1.10]
    lasting = ask(**{**UNROLL.presets["without-squashing"].params, "activation": "tanh"})["y"]
    assert round(lasting[-1][0], 2) == 0.86
    mean = unrolled.trained_nets()["mean"].arrays()
    assert mean["Wy"].item() == 0.81
    assert round(mean["Wx"].item() * mean["V"].item(), 2) == 0.2
    others = unrolled.trained_nets()["seen_a"].layer.Wx[1:]
    assert (others.min(), others.max()) == (-0.89, -0.84)
    assert (
        json.loads((unrolled.WEIGHTS.parent / "card.json").read_text(encoding="utf-8"))["scores"]["parity"]["seed"]
        == 25
    )
