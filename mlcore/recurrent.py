"""The simple recurrent layer: what it computes at each step of a sequence, every number of it kept.

    y_t = φ(x_t·Wx + y_{t−1}·Wy + b)

The same Wx, Wy and b serve every step. Elman, *Finding Structure in Time* (1990); in Keras, `SimpleRNN`, whose
`kernel`, `recurrent_kernel` and `bias` they are.

T is the number of steps, B of sequences side by side, D of inputs at each step, H of neurons. Computed in double
precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Activation = Literal["tanh", "relu", "sigmoid", "linear"]

_WORD = 0xFFFFFFFF


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


def random_numbers(seed: int) -> Iterator[float]:
    """Evenly from 0 to 1, the same ones in Python and in the page (mulberry32; see unroll-maths.js)."""
    state = seed & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        mixed = (state ^ state >> 15) * (state | 1) & _WORD
        mixed ^= mixed + (mixed ^ mixed >> 7) * (mixed | 61) & _WORD
        yield (mixed ^ mixed >> 14) / (_WORD + 1)


def random_weights(rows: int, columns: int, limit: float, numbers: Iterator[float]) -> Floats:
    """(rows, columns) of numbers within ±limit, with two decimals: what a page shows of them is all there is."""
    drawn = [(2 * next(numbers) - 1) * limit for _ in range(rows * columns)]
    return np.array([math.floor(100 * value + 0.5) / 100 for value in drawn]).reshape(rows, columns)


def random_layer(
    units: int, inputs: int, seed: int | Iterator[float], activation: Activation = "tanh"
) -> SimpleRecurrent:
    """Weights before any training: Wx evenly within ±√(6/(D+H)) as Keras begins, Wy within ±√(3/H), b zero.

    So a neuron's sum over the state before has a spread of the size of the state, and memory neither fades at once
    nor explodes. (Keras makes Wy orthogonal, for the same reason.)
    """
    numbers = random_numbers(seed) if isinstance(seed, int) else seed
    Wx = random_weights(inputs, units, math.sqrt(6 / (inputs + units)), numbers)
    Wy = random_weights(units, units, math.sqrt(3 / units), numbers)
    return SimpleRecurrent(Wx, Wy, np.zeros(units), activation)
