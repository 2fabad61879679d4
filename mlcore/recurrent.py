"""The simple recurrent layer: what it computes at each step of a sequence, every number of it kept.

    y_t = φ(x_t·Wx + y_{t−1}·Wy + b)

The same Wx, Wy and b serve every step. Elman, *Finding Structure in Time* (1990); in Keras, `SimpleRNN`, whose
`kernel`, `recurrent_kernel` and `bias` they are.

T is the number of steps, B of sequences side by side, D of inputs at each step, H of neurons. Computed in double
precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Activation = Literal["tanh", "relu", "sigmoid", "linear"]


def _sigmoid(z: Floats) -> Floats:
    # Of −|z|, so that nothing overflows.
    small = np.exp(-np.abs(z))
    smooth: Floats = np.where(z >= 0, 1 / (1 + small), small / (1 + small))
    return smooth


def _tanh(z: Floats) -> Floats:
    squashed: Floats = np.tanh(z)
    return squashed


def _relu(z: Floats) -> Floats:
    kept: Floats = np.maximum(z, 0.0)
    return kept


ACTIVATIONS: Mapping[Activation, Callable[[Floats], Floats]] = {
    "tanh": _tanh,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "linear": lambda z: z,
}


class SimpleRecurrent(NamedTuple):
    """A layer's weights.

    Shapes: Wx (D, H), Wy (H, H), b (H). `Wy[i, j]` leads from neuron i at the step before to neuron j now.
    """

    Wx: Floats
    Wy: Floats
    b: Floats
    activation: Activation = "tanh"

    @property
    def inputs(self) -> int:
        return len(self.Wx)

    @property
    def units(self) -> int:
        return len(self.b)


class Dense(NamedTuple):
    """An output apart from the state: φ(y_t·W + c), the same weights at each step. Shapes: W (H, K), c (K)."""

    W: Floats
    c: Floats
    activation: Activation = "linear"

    def __call__(self, y: Floats) -> Floats:
        """(…, H) to (…, K)."""
        return ACTIVATIONS[self.activation](y @ self.W + self.c)


class Trace(NamedTuple):
    """What a layer computed: x (B, T, D), z (B, T, H) before φ and y (B, T, H) after it; y0 (B, H) came before."""

    x: Floats
    z: Floats
    y: Floats
    y0: Floats

    @property
    def before(self) -> Floats:
        """y_{t−1} for each t: (B, T, H)."""
        return np.concatenate([self.y0[:, None], self.y[:, :-1]], axis=1)


def forward(layer: SimpleRecurrent, x: npt.ArrayLike, y0: npt.ArrayLike | None = None) -> Trace:
    """Run a layer over sequences.

    Values that grow without end become infinite and then not a number, as in any computer: look with `np.isfinite`.

    Args:
        layer: its weights.
        x: (B, T, D); a single sequence is a batch of one.
        y0: (B, H), what the neurons said before the first step; zeros unless given.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 3 or x.shape[2] != layer.inputs:
        raise ValueError(f"x has shape {x.shape}; the layer reads (batch, steps, {layer.inputs})")
    batch, steps, _ = x.shape
    first = np.zeros((batch, layer.units)) if y0 is None else np.asarray(y0, dtype=np.float64)
    if first.shape != (batch, layer.units):
        raise ValueError(f"y0 has shape {first.shape}, not ({batch}, {layer.units})")
    phi = ACTIVATIONS[layer.activation]
    z, y = np.empty((2, batch, steps, layer.units))
    before = first
    with np.errstate(over="ignore", invalid="ignore"):
        from_inputs = x @ layer.Wx + layer.b  # of all steps at once: it does not depend on what came before
        for t in range(steps):
            z[:, t] = from_inputs[:, t] + before @ layer.Wy
            before = y[:, t] = phi(z[:, t])
    return Trace(x, z, y, first)


def random_layer(units: int, inputs: int, seed: int, activation: Activation = "tanh") -> SimpleRecurrent:
    """Weights before any training, as Keras begins: Wx spread evenly within ±√(6/(D+H)), Wy orthogonal, b zero."""
    random = np.random.default_rng(seed)
    limit = np.sqrt(6 / (inputs + units))
    Wx = random.uniform(-limit, limit, (inputs, units))
    q, r = np.linalg.qr(random.standard_normal((units, units)))
    Wy = q * np.sign(np.diag(r))
    return SimpleRecurrent(Wx, Wy, np.zeros(units), activation)
