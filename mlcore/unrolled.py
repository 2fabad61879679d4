"""What a small recurrent net says about a sequence, step by step: four trained nets, or one with random weights.

A net is a `SimpleRecurrent` layer, whose y is the state, and a `Dense` output that reads it. The trained ones come from
`mlcore.recipes.unroll`; their weights have two decimals, so what a page shows of them is all there is. In a change of
weights, "Wy.1.0=0.5" sets what leads from neuron 1 at the step before to neuron 0 (counted from 0).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from mlcore.recurrent import (
    Activation,
    Dense,
    Floats,
    SimpleRecurrent,
    Trace,
    forward,
    random_layer,
    random_numbers,
    random_weights,
)

Example = Literal["mean", "parity", "seen_a", "brackets", "own_numbers", "own_letters"]
Reads = Literal["numbers", "bits", "letters", "brackets"]

LETTERS = "abcdefghijklmnopqrstuvwxyz "  # what is none of these counts as the last, a space
SMOOTHING = 0.2
MAX_WEIGHT = 1000.0
WEIGHTS = Path(__file__).parent / "weights" / "unroll" / "weights.json"

READS: Mapping[Example, Reads] = {
    "mean": "numbers",
    "parity": "bits",
    "seen_a": "letters",
    "brackets": "brackets",
    "own_numbers": "numbers",
    "own_letters": "letters",
}
ANSWERS: Mapping[Example, Activation] = {"parity": "sigmoid", "seen_a": "sigmoid"}
"""The others answer with any number."""

_CHANGE = re.compile(r"(Wx|Wy|b|V|c)\.(\d{1,2})(?:\.(\d{1,2}))?=(-?\d{1,4}(?:\.\d{1,6})?)", re.ASCII)


class Net(NamedTuple):
    layer: SimpleRecurrent
    output: Dense

    def arrays(self) -> dict[str, Floats]:
        """All weights by name."""
        (Wx, Wy, b, _), (V, c, _) = self
        return {"Wx": Wx, "Wy": Wy, "b": b, "V": V, "c": c}


class Answer(NamedTuple):
    """What a net says to one sequence: the layer's `trace` (a batch of one) and `said` (T)."""

    trace: Trace
    said: Floats


def encode(reads: Reads, sequence: Sequence[float] | str) -> Floats:
    """A sequence as the net reads it, (T, D): a number as it is, a character as a one among zeros."""
    if reads in ("numbers", "bits"):
        return np.array([float(value) for value in sequence])[:, None]
    symbols = "()" if reads == "brackets" else LETTERS
    rows = [symbols.find(character.lower()) for character in str(sequence)]
    return np.eye(len(symbols))[rows]  # −1, a character that is none of them, is the last row


def wanted(example: Example, x: Floats) -> Floats | None:
    """What the net was trained to say at each step, for x (…, T, D): (…, T); None for a net that was not trained."""
    match example:
        case "mean":
            return running_mean(x[..., 0])
        case "parity":
            odd: Floats = x[..., 0].cumsum(axis=-1) % 2
            return odd
        case "seen_a":
            seen: Floats = np.minimum(x[..., LETTERS.index("a")].cumsum(axis=-1), 1.0)
            return seen
        case "brackets":
            open_now: Floats = (x[..., 0] - x[..., 1]).cumsum(axis=-1)
            return open_now
        case _:
            return None


def running_mean(values: Floats) -> Floats:
    """m_t = 0.8·m_{t−1} + 0.2·x_t, from m = 0: (…, T)."""
    means, mean = np.empty_like(values), np.zeros(values.shape[:-1])
    for t in range(values.shape[-1]):
        mean = means[..., t] = (1 - SMOOTHING) * mean + SMOOTHING * values[..., t]
    return means


def trained_nets() -> dict[str, Net]:
    """By example."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    nets = {}
    for example, arrays in stored.items():
        Wx, Wy, b, V, c = (np.array(arrays[name], dtype=np.float64) for name in ("Wx", "Wy", "b", "V", "c"))
        nets[example] = Net(SimpleRecurrent(Wx, Wy, b), Dense(V, c, ANSWERS.get(example, "linear")))
    return nets


def random_net(reads: Reads, units: int, seed: int) -> Net:
    numbers = random_numbers(seed)
    layer = random_layer(units, encode(reads, "0").shape[1], numbers)
    return Net(layer, Dense(random_weights(units, 1, (3 / units) ** 0.5, numbers), np.zeros(1)))


def changed(net: Net, changes: str) -> Net:
    """A net with some weights set: `changes` is "Wx.0.1=0.5;b.2=-1", separated by semicolons.

    Raises:
        ValueError: with a sentence, where a change cannot be read or names no weight of this net.
    """
    arrays = {name: array.copy() for name, array in net.arrays().items()}
    for change in filter(None, changes.split(";")):
        match = _CHANGE.fullmatch(change)
        if match is None:
            raise ValueError(f"“{change[:30]}” changes no weight. Write the like of Wy.0.1=0.5.")
        name, *places, value = match.groups()
        place = tuple(int(index) for index in places if index is not None)
        array = arrays[name]
        if len(place) != array.ndim or any(index >= size for index, size in zip(place, array.shape, strict=True)):
            raise ValueError(f"This net has no weight {name}.{'.'.join(map(str, place))}. Reset the weights.")
        if abs(float(value)) > MAX_WEIGHT:
            raise ValueError(f"A weight is between −1000 and 1000 here; {value} is not.")
        array[place] = float(value)
    layer = net.layer._replace(Wx=arrays["Wx"], Wy=arrays["Wy"], b=arrays["b"])
    return Net(layer, net.output._replace(W=arrays["V"], c=arrays["c"]))


def answer(net: Net, x: Floats, activation: Activation) -> Answer:
    """Run a net over one sequence, x (T, D), with φ in the place of the one it was trained with."""
    trace = forward(net.layer._replace(activation=activation), x[None])
    return Answer(trace, net.output(trace.y[0])[:, 0])


def unroll(
    example: Example,
    sequence: Sequence[float] | str,
    *,
    activation: Activation,
    apart: bool,
    units: int,
    seed: int,
    changes: str,
) -> dict[str, Any]:
    """All that a page shows, as plain numbers: the trained nets, the one that is used, and what it computes.

    Raises:
        ValueError: with a sentence, where `changes` cannot be read.
    """
    trained = trained_nets()
    reads = READS[example]
    net = changed(trained.get(example) or random_net(reads, units, seed), changes)
    x = encode(reads, sequence)
    computed = answer(net, x, activation)
    target = wanted(example, x) if apart else None
    return {
        "trained": {name: plain(one) for name, one in trained.items()},
        "net": plain(net),
        "z": computed.trace.z[0].tolist(),
        "y": computed.trace.y[0].tolist(),
        "said": computed.said.tolist() if apart else None,
        "wanted": None if target is None else target.tolist(),
    }


def plain(net: Net) -> dict[str, Any]:
    return {name: array.tolist() for name, array in net.arrays().items()}
