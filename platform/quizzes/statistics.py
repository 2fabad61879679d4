"""What the answers of many people say about a question. Pure: lists of numbers go in, and nothing else matters.

`shares` are what each attempt got of the question, from 0 to 1; `totals` what the same attempts got of all questions
that they were asked, `rests` of all but this one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import StatisticsError, correlation

FEW = 10
"""Fewer attempts than this say little; pages tell so."""
GROUP = 0.27
"""Kelley's share of the best and of the weakest."""


def mean(values: Sequence[float]) -> float | None:
    """None of nothing. The mean of a question's shares is its difficulty: near 1 is easy."""
    return math.fsum(values) / len(values) if values else None


def discrimination_index(shares: Sequence[float], totals: Sequence[float]) -> float | None:
    """How much better the best 27 % of the attempts did on the question than the weakest 27 %: D = p(upper) − p(lower).

    From −1 to 1. Near 0 the question does not tell the strong from the weak; below 0 something is wrong with it, often
    its key. 27 % is where the difference of the groups is largest against its error, if totals are normally
    distributed: T. L. Kelley, "The selection of upper and lower groups for the validation of test items", Journal of
    Educational Psychology 30 (1939), 17–24. Attempts with the same total at the edge of a group belong to it in part,
    so that their order does not matter.

    None where nobody did better than anybody else.
    """
    if len(set(totals)) < 2:
        return None
    size = max(1, round(GROUP * len(totals)))
    lower = _mean_of_first(shares, totals, size)
    upper = _mean_of_first(shares, [-total for total in totals], size)
    return upper - lower


def item_rest_correlation(shares: Sequence[float], rests: Sequence[float]) -> float | None:
    """The corrected item–total correlation: of what attempts got of the question with what they got of the *rest* of
    the quiz, for a question is part of its quiz and would agree with itself. For shares of 0 and 1 it is the
    point-biserial correlation.

    None where one of the two is the same for everybody.
    """
    # What differs only in binary fractions is the same.
    if len(shares) < 2 or _spread(shares) < 1e-9 or _spread(rests) < 1e-9:
        return None
    try:
        return correlation(shares, rests)
    except StatisticsError:  # a spread too small to be squared
        return None


def weighted_mean(parts: Sequence[tuple[float, float]]) -> float | None:
    """Of (value, weight); None where nothing weighs anything."""
    weight = math.fsum(weight for _, weight in parts)
    return math.fsum(value * weight for value, weight in parts) / weight if weight > 0 else None


def _mean_of_first(values: Sequence[float], by: Sequence[float], size: int) -> float:
    """The mean of the `size` values with the lowest `by`; those that tie for the last places count in part."""
    edge = sorted(by)[size - 1]
    inside = [value for value, key in zip(values, by, strict=True) if key < edge]
    tied = [value for value, key in zip(values, by, strict=True) if key == edge]
    return (math.fsum(inside) + math.fsum(tied) * (size - len(inside)) / len(tied)) / size


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
