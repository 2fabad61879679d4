from __future__ import annotations

import numpy as np
import pytest
from gensim.models import KeyedVectors

from mlcore.data import glove
from mlcore.vectors import WordVectors


@pytest.fixture(scope="session")
def vectors() -> WordVectors:
    return glove.load()


@pytest.fixture(scope="session")
def oracle(vectors: WordVectors) -> KeyedVectors:
    """gensim on the same numbers."""
    keyed = KeyedVectors(glove.DIMENSIONS, count=0)
    keyed.add_vectors(vectors.words, np.load(glove.VECTORS.locate()))
    return keyed
