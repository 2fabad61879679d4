"""Word vectors against gensim on the same GloVe numbers."""

from __future__ import annotations

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from mlcore.vectors import MAX_QUERIES, Neighbour, WordVectors

WORDS = ["paris", "bank", "the", "python", "seven", "corythosaurus", "running", "o'clock"]
COMMON = 50_000


def agree(ours: list[Neighbour], theirs: list[tuple[str, float]]) -> None:
    assert [n.word for n in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([n.similarity for n in ours], [score for _, score in theirs], atol=2e-6)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("among", [None, COMMON])
def test_neighbours_are_those_of_gensim(
    vectors: WordVectors, oracle: KeyedVectors, word: str, among: int | None
) -> None:
    ours = vectors.neighbours([word], 25, among=among)[0]
    agree(ours, oracle.most_similar(word, topn=25, restrict_vocab=among))


def test_a_batch_answers_each_query_exactly_as_alone(vectors: WordVectors) -> None:
    words = vectors.words[2_000 : 2_000 + MAX_QUERIES]
    together = vectors.neighbours(words, 12)
    assert together == [vectors.neighbours([word], 12)[0] for word in words]


def test_similarity_is_that_of_gensim(vectors: WordVectors, oracle: KeyedVectors) -> None:
    pairs = [("coffee", "tea"), ("good", "bad"), ("paris", "corythosaurus"), ("sun", "sun")]
    for first, second in pairs:
        assert vectors.similarity(first, second) == pytest.approx(oracle.similarity(first, second), abs=2e-6)


@pytest.mark.parametrize(
    "example", ["man king woman queen", "france paris japan tokyo", "man actor woman actress", "good better bad worse"]
)
def test_analogies_are_those_of_gensim(vectors: WordVectors, oracle: KeyedVectors, example: str) -> None:
    a, b, c, answer = example.split()
    ours = vectors.analogy(a, b, c, 10)
    assert ours[0].word == answer
    agree(ours, oracle.most_similar(positive=[b, c], negative=[a], topn=10))


def test_an_analogy_never_answers_with_a_word_of_the_question(vectors: WordVectors) -> None:
    found = {n.word for n in vectors.analogy("dog", "dogs", "dog", 20)}
    assert not found & {"dog", "dogs"}


@pytest.mark.parametrize(
    "words",
    [
        ["breakfast", "cereal", "dinner", "lunch"],
        ["breakfast", "lunch", "dinner", "bicycle"],
        ["monday", "tuesday", "january", "sunday", "friday"],
        ["red", "green", "blue", "loud"],
    ],
)
def test_the_odd_one_out_is_that_of_gensim(vectors: WordVectors, oracle: KeyedVectors, words: list[str]) -> None:
    assert vectors.odd_one_out(words)[0].word == oracle.doesnt_match(words)


def test_rank_counts_from_the_most_frequent_word(vectors: WordVectors) -> None:
    assert vectors.rank("the") == 1
    assert all(vectors.words[n.rank - 1] == n.word for n in vectors.neighbours(["tea"], 5)[0])


def test_an_unknown_word_is_refused(vectors: WordVectors) -> None:
    with pytest.raises(KeyError):
        vectors.neighbours(["pariss"], 3)


@pytest.mark.parametrize(
    ("slip", "meant"), [("pariss", "paris"), ("beleive", "believe"), ("quenn", "queen"), ("mississipi", "mississippi")]
)
def test_the_nearest_spelling_of_a_slip_is_the_word_that_was_meant(vectors: WordVectors, slip: str, meant: str) -> None:
    assert vectors.spellings(slip)[0] == meant


def test_too_many_queries_are_refused(vectors: WordVectors) -> None:
    with pytest.raises(ValueError, match="at most 32"):
        vectors.nearest(np.ones((MAX_QUERIES + 1, vectors.dimensions)), 3)


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 300),
    dimensions=st.integers(1, 8),
    queries=st.integers(1, 5),
    k=st.integers(1, 40),
    among=st.integers(1, 300),
)
def test_nearest_is_the_same_as_sorting_everything(
    *, seed: int, size: int, dimensions: int, queries: int, k: int, among: int
) -> None:
    rng = np.random.default_rng(seed)
    # Small whole numbers: many words lie in exactly the same direction, so that ties are tried too.
    matrix = rng.integers(-2, 3, (size, dimensions)).astype(np.float32)
    matrix[~matrix.any(axis=1), 0] = 1
    asked = rng.integers(1, 4, (queries, dimensions)).astype(np.float64)
    words = [f"w{i}" for i in range(size)]
    banned = [words[int(i)] for i in rng.integers(0, size, 2)]

    found = WordVectors(words, matrix).nearest(asked, k, excluded=[banned] * queries, among=among)

    unit = matrix.astype(np.float64) / np.linalg.norm(matrix, axis=1, keepdims=True)
    for query, ours in zip(asked / np.linalg.norm(asked, axis=1, keepdims=True), found, strict=True):
        scores = unit[:among] @ query
        best = sorted(-scores[i] for i in range(min(among, size)) if words[i] not in banned)[:k]
        np.testing.assert_allclose([-n.similarity for n in ours], best, atol=1e-12)
        assert len({n.word for n in ours}) == len(ours)


def test_words_and_vectors_must_match() -> None:
    with pytest.raises(ValueError, match="cannot have vectors"):
        WordVectors(["a", "b"], np.ones((3, 2)))
    with pytest.raises(ValueError, match="twice"):
        WordVectors(["a", "a"], np.ones((2, 2)))
