"""What a question's figures are, against numpy, scipy and what can be counted by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quizzes.statistics import discrimination_index, item_rest_correlation, mean, weighted_mean

shares = st.floats(0, 1)
answers = st.lists(st.tuples(shares, st.floats(0, 20)), min_size=2, max_size=40)


@given(st.lists(shares, min_size=1))
def test_difficulty_is_the_mean(values: list[float]) -> None:
    assert mean(values) == pytest.approx(np.mean(values), abs=1e-12)


def test_the_mean_of_nothing_is_nothing() -> None:
    assert mean([]) is None


def test_the_correlation_of_right_and_wrong_is_the_point_biserial_one() -> None:
    dice = random.Random(4)
    right = [dice.random() < 0.6 for _ in range(60)]
    rest = [dice.gauss(3 + hit, 1) for hit in right]
    expected = stats.pointbiserialr(right, rest).statistic
    assert item_rest_correlation([float(hit) for hit in right], rest) == pytest.approx(expected)


@given(answers)
def test_the_correlation_is_that_of_numpy_with_the_rest_of_the_quiz(rows: list[tuple[float, float]]) -> None:
    got = [share for share, _ in rows]
    rest = [value for _, value in rows]
    found = item_rest_correlation(got, rest)
    if found is None:
        assert min(np.ptp(got), np.ptp(rest)) < 1e-8
    elif min(np.ptp(got), np.ptp(rest)) > 1e-4:
        assert found == pytest.approx(np.corrcoef(got, rest)[0, 1], abs=1e-6)


def test_the_index_compares_the_best_27_percent_with_the_weakest() -> None:
    # 11 attempts: groups of 3. The best three have it right, one of the weakest three has.
    totals = list(range(11))
    got = [0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1]
    assert discrimination_index(got, totals) == pytest.approx(1 - 1 / 3)


def test_the_index_is_negative_where_the_weakest_do_better() -> None:
    assert discrimination_index([1, 1, 0, 0], [0, 1, 2, 3]) == -1


def test_attempts_that_tie_at_the_edge_count_in_part() -> None:
    # Groups of one; two attempts share the last place, so each is half of the lower group.
    assert discrimination_index([1, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(1 - 0.5)


@given(answers, st.randoms(use_true_random=False))
def test_the_index_is_bounded_and_knows_no_order(rows: list[tuple[float, float]], dice: random.Random) -> None:
    found = discrimination_index(*zip(*rows, strict=True))  # type: ignore[arg-type]
    mixed = list(rows)
    dice.shuffle(mixed)
    assert discrimination_index(*zip(*mixed, strict=True)) == pytest.approx(found)  # type: ignore[arg-type]
    assert found is None or -1 - 1e-9 <= found <= 1 + 1e-9


def test_where_all_are_alike_nothing_is_told() -> None:
    assert discrimination_index([1, 0, 1], [2, 2, 2]) is None
    assert item_rest_correlation([1, 1, 1], [1, 2, 3]) is None
    assert item_rest_correlation([1, 0], [0.0, 0.0]) is None
    assert discrimination_index([], []) is None
    assert item_rest_correlation([1], [1]) is None


def test_a_mean_with_weights_is_that_of_numpy() -> None:
    parts = [(0.5, 1.0), (1.0, 3.0), (0.25, 0.0)]
    values, weights = zip(*parts, strict=True)
    assert weighted_mean(parts) == pytest.approx(np.average(values, weights=weights))
    assert weighted_mean([(1.0, 0.0)]) is None
    assert weighted_mean([]) is None
