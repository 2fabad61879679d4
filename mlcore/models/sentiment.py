"""The network that reads a sentence in both directions and says how it feels."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.backend import keras
from mlcore.models.recurrent import CELLS, Cell

Embeddings = Literal["glove", "own", "both"]


class Sizes(NamedTuple):
    words: int
    """In the vocabulary, with the gap and the unknown."""
    own: int
    """So many of the first words have vectors of their own; the others share that of the unknown."""
    vector: int = 50
    cell: Cell = "gru"
    units: int = 64
    strongest: bool = False
    """The class follows from the strongest that each unit said at any word, instead of from the last states."""
    bidirectional: bool = True
    dropout: float = 0.5
    word_dropout: float = 0.0
    classes: int = 3


@keras.saving.register_keras_serializable("unroll")
class WordDropout(keras.layers.Layer):  # type: ignore[misc, unused-ignore]
    """While a model trains, a share of the words, drawn anew each time, is as if it were not known."""

    def __init__(self, rate: float, **settings: Any) -> None:
        super().__init__(**settings)
        self.rate = rate
        self.supports_masking = True
        self._draws = keras.random.SeedGenerator(int(keras.random.randint((), 0, 2**31 - 1)))

    def call(self, ids: Any, training: bool = False) -> Any:
        if not training or not self.rate:
            return ids
        lost = keras.random.uniform(keras.ops.shape(ids), seed=self._draws) < self.rate
        return keras.ops.where(keras.ops.logical_and(lost, ids > 1), 1, ids)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate}


@keras.saving.register_keras_serializable("unroll")
class Strongest(keras.layers.Layer):  # type: ignore[misc, unused-ignore]
    """Of states (B, T, H) the greatest value of each unit over the words; gaps do not count."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.supports_masking = True

    def call(self, states: Any, mask: Any = None) -> Any:
        if mask is not None:
            states = keras.ops.where(keras.ops.expand_dims(mask, -1), states, -1.0)
        return keras.ops.max(states, axis=1)

    def compute_mask(self, states: Any, mask: Any = None) -> None:
        """None is left: there is no time any more."""


@keras.saving.register_keras_serializable("unroll")
class CutGaps(keras.layers.Layer):  # type: ignore[misc, unused-ignore]
    """Ids (B, T) without the columns that are a gap in every row: what comes after is computed for no one."""

    def call(self, ids: Any) -> Any:
        longest = keras.ops.max(keras.ops.sum(keras.ops.cast(ids > 0, "int32"), axis=1))
        return ids[:, : keras.ops.maximum(longest, 1)]

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (shape[0], None)


def without_gaps(model: keras.Model) -> keras.Model:
    """The same model, of batches that are no wider than their longest text."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    return keras.Model(ids, model(CutGaps(name="cut_gaps")(ids)), name=model.name)


def sentiment(sizes: Sizes, *, embeddings: Embeddings, glove: npt.NDArray[np.float32] | None = None) -> keras.Model:
    """(B, T) ids, filled up with 0 behind, to (B, classes) scores; softmax makes them probabilities.

    Layers: `glove` (frozen) and `own` (learned), side by side if both are there; `memory`, whose last state in each
    direction, or what was strongest on the way (`strongest`), goes to `class`.
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    read = WordDropout(sizes.word_dropout, name="word_dropout")(ids)
    vectors = []
    if embeddings != "own":
        if glove is None or len(glove) != sizes.words:
            raise ValueError("GloVe's vectors are needed, one for each word of the vocabulary")
        table = keras.layers.Embedding(*glove.shape, mask_zero=True, trainable=False, name="glove")
        vectors.append(table(read))
        table.set_weights([glove])
    if embeddings != "glove":
        known = keras.ops.where(read < sizes.own, read, 1)
        table = keras.layers.Embedding(sizes.own, sizes.vector, mask_zero=True, name="own")
        vectors.append(table(known))
    x = keras.layers.Concatenate(name="vectors")(vectors) if len(vectors) > 1 else vectors[0]
    # Whole features of a sentence are dropped, the same at every word: a word cannot make up for its neighbour.
    x = keras.layers.SpatialDropout1D(sizes.dropout / 2, name="vector_dropout")(x)
    memory = CELLS[sizes.cell](sizes.units, return_sequences=sizes.strongest, name="memory")
    if sizes.bidirectional:
        memory = keras.layers.Bidirectional(memory, name="memory")
    x = memory(x)
    if sizes.strongest:
        x = Strongest(name="strongest")(x)
    x = keras.layers.Dropout(sizes.dropout, name="dropout")(x)
    return keras.Model(ids, keras.layers.Dense(sizes.classes, name="class")(x), name="sentiment")


def arrays_of(model: keras.Model) -> dict[str, npt.NDArray[np.float32]]:
    """A model's weights by name, as `mlcore.sentiment.SentimentModel` takes them. It knows gated cells only."""
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name in ("glove", "own"):
        if name in {layer.name for layer in model.layers}:
            (found[name],) = model.get_layer(name).get_weights()
    memory = model.get_layer("memory").get_weights()
    for direction, weights in zip(("forward", "backward"), (memory[:3], memory[3:]), strict=True):
        found |= {f"{direction}_{name}": array for name, array in zip("WUb", weights, strict=False)}
    found["V"], found["c"] = model.get_layer("class").get_weights()
    return found
