"""The simple recurrent layer against Keras, and against the sums written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlcore.recurrent import ACTIVATIONS, Activation, Dense, SimpleRecurrent, forward, random_layer

each_activation = pytest.mark.parametrize("activation", list(ACTIVATIONS))


def some_layer(units: int, inputs: int, activation: Activation = "tanh", seed: int = 3) -> SimpleRecurrent:
    random = np.random.default_rng(seed)
    Wx, Wy = random.normal(0, 0.6, (inputs, units)), random.normal(0, 0.6 / math.sqrt(units), (units, units))
    return SimpleRecurrent(Wx, Wy, random.normal(0, 0.3, units), activation)


@each_activation
def test_the_layer_computes_what_keras_does(activation: Activation) -> None:
    import keras

    layer = some_layer(7, 3, activation)
    x = np.random.default_rng(1).normal(size=(4, 20, 3))
    theirs = keras.layers.SimpleRNN(7, activation=activation, return_sequences=True)
    theirs.build(x.shape)
    theirs.set_weights([layer.Wx, layer.Wy, layer.b])
    np.testing.assert_allclose(forward(layer, x).y, np.asarray(theirs(x)), rtol=1e-5, atol=1e-5)

    y0 = np.random.default_rng(2).normal(size=(4, 7))
    later = np.asarray(theirs(x, initial_state=[y0]))
    np.testing.assert_allclose(forward(layer, x, y0).y, later, rtol=1e-5, atol=1e-5)


@each_activation
def test_the_output_computes_what_keras_does(activation: Activation) -> None:
    import keras

    random = np.random.default_rng(5)
    dense = Dense(random.normal(size=(6, 2)), random.normal(size=2), activation)
    y = random.normal(size=(3, 8, 6))
    theirs = keras.layers.Dense(2, activation=activation)
    theirs.build(y.shape)
    theirs.set_weights([dense.W, dense.c])
    np.testing.assert_allclose(dense(y), np.asarray(theirs(y)), rtol=1e-5, atol=1e-5)


def test_each_step_is_the_sum_of_the_input_the_step_before_and_the_bias() -> None:
    layer = some_layer(3, 2)
    trace = forward(layer, np.random.default_rng(0).normal(size=(1, 5, 2)))
    before = np.zeros(3)
    for t in range(5):
        for j in range(3):
            z = sum(trace.x[0, t, d] * layer.Wx[d, j] for d in range(2)) + layer.b[j]
            z += sum(before[i] * layer.Wy[i, j] for i in range(3))
            assert trace.z[0, t, j] == pytest.approx(z)
            assert trace.y[0, t, j] == pytest.approx(math.tanh(z))
        assert trace.before[0, t] == pytest.approx(before)
        before = trace.y[0, t]


def test_a_sequence_can_be_read_in_two_parts() -> None:
    layer, x = some_layer(4, 2), np.random.default_rng(9).normal(size=(2, 10, 2))
    whole, first = forward(layer, x), forward(layer, x[:, :6])
    second = forward(layer, x[:, 6:], first.y[:, -1])
    np.testing.assert_allclose(whole.y[:, 6:], second.y)


def test_a_sigmoid_of_a_large_number_is_no_warning() -> None:
    with np.errstate(all="raise", under="ignore"):
        assert ACTIVATIONS["sigmoid"](np.array([-2000.0, 0.0, 2000.0])).tolist() == [0.0, 0.5, 1.0]


def test_a_state_that_explodes_ends_as_infinity_and_says_nothing() -> None:
    layer = SimpleRecurrent(np.ones((1, 1)), np.full((1, 1), 1e30), np.zeros(1), "linear")
    y = forward(layer, np.ones((1, 40, 1))).y[0, :, 0]
    assert y[0] == 1
    assert y[-1] == math.inf


@pytest.mark.parametrize(("x", "y0"), [((5, 2), None), ((1, 5, 3), None), ((1, 5, 2), (2, 4))])
def test_a_wrong_shape_is_named(x: tuple[int, ...], y0: tuple[int, ...] | None) -> None:
    with pytest.raises(ValueError, match="has shape"):
        forward(some_layer(4, 2), np.zeros(x), None if y0 is None else np.zeros(y0))


def test_random_weights_are_those_of_the_seed_and_within_bounds() -> None:
    layer = random_layer(16, 4, seed=1)
    assert 0.9 * math.sqrt(6 / 20) < np.abs(layer.Wx).max() <= math.sqrt(6 / 20) + 0.005
    assert 0.9 * math.sqrt(3 / 16) < np.abs(layer.Wy).max() <= math.sqrt(3 / 16) + 0.005
    assert abs(layer.Wy.mean()) < 0.05
    assert not layer.b.any()
    assert (layer.Wx == random_layer(16, 4, seed=1).Wx).all()
    assert (layer.Wx != random_layer(16, 4, seed=2).Wx).any()
