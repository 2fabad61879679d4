"""A sequence and a layer so small that every number of backpropagation through time can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from mlcore.bptt import (
    Gradients,
    backward,
    contributions,
    descend,
    gradients,
    half_squared_error,
    numerical_gradients,
    relative_error,
)
from mlcore.recurrent import Activation, Floats, SimpleRecurrent, forward

Target = Literal["next", "mean", "first"]
Cost = Literal["every", "last"]

DIVERGED = 1e9
"""Beyond this cost nobody learns anything any more, and numbers soon end."""


class Exercise(NamedTuple):
    """Inputs x (1, T, D), what the first neuron should say (1, T, 1), and whether a step counts (1, T)."""

    x: Floats
    target: Floats
    counts: Floats

    def cost(self, layer: SimpleRecurrent) -> float:
        return float(half_squared_error(forward(layer, self.x).y, self.target, self.counts)[0].sum())


class Step(NamedTuple):
    """One round of the training loop: the cost, and the gradients by which it is made smaller."""

    layer: SimpleRecurrent
    cost: float
    gradient: Gradients


def exercise(features: Sequence[Sequence[float]], target: Target, cost: Cost) -> Exercise:
    """An exercise made of one or two series of equal length.

    Args:
        features: D lists of at least two numbers; the first one is what the target is made of.
        target: `next`, the value that follows (so the last value is target only); `mean`, that of the values so far;
            `first`, the very first value, to be kept in mind.
        cost: whether each step's output has its target, or only the last one's.
    """
    series = np.array(features, dtype=np.float64).T
    values = series[:, 0]
    if target == "next":
        x, wanted = series[:-1], values[1:]
    elif target == "mean":
        x, wanted = series, np.cumsum(values) / np.arange(1, len(values) + 1)
    else:
        x, wanted = series, np.full(len(values), values[0])
    counts = np.ones(len(x))
    if cost == "last":
        counts[:-1] = 0
    return Exercise(x[None], wanted[None, :, None], counts[None])


def starting_layer(units: int, inputs: int, loop: float, activation: Activation, seed: int) -> SimpleRecurrent:
    """Random weights: Wx evenly within ±√(6/(D+H)), as Keras begins, b zero, Wy random and orthogonal, times `loop`.

    So `loop` is by how much the way through Wy makes each vector longer or shorter, forward and backward alike. (Keras
    begins with 1.)
    """
    random = np.random.default_rng(seed)
    limit = np.sqrt(6 / (inputs + units))
    Wx = random.uniform(-limit, limit, (inputs, units))
    q, r = np.linalg.qr(random.standard_normal((units, units)))
    orthogonal = q * np.sign(np.diag(r))  # without the signs not all of them would be equally likely
    return SimpleRecurrent(Wx, loop * orthogonal, np.zeros(units), activation)


def train(exercise: Exercise, layer: SimpleRecurrent, learning_rate: float, updates: int) -> list[Step]:
    """Gradient descent; `updates` + 1 rounds, or fewer where the cost leaves all bounds."""
    rounds: list[Step] = []
    for _ in range(updates + 1):
        trace = forward(layer, exercise.x)
        cost, direct = half_squared_error(trace.y, exercise.target, exercise.counts)
        total = float(cost.sum())
        if rounds and not total < DIVERGED:  # not a number counts as well
            break
        gradient = gradients(trace, backward(layer, trace, direct))
        rounds.append(Step(layer, total, gradient))
        layer = descend(layer, gradient, learning_rate)
    return rounds


def every_number(exercise: Exercise, layer: SimpleRecurrent) -> dict[str, Any]:
    """The forward pass, the cost, the way back and the check, as lists for a page."""
    trace = forward(layer, exercise.x)
    cost, direct = half_squared_error(trace.y, exercise.target, exercise.counts)
    back = backward(layer, trace, direct)
    gradient = gradients(trace, back)
    numerical = numerical_gradients(layer, exercise.cost)
    parts = contributions(trace, back)
    # At its corner a ReLU has no derivative, and two points beside it cannot agree with the one that is taken for it.
    corner = layer.activation == "relu" and bool((np.abs(trace.z) < 1e-4).any())
    return {
        "weights": _lists(Gradients(layer.Wx, layer.Wy, layer.b)),
        "x": trace.x[0].tolist(),
        "z": trace.z[0].tolist(),
        "y": trace.y[0].tolist(),
        "target": exercise.target[0, :, 0].tolist(),
        "counts": exercise.counts[0].astype(bool).tolist(),
        "costs": cost[0].tolist(),
        "cost": float(cost.sum()),
        "direct": back.direct[0].tolist(),
        "future": back.future[0].tolist(),
        "slope": back.slope[0].tolist(),
        "delta": back.delta[0].tolist(),
        "contributions": _lists(parts),
        "gradient": _lists(gradient),
        "numerical": _lists(numerical),
        "error": _lists(Gradients(*map(relative_error, gradient, numerical))),
        "worst_error": max(float(relative_error(*pair).max()) for pair in zip(gradient, numerical, strict=True)),
        "corner": corner,
    }


def training(exercise: Exercise, layer: SimpleRecurrent, learning_rate: float, updates: int) -> dict[str, Any]:
    """`every_number` after some gradient steps, the costs on the way, and what the next step would bring.

    Where the cost leaves all bounds before, the numbers are those after the last step that could be taken (`update`).
    """
    rounds = train(exercise, layer, learning_rate, updates + 1)
    costs = [each.cost for each in rounds]
    shown = min(updates, len(rounds) - 1)
    return {
        **every_number(exercise, rounds[shown].layer),
        "curve": costs[: shown + 1],
        "next_cost": costs[shown + 1] if shown + 1 < len(costs) else None,
        "diverged": len(rounds) < updates + 2,
        "update": shown,
        "learning_rate": learning_rate,
    }


def _lists(weights: Gradients) -> dict[str, Any]:
    return {name: value.tolist() for name, value in weights._asdict().items()}
