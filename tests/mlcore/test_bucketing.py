from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.bptt import backward, gradients, half_squared_error
from mlcore.bucket_timing import NextWord, in_turns, measure, spread
from mlcore.bucketing import (
    Batch,
    bucketed_batches,
    into_buckets,
    padding,
    random_batches,
    sorted_batches,
    three_orders,
)
from mlcore.contracts import Stopped
from mlcore.data.sentences import draw_sentences
from mlcore.recording import Recorder, Silent
from mlcore.recurrent import forward

some_lengths = st.lists(st.integers(1, 80), min_size=1, max_size=120).map(np.array)
sizes = st.integers(1, 40)
numbers_of_buckets = st.integers(1, 25)
seeds = st.integers(0, 2**31)


def wasted(lengths: Any, batches: list[Batch]) -> float:
    return padding(lengths, batches).wasted


@given(some_lengths, sizes, numbers_of_buckets, seeds)
def test_no_sequence_is_lost_or_doubled(lengths: Any, size: int, buckets: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    for batches in (
        random_batches(lengths, size, random),
        sorted_batches(lengths, size),
        bucketed_batches(lengths, size, buckets, random),
    ):
        members = [member for batch in batches for member in batch.members.tolist()]
        assert sorted(members) == list(range(len(lengths)))
        assert all(1 <= len(batch.members) <= size for batch in batches)
        assert all(batch.width >= lengths[batch.members].max() for batch in batches)


@given(some_lengths, sizes, numbers_of_buckets, seeds)
def test_the_waste_is_a_share_and_counts_what_is_not_a_token(lengths: Any, size: int, buckets: int, seed: int) -> None:
    batches = bucketed_batches(lengths, size, buckets, np.random.default_rng(seed))
    held = padding(lengths, batches)
    empty = sum(batch.width - length for batch in batches for length in lengths[batch.members].tolist())
    assert 0 <= held.wasted < 1
    assert held.places - held.tokens == empty
    assert held.tokens == lengths.sum()


@given(st.lists(st.integers(1, 80), min_size=1, max_size=20), st.integers(1, 6), seeds)
def test_sorting_full_batches_never_wastes_more_than_chance(some: list[int], size: int, seed: int) -> None:
    lengths = np.array(some * size)  # batches are full: only then is it a theorem
    by_chance = random_batches(lengths, size, np.random.default_rng(seed))
    assert wasted(lengths, sorted_batches(lengths, size)) <= wasted(lengths, by_chance) + 1e-12


@given(some_lengths, sizes, st.integers(1, 10), seeds)
def test_twice_as_many_buckets_never_waste_more(lengths: Any, size: int, buckets: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    few, many = (bucketed_batches(lengths, size, number, random) for number in (buckets, 2 * buckets))
    assert wasted(lengths, many) <= wasted(lengths, few) + 1e-12


@given(some_lengths, sizes, seeds)
def test_one_bucket_pads_everything_to_the_longest(lengths: Any, size: int, seed: int) -> None:
    batches = bucketed_batches(lengths, size, 1, np.random.default_rng(seed))
    assert {batch.width for batch in batches} == {int(lengths.max())}


@given(some_lengths, numbers_of_buckets)
def test_a_longer_bucket_holds_no_shorter_sequence(lengths: Any, buckets: int) -> None:
    groups = into_buckets(lengths, buckets)
    assert len(groups) <= buckets
    assert max(map(len, groups)) - min(map(len, groups)) <= 1 or len(lengths) < buckets
    for shorter, longer in pairwise(groups):
        assert lengths[shorter].max() <= lengths[longer].min()


@given(some_lengths, sizes, numbers_of_buckets, seeds)
def test_equal_seeds_give_equal_batches(lengths: Any, size: int, buckets: int, seed: int) -> None:
    sequences = [[0] * int(length) for length in lengths]
    assert three_orders(sequences, size, buckets, seed).facts() == three_orders(sequences, size, buckets, seed).facts()


def test_sorting_needs_full_batches_for_its_theorem() -> None:
    lengths = np.array([1, 10, 10, 10, 10])
    lucky = [Batch(np.array([1, 2, 3, 4]), 10), Batch(np.array([0]), 1)]
    assert wasted(lengths, lucky) < wasted(lengths, sorted_batches(lengths, 4))


def test_without_batches_there_is_no_share() -> None:
    with pytest.raises(ValueError, match="no batches"):
        padding(np.array([], dtype=int), [])


SENTENCES = [["the", "cat", "sat"], ["a", "dog"], ["the", "cat", "saw", "a", "dog"], ["cats", "sat", "there", "too"]]


def test_what_stands_in_the_padding_teaches_nothing() -> None:
    """A sentence alone and the same one in a wide batch have the same gradients."""
    model = NextWord(SENTENCES, units=4, seed=1)
    found = []
    for width in (3, 9):
        words, lengths = model.padded(Batch(np.array([0]), width))
        x = model.vectors[words]
        target = np.zeros_like(x)
        target[:, :-1] = x[:, 1:]
        counts = (np.arange(width) < lengths[:, None] - 1).astype(float)
        trace = forward(model.layer, x)
        found.append(gradients(trace, backward(model.layer, trace, half_squared_error(trace.y, target, counts)[1])))
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-15)


def test_the_layer_that_is_timed_learns() -> None:
    model = NextWord(SENTENCES, units=8, seed=1)
    batch = Batch(np.arange(4), 5)
    costs = [model.train_step(batch) for _ in range(300)]
    assert costs[-1] < 0.7 * costs[0]


def test_every_batch_of_every_order_is_measured_once_a_round() -> None:
    orders = three_orders(SENTENCES, 1, 2, 0).batches
    for first in range(3):
        turns = list(in_turns(orders, first))
        assert [name for name, _ in turns[:3]] == (["random", "sorted", "bucketed"] * 2)[first : first + 3]
        for name, batches in orders.items():
            assert [batch for turn, batch in turns if turn == name] == batches


def test_two_rounds_are_measured_however_small_the_budget() -> None:
    with Recorder() as recorder:
        times = measure(
            SENTENCES, three_orders(SENTENCES, 2, 2, 0).batches, units=4, seed=1, at_most=9, budget=0, report=recorder
        )
    rows = [row for event in recorder.events if event["kind"] == "metrics" for row in event["data"]["rows"]]
    assert times["rounds"] == len(rows) == 2
    assert all(row[name] > 0 for row in rows for name in ("random", "sorted", "bucketed"))
    assert all(
        times[name]["step"]["low"] <= times[name]["step"]["median"] <= times[name]["step"]["high"]
        for name in rows[0]
        if name != "round"
    )


def test_it_can_be_stopped_at_the_first_step_although_no_clock_runs_yet() -> None:
    class Stopping(Silent):
        def progress(self, done: int, total: int, **metrics: float) -> None:
            assert done == 0
            raise Stopped

    with pytest.raises(Stopped):
        measure(
            SENTENCES, three_orders(SENTENCES, 2, 2, 0).batches, units=4, seed=1, at_most=2, budget=0, report=Stopping()
        )


def test_a_spread_is_median_and_quartiles_in_milliseconds() -> None:
    assert spread([0.001, 0.002, 0.003, 0.004, 0.005]) == pytest.approx({"median": 3, "low": 2, "high": 4})


def test_sentences_are_drawn_once_each_and_none_is_too_long() -> None:
    drawn = draw_sentences("news", 300, 20, 3)
    assert len(drawn.sentences) == 300
    assert all(2 <= len(sentence) <= 20 for sentence in drawn.sentences)
    assert drawn == draw_sentences("news", 300, 20, 3) != draw_sentences("news", 300, 20, 4)


def test_of_a_short_text_all_that_fits_is_drawn() -> None:
    drawn = draw_sentences("news", 10_000, 15, 3)
    assert len(drawn.sentences) == drawn.among < 10_000
    assert drawn.too_long > 0
