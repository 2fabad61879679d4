"""How a sentence feels, after each of its words, and which words make it so: the sentiment model run in numpy.

It is the network of `mlcore.models.sentiment` with a GRU or an LSTM, and the weights of `make train MODEL=sentiment` or
of a training of one's own. Beside it stands a bag of words: a logistic regression that only counts words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.decoding import softmax
from mlcore.gated import Floats, Gated, GatedLayer, Lstm
from mlcore.tokens import Piece, Vocabulary, pieces, tidy

WEIGHTS = Path(__file__).parent / "weights" / "sentiment"
LONGEST = 120
"""So many words of a text are read; the views of each word take a time that grows with the square of their number."""

Table = npt.NDArray[np.float64]


class Sentence(NamedTuple):
    """A text and its words. `word_of[i]` is the place of piece i among the words; None for a gap and beyond the end."""

    pieces: list[Piece]
    words: list[str]
    word_of: list[int | None]
    left_out: int
    """Words behind the longest that is read."""


class Reading(NamedTuple):
    """What the model makes of a sentence of n words; columns are the classes, and rows the words."""

    probabilities: Table
    """(classes)"""
    after: Table
    """(n, classes): after the first word, …, after the last."""
    gradient: Table
    """(n, classes): of a class's score by the word's vector, times the vector: what the word adds, as a tangent."""
    without: Table
    """(n, classes): the probability with the word less the probability without it."""
    known: list[bool]


def sentence(text: str) -> Sentence:
    """Cut a text into words, tidied, and at most `LONGEST` of them."""
    cut = pieces(tidy(text))
    words = [piece.form for piece in cut if piece.form]
    places = iter(range(len(words)))
    at = [next(places) if piece.form else None for piece in cut]
    return Sentence(
        cut, words[:LONGEST], [i if i is not None and i < LONGEST else None for i in at], max(0, len(words) - LONGEST)
    )


class SentimentModel:
    """Weights and what follows from them; nothing here changes while it is used.

    Args:
        vocabulary: the words whose vectors it has.
        arrays: `glove` (words, D) and `own` (some of the first words, D'), or one of them; `forward_W`, `_U`, `_b`, and
            the same with `backward_` if it reads both ways; V (H or 2H, classes) and c.
        strongest: whether the class follows from what each unit said most strongly, or from the last states.
        temperature: what scores are divided by, so that probabilities say how often the model is right.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        arrays: Mapping[str, Floats],
        *,
        strongest: bool = False,
        temperature: float = 1.0,
    ) -> None:
        given = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
        tables = [given["glove"]] if "glove" in given else []
        if "own" in given:
            # Words behind the end of the table share the vector of the unknown.
            rows = np.arange(len(vocabulary))
            tables.append(given["own"][np.where(rows < len(given["own"]), rows, 1)])
        self.vocabulary, self.strongest, self.temperature = vocabulary, strongest, temperature
        self.vectors = np.concatenate(tables, axis=1)
        self.directions = [
            _layer(*(given[f"{way}_{name}"] for name in "WUb"))
            for way in ("forward", "backward")
            if f"{way}_W" in given
        ]
        self.V, self.c = given["V"], given["c"]

    def probabilities(self, texts: Sequence[Sequence[str]]) -> Table:
        """(texts, classes), from the forms of each text."""
        return softmax(self._scores([self.vocabulary.encode(text) for text in texts]) / self.temperature)

    def scores(self, texts: Sequence[Sequence[str]]) -> Floats:
        """(texts, classes), before they are divided by the temperature."""
        return self._scores([self.vocabulary.encode(text) for text in texts])

    def read(self, words: Sequence[str]) -> Reading:
        """All views of one sentence, from its forms."""
        ids, n = self.vocabulary.encode(words), len(words)
        prefixes = [ids[:end] for end in range(1, n + 1)] or [ids]
        shorter = [np.delete(ids, at) for at in range(n)]
        probabilities = softmax(self._scores([*prefixes, *shorter]) / self.temperature)
        whole = probabilities[len(prefixes) - 1]
        known = [bool(at != 1) for at in ids]
        return Reading(whole, probabilities[:n], self._gradient(ids), whole - probabilities[len(prefixes) :], known)

    def heard(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """(n): how many units of both directions have at this word what they give to the class."""
        x, n = self.vectors[self.vocabulary.encode(words)], len(words)
        count = np.zeros(n, np.int64)
        for way, layer in enumerate(self.directions if n else ()):
            places = self._places(layer, x[::-1] if way else x)
            count += np.bincount(n - 1 - places if way else places, minlength=n)
        return count

    def _places(self, layer: GatedLayer, x: Floats) -> npt.NDArray[np.int64]:
        """(units): at which of the words, in the order of reading, each unit has what goes on to the class."""
        if not self.strongest:
            return np.full(layer.units, len(x) - 1)
        return np.asarray(layer.states(x[None])[0].argmax(axis=0))

    def _scores(self, texts: Sequence[npt.NDArray[np.int32]]) -> Floats:
        """(texts, classes)"""
        lengths = np.array([len(text) for text in texts], np.int64)
        # What a word gives to the gates is worked out once, wherever it stands: variants of a sentence share words.
        different, which = np.unique(np.concatenate([*texts, np.zeros(1, np.int32)]), return_inverse=True)
        rows = np.split(which[:-1], np.cumsum(lengths)[:-1])
        # Longest first: those that have ended are at the bottom, and are advanced no more.
        order = np.argsort(-lengths, kind="stable")
        ends = []
        for way, layer in enumerate(self.directions):
            reads = layer.read(self.vectors[different])
            table = np.zeros((len(texts), lengths.max(initial=0)), np.int64)
            for at, text in enumerate(order):
                table[at, : lengths[text]] = rows[text][::-1] if way else rows[text]
            state = layer.zero_state(len(texts))
            h = state[0] if isinstance(layer, Lstm) else state  # a view: it changes with the state
            greatest = np.where(lengths[order, None] > 0, np.float32(-1), np.zeros_like(h))
            for t in range(table.shape[1]):
                going = int((lengths > t).sum())
                state[..., :going, :] = layer.advance(reads[table[:going, t]], state[..., :going, :])
                np.maximum(greatest[:going], h[:going], out=greatest[:going])
            end = np.empty_like(h)
            end[order] = greatest if self.strongest else h
            ends.append(end)
        scores: Floats = np.concatenate(ends, axis=-1) @ self.V + self.c
        return scores

    def _gradient(self, ids: npt.NDArray[np.int32]) -> Table:
        """(n, classes): for each class the slope of its score by each word's vector, times that vector."""
        classes, n = len(self.c), len(ids)
        total = np.zeros((classes, n))
        if not n:
            return total.T
        x = self.vectors[ids]
        start = 0
        for way, layer in enumerate(self.directions):
            turned = x[::-1] if way else x
            repeated = np.repeat(turned[None], classes, axis=0)
            d_h = np.zeros((classes, n, layer.units), np.float32)
            units = np.arange(layer.units)
            places = self._places(layer, turned)
            d_h[:, places, units] = self.V[start : start + layer.units].T
            slopes = layer.slopes(repeated, d_h)
            total += ((slopes[:, ::-1] if way else slopes) * x).sum(axis=-1)
            start += layer.units
        return total.T


def _layer(W: Floats, U: Floats, b: Floats) -> GatedLayer:
    return Gated(W, U, b) if b.ndim == 2 else Lstm(W, U, b)


class BagOfWords:
    """A logistic regression on which words occur, in whatever order.

    Args:
        words: those it counts.
        W, c: (words, classes) and (classes).
    """

    def __init__(self, words: Iterable[str], W: Floats, c: Floats) -> None:
        self.words = {word: at for at, word in enumerate(words)}
        self.W, self.c = np.asarray(W, dtype=np.float64), np.asarray(c, dtype=np.float64)

    def contributions(self, words: Sequence[str]) -> Table:
        """(n, classes): what each word adds to the scores; a repetition adds nothing."""
        rows = np.zeros((len(words), len(self.c)))
        seen: set[str] = set()
        for row, word in zip(rows, words, strict=True):
            if word in self.words and word not in seen:
                row[:] = self.W[self.words[word]]
            seen.add(word)
        return rows

    def probabilities(self, words: Sequence[str]) -> Table:
        """(classes)"""
        return softmax(self.contributions(words).sum(axis=0) + self.c)


class Shipped(NamedTuple):
    model: SentimentModel
    bag: BagOfWords


def save(
    path: Path,
    vocabulary: Vocabulary,
    arrays: Mapping[str, Floats],
    bag: BagOfWords,
    *,
    strongest: bool,
    temperature: float,
) -> None:
    """In half precision."""
    np.savez_compressed(
        path,
        allow_pickle=False,
        words=np.array("\n".join(vocabulary.words)),
        strongest=np.array(strongest),
        temperature=np.array(temperature),
        bag_words=np.array("\n".join(bag.words)),
        bag_W=bag.W.astype(np.float16),
        bag_c=bag.c.astype(np.float16),
        **{f"model_{name}": array.astype(np.float16) for name, array in arrays.items()},
    )


def load(path: Path) -> Shipped:
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name.removeprefix("model_"): saved[name] for name in saved.files if name.startswith("model_")}
        vocabulary = Vocabulary(tuple(str(saved["words"]).split("\n")))
        bag = BagOfWords(str(saved["bag_words"]).split("\n"), saved["bag_W"], saved["bag_c"])
        model = SentimentModel(
            vocabulary, arrays, strongest=bool(saved["strongest"]), temperature=float(saved["temperature"])
        )
        return Shipped(model, bag)


@cache
def shipped() -> Shipped:
    """The model and the bag of words that come with Unroll, loaded once in each process."""
    return load(WEIGHTS / "weights.npz")
