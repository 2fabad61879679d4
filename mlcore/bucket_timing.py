"""How long a training step takes for batches of different widths: a real recurrent layer, forward, backward, update."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from mlcore.bptt import backward, descend, gradients, half_squared_error
from mlcore.bucketing import Batch, Ints
from mlcore.contracts import Reporter
from mlcore.recurrent import Floats, forward, random_layer

SAY_EVERY = 0.1
"""Seconds. A stop is noticed when something is said."""


class NextWord:
    """A recurrent layer that learns to say the vector of the next word.

    Args:
        sentences: their words.
        units: of the layer; the words' vectors (random, and not trained) are as long.
        seed: fixes vectors and weights.
    """

    learning_rate = 0.1

    def __init__(self, sentences: Sequence[Sequence[str]], units: int, seed: int) -> None:
        numbers: dict[str, int] = {}
        # 0 is padding.
        self.sentences: list[Ints] = [
            np.array([numbers.setdefault(word, len(numbers) + 1) for word in sentence]) for sentence in sentences
        ]
        self.vectors: Floats = np.random.default_rng(seed).uniform(-0.5, 0.5, (len(numbers) + 1, units))
        self.vectors[0] = 0
        self.layer = random_layer(units, units, seed)

    def padded(self, batch: Batch) -> tuple[Ints, Ints]:
        """The numbers of the words (B, width), 0 where there is none, and the lengths (B)."""
        words = np.zeros((len(batch.members), batch.width), dtype=np.int64)
        for row, member in enumerate(batch.members):
            sentence = self.sentences[member]
            words[row, : len(sentence)] = sentence
        return words, np.array([len(self.sentences[member]) for member in batch.members])

    def train_step(self, batch: Batch) -> float:
        """One update of the weights; the mean cost of a word. Every place is computed, padding as well."""
        words, lengths = self.padded(batch)
        x = self.vectors[words]
        target = np.zeros_like(x)
        target[:, :-1] = x[:, 1:]
        counts = (np.arange(batch.width) < lengths[:, None] - 1) / max(1, (lengths - 1).sum())
        trace = forward(self.layer, x)
        cost, direct = half_squared_error(trace.y, target, counts)
        self.layer = descend(self.layer, gradients(trace, backward(self.layer, trace, direct)), self.learning_rate)
        return float(cost.sum())


def measure(
    sentences: Sequence[Sequence[str]],
    orders: Mapping[str, Sequence[Batch]],
    *,
    units: int,
    seed: int,
    at_most: int,
    budget: float,
    report: Reporter,
) -> dict[str, Any]:
    """Time the training steps of all batches of each order, and say after each round what is known so far.

    The orders take turns step by step, so that whatever else the computer does hits all of them alike; numpy works in
    one thread; a few steps that are not timed come first.

    Args:
        at_most: rounds; two are always measured, further ones while `budget` seconds are not used up.

    Returns:
        `rounds`, and for each order the milliseconds of a `pass` over all its batches and, on average within a pass, of
        a `step`: median, and quartiles `low` and `high`, over the rounds.
    """
    model = NextWord(sentences, units, seed)
    total = at_most * sum(map(len, orders.values()))
    passes: dict[str, list[float]] = {name: [] for name in orders}
    done = rounds = 0
    with threadpool_limits(limits=1):
        for batches in orders.values():
            for batch in (*batches[:2], max(batches, key=lambda batch: batch.width)):
                model.train_step(batch)
                report.progress(0, total)
        began = said = time.perf_counter()
        while rounds < at_most and (rounds < 2 or time.perf_counter() - began < budget):
            taken = dict.fromkeys(orders, 0.0)
            for name, batch in in_turns(orders, rounds):
                start = time.perf_counter()
                model.train_step(batch)
                end = time.perf_counter()
                taken[name] += end - start
                done += 1
                if end - said > SAY_EVERY:
                    report.progress(done, total)
                    said = end
            for name, seconds in taken.items():
                passes[name].append(seconds)
            rounds += 1
            report.metrics(round=rounds, **{name: 1000 * spent[-1] for name, spent in passes.items()})
    report.progress(total, total)
    return {
        "rounds": rounds,
        **{
            name: {"pass": spread(seconds), "step": spread([each / len(orders[name]) for each in seconds])}
            for name, seconds in passes.items()
        },
    }


def in_turns(orders: Mapping[str, Sequence[Batch]], first: int) -> Iterator[tuple[str, Batch]]:
    """Every batch of every order once; the orders take turns, and so does which of them comes first."""
    names = list(orders)
    for place in range(max(map(len, orders.values()))):
        for turn in range(len(names)):
            name = names[(first + place + turn) % len(names)]
            if place < len(orders[name]):
                yield name, orders[name][place]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and quartiles of times in seconds, in milliseconds."""
    low, median, high = np.quantile(np.array(seconds) * 1000, [0.25, 0.5, 0.75])
    return {"median": float(median), "low": float(low), "high": float(high)}
