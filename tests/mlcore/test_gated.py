"""The gated layer against Keras."""

from __future__ import annotations

import numpy as np

from mlcore.gated import Gated, states


def test_the_states_are_those_of_keras() -> None:
    from mlcore.backend import keras

    keras.utils.set_random_seed(3)
    layer = keras.layers.GRU(5, return_sequences=True)
    random = np.random.default_rng(4)
    x = random.normal(size=(2, 7, 3)).astype(np.float32)
    layer.build(x.shape)
    layer.set_weights([random.normal(size=weights.shape) for weights in layer.get_weights()])  # biases too
    ours = states(Gated(*(weights.astype(np.float64) for weights in layer.get_weights())), x)
    assert np.allclose(ours, layer(x).numpy(), atol=1e-5)


def test_an_open_gate_keeps_the_state_and_a_shut_one_forgets_it() -> None:
    W, U = np.zeros((1, 3)), np.zeros((1, 3))
    h = np.array([[0.7]])
    for bias, kept in ((50.0, 0.7), (-50.0, 0.0)):
        b = np.zeros((2, 3))
        b[0, 0] = bias
        assert np.allclose(Gated(W, U, b).step(np.zeros((1, 1)), h), kept)
