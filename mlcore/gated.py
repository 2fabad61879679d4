"""The gated recurrent unit: what it computes at each step, in double precision.

    z_t = σ(x_t·Wz + b_z + h_{t−1}·Uz + d_z)                how much of the state is kept
    r_t = σ(x_t·Wr + b_r + h_{t−1}·Ur + d_r)                how much of it the candidate sees
    c_t = tanh(x_t·Wc + b_c + r_t ∘ (h_{t−1}·Uc + d_c))     the candidate
    h_t = z_t ∘ h_{t−1} + (1 − z_t) ∘ c_t

Cho et al., *Learning Phrase Representations using RNN Encoder–Decoder* (2014), in the form of Keras' `GRU` with
`reset_after=True`, its default: the reset gate works after the product with Uc, and there are two biases.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.recurrent import ACTIVATIONS, Floats


class Gated(NamedTuple):
    """A layer's weights, the three gates side by side in the order z, r, c (as `keras.layers.GRU.get_weights()`).

    Shapes, D inputs and H units: W (D, 3H), U (H, 3H), b (2, 3H), whose first row is added to what the input gives and
    whose second row to what the state gives.
    """

    W: Floats
    U: Floats
    b: Floats

    @property
    def units(self) -> int:
        return len(self.U)

    def step(self, x: Floats, h: Floats) -> Floats:
        """From x_t (B, D) and h_{t−1} (B, H) to h_t (B, H)."""
        from_input = np.split(x @ self.W + self.b[0], 3, axis=-1)
        from_state = np.split(h @ self.U + self.b[1], 3, axis=-1)
        sigmoid = ACTIVATIONS["sigmoid"]
        z = sigmoid(from_input[0] + from_state[0])
        r = sigmoid(from_input[1] + from_state[1])
        c = np.tanh(from_input[2] + r * from_state[2])
        now: Floats = z * h + (1 - z) * c
        return now


def states(layer: Gated, x: npt.ArrayLike) -> Floats:
    """The states h_1 … h_T, (B, T, H), of sequences x (B, T, D); the state before the first step is zero."""
    x = np.asarray(x, dtype=np.float64)
    h = np.zeros((len(x), layer.units))
    every = []
    for t in range(x.shape[1]):
        h = layer.step(x[:, t], h)
        every.append(h)
    return np.stack(every, axis=1)
