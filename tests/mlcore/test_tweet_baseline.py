"""The baseline for tweets and the scores, against scikit-learn's and against what can be counted by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score

from mlcore.tweet_baseline import TEXTS_AT_ONCE, confusion, difference, scores, tfidf_regression

TEXTS = [
    ["late", "again", "!"],
    ["so", "late"],
    ["thank", "you"],
    ["great", "crew", "thank", "you"],
    ["when", "do", "you", "fly", "?"],
    ["is", "it", "late", "?"],
]
LABELS = np.array([0, 0, 2, 2, 1, 1])


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, said = random.integers(0, 3, (2, 40))
    counts = confusion(labels, said)
    assert counts.tolist() == confusion_matrix(labels, said).tolist()
    found = scores(counts)
    assert found.accuracy == pytest.approx(accuracy_score(labels, said))
    assert found.macro_f1 == pytest.approx(f1_score(labels, said, average="macro"))
    assert found.recall == pytest.approx(recall_score(labels, said, average=None))


def test_a_class_that_is_never_said_counts_as_nothing_found() -> None:
    labels, said = np.array([0, 0, 1, 2]), np.zeros(4, np.int64)
    assert scores(confusion(labels, said)).macro_f1 == pytest.approx((2 * 2 / 6) / 3)
    assert scores(np.zeros((3, 3), np.int64)) == (0.0, 0.0, [0.0, 0.0, 0.0])


def test_the_regression_that_is_fitted_in_slices_is_the_one_that_is_fitted_at_once() -> None:
    grams = [[*text, *(" ".join(pair) for pair in pairwise(text))] for text in TEXTS]

    def given(text: Any) -> Any:
        return text

    count = TfidfVectorizer(analyzer=given, sublinear_tf=True)
    whole = LogisticRegression(C=10, max_iter=1000, tol=1e-6).fit(count.fit_transform(grams), LABELS)
    expected = whole.predict_proba(count.transform(grams))
    paused: list[bool] = []
    said = tfidf_regression(TEXTS, LABELS, TEXTS, pause=lambda: paused.append(True))
    assert said == pytest.approx(expected, abs=2e-3)
    assert paused


def test_it_can_be_stopped_while_words_are_counted_and_while_it_learns() -> None:
    paused: list[bool] = []
    tfidf_regression(TEXTS * 250, np.tile(LABELS, 250), TEXTS, pause=lambda: paused.append(True))
    counting = 1500 / TEXTS_AT_ONCE
    assert len(paused) > counting >= 3


def test_a_balanced_regression_finds_more_of_a_rare_class() -> None:
    texts = [["fine", "late"]] * 2 + [["late", "fine"]] * 18 + [["fine"], ["late"]]
    labels = np.array([2] * 2 + [0] * 18 + [1, 0])
    plain = tfidf_regression(texts, labels, texts)
    balanced = tfidf_regression(texts, labels, texts, balanced=True)
    assert balanced[0, 2] > plain[0, 2]


def test_the_difference_is_told_where_the_examples_can_tell_it() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 900)
    good = np.where(random.random(900) < 0.9, labels, (labels + 1) % 3)
    bad = np.where(random.random(900) < 0.6, labels, (labels + 1) % 3)
    low, high = difference(labels, good, bad)
    gap = scores(confusion(labels, good)).macro_f1 - scores(confusion(labels, bad)).macro_f1
    assert 0 < low < gap < high
    turned = difference(labels, bad, good)
    assert turned == pytest.approx((-high, -low), abs=0.02)
    assert difference(labels, good, good) == (0.0, 0.0)


def test_drawing_the_kinds_is_drawing_the_examples() -> None:
    random = np.random.default_rng(2)
    labels, one, other = random.integers(0, 3, (3, 300))
    gaps = []
    for _ in range(2000):
        rows = random.integers(0, 300, 300)
        ours, theirs = confusion(labels[rows], one[rows]), confusion(labels[rows], other[rows])
        gaps.append(scores(ours).macro_f1 - scores(theirs).macro_f1)
    assert difference(labels, one, other) == pytest.approx(np.percentile(gaps, (2.5, 97.5)).tolist(), abs=0.012)
