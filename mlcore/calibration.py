"""Whether a classifier is right as often as it believes to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mlcore.decoding import softmax

Array = npt.NDArray[Any]


def log_loss(probabilities: Array, labels: Array) -> float:
    """The mean of −ln of the probability that each right label got."""
    return float(-np.log(np.take_along_axis(probabilities, np.asarray(labels)[:, None], axis=1)).mean())


def fit_temperature(scores: Array, labels: Array) -> float:
    """What scores (N, classes) are divided by so that their log loss is least; which class is likeliest stays.

    Guo et al., *On Calibration of Modern Neural Networks* (2017).
    """
    scores = np.asarray(scores, np.float64)
    tried = np.exp(np.linspace(-3, 3, 1201))  # half a per cent from one to the next
    return float(min(tried, key=lambda temperature: log_loss(softmax(scores / temperature), labels)))


def calibration_error(probabilities: Array, labels: Array, bins: int = 15) -> float:
    """The expected calibration error: answers are sorted into bins of equal width by the probability of the likeliest
    class; in each the mean of these is compared with the share that was right, and the differences are averaged."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, weights=sure - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
