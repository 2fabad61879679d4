"""Small pictures of handwritten digits, 8 × 8 pixels of 17 greys, that scikit-learn carries (1,797 by 13 people).

E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository (1998), CC BY 4.0.
"""

from __future__ import annotations

import gzip
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.data.packages import PackagedFile

DIGITS = PackagedFile(
    "scikit-learn",
    "sklearn/datasets/data/digits.csv.gz",
    57_523,
    "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
)
SIDE, DARKEST = 8, 16


class Pictures(NamedTuple):
    """pixels (N, 64), row by row, 0 for paper to 16; digits (N)."""

    pixels: npt.NDArray[np.int64]
    digits: npt.NDArray[np.int64]


@cache
def pictures() -> Pictures:
    with gzip.open(DIGITS.locate(), "rt") as file:
        rows = np.loadtxt(file, delimiter=",", dtype=np.int64)
    return Pictures(rows[:, :-1], rows[:, -1])
