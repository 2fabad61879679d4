"""Word vectors: nearest neighbours by cosine, analogies, the odd one out, and near spellings.

All similarities are cosines. A search is one pass over the matrix for up to `MAX_QUERIES` queries together, which is
what makes a batch cheap: the memory is read once for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

MAX_QUERIES = 32
_GROUP = 32  # scores of which only the largest is looked at first
_SPARE = 8  # candidates beyond those asked for, so that single precision cannot lose one at the edge


class Neighbour(NamedTuple):
    word: str
    similarity: float
    """Cosine, -1 to 1."""
    rank: int
    """Place in the vocabulary, from 1; in GloVe 1 is the most frequent word."""


class WordVectors:
    """`words[i]` has the vector `matrix[i]`. Words are in order of frequency, the most frequent first.

    Args:
        words: N different words.
        matrix: (N, D), any float type; a column-major single-precision one (as a memory-mapped file gives it) is used
            as it is, another is copied. It need not be normalised.
    """

    def __init__(self, words: Sequence[str], matrix: npt.NDArray[np.floating]) -> None:
        if matrix.ndim != 2 or len(words) != len(matrix):
            raise ValueError(f"{len(words)} words cannot have vectors of shape {matrix.shape}")
        self.words = list(words)
        self.index = {word: i for i, word in enumerate(self.words)}
        if len(self.index) != len(self.words):
            raise ValueError("a word occurs twice")
        self._columns: Singles = np.asfortranarray(matrix, dtype=np.float32).T  # (D, N)
        norms = np.sqrt(np.einsum("dn,dn->n", self._columns, self._columns))
        self._inverse_norms: Singles = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self.index

    @property
    def dimensions(self) -> int:
        return len(self._columns)

    def unit(self, words: Iterable[str]) -> Floats:
        """The vectors of `words`, each scaled to length 1: (len(words), D). Raises KeyError for an unknown word."""
        return self._unit(np.array([self.index[word] for word in words], dtype=np.int64))

    def rank(self, word: str) -> int:
        """The place of `word` in the vocabulary, from 1. Raises KeyError when it is unknown."""
        return self.index[word] + 1

    def similarity(self, first: str, second: str) -> float:
        """The cosine of two words' vectors. Raises KeyError for an unknown word."""
        one, other = self.unit([first, second])
        return float(one @ other)

    def nearest(
        self,
        queries: npt.NDArray[np.floating],
        k: int,
        *,
        excluded: Sequence[Collection[str]] = (),
        among: int | None = None,
    ) -> list[list[Neighbour]]:
        """The `k` words nearest to each query, best first; equally near ones in order of frequency.

        Args:
            queries: (Q, D) with Q ≤ `MAX_QUERIES`; any length but zero.
            excluded: for each query the words that may not be an answer.
            among: answers come from this many of the most frequent words (default: from all).

        Raises:
            ValueError: too many queries, or a query of the wrong size.
        """
        if queries.ndim != 2 or len(queries) > MAX_QUERIES or queries.shape[1] != self.dimensions:
            raise ValueError(f"queries must be at most {MAX_QUERIES} × {self.dimensions}, not {queries.shape}")
        if len(queries) == 0:
            return []
        among = min(among or len(self), len(self))
        unit = np.asarray(queries, dtype=np.float64)
        unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
        banned = [{self.index[word] for word in words if word in self.index} for words in excluded]
        banned += [set() for _ in range(len(unit) - len(banned))]
        wanted = min(among, k + max(map(len, banned)) + _SPARE)
        found = self._candidates(unit.astype(np.float32), wanted, among)
        return [self._ranked(*query, k) for query in zip(unit, found, banned, strict=True)]

    def neighbours(self, words: Sequence[str], k: int, *, among: int | None = None) -> list[list[Neighbour]]:
        """The `k` nearest words of each word, itself left out. Raises KeyError for an unknown word."""
        return self.nearest(self.unit(words), k, excluded=[(word,) for word in words], among=among)

    def analogy_target(self, a: str, b: str, c: str) -> Floats:
        """Where the answer of "a is to b as c is to …" is looked for: b − a + c of the unit vectors, (D,).

        Mikolov, Yih and Zweig, "Linguistic Regularities in Continuous Space Word Representations", NAACL 2013;
        Levy and Goldberg (CoNLL 2014) call the search for its nearest word 3CosAdd. Raises KeyError.
        """
        from_, to, like = self.unit([a, b, c])
        return np.asarray(to - from_ + like)

    def analogy(self, a: str, b: str, c: str, k: int, *, among: int | None = None) -> list[Neighbour]:
        """The `k` best answers of "a is to b as c is to …"; the three words themselves are left out."""
        return self.nearest(self.analogy_target(a, b, c)[None], k, excluded=[(a, b, c)], among=among)[0]

    def odd_one_out(self, words: Sequence[str]) -> list[Neighbour]:
        """`words` with their similarity to the mean of their unit vectors, the odd one (the least similar) first.

        The definition of gensim's `doesnt_match`. Raises KeyError for an unknown word.
        """
        unit = self.unit(words)
        mean = unit.mean(axis=0)
        scores = unit @ (mean / np.linalg.norm(mean))
        return [Neighbour(words[i], float(scores[i]), self.rank(words[i])) for i in np.argsort(scores, kind="stable")]

    def spellings(self, word: str, k: int = 6, *, among: int = 50_000) -> list[str]:
        """Known words that are spelled most like `word`: least edits first, then the most frequent."""
        # Imported here: whoever only searches vectors need not have it.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = process.extract(word, self.words[:among], scorer=OSA.normalized_similarity, limit=k, score_cutoff=0.3)
        return [known for known, _, _ in found]

    def _unit(self, indices: Indices) -> Floats:
        rows = self._columns[:, indices].T.astype(np.float64)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Floats = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
        return unit

    def _candidates(self, queries: Singles, k: int, among: int) -> Indices:
        """Indices (Q, ≤ k) that hold the k best of each query, unsorted.

        Partitioning all scores would take longer than computing them. Instead each group of `_GROUP` scores gives its
        largest; the k best scores lie in the k groups whose largest are best, and only those are partitioned.

        One matrix product, not one for each block that fits the cache: on a busy machine every product waits for the
        slowest of its threads.
        """
        groups = -(-among // _GROUP)
        scores = np.empty((len(queries), _GROUP * groups), dtype=np.float32)
        np.matmul(queries, self._columns[:, :among], out=scores[:, :among])
        scores[:, :among] *= self._inverse_norms[:among]
        scores[:, among:] = -np.inf
        # Group g holds the words g, g + groups, g + 2·groups, …
        largest = scores.reshape(len(queries), _GROUP, groups).max(axis=1)
        members = (_top(largest, k)[:, :, None] + np.arange(_GROUP) * groups).reshape(len(queries), -1)
        chosen = _top(np.take_along_axis(scores, members, axis=1), k)
        return np.take_along_axis(members, chosen, axis=1)

    def _ranked(self, unit: Floats, candidates: Indices, banned: set[int], k: int) -> list[Neighbour]:
        """The k best of the candidates, scored again in double precision: equal alone and in a batch."""
        kept = np.array([i for i in sorted(candidates.tolist()) if i < len(self) and i not in banned], dtype=np.int64)
        # Summed row by row: a matrix product may round a row differently beside other rows.
        scores = (self._unit(kept) * unit).sum(axis=1)
        order = np.argsort(-scores, kind="stable")[:k]
        return [Neighbour(self.words[kept[i]], float(scores[i]), int(kept[i]) + 1) for i in order]


def _top(scores: Singles, k: int) -> Indices:
    """Positions (Q, min(k, n)) of the k largest of each row, unsorted."""
    n = scores.shape[1]
    if k >= n:
        return np.broadcast_to(np.arange(n, dtype=np.int64), scores.shape)
    return np.asarray(np.argpartition(scores, n - k, axis=1)[:, n - k :])
