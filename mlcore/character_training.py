"""Teaching a network to say which character comes next: one long text, read by many readers side by side.

The text is cut into as many pieces as there are readers. Each reads its piece window by window; what it remembers at
the end of a window it has at the beginning of the next (only the gradient stops there). That is truncated
backpropagation through time. Where the pieces begin changes from epoch to epoch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mlcore.backend import keras, tf
from mlcore.models.characters import Sizes, next_character, scores
from mlcore.training import Step, Training

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Reading:
    """How the text is read and learned from; `epochs` is the length of one round, and may be a part of one."""

    epochs: float
    readers: int = 32
    window: int = 64
    learning_rate: float = 0.002
    decay_from: float = 1.0
    """The part of the round after which the learning rate falls, along a cosine, to a twentieth."""
    clip: float = 1.0
    averaged: float = 0.0
    """Besides the weights their moving average is kept, of about 1 / (1 − `averaged`) steps; at 0, the weights."""
    seed: int = 1


LIVE_SIZES = Sizes(symbols=0, vector=32, units=256, layers=1, dropout=0.0)
LIVE_READING = Reading(epochs=1.0, readers=32, window=64, learning_rate=0.004, averaged=0.98)
"""What trains while a student watches, unless they choose otherwise; the number of symbols is the text's."""
AT_ONCE = 64
"""Where nothing is learned the length of a window changes only how long it takes: it is at least this."""


class CharacterTrainer(Training):
    """A network, its optimizer, a text, and how far it is; `mlcore.training.fit` runs it as it runs a `Trainer`."""

    def __init__(self, sizes: Sizes, text: Ids, reading: Reading) -> None:
        if len(text) <= reading.readers * reading.window:
            raise ValueError(
                f"the text has {len(text):,} characters; {reading.readers} readers with windows of {reading.window} "
                f"need more than {reading.readers * reading.window:,}"
            )
        super().__init__()
        self.sizes, self.text, self.reading = sizes, text, reading
        keras.utils.set_random_seed(reading.seed)
        self.model = next_character(sizes)
        self.optimizer = keras.optimizers.Adam(reading.learning_rate)
        self.optimizer.build(self.model.trainable_variables)
        self.averages = [tf.Variable(variable.value) for variable in self.model.trainable_variables]
        self._state = tf.Variable(self._zero_state(reading.readers))
        self._update = tf.function(self._update_weights, jit_compile=True, autograph=False)
        self._losses = tf.function(_losses, jit_compile=True, autograph=False)
        self._pieces: tuple[int, Ids] = (-1, np.empty(0, np.int32))

    @property
    def steps_an_epoch(self) -> int:
        return (len(self.text) - 1) // (self.reading.readers * self.reading.window)

    @property
    def total_steps(self) -> int:
        return self.rounds * max(1, round(self.reading.epochs * self.steps_an_epoch))

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        part, begin = self.step / self.total_steps, self.reading.decay_from
        if part <= begin:
            return self.reading.learning_rate
        return self.reading.learning_rate * (0.525 + 0.475 * math.cos(math.pi * (part - begin) / (1 - begin)))

    def train_step(self) -> Step:
        if self.finished:
            raise ValueError("the round is over: begin_round() first")
        epoch, at = divmod(self.step, self.steps_an_epoch)
        if at == 0:
            self._state.assign(self._zero_state(self.reading.readers))
        window = self._pieces_of(epoch)[at * self.reading.window : (at + 1) * self.reading.window + 1]
        keep = min(self.reading.averaged, (1 + self.step) / (10 + self.step))
        key = tf.constant([self.reading.seed, 16 * self.step], tf.int32)
        self.optimizer.learning_rate.assign(self.rate)
        loss, gradient = self._update(tf.constant(window), key, tf.constant(keep, tf.float32))
        return self._took(Step(float(loss), float(gradient)))

    def loss_on(self, text: Ids, readers: int = 16, between: Callable[[], None] = lambda: None) -> float:
        """The mean of −ln p of each character of a text, by the averaged weights, read by so many readers.

        Each begins with an empty memory and then reads without a break. The last characters that do not fill a window
        of all readers are left out. `between` is called after each window: what may raise `Stopped` belongs there.
        """
        window = min(max(self.reading.window, AT_ONCE), max(1, (len(text) - 1) // readers))
        pieces = _cut(text, readers, window)
        state, losses = self._zero_state(readers), []
        for at in range(0, len(pieces) - 1, window):
            loss, state = self._losses(self.averages, tf.constant(pieces[at : at + window + 1]), state)
            losses.append(float(loss))
            between()
        return float(np.mean(losses))

    def weights(self) -> list[npt.NDArray[np.float32]]:
        """The averaged weights, in the order of the model's."""
        return [average.numpy() for average in self.averages]

    def _variables(self) -> list[Any]:
        return [*self.model.trainable_variables, *self.optimizer.variables, *self.averages, self._state]

    def _zero_state(self, readers: int) -> tf.Tensor:
        return tf.zeros((self.sizes.layers, 2, readers, self.sizes.units))

    def _pieces_of(self, epoch: int) -> Ids:
        """What the readers read in an epoch, time first; it begins a little further into the text in each."""
        if self._pieces[0] != epoch:
            spare = (len(self.text) - 1) % (self.reading.readers * self.reading.window)
            begin = int(np.random.default_rng((self.reading.seed, epoch)).integers(spare + 1))
            self._pieces = (epoch, _cut(self.text[begin:], self.reading.readers, self.reading.window))
        return self._pieces[1]

    def _update_weights(self, window: tf.Tensor, key: tf.Tensor, keep: tf.Tensor) -> tuple[tf.Tensor, ...]:
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            weights = [tf.convert_to_tensor(variable.value) for variable in variables]
            tape.watch(weights)
            loss, state = _losses(weights, window, self._state, self.sizes.dropout, key)
        gradients = tape.gradient(loss, weights)
        gradients, length = tf.clip_by_global_norm(gradients, self.reading.clip)
        self.optimizer.apply(gradients, variables)
        self._state.assign(state)
        for average, variable in zip(self.averages, variables, strict=True):
            average.assign(keep * average + (1 - keep) * variable.value)
        return loss, length


def _cut(text: Ids, readers: int, window: int) -> Ids:
    """(windows · window + 1, readers): a piece a column; the last row is there to be foretold."""
    length = (len(text) - 1) // (readers * window) * window
    begins = np.arange(readers) * length
    return np.ascontiguousarray(text[begins[None] + np.arange(length + 1)[:, None]])


def _losses(
    weights: list[tf.Tensor],
    window: tf.Tensor,
    state: tf.Tensor,
    dropout: float = 0.0,
    key: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor]:
    said, state = scores(weights, window[:-1], state, dropout, key)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(window[1:], said)), state
