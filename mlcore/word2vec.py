"""word2vec trained slice by slice, so that somebody can watch, stop it, and go on.

Mikolov et al., "Efficient Estimation of Word Representations in Vector Space" (2013) and "Distributed Representations
of Words and Phrases and their Compositionality" (NIPS 2013). The arithmetic is gensim's, and it is cut so that the
vectors after the last slice are those of one uninterrupted `gensim.models.Word2Vec.train`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from gensim.models import Word2Vec

from mlcore.vectors import WordVectors

# To gensim each slice is a training of its own: it would tell of each, and warn that it is short.
logging.getLogger("gensim").setLevel(logging.ERROR)

LARGEST_SLICE = 10_000  # words: what gensim itself hands to its inner loop at once
SMALLEST_SLICE = 500
FINAL_LEARNING_RATE = 0.0001
FREQUENT = 1e-3
"""Words above this share of the text are skipped at random, the more often the more frequent they are."""


@dataclass(frozen=True)
class Settings:
    """What word2vec learns with; `epochs` is the length of one round."""

    algorithm: Literal["skip-gram", "cbow"]
    dimensions: int
    window: int
    negative: int
    epochs: int
    learning_rate: float
    min_count: int
    seed: int

    @property
    def slice_words(self) -> int:
        """Words in a slice: about 30 ms of work on one core, however large the model is."""
        cost = self.dimensions * (self.negative + 1) * (self.window if self.algorithm == "skip-gram" else 1)
        return int(np.clip(LARGEST_SLICE * 2_000 / cost, SMALLEST_SLICE, LARGEST_SLICE))


class SlicedWord2Vec:
    """A word2vec model and its place in the schedule.

    One round is `epochs` passes over the sentences, with the learning rate falling in a straight line. `step` counts
    slices over all rounds.

    Args:
        sentences: the text; each sentence a list of words. They are shuffled once, by the seed.

    Raises:
        ValueError: no word occurs `min_count` times.
    """

    def __init__(self, sentences: Sequence[list[str]], settings: Settings) -> None:
        self.settings = settings
        order = np.random.default_rng(settings.seed).permutation(len(sentences))
        self.sentences = [sentences[i] for i in order]
        longest = max(map(len, sentences), default=0)
        self.model = Word2Vec(
            sg=int(settings.algorithm == "skip-gram"),
            vector_size=settings.dimensions,
            window=settings.window,
            negative=settings.negative,
            min_count=settings.min_count,
            sample=FREQUENT,
            alpha=settings.learning_rate,
            min_alpha=FINAL_LEARNING_RATE,
            seed=settings.seed,
            batch_words=max(settings.slice_words, longest),
            workers=1,  # with two, the order of updates would be chance
        )
        self.model.build_vocab(self.sentences)
        if not len(self.model.wv):
            raise ValueError(f"no word occurs {settings.min_count} times")
        self.model.lifecycle_events = None  # gensim would note every slice
        self.slices = list(_slices(self.sentences, self.model.batch_words))
        self._sentences_before = np.cumsum([0, *map(len, self.slices)])
        self._words_before = np.cumsum([0, *(sum(map(len, part)) for part in self.slices)])
        self.step = 0
        self.rounds = 1

    @property
    def total_steps(self) -> int:
        return self.rounds * self.settings.epochs * len(self.slices)

    @property
    def finished(self) -> bool:
        return self.step >= self.total_steps

    @property
    def epoch(self) -> float:
        """Passes over the text so far."""
        passes, part = divmod(self.step, len(self.slices))
        return float(passes + self._words_before[part] / self._words_before[-1])

    @property
    def words_seen(self) -> int:
        """Words of the text read so far, each counted every time."""
        passes, part = divmod(self.step, len(self.slices))
        return int(passes * self._words_before[-1] + self._words_before[part])

    @property
    def learning_rate(self) -> float:
        """The rate of the next slice: as gensim sets it for its next batch."""
        passes, part = divmod(self.step, len(self.slices))
        epoch = passes % self.settings.epochs + self._sentences_before[part] / len(self.sentences)
        start = self.settings.learning_rate
        falling = start - (start - FINAL_LEARNING_RATE) * epoch / self.settings.epochs
        return float(max(falling, FINAL_LEARNING_RATE))

    @property
    def words(self) -> list[str]:
        """The vocabulary, the most frequent word first."""
        return list(self.model.wv.index_to_key)

    @property
    def vectors(self) -> npt.NDArray[np.float32]:
        """The words' vectors as they are now: (V, D), not normalised."""
        return np.asarray(self.model.wv.vectors)

    @property
    def outputs(self) -> npt.NDArray[np.float32]:
        """The output vectors that negative sampling learns beside them: (V, D)."""
        return np.asarray(self.model.syn1neg)

    def index(self, word: str) -> int | None:
        found = self.model.wv.key_to_index.get(word)
        return None if found is None else int(found)

    def counts(self) -> npt.NDArray[np.int64]:
        """How often each word of the vocabulary occurs in the text: (V,)."""
        return np.array([self.model.wv.get_vecattr(word, "count") for word in self.words], dtype=np.int64)

    def train_slice(self) -> None:
        """Learn from the next slice. Raises ValueError at the end of the round."""
        if self.finished:
            raise ValueError("the round is over: begin_round() first")
        part = self.slices[self.step % len(self.slices)]
        rate = self.learning_rate
        self.model.train(part, total_examples=len(part), epochs=1, start_alpha=rate, end_alpha=rate)
        self.step += 1

    def begin_round(self) -> None:
        """Go on after the end: as many epochs again, with the learning rate falling from its start again."""
        self.rounds += 1

    def word_vectors(self) -> WordVectors:
        """A copy of the vectors to search in."""
        return WordVectors(self.words, self.vectors.copy())

    def save(self, path: Path, extra: Mapping[str, npt.NDArray[Any]]) -> None:
        """Write all that is needed to go on exactly from here, and `extra` arrays, to an .npz file."""
        _, keys, position, *_ = self.model.random.get_state()
        place = np.array([self.step, self.rounds, position], dtype=np.int64)
        with path.open("wb") as file:
            arrays = {**extra, "vectors": self.vectors, "outputs": self.outputs, "place": place, "random": keys}
            np.savez(file, allow_pickle=False, **arrays)

    def restore(self, path: Path) -> dict[str, npt.NDArray[Any]]:
        """Take up from a file of `save`; gives back its `extra` arrays.

        Raises:
            ValueError: the file belongs to a model of another size.
        """
        with np.load(path, allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in saved.files}
        vectors, outputs = arrays.pop("vectors"), arrays.pop("outputs")
        if vectors.shape != self.vectors.shape or outputs.shape != self.outputs.shape:
            raise ValueError(f"a checkpoint of {vectors.shape} does not fit a model of {self.vectors.shape}")
        self.model.wv.vectors[:], self.model.syn1neg[:] = vectors, outputs
        self.step, self.rounds, position = (int(number) for number in arrays.pop("place"))
        self.model.random.set_state(("MT19937", arrays.pop("random"), position))
        return arrays


