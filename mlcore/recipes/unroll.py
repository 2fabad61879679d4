"""Train the four nets of the demo `unroll`: make train MODEL=unroll.

Each is one to three tanh neurons and an output, trained by backpropagation through time (`mlcore.bptt`) and Adam on
sequences that are drawn as they are needed, first short, then longer ones. A seed counts when the net, with its weights
rounded to two decimals, is right at each step of 500 sequences of 40 (`right`); the first that counts is kept. Its
score is then taken once, on 1,000 other sequences.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlcore.bptt import backward, gradients
from mlcore.recurrent import Activation, Dense, Floats, SimpleRecurrent, forward
from mlcore.unrolled import ANSWERS, WEIGHTS, Example, Net, wanted

STEPS = 40  # the longest sequence the demo takes
BATCH = 64
TRAIN, CHOOSE, TEST = 1, 2, 3  # seeds of three sets of sequences that share nothing


class Plan(NamedTuple):
    units: int
    lengths: Sequence[int]  # one after the other
    batches: int  # at each length
    rate: float = 0.01


PLANS: Mapping[Example, Plan] = {
    "mean": Plan(1, [10, 20], 600),
    "parity": Plan(3, [2, 2, 2, 3, 3, 4, 5, 6, 8, 10, 14, 20], 150, 0.03),
    "seen_a": Plan(1, [10, 20, 30], 500),
    "brackets": Plan(3, [6, 10, 20], 1000),
}


def sequences(example: Example, random: np.random.Generator, count: int, steps: int) -> Floats:
    """(count, steps, D), of the kind that the net is to be good at."""
    match example:
        case "mean":
            values = random.uniform(-1, 1, (count, steps))
            extreme = random.random((count, 1)) < 0.3
            return np.where(extreme, np.sign(values), values)[..., None]
        case "parity":
            return random.integers(0, 2, (count, steps, 1)).astype(float)
        case "seen_a":
            often = np.where(random.random((count, 1)) < 0.5, 0.02, 0.1)
            others = random.integers(1, 27, (count, steps))
            rows: Floats = np.eye(27)[np.where(random.random((count, steps)) < often, 0, others)]
            return rows
        case "brackets":
            one_hot: Floats = np.eye(2)[brackets(random, count, steps)]
            return one_hot
        case _:
            raise ValueError(f"{example} is not trained")


def brackets(random: np.random.Generator, count: int, steps: int, deepest: int = 4) -> Any:
    """0 opens and 1 closes; never more than `deepest` are open, and none is closed that was not opened."""
    depth, rows = np.zeros(count, dtype=int), []
    for _ in range(steps):
        closes = (depth > 0) & ((depth >= deepest) | (random.random(count) < 0.5))
        depth += np.where(closes, -1, 1)
        rows.append(closes.astype(int))
    return np.stack(rows, axis=1)


def train(example: Example, seed: int) -> Net:
    plan, answers = PLANS[example], ANSWERS.get(example, "linear")
    random = np.random.default_rng([TRAIN, seed])
    inputs = sequences(example, random, 1, 1).shape[2]
    shapes = [(inputs, plan.units), (plan.units, plan.units), (plan.units,), (plan.units, 1), (1,)]
    weights = [random.uniform(-1, 1, shape) if len(shape) > 1 else np.zeros(shape) for shape in shapes]
    adam = Adam(weights)
    for steps in plan.lengths:
        for _ in range(plan.batches):
            x = sequences(example, random, BATCH, steps)
            target = wanted(example, x)
            assert target is not None
            part = adam.taken / (plan.batches * len(plan.lengths))
            adam.step(slopes(net_of(weights, answers), x, target), plan.rate if part < 0.85 else plan.rate / 10)
    return net_of([np.round(array, 2) + 0.0 for array in upright(weights)], answers)  # + 0.0: no −0


def upright(weights: Sequence[Floats]) -> list[Floats]:
    """The same net with no neuron upside down: tanh is odd, so each can be turned until the output adds it."""
    Wx, Wy, b, V, c = weights
    sign = np.where(V[:, 0] < 0, -1.0, 1.0)
    return [Wx * sign, sign[:, None] * Wy * sign, b * sign, sign[:, None] * V, c]


def net_of(weights: Sequence[Floats], answers: Activation) -> Net:
    Wx, Wy, b, V, c = weights
    return Net(SimpleRecurrent(Wx, Wy, b), Dense(V, c, answers))


def slopes(net: Net, x: Floats, target: Floats) -> list[Floats]:
    """The gradients of the mean cost: cross-entropy of a sigmoid, half the squared error of a linear output.

    Both have the same derivative by the output's sum, y − target.
    """
    trace = forward(net.layer, x)
    miss = (net.output(trace.y) - target[..., None]) / target.size
    back = backward(net.layer, trace, miss @ net.output.W.T)
    of_output = np.einsum("bth,btk->hk", trace.y, miss), miss.sum(axis=(0, 1))
    return [*gradients(trace, back), *of_output]


class Adam:
    """Kingma and Ba, *Adam* (2015); gradients longer than 1 are cut to that length. Changes `weights` in place."""

    def __init__(self, weights: Sequence[Floats]) -> None:
        self.weights = weights
        self.taken = 0
        self._mean = [np.zeros_like(array) for array in weights]
        self._square = [np.zeros_like(array) for array in weights]

    def step(self, gradient: Sequence[Floats], rate: float) -> None:
        self.taken += 1
        length = np.sqrt(sum((part**2).sum() for part in gradient))
        for at, part in enumerate(gradient):
            cut = part / max(1.0, length)
            self._mean[at] += 0.1 * (cut - self._mean[at])
            self._square[at] += 0.001 * (cut**2 - self._square[at])
            mean = self._mean[at] / (1 - 0.9**self.taken)
            square = self._square[at] / (1 - 0.999**self.taken)
            self.weights[at][...] -= rate * mean / (np.sqrt(square) + 1e-7)


def right(example: Example, net: Net, random: np.random.Generator, count: int) -> dict[str, float]:
    """How good a net is: the share of sequences with no wrong step, and of right steps (or the mean error)."""
    x = sequences(example, random, count, STEPS)
    target = wanted(example, x)
    assert target is not None
    said = net.output(forward(net.layer, x).y)[..., 0]
    error = np.abs(said - target)
    good = error < (0.2 if example == "mean" else 0.5)
    return {"sequences": float(good.all(axis=1).mean()), "steps": float(good.mean()), "error": float(error.mean())}


def main() -> None:
    began = time.monotonic()
    nets, scores = {}, {}
    for example in PLANS:
        for seed in range(50):
            net = train(example, seed)
            chosen = right(example, net, np.random.default_rng(CHOOSE), 500)
            sys.stdout.write(f"{example}, seed {seed}: {chosen}\n")
            if chosen["sequences"] == 1:
                break
        else:
            raise SystemExit(f"no seed of {example} is right everywhere")
        nets[example] = {name: array.tolist() for name, array in net.arrays().items()}
        scores[example] = {"seed": seed, **right(example, net, np.random.default_rng(TEST), 1000)}
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS.write_text(json.dumps(nets, indent=1) + "\n", encoding="utf-8")
    card = {
        "model": "unroll",
        "what": "Four nets of one to three recurrent tanh neurons, each with an output that reads them.",
        "data": "drawn by the recipe; none was collected",
        "licence": "as the code",
        "command": "make train MODEL=unroll",
        "minutes": round((time.monotonic() - began) / 60, 1),
        "split": f"1,000 sequences of {STEPS} steps that were neither trained on nor used to choose a seed",
        "scores": scores,
        "sha256": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
    }
    (WEIGHTS.parent / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
