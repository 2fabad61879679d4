"""The two recurrent layers with gates: what they compute at each step, every gate kept, and the way back to the inputs.

The gated recurrent unit (Cho et al., *Learning Phrase Representations using RNN Encoder–Decoder*, 2014), in the form of
Keras' `GRU` with `reset_after=True`, its default:

    z_t = σ(x_t·Wz + b_z + h_{t−1}·Uz + d_z)                how much of the state is kept
    r_t = σ(x_t·Wr + b_r + h_{t−1}·Ur + d_r)                how much of it the candidate sees
    c_t = tanh(x_t·Wc + b_c + r_t ∘ (h_{t−1}·Uc + d_c))     the candidate
    h_t = z_t ∘ h_{t−1} + (1 − z_t) ∘ c_t

Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers, Schmidhuber and Cummins, 2000),
Keras' `LSTM`:

    i_t = σ(x_t·Wi + h_{t−1}·Ui + b_i)                      how much of the candidate is written
    f_t = σ(x_t·Wf + h_{t−1}·Uf + b_f)                      how much of the memory is kept
    g_t = tanh(x_t·Wg + h_{t−1}·Ug + b_g)                   the candidate
    o_t = σ(x_t·Wo + h_{t−1}·Uo + b_o)                      how much of the memory shows
    c_t = f_t ∘ c_{t−1} + i_t ∘ g_t                         the memory
    h_t = o_t ∘ tanh(c_t)

Computed in the precision of the weights. B is the number of sequences side by side, T of steps, D of inputs at each, H
of units. A layer reads its input first (`read`: the products that do not need the state, of all steps at once), and
then advances step by step. `state` is h for a GRU; for an LSTM it is h and c, one behind the other in an array
(2, B, H).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
"""Single or double precision."""


def _sigmoid(z: Floats) -> Floats:
    # The same function as 1 / (1 + e^−z), where nothing can overflow.
    risen: Floats = 0.5 * np.tanh(0.5 * z) + 0.5
    return risen


class GatedTrace(NamedTuple):
    """All numbers of a GRU's way through sequences: x (B, T, D), the others (B, T, H).

    `seen` is h_{t−1}·Uc + d_c, of which the candidate sees the part r. `before` is h_{t−1}.
    """

    x: Floats
    z: Floats
    r: Floats
    seen: Floats
    c: Floats
    h: Floats
    before: Floats


class Gated(NamedTuple):
    """A GRU's weights, the three gates side by side in the order z, r, c (as `keras.layers.GRU.get_weights()`).

    Shapes: W (D, 3H), U (H, 3H), b (2, 3H), whose first row is added to what the input gives and whose second row to
    what the state gives.
    """

    W: Floats
    U: Floats
    b: Floats

    @property
    def units(self) -> int:
        return len(self.U)

    def zero_state(self, batch: int) -> Floats:
        return np.zeros((batch, self.units), self.U.dtype)

    def read(self, x: Floats) -> Floats:
        """What inputs (…, D) give to the gates: (…, 3H)."""
        given: Floats = x @ self.W + self.b[0]
        return given

    def step(self, x: Floats, h: Floats) -> Floats:
        """From x_t (B, D) and h_{t−1} (B, H) to h_t (B, H)."""
        return self.advance(self.read(x), h)

    def advance(self, read: Floats, h: Floats) -> Floats:
        """As `step`, from what was read of x_t, (B, 3H)."""
        return self._gates(read, h)[-1]

    def _gates(self, read: Floats, h: Floats) -> tuple[Floats, ...]:
        H = self.units
        given = h @ self.U + self.b[1]
        both = _sigmoid(read[..., : 2 * H] + given[..., : 2 * H])
        z, r, seen = both[..., :H], both[..., H:], given[..., 2 * H :]
        c = np.tanh(read[..., 2 * H :] + r * seen)
        return z, r, seen, c, c + z * (h - c)

    def states(self, x: Floats, h: Floats | None = None) -> Floats:
        """h_1 … h_T (B, T, H) of sequences x (B, T, D); the state before the first step is zero, or h."""
        reads, h = self.read(x), self.zero_state(len(x)) if h is None else h
        every = np.empty((*x.shape[:2], self.units), h.dtype)
        for t in range(x.shape[1]):
            every[:, t] = h = self.advance(reads[:, t], h)
        return every

    def forward(self, x: Floats, h: Floats | None = None) -> GatedTrace:
        """As `states`, with everything that was computed on the way."""
        reads, h = self.read(x), self.zero_state(len(x)) if h is None else h
        steps, befores = [], []
        for t in range(x.shape[1]):
            befores.append(h)
            steps.append(self._gates(reads[:, t], h))
            h = steps[-1][-1]
        z, r, seen, c, every = (np.stack(kind, axis=1) for kind in zip(*steps, strict=True))
        return GatedTrace(x, z, r, seen, c, every, np.stack(befores, axis=1))

    def slopes(self, x: Floats, d_h: Floats) -> Floats:
        """As `backward`, for sequences that begin with a zero state."""
        return self.backward(self.forward(x), d_h)

    def backward(self, trace: GatedTrace, d_h: Floats) -> Floats:
        """From ∂L/∂h_t (B, T, H), as it comes from outside the layer at each step, to ∂L/∂x_t (B, T, D)."""
        x, z, r, seen, c, _, before = trace
        d_read = np.empty((*x.shape[:2], 3 * self.units), self.U.dtype)
        d_state = np.zeros_like(d_h[:, 0])
        for t in reversed(range(x.shape[1])):
            d = d_h[:, t] + d_state
            d_z = d * (before[:, t] - c[:, t]) * z[:, t] * (1 - z[:, t])
            d_c = d * (1 - z[:, t]) * (1 - c[:, t] ** 2)
            d_r = d_c * seen[:, t] * r[:, t] * (1 - r[:, t])
            d_read[:, t] = np.concatenate([d_z, d_r, d_c], axis=-1)
            d_state = d * z[:, t] + np.concatenate([d_z, d_r, d_c * r[:, t]], axis=-1) @ self.U.T
        d_x: Floats = d_read @ self.W.T
        return d_x


class LstmTrace(NamedTuple):
    """All numbers of an LSTM's way through sequences: x (B, T, D), the others (B, T, H). `before` is c_{t−1}."""

    x: Floats
    i: Floats
    f: Floats
    g: Floats
    o: Floats
    c: Floats
    h: Floats
    before: Floats


