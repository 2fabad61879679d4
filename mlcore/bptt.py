"""Backpropagation through time: the gradients of a cost for a simple recurrent layer, each time step's part apart.

The layer is unrolled over the steps and treated as an ordinary deep network whose layers share their weights (Werbos,
*Backpropagation Through Time*, 1990). With rows as vectors, as in `mlcore.recurrent`:

    δ_t = (∂L_t/∂y_t + δ_{t+1}·Wyᵀ) ⊙ φ′(z_t)                δ_{T+1} = 0
    ∂L/∂Wx = Σ_t x_tᵀ·δ_t     ∂L/∂Wy = Σ_t y_{t−1}ᵀ·δ_t     ∂L/∂b = Σ_t δ_t

L is the whole cost and L_t the part of it that step t's output has to answer for. T is the number of steps, B of
sequences side by side, D of inputs, H of neurons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from mlcore.recurrent import Activation, Floats, SimpleRecurrent, Trace


def _relu_slope(z: Floats, y: Floats) -> Floats:
    return (z > 0).astype(np.float64)


# φ′(z), from z and φ(z): whichever is cheaper.
SLOPES: Mapping[Activation, Callable[[Floats, Floats], Floats]] = {
    "tanh": lambda z, y: 1 - y * y,
    "relu": _relu_slope,
    "sigmoid": lambda z, y: y * (1 - y),
    "linear": lambda z, y: np.ones_like(z),
}


class Backward(NamedTuple):
    """What comes back to each step, all (B, T, H): see the module's formula.

    direct: ∂L_t/∂y_t, from the cost; future: δ_{t+1}·Wyᵀ, from the step after; slope: φ′(z_t); delta: δ_t = ∂L/∂z_t.
    """

    direct: Floats
    future: Floats
    slope: Floats
    delta: Floats


class Gradients(NamedTuple):
    """∂L/∂Wx, ∂L/∂Wy and ∂L/∂b, in the shapes of the weights (or with the steps as a first axis, as parts of them)."""

    Wx: Floats
    Wy: Floats
    b: Floats


def half_squared_error(y: Floats, target: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The cost of each step and its derivative by the outputs: L_t = ½·counts_t·Σ(y_t − target_t)².

    Args:
        y: (B, T, H).
        target: (B, T, K); the first K of the neurons have a target, the others are memory only.
        counts: (B, T), how much each step counts: 0 for a step without a target, or for padding.

    Returns:
        L_t (B, T), and ∂L_t/∂y_t (B, T, H).
    """
    told = target.shape[-1]
    miss = (y[..., :told] - target) * counts[..., None]
    direct = np.zeros_like(y)
    direct[..., :told] = miss
    return 0.5 * (miss * (y[..., :told] - target)).sum(axis=-1), direct


def backward(layer: SimpleRecurrent, trace: Trace, direct: Floats) -> Backward:
    """Send the derivatives of the cost, `direct` (B, T, H), back through the steps of a forward pass."""
    if direct.shape != trace.y.shape:
        raise ValueError(f"direct has shape {direct.shape}; the outputs have {trace.y.shape}")
    slope = SLOPES[layer.activation](trace.z, trace.y)
    future, delta = np.zeros((2, *trace.y.shape))
    last = trace.y.shape[1] - 1
    transposed = np.ascontiguousarray(layer.Wy.T)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(last, -1, -1):
            if t < last:
                future[:, t] = delta[:, t + 1] @ transposed
            delta[:, t] = (direct[:, t] + future[:, t]) * slope[:, t]
    return Backward(direct, future, slope, delta)


def gradients(trace: Trace, back: Backward) -> Gradients:
    """The gradients of the shared weights: sums over steps and sequences."""
    delta = back.delta.reshape(-1, back.delta.shape[-1])
    x = trace.x.reshape(-1, trace.x.shape[-1])
    before = trace.before.reshape(delta.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        return Gradients(x.T @ delta, before.T @ delta, delta.sum(axis=0))


def contributions(trace: Trace, back: Backward) -> Gradients:
    """What each step adds to the gradients: shapes (T, D, H), (T, H, H) and (T, H). Their sum is `gradients`."""
    with np.errstate(over="ignore", invalid="ignore"):
        return Gradients(
            np.einsum("btd,bth->tdh", trace.x, back.delta),
            np.einsum("bti,btj->tij", trace.before, back.delta),
            back.delta.sum(axis=0),
        )


def descend(layer: SimpleRecurrent, gradient: Gradients, learning_rate: float) -> SimpleRecurrent:
    """One step of gradient descent: each weight goes against its gradient."""
    with np.errstate(over="ignore", invalid="ignore"):
        return layer._replace(
            Wx=layer.Wx - learning_rate * gradient.Wx,
            Wy=layer.Wy - learning_rate * gradient.Wy,
            b=layer.b - learning_rate * gradient.b,
        )


def numerical_gradients(
    layer: SimpleRecurrent, cost: Callable[[SimpleRecurrent], float], distance: float = 5e-5
) -> Gradients:
    """The same gradients without any calculus: four forward passes for each weight w, ε = `distance` apart,

    (8·(L(w + ε) − L(w − ε)) − (L(w + 2ε) − L(w − 2ε))) / 12ε.

    The second pair takes away most of what a curved cost adds to the first one (its error is of the order of ε⁴, not
    ε²), so that ε need not be so small that nothing but rounding would be compared.
    """

    def slopes(name: str) -> Floats:
        weights: Floats = getattr(layer, name)
        found = np.empty_like(weights)
        for place in np.ndindex(weights.shape):

            def cost_at(step: int, place: tuple[int, ...] = place) -> float:
                moved = weights.copy()
                moved[place] += step * distance
                return cost(SimpleRecurrent(**{**layer._asdict(), name: moved}))

            near, far = cost_at(1) - cost_at(-1), cost_at(2) - cost_at(-2)
            found[place] = (8 * near - far) / (12 * distance)
        return found

    return Gradients(slopes("Wx"), slopes("Wy"), slopes("b"))


def relative_error(one: Floats, other: Floats, smallest: float = 1e-6) -> Floats:
    """|one − other| as a part of the larger of them; below `smallest`, as a part of that: there the rounding of the
    computer is all that is compared."""
    scale = np.maximum(np.maximum(np.abs(one), np.abs(other)), smallest)
    error: Floats = np.abs(one - other) / scale
    return error
