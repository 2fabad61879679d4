"""Questions to word vectors (neighbours, similarity, analogies, the odd one out) and their answers: one search of the
vectors for a whole batch of questions, then a map for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mlcore.projection import pca_plane
from mlcore.vectors import MAX_QUERIES, Floats, Neighbour, WordVectors

COMMON_WORDS = 50_000
"""GloVe's rarer words are mostly names, figures and debris of the web, which crowd out what is worth seeing."""


@dataclass(frozen=True)
class Question:
    """What is asked: `task` says which of the words matter. All words in lower case, as GloVe has them."""

    task: Literal["neighbours", "similarity", "analogy", "odd_one_out"]
    word: str
    first: str
    second: str
    a: str
    b: str
    c: str
    words: Sequence[str]
    count: int
    """How many near words are wanted."""
    search: Literal["common", "all"]
    """Whether rare words are looked at too."""


@dataclass(frozen=True)
class _Search:
    """A point whose nearest words are wanted."""

    of: str
    target: Floats
    excluded: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class _Point:
    """A dot of the map. `word` is empty for a point that is computed and belongs to no word."""

    word: str
    role: str
    vector: Floats
    similarity: float | None = None


def answer(questions: Sequence[Question], vectors: WordVectors) -> list[dict[str, Any]]:
    """The result of each question, in order; all of them look among the same words."""
    among = min(COMMON_WORDS, len(vectors)) if questions[0].search == "common" else len(vectors)
    searches = [_searches(question, vectors) for question in questions]
    found = _found(vectors, [search for several in searches for search in several], among)
    return [
        _result(question, vectors, [(search, next(found)) for search in several], among)
        for question, several in zip(questions, searches, strict=True)
    ]


def asked_words(question: Question) -> tuple[str, ...]:
    """The words that the question is about, each once, in the order of the form."""
    if question.task == "neighbours":
        return (question.word,)
    if question.task == "similarity":
        return tuple(dict.fromkeys((question.first, question.second)))
    if question.task == "analogy":
        return tuple(dict.fromkeys((question.a, question.b, question.c)))
    return tuple(question.words)


def _searches(question: Question, vectors: WordVectors) -> list[_Search]:
    words = asked_words(question)
    if question.task == "odd_one_out" or any(word not in vectors for word in words):
        return []
    if question.task == "analogy":
        target = vectors.analogy_target(question.a, question.b, question.c)
        return [_Search(f"{question.b} − {question.a} + {question.c}", target, words, question.count)]
    return [_Search(word, unit, words, question.count) for word, unit in zip(words, vectors.unit(words), strict=True)]


def _found(vectors: WordVectors, searches: Sequence[_Search], among: int) -> Iterator[list[Neighbour]]:
    for start in range(0, len(searches), MAX_QUERIES):
        part = searches[start : start + MAX_QUERIES]
        nearest = vectors.nearest(
            np.array([search.target for search in part]),
            max(search.count for search in part),
            excluded=[search.excluded for search in part],
            among=among,
        )
        for search, neighbours in zip(part, nearest, strict=True):
            yield neighbours[: search.count]


def _result(
    question: Question, vectors: WordVectors, lists: list[tuple[_Search, list[Neighbour]]], among: int
) -> dict[str, Any]:
    words = asked_words(question)
    unknown = [word for word in words if word not in vectors]
    result: dict[str, Any] = {
        "task": question.task,
        "asked": list(words),
        "unknown": [{"word": word, "suggestions": _suggestions(word, vectors)} for word in unknown],
        "answer": None,
        "similarity": None,
        "lists": [],
        "map": {"points": [], "explained": [0.0, 0.0]},
        "searched": among,
        "vocabulary": len(vectors),
    }
    if unknown:
        return result
    if question.task == "similarity":
        result["similarity"] = round(vectors.similarity(question.first, question.second), 6)
    if question.task == "odd_one_out":
        ranked = vectors.odd_one_out(words)
        result["answer"] = ranked[0].word
        result["lists"] = [_list("the mean of the words", ranked)]
        result["map"] = _map(_points_around_mean(vectors, ranked))
        return result
    if question.task == "analogy":
        result["answer"] = lists[0][1][0].word
    result["lists"] = [_list(search.of, neighbours) for search, neighbours in lists]
    result["map"] = _map(_points_near(question, vectors, lists, result["answer"]))
    return result


def _suggestions(word: str, vectors: WordVectors) -> list[str]:
    """Known words that may be meant: of "New York" the hyphenated form and the parts, of a slip the near spellings."""
    parts = word.split()
    joined = ["-".join(parts), "".join(parts), *parts] if len(parts) > 1 else []
    known = [form for form in joined if form in vectors]
    return list(dict.fromkeys(known + vectors.spellings("-".join(parts))))[:6]


def _list(of: str, neighbours: Sequence[Neighbour]) -> dict[str, Any]:
    rows = [{"word": n.word, "similarity": round(n.similarity, 6), "rank": n.rank} for n in neighbours]
    return {"of": of, "words": rows}


def _points_near(
    question: Question,
    vectors: WordVectors,
    lists: list[tuple[_Search, list[Neighbour]]],
    answer: str | None,
) -> list[_Point]:
    words = asked_words(question)
    points = [_Point(word, "asked", unit) for word, unit in zip(words, vectors.unit(words), strict=True)]
    if question.task == "analogy":
        points.append(_Point("", "target", lists[0][0].target))
    best: dict[str, float] = {}
    for _, neighbours in lists:
        for near in neighbours:
            best[near.word] = max(best.get(near.word, -1.0), near.similarity)
    points += [
        _Point(word, "answer" if word == answer else "near", unit, best[word])
        for word, unit in zip(best, vectors.unit(best), strict=True)
    ]
    return points


def _points_around_mean(vectors: WordVectors, ranked: Sequence[Neighbour]) -> list[_Point]:
    units = vectors.unit([n.word for n in ranked])
    points = [
        _Point(n.word, "odd" if i == 0 else "asked", unit, n.similarity)
        for i, (n, unit) in enumerate(zip(ranked, units, strict=True))
    ]
    return [*points, _Point("", "mean", units.mean(axis=0))]


def _map(points: Sequence[_Point]) -> dict[str, Any]:
    """The points on the plane on which they spread most (PCA)."""
    vectors = np.array([point.vector for point in points])
    plane = pca_plane(vectors)
    placed = [
        {
            "word": point.word,
            "role": point.role,
            "x": round(float(x), 5),
            "y": round(float(y), 5),
            "similarity": None if point.similarity is None else round(point.similarity, 6),
        }
        for point, (x, y) in zip(points, plane.map(vectors), strict=True)
    ]
    return {"points": placed, "explained": [round(share, 4) for share in plane.explained]}
