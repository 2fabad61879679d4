from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.bptt import (
    backward,
    contributions,
    descend,
    gradients,
    half_squared_error,
    numerical_gradients,
    relative_error,
)
from mlcore.bptt_exercise import Target, every_number, exercise, starting_layer, train
from mlcore.recurrent import ACTIVATIONS, Activation, Floats, SimpleRecurrent, forward

each_activation = pytest.mark.parametrize("activation", list(ACTIVATIONS))


def a_case(
    activation: Activation, *, batch: int = 3, steps: int = 6, inputs: int = 2, units: int = 4, told: int = 2
) -> tuple[SimpleRecurrent, Floats, Floats, Floats]:
    """Layer, inputs, targets and counts, at random; ReLU's corner is not met."""
    random = np.random.default_rng(5)
    layer = SimpleRecurrent(
        0.7 * random.standard_normal((inputs, units)),
        0.5 * random.standard_normal((units, units)),
        0.3 * random.standard_normal(units),
        activation,
    )
    x = random.standard_normal((batch, steps, inputs))
    target = random.standard_normal((batch, steps, told))
    return layer, x, target, random.integers(0, 2, (batch, steps)).astype(np.float64)


@each_activation
def test_the_gradients_are_those_of_tensorflow(activation: Activation) -> None:
    import tensorflow as tf

    layer, x, target, counts = a_case(activation)
    weights = [tf.Variable(w) for w in (layer.Wx, layer.Wy, layer.b)]
    with tf.GradientTape() as tape:
        y, total = tf.zeros((len(x), layer.units), tf.float64), tf.constant(0.0, tf.float64)
        for t in range(x.shape[1]):
            z = x[:, t] @ weights[0] + y @ weights[1] + weights[2]
            y = z if activation == "linear" else getattr(tf.nn, activation)(z)
            total += 0.5 * tf.reduce_sum(counts[:, t, None] * (y[:, :2] - target[:, t]) ** 2)
    trace = forward(layer, x)
    cost, direct = half_squared_error(trace.y, target, counts)
    ours = gradients(trace, backward(layer, trace, direct))
    assert cost.sum() == pytest.approx(float(total), rel=1e-12)
    for one, other in zip(ours, tape.gradient(total, weights), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@each_activation
def test_the_gradients_are_those_of_finite_differences(activation: Activation) -> None:
    layer, x, target, counts = a_case(activation)

    def cost(candidate: SimpleRecurrent) -> float:
        return float(half_squared_error(forward(candidate, x).y, target, counts)[0].sum())

    trace = forward(layer, x)
    _, direct = half_squared_error(trace.y, target, counts)
    for one, other in zip(
        gradients(trace, backward(layer, trace, direct)), numerical_gradients(layer, cost), strict=True
    ):
        assert relative_error(one, other).max() < 1e-6


@each_activation
def test_what_the_steps_contribute_adds_up_to_the_gradients(activation: Activation) -> None:
    layer, x, target, counts = a_case(activation)
    trace = forward(layer, x)
    back = backward(layer, trace, half_squared_error(trace.y, target, counts)[1])
    for parts, whole in zip(contributions(trace, back), gradients(trace, back), strict=True):
        np.testing.assert_allclose(parts.sum(axis=0), whole, atol=1e-12)


def test_a_step_without_a_target_gets_its_gradient_from_the_future_alone() -> None:
    layer, x, target, _ = a_case("tanh")
    counts = np.zeros(x.shape[:2])
    counts[:, -1] = 1
    trace = forward(layer, x)
    cost, direct = half_squared_error(trace.y, target, counts)
    back = backward(layer, trace, direct)
    assert not cost[:, :-1].any()
    assert not back.direct[:, :-1].any()
    assert not back.future[:, -1].any()
    assert back.delta[:, 0].any()


def test_padding_after_the_last_step_that_counts_changes_nothing() -> None:
    layer, x, target, _ = a_case("tanh")
    counts = np.ones(x.shape[:2])
    counts[:, 4:] = 0
    short = forward(layer, x[:, :4])
    short_back = backward(layer, short, half_squared_error(short.y, target[:, :4], counts[:, :4])[1])
    padded = forward(layer, x)
    back = backward(layer, padded, half_squared_error(padded.y, target, counts)[1])
    for one, other in zip(gradients(short, short_back), gradients(padded, back), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-14)


def test_derivatives_of_another_shape_are_refused() -> None:
    layer, x, _, _ = a_case("tanh")
    with pytest.raises(ValueError, match="outputs have"):
        backward(layer, forward(layer, x), np.zeros((1, 2, 3)))


def test_a_step_down_the_gradient_makes_the_cost_smaller() -> None:
    task = exercise([(0.5, -0.4, 0.9, 0.2)], "next", "every")
    layer = starting_layer(2, 1, 0.9, "tanh", 7)
    (first,) = train(task, layer, 0.01, 0)
    assert task.cost(descend(layer, first.gradient, 0.01)) < first.cost == pytest.approx(task.cost(layer))


def test_training_stops_where_the_cost_leaves_all_bounds() -> None:
    task = exercise([(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)], "first", "last")
    rounds = train(task, starting_layer(1, 1, 2.0, "linear", 7), 5.0, 50)
    assert len(rounds) < 50
    assert all(np.isfinite(each.cost) for each in rounds)


@pytest.mark.parametrize(
    ("target", "wanted", "read"),
    [
        ("next", [0.5, 3.0], [1.0, 0.5]),
        ("mean", [1.0, 0.75, 1.5], [1.0, 0.5, 3.0]),
        ("first", [1.0] * 3, [1.0, 0.5, 3.0]),
    ],
)
def test_the_targets_are_made_of_the_first_series(target: Target, wanted: list[float], read: list[float]) -> None:
    task = exercise([(1.0, 0.5, 3.0), (7.0, 8.0, 9.0)], target, "every")
    assert task.target[0, :, 0].tolist() == wanted
    assert task.x[0, :, 0].tolist() == read
    assert task.x.shape == (1, len(wanted), 2)


def test_a_relu_at_its_corner_is_told() -> None:
    task = exercise([(0.0, 0.0, 0.0)], "first", "every")
    assert every_number(task, starting_layer(1, 1, 0.9, "relu", 7))["corner"]
    assert not every_number(task, starting_layer(1, 1, 0.9, "tanh", 7))["corner"]


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(-5, 5), min_size=2, max_size=8),
    goal=st.tuples(st.sampled_from(["next", "mean", "first"]), st.sampled_from(["every", "last"])),
    units=st.integers(1, 4),
    loop=st.floats(0, 3),
    activation=st.sampled_from(["tanh", "sigmoid", "linear"]),
)
def test_the_check_holds_whatever_is_asked(
    values: list[float], goal: Any, units: int, loop: float, activation: Activation
) -> None:
    numbers = every_number(exercise([values], *goal), starting_layer(units, 1, loop, activation, 7))
    # Differences know a gradient no better than the rounding of the costs that they are taken of.
    assert numbers["worst_error"] < 1e-4 * max(1.0, numbers["cost"])
