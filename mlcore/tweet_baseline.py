"""What a network on tweets has to beat: TF-IDF with logistic regression; and whether it does."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

WORDS_IN_A_ROW, C = 2, 10.0
"""What did best on the validation part with all tweets (`mlcore/recipes/sentiment.py`)."""
ITERATIONS, SLICE, TEXTS_AT_ONCE = 1000, 10, 500
RESAMPLES, INTERVAL = 2000, (2.5, 97.5)


class Scores(NamedTuple):
    """How often a classifier is right. `recall[k]` is the share of class k that it found."""

    accuracy: float
    macro_f1: float
    recall: list[float]


def confusion(labels: Array, said: Array, classes: int = 3) -> Array:
    """(classes, classes): rows are the labels, columns what was said."""
    counts: Array = np.bincount(labels * classes + said, minlength=classes * classes).reshape(classes, classes)
    return counts


def scores(counts: Array) -> Scores:
    """Of a confusion matrix. A class that neither occurs nor is said counts in macro-F1 as 0, as in scikit-learn."""
    right = np.diagonal(counts)
    f1 = 2 * right / np.maximum(counts.sum(axis=0) + counts.sum(axis=1), 1)
    recall = right / np.maximum(counts.sum(axis=1), 1)
    return Scores(float(right.sum() / max(counts.sum(), 1)), float(f1.mean()), recall.tolist())


def difference(labels: Array, one: Array, other: Array, classes: int = 3, seed: int = 1) -> tuple[float, float]:
    """Between which two numbers the macro-F1 of `one` less that of `other` lies, as far as these examples can tell.

    The middle 95 % over samples of as many examples, drawn from them with replacement; both classifiers are scored on
    the same sample (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993).
    """
    kinds = classes**3
    shares = np.bincount((labels * classes + one) * classes + other, minlength=kinds) / len(labels)
    drawn = np.random.default_rng(seed).multinomial(len(labels), shares, size=RESAMPLES)
    drawn = drawn.reshape(-1, classes, classes, classes)
    gaps = [scores(sample.sum(axis=2)).macro_f1 - scores(sample.sum(axis=1)).macro_f1 for sample in drawn]
    low, high = np.percentile(gaps, INTERVAL)
    return float(low), float(high)


def tfidf_regression(
    texts: Sequence[Sequence[str]],
    labels: Array,
    asked: Sequence[Sequence[str]],
    *,
    balanced: bool = False,
    pause: Callable[[], None] = lambda: None,
) -> Array:
    """Learn from the forms of texts, and give the probabilities (asked, classes) of others.

    Counted are words and pairs of neighbours. `pause` is called every quarter of a second or so.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    places = itertools.count()

    def grams(forms: Sequence[str]) -> list[str]:
        if next(places) % TEXTS_AT_ONCE == 0:
            pause()
        lengths = range(1, WORDS_IN_A_ROW + 1)
        return [" ".join(forms[at : at + n]) for n in lengths for at in range(len(forms) - n + 1)]

    count = TfidfVectorizer(analyzer=grams, sublinear_tf=True)
    # Each fit goes on from the weights of the one before.
    regression = LogisticRegression(C=C, max_iter=SLICE, warm_start=True, class_weight="balanced" if balanced else None)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        given = count.fit_transform(texts)
        for _ in range(ITERATIONS // SLICE):
            pause()
            regression.fit(given, labels)
            if regression.n_iter_.max() < SLICE:
                break
        probabilities: Array = regression.predict_proba(count.transform(asked))
    return probabilities
