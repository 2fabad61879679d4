"""Batches of sequences of different lengths, and how much of them is padding.

A batch is a rectangle: each sequence in it is filled up to one width. Three ways to choose which sequences share a
batch: at random, by length, and at random within *buckets* of similar length (as in
`tf.data.Dataset.bucket_by_sequence_length`; Khomenko et al., *Accelerating recurrent neural network training using
sequence bucketing and multi-GPU data parallelization*, 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Batch(NamedTuple):
    """The numbers of the sequences in it, and the length to which each is filled up."""

    members: Ints
    width: int


class Padding(NamedTuple):
    """How many places of all batches hold a token, and how many there are."""

    tokens: int
    places: int

    @property
    def wasted(self) -> float:
        """The share of places that hold nothing: at least 0, less than 1."""
        return 1 - self.tokens / self.places


def random_batches(lengths: Ints, size: int, random: np.random.Generator) -> list[Batch]:
    """Batches of `size` (the last may be smaller) in random order, each as wide as the longest in it."""
    return _cut(random.permutation(len(lengths)), lengths, size)


def sorted_batches(lengths: Ints, size: int) -> list[Batch]:
    """Batches of neighbours by length, the short ones first, each as wide as the longest in it."""
    return _cut(np.argsort(lengths, kind="stable"), lengths, size)


def bucketed_batches(lengths: Ints, size: int, buckets: int, random: np.random.Generator) -> list[Batch]:
    """Sort by length; cut into `buckets` of about equally many; pad each bucket to its longest; shuffle.

    Within a bucket any sequences may meet, and batches of all buckets take turns at random. The last batch of each
    bucket may be smaller.
    """
    batches = []
    for bucket in into_buckets(lengths, buckets):
        width = int(lengths[bucket].max())
        shuffled = random.permutation(bucket)
        batches += [Batch(shuffled[at : at + size], width) for at in range(0, len(shuffled), size)]
    return [batches[at] for at in random.permutation(len(batches))]


def into_buckets(lengths: Ints, buckets: int) -> list[Ints]:
    """The numbers of the sequences, the short ones first, in at most `buckets` groups of about equally many."""
    by_length = np.argsort(lengths, kind="stable")
    bounds = [len(lengths) * bucket // buckets for bucket in range(buckets + 1)]
    return [by_length[low:high] for low, high in pairwise(bounds) if high > low]


def padding(lengths: Ints, batches: Sequence[Batch]) -> Padding:
    """What the batches hold. Raises ValueError where there is none: nothing is no share of nothing."""
    if not batches:
        raise ValueError("there are no batches")
    tokens = sum(int(lengths[batch.members].sum()) for batch in batches)
    return Padding(tokens, sum(len(batch.members) * batch.width for batch in batches))


class Orders(NamedTuple):
    """The same sequences in batches of each of the three orders, by its name."""

    lengths: Ints
    batches: dict[str, list[Batch]]

    def facts(self) -> dict[str, Any]:
        """Lengths, batches and padding, as lists for a page."""
        orders = {}
        for name, batches in self.batches.items():
            held = padding(self.lengths, batches)
            orders[name] = {
                "tokens": held.tokens,
                "places": held.places,
                "wasted": held.wasted,
                "batches": [{"width": batch.width, "members": batch.members.tolist()} for batch in batches],
            }
        return {"lengths": self.lengths.tolist(), "orders": orders}


def three_orders(sequences: Sequence[Sequence[Any]], size: int, buckets: int, seed: int) -> Orders:
    """Batches of about `size` in random, sorted and bucketed order."""
    lengths = np.array([len(sequence) for sequence in sequences])
    random = np.random.default_rng(seed)
    return Orders(
        lengths,
        {
            "random": random_batches(lengths, size, random),
            "sorted": sorted_batches(lengths, size),
            "bucketed": bucketed_batches(lengths, size, buckets, random),
        },
    )


def _cut(order: Ints, lengths: Ints, size: int) -> list[Batch]:
    return [
        Batch(order[at : at + size], int(lengths[order[at : at + size]].max())) for at in range(0, len(order), size)
    ]
