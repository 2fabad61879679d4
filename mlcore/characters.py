"""A model that knows which characters tend to come next, run in numpy: character by character, many texts side by side.

It is the network of `mlcore.models.characters`, with the weights of `make train MODEL=characters` or of a training that
is under way. What it remembers is a state, (layers, 2, B, H): what each layer shows and keeps, for B texts. A text
begins with an empty memory that then reads two line ends: after an empty line a speaker's name comes, or a speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.decoding import Decoding, draw, softmax
from mlcore.gated import Floats, Lstm
from mlcore.tokens import UNKNOWN, Characters, Ids

WEIGHTS = Path(__file__).parent / "weights" / "characters"
BEGINNING = "\n\n"


class Written(NamedTuple):
    """A character that was written, and what it was drawn from.

    `likely` is what the model itself holds of each character of its alphabet; `allowed` is what temperature, top-k and
    top-p made of that.
    """

    symbol: str
    id: int
    likely: npt.NDArray[np.float64]
    allowed: npt.NDArray[np.float64]


class Surprise(NamedTuple):
    """How unexpected each character of a text was: −ln p, in nats; nan for one that the model does not know.

    `best` is the character that it held likeliest there ("" where it does not know the one that came).
    """

    nats: npt.NDArray[np.float64]
    best: list[str]

    @property
    def mean(self) -> float:
        """Over the characters that it knows; nan if there is none."""
        known = self.nats[~np.isnan(self.nats)]
        return float(known.mean()) if len(known) else float("nan")


class CharacterModel:
    """Weights and what follows from them; nothing here changes while it is used.

    Args:
        alphabet: what it can read and write.
        weights: in the order of the Keras model's: the vectors, three arrays for each layer, and the output's two.
    """

    def __init__(self, alphabet: Characters, weights: Sequence[Floats]) -> None:
        vectors, *layers, out, bias = (np.ascontiguousarray(array, dtype=np.float32) for array in weights)
        if len(vectors) != len(alphabet) or len(layers) % 3:
            raise ValueError("these weights belong to another alphabet or another model")
        self.alphabet, self.vectors, self.out, self.bias = alphabet, vectors, out, bias
        self.layers = [Lstm(*layers[at : at + 3]) for at in range(0, len(layers), 3)]
        # What each character gives to the gates of the first layer: a row to look up instead of a product.
        self._read = self.layers[0].read(vectors)

    def __len__(self) -> int:
        return len(self.alphabet)

    def save(self, path: Path) -> None:
        """In half precision."""
        parts = [self.vectors, *(array for layer in self.layers for array in layer), self.out, self.bias]
        arrays = {f"weights_{at:02}": array.astype(np.float16) for at, array in enumerate(parts)}
        np.savez_compressed(path, allow_pickle=False, symbols=np.array(self.alphabet.symbols), **arrays)

    @classmethod
    def load(cls, path: Path) -> CharacterModel:
        with np.load(path, allow_pickle=False) as saved:
            names = sorted(name for name in saved.files if name != "symbols")
            return cls(Characters(str(saved["symbols"])), [saved[name] for name in names])

    # Reading ----------------------------------------------------------------------------------------------------------

    def empty_state(self, texts: int = 1) -> Floats:
        return np.zeros((len(self.layers), 2, texts, self.layers[0].units), np.float32)

    def beginning(self, texts: int = 1) -> Floats:
        """The state with which a text begins."""
        state = self.empty_state(texts)
        for symbol in self.known(BEGINNING):
            state = self.step(np.repeat(symbol, texts), state)
        return state

    def step(self, ids: Ids, state: Floats) -> Floats:
        """Read one character in each text, ids (B,). Returns the state after it."""
        after = np.empty_like(state)
        read = self._read[ids]
        for at, layer in enumerate(self.layers):
            after[at] = layer.advance(read if at == 0 else layer.read(after[at - 1, 0]), state[at])
        return after

    def scores(self, state: Floats) -> Floats:
        """Of what comes next, (B, symbols), from a state."""
        given: Floats = state[-1, 0] @ self.out + self.bias
        return given

    def read(self, ids: Ids, state: Floats) -> tuple[Floats, Floats]:
        """Read ids (B, T). Returns scores after each, (B, T, symbols), and the state after the last."""
        after, h = np.empty_like(state), np.empty(0, np.float32)
        for at, layer in enumerate(self.layers):
            reads, now = self._read[ids] if at == 0 else layer.read(h), state[at]
            h = np.empty((*ids.shape, layer.units), np.float32)
            for t in range(ids.shape[1]):
                now = layer.advance(reads[:, t], now)
                h[:, t] = now[0]
            after[at] = now
        return h @ self.out + self.bias, after

    def after(self, text: str) -> Floats:
        """The state after a text. Characters that are not known are passed over."""
        ids = self.known(text)
        state = self.beginning()
        return self.read(ids[None], state)[1] if len(ids) else state

    def known(self, text: str) -> Ids:
        """The ids of the characters of a text that are known."""
        ids = self.alphabet.encode(text)
        kept: Ids = ids[ids != UNKNOWN]
        return kept

    def unknown(self, text: str) -> list[int]:
        """The places of characters that the model never saw."""
        return np.flatnonzero(self.alphabet.encode(text) == UNKNOWN).tolist()

    def next(self, text: str) -> npt.NDArray[np.float64]:
        """How likely each character of the alphabet is after a text."""
        return softmax(self.scores(self.after(text))[0])

    def surprise(self, text: str) -> Surprise:
        """How unexpected each character of a text is to the model that reads it."""
        ids = self.alphabet.encode(text)
        known = ids != UNKNOWN
        nats, best = np.full(len(ids), np.nan), [""] * len(ids)
        if known.any():
            state = self.beginning()
            scores, _ = self.read(ids[known][None], state)
            # Before each character: what was said after the one before it.
            said = softmax(np.concatenate([self.scores(state), scores[0, :-1]]))
            nats[known] = -np.log(np.take_along_axis(said, ids[known][:, None], axis=-1)[:, 0])
            for place, likeliest in zip(np.flatnonzero(known), said.argmax(axis=-1), strict=True):
                best[place] = self.alphabet.symbols[likeliest]
        return Surprise(nats, best)

    def loss(self, text: str, readers: int = 16, window: int = 256) -> float:
        """The mean of −ln p over a long text, read in so many pieces, each with an empty memory at its beginning.

        The last characters, fewer than there are readers, are left out.
        """
        ids = self.known(text)
        length = (len(ids) - 1) // readers
        begins = np.arange(readers)[:, None] * length
        state, total = self.empty_state(readers), 0.0
        for at in range(0, length, window):
            places = begins + np.arange(at, min(at + window, length))
            scores, state = self.read(ids[places], state)
            total -= np.log(np.take_along_axis(softmax(scores), ids[places + 1][..., None], axis=-1)).sum()
        return total / (readers * length)

    # Writing ----------------------------------------------------------------------------------------------------------

    def write(
        self, prompt: str, length: int, decoding: Decoding, seed: int, *, instead: Mapping[int, int] | None = None
    ) -> Iterator[Written]:
        """Go on from a prompt, one character at a time. The same seed and settings give the same text.

        Args:
            instead: at these places, counted from 0, the character with this id stands whatever was drawn. The draws
                after it are made with the same random numbers.
        """
        state, random = self.after(prompt), np.random.default_rng(seed)
        for at in range(length):
            scores = self.scores(state)
            allowed = decoding.probabilities(scores)
            chosen = draw(allowed, random).astype(np.int32)
            if instead and at in instead:
                chosen[0] = instead[at]
            yield Written(self.alphabet.symbols[chosen[0]], int(chosen[0]), softmax(scores)[0], allowed[0])
            state = self.step(chosen, state)

    def write_many(self, prompt: str, texts: int, length: int, decoding: Decoding, seed: int) -> list[str]:
        """So many texts that go on from one prompt, written side by side."""
        random = np.random.default_rng(seed)
        state = np.repeat(self.after(prompt), texts, axis=2)
        columns: list[Ids] = []
        for _ in range(length):
            columns.append(draw(decoding.probabilities(self.scores(state)), random).astype(np.int32))
            state = self.step(columns[-1], state)
        return [self.alphabet.decode(row) for row in np.reshape(columns, (length, texts)).T]


@cache
def shipped() -> CharacterModel:
    """The model that comes with Unroll, loaded once in each process."""
    return CharacterModel.load(WEIGHTS / "weights.npz")