class HeldOutLoss:
    """How well a model predicts words that it did not learn from.

    gensim adds up its own loss in single precision, from the pairs that happen to come, once an epoch. Here the same
    pairs are asked every time, so that two numbers of one curve, and two curves, can be compared: for each pair the
    loss of skip-gram with negative sampling (Mikolov et al., NIPS 2013, equation 4)

        −log σ(u_word · h) − Σ_k log σ(−u_k · h)

    with `NEGATIVES` noise words k, where h is the vector of one word within `WINDOW` places (skip-gram) or the mean of
    all of those (CBOW). An untrained model has 6 · log 2 = 4.16.

    Args:
        model: fixes vocabulary, frequencies and algorithm.
        sentences: what was held out; its words outside the vocabulary are skipped, as in training.

    Raises:
        ValueError: nothing of it is in the vocabulary.
    """

    PAIRS = 2_000
    NEGATIVES = 5
    WINDOW = 5
    SEED = 0

    def __init__(self, model: SlicedWord2Vec, sentences: Sequence[list[str]]) -> None:
        rng = np.random.default_rng(self.SEED)
        known = [[i for word in sentence if (i := model.index(word)) is not None] for sentence in sentences]
        examples = [
            (ids[i], [*ids[max(0, i - self.WINDOW) : i], *ids[i + 1 : i + 1 + self.WINDOW]])
            for ids in known
            if len(ids) > 1
            for i in range(len(ids))
        ]
        if not examples:
            raise ValueError("no two known words stand together in what was held out")
        chosen = [examples[i] for i in rng.permutation(len(examples))[: self.PAIRS]]
        if model.settings.algorithm == "skip-gram":
            chosen = [(word, [int(rng.choice(context))]) for word, context in chosen]
        widest = max(len(context) for _, context in chosen)
        self._word = np.array([word for word, _ in chosen])  # (P,)
        self._context = np.array([[*context, *[0] * (widest - len(context))] for _, context in chosen])  # (P, C)
        self._weight = np.array(
            [[1 / len(context)] * len(context) + [0.0] * (widest - len(context)) for _, context in chosen],
            dtype=np.float32,
        )  # (P, C), zero where a context is shorter than the longest
        noise = model.counts() ** 0.75
        self._noise = rng.choice(len(noise), size=(len(chosen), self.NEGATIVES), p=noise / noise.sum())  # (P, K)

    def __call__(self, model: SlicedWord2Vec) -> float:
        """The mean loss of a pair, in nats."""
        hidden = np.einsum("pc,pcd->pd", self._weight, model.vectors[self._context])
        true = np.einsum("pd,pd->p", hidden, model.outputs[self._word])
        noise = np.einsum("pd,pkd->pk", hidden, model.outputs[self._noise])
        # −log σ(x) = log(1 + exp(−x))
        return float(np.mean(np.logaddexp(0, -true) + np.logaddexp(0, noise).sum(axis=1), dtype=np.float64))


def hold_out(sentences: Sequence[list[str]], *, share: float = 0.02, least: int = 100) -> tuple[list[list[str]], ...]:
    """Split sentences into those to learn from and those to measure on: the same ones every time."""
    count = min(max(least, int(share * len(sentences))), len(sentences) // 2)
    chosen = set(np.random.default_rng(0).permutation(len(sentences))[:count].tolist())
    return (
        [sentence for i, sentence in enumerate(sentences) if i not in chosen],
        [sentence for i, sentence in enumerate(sentences) if i in chosen],
    )


def _slices(sentences: Sequence[list[str]], words: int) -> list[list[list[str]]]:
    """Consecutive sentences, together at most `words` words: the batches that gensim's own loop would make."""
    slices: list[list[list[str]]] = []
    part: list[list[str]] = []
    size = 0
    for sentence in sentences:
        if size + len(sentence) > words:
            slices.append(part)
            part, size = [], 0
        part.append(sentence)
        size += len(sentence)
    return [*slices, part] if part else slices