class Lstm(NamedTuple):
    """An LSTM's weights, the four gates side by side in the order i, f, g, o (as `keras.layers.LSTM.get_weights()`).

    Shapes: W (D, 4H), U (H, 4H), b (4H).
    """

    W: Floats
    U: Floats
    b: Floats

    @property
    def units(self) -> int:
        return len(self.U)

    def zero_state(self, batch: int) -> Floats:
        return np.zeros((2, batch, self.units), self.U.dtype)

    def read(self, x: Floats) -> Floats:
        """What inputs (…, D) give to the gates: (…, 4H)."""
        given: Floats = x @ self.W + self.b
        return given

    def step(self, x: Floats, state: Floats) -> Floats:
        """From x_t (B, D) and the state before it, (2, B, H), to the state after it."""
        return self.advance(self.read(x), state)

    def advance(self, read: Floats, state: Floats) -> Floats:
        """As `step`, from what was read of x_t, (B, 4H)."""
        after = np.empty_like(state)
        *_, after[1], after[0] = self._gates(read, state)
        return after

    def _gates(self, read: Floats, state: Floats) -> tuple[Floats, ...]:
        H, (h, c) = self.units, state
        gates = h @ self.U
        gates += read
        g = np.tanh(gates[..., 2 * H : 3 * H])
        both, o = _sigmoid(gates[..., : 2 * H]), _sigmoid(gates[..., 3 * H :])
        i, f = both[..., :H], both[..., H:]
        c = f * c + i * g
        return i, f, g, o, c, o * np.tanh(c)

    def states(self, x: Floats, state: Floats | None = None) -> Floats:
        """h_1 … h_T (B, T, H) of sequences x (B, T, D); the state before the first step is zero, or `state`."""
        reads, state = self.read(x), self.zero_state(len(x)) if state is None else state
        every = np.empty((*x.shape[:2], self.units), state.dtype)
        for t in range(x.shape[1]):
            state = self.advance(reads[:, t], state)
            every[:, t] = state[0]
        return every

    def forward(self, x: Floats, state: Floats | None = None) -> LstmTrace:
        """As `states`, with everything that was computed on the way."""
        reads, state = self.read(x), self.zero_state(len(x)) if state is None else state
        steps, befores = [], []
        for t in range(x.shape[1]):
            befores.append(state[1])
            steps.append(self._gates(reads[:, t], state))
            state = np.stack([steps[-1][5], steps[-1][4]])
        i, f, g, o, c, h = (np.stack(kind, axis=1) for kind in zip(*steps, strict=True))
        return LstmTrace(x, i, f, g, o, c, h, np.stack(befores, axis=1))

    def slopes(self, x: Floats, d_h: Floats) -> Floats:
        """As `backward`, for sequences that begin with a zero state."""
        return self.backward(self.forward(x), d_h)

    def backward(self, trace: LstmTrace, d_h: Floats) -> Floats:
        """From ∂L/∂h_t (B, T, H), as it comes from outside the layer at each step, to ∂L/∂x_t (B, T, D)."""
        x, i, f, g, o, c, _, before = trace
        d_read = np.empty((*x.shape[:2], 4 * self.units), self.U.dtype)
        d_state = d_memory = np.zeros_like(d_h[:, 0])
        for t in reversed(range(x.shape[1])):
            shown = np.tanh(c[:, t])
            d = d_h[:, t] + d_state
            d_memory = d_memory + d * o[:, t] * (1 - shown**2)
            d_i = d_memory * g[:, t] * i[:, t] * (1 - i[:, t])
            d_f = d_memory * before[:, t] * f[:, t] * (1 - f[:, t])
            d_g = d_memory * i[:, t] * (1 - g[:, t] ** 2)
            d_o = d * shown * o[:, t] * (1 - o[:, t])
            d_read[:, t] = np.concatenate([d_i, d_f, d_g, d_o], axis=-1)
            d_memory = d_memory * f[:, t]
            d_state = d_read[:, t] @ self.U.T
        d_x: Floats = d_read @ self.W.T
        return d_x


GatedLayer = Gated | Lstm


def states(layer: GatedLayer, x: npt.ArrayLike) -> Floats:
    """The states h_1 … h_T, (B, T, H), of sequences x (B, T, D), in the precision of the layer's weights."""
    return layer.states(np.asarray(x, dtype=layer.U.dtype))
