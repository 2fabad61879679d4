"""The gated layers against Keras, their way back against TensorFlow's, and what their gates are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlcore.gated import Gated, GatedLayer, Lstm, states

each_layer = pytest.mark.parametrize("kind", [Gated, Lstm])
each_precision = pytest.mark.parametrize("precision", [np.float32, np.float64])


def theirs(kind: type[GatedLayer], precision: type, units: int = 5, inputs: int = 3) -> Any:
    from mlcore.backend import keras

    keras.utils.set_random_seed(3)
    cell = keras.layers.GRU if kind is Gated else keras.layers.LSTM
    layer = cell(units, return_sequences=True, dtype=np.dtype(precision).name)
    layer.build((2, 7, inputs))
    random = np.random.default_rng(4)
    layer.set_weights([random.normal(size=weights.shape) for weights in layer.get_weights()])  # biases too
    return layer


def some_sequences(precision: type) -> Any:
    return np.random.default_rng(1).normal(size=(2, 7, 3)).astype(precision)


@each_layer
@each_precision
def test_the_states_are_those_of_keras(kind: type[GatedLayer], precision: type) -> None:
    keras_layer, x = theirs(kind, precision), some_sequences(precision)
    ours = kind(*keras_layer.get_weights())
    expected = keras_layer(x).numpy()
    for every in (states(ours, x), ours.forward(x).h):
        assert every.dtype == precision
        np.testing.assert_allclose(every, expected, rtol=1e-5, atol=1e-5)


@each_layer
def test_a_step_at_a_time_gives_the_same(kind: type[GatedLayer]) -> None:
    layer, x = kind(*theirs(kind, np.float64).get_weights()), some_sequences(np.float64)
    state = layer.zero_state(2)
    for t in range(7):
        state = layer.step(x[:, t], state)
        h = state[0] if kind is Lstm else state
        np.testing.assert_allclose(h, layer.forward(x).h[:, t], rtol=1e-12, atol=1e-12)
    later = layer.states(x, state)  # the state is handed on
    np.testing.assert_allclose(later, layer.states(np.concatenate([x, x], axis=1))[:, 7:], rtol=1e-12, atol=1e-12)


@each_layer
def test_the_way_back_to_the_inputs_is_that_of_tensorflow(kind: type[GatedLayer]) -> None:
    from mlcore.backend import tf

    keras_layer, x = theirs(kind, np.float64), some_sequences(np.float64)
    weight = np.random.default_rng(2).normal(size=(2, 7, 5))
    with tf.GradientTape() as tape:
        inputs = tf.constant(x)
        tape.watch(inputs)
        total = tf.reduce_sum(keras_layer(inputs) * weight)
    ours = kind(*keras_layer.get_weights())
    np.testing.assert_allclose(ours.backward(ours.forward(x), weight), tape.gradient(total, inputs), atol=1e-6)


@each_layer
def test_the_way_back_agrees_with_small_changes_of_the_inputs(kind: type[GatedLayer]) -> None:
    layer, x = kind(*theirs(kind, np.float64).get_weights()), some_sequences(np.float64)
    weight = np.random.default_rng(2).normal(size=(2, 7, 5))
    slopes = layer.backward(layer.forward(x), weight)
    for place in np.ndindex(*x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = 1e-6
        rise = (layer.states(x + nudge) - layer.states(x - nudge)) * weight
        np.testing.assert_allclose(slopes[place], rise.sum() / 2e-6, rtol=1e-4, atol=1e-7)


def test_an_open_gate_keeps_the_state_and_a_shut_one_forgets_it() -> None:
    W, U = np.zeros((1, 3)), np.zeros((1, 3))
    h = np.array([[0.7]])
    for bias, kept in ((50.0, 0.7), (-50.0, 0.0)):
        b = np.zeros((2, 3))
        b[0, 0] = bias
        assert np.allclose(Gated(W, U, b).step(np.zeros((1, 1)), h), kept)


def test_a_memory_with_an_open_forget_gate_and_a_shut_input_gate_lasts() -> None:
    b = np.array([-50.0, 50.0, 3.0, 50.0])
    layer = Lstm(np.zeros((1, 4)), np.zeros((1, 4)), b)
    state = np.array([[[0.0]], [[0.7]]])
    for _ in range(100):
        state = layer.step(np.ones((1, 1)), state)
    assert np.allclose(state, [[[np.tanh(0.7)]], [[0.7]]])
