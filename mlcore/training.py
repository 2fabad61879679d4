"""The one loop that fits Keras models here: it can be watched at every step, stopped, kept, taken up and gone on with.

    trainer = Trainer(model, inputs, targets, settings=Settings(epochs=20))
    fit(trainer, report)

The arithmetic of a step is `keras.Model.fit`'s. The order of the examples depends on the seed and the epoch alone, so a
training that was taken up from a file ends with the weights of one that was never interrupted.
"""

from __future__ import annotations

import json
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from mlcore.backend import keras, tf
from mlcore.contracts import Reporter

Array = npt.NDArray[Any]
Loss = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]
Optimizer = Literal["adam", "rmsprop", "sgd"]
OPTIMIZERS = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}

LOST = 1e4
"""A training has diverged once its loss is this many times what it was at the first step, or no number any more."""


def squared_error(targets: tf.Tensor, predictions: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """The mean of the squared errors, each counted by its weight; all three have one shape."""
    return tf.math.divide_no_nan(tf.reduce_sum(weights * (targets - predictions) ** 2), tf.reduce_sum(weights))


def cross_entropy(targets: tf.Tensor, logits: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Of whole-number targets (…), logits (…, classes), counted by weights (…)."""
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(targets, tf.int64), logits)
    return tf.math.divide_no_nan(tf.reduce_sum(weights * each), tf.reduce_sum(weights))


@dataclass(frozen=True)
class Settings:
    """How a model learns; `epochs` is the length of one round."""

    epochs: int
    batch: int = 32
    optimizer: Optimizer = "adam"
    learning_rate: float = 0.001
    clip: float | None = None
    """The gradients of a step, taken together as one vector, are shortened to this length at most."""
    seed: int = 1


@dataclass(frozen=True)
class Step:
    """One update: the loss before it, and the length of the gradient before it was clipped."""

    loss: float
    gradient: float


class Training(ABC):
    """A training and how far it is: what every trainer has that `fit` runs, keeps and takes up again.

    `step` counts updates over all rounds.
    """

    def __init__(self) -> None:
        self.step = 0
        self.rounds = 1
        self.first_loss: float | None = None
        self.diverged = False

    @property
    @abstractmethod
    def total_steps(self) -> int:
        """At the end of the round."""

    @property
    @abstractmethod
    def steps_an_epoch(self) -> int: ...

    @abstractmethod
    def train_step(self) -> Step:
        """Learn from what comes next. Raises ValueError at the end of the round."""

    @abstractmethod
    def _variables(self) -> list[Any]:
        """All that a step changes."""

    @property
    def epoch(self) -> float:
        """Passes over the examples so far."""
        return self.step / self.steps_an_epoch

    @property
    def finished(self) -> bool:
        return self.step >= self.total_steps

    def begin_round(self) -> None:
        """Go on after the end, for as many epochs again."""
        self.rounds += 1

    def save(self, path: Path, extra: Mapping[str, Any]) -> None:
        """Write all that is needed to go on exactly from here, and `extra` (JSON), to an .npz file."""
        place = {"step": self.step, "rounds": self.rounds, "first_loss": self.first_loss, "diverged": self.diverged}
        with path.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                place=np.array(json.dumps(place)),
                extra=np.array(json.dumps(extra)),
                **{f"variable_{i}": variable.numpy() for i, variable in enumerate(self._variables())},
            )

    def restore(self, path: Path) -> dict[str, Any]:
        """Take up from a file of `save`; gives back its `extra`.

        Raises:
            ValueError: the file is none of `save`, or belongs to another model.
        """
        variables = self._variables()
        try:
            with np.load(path, allow_pickle=False) as saved:
                place, extra = json.loads(str(saved["place"])), json.loads(str(saved["extra"]))
                values = [saved[f"variable_{i}"] for i in range(len(saved.files) - 2)]
        except (KeyError, OSError, EOFError, ValueError, BadZipFile) as error:
            raise ValueError(f"no checkpoint: {error}") from error
        if [value.shape for value in values] != [tuple(variable.shape) for variable in variables]:
            raise ValueError("the checkpoint belongs to a model of another shape")
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        self.step, self.rounds = place["step"], place["rounds"]
        self.first_loss, self.diverged = place["first_loss"], place["diverged"]
        return dict(extra)

    def _took(self, step: Step) -> Step:
        """Count an update that is done."""
        self.step += 1
        if self.first_loss is None:
            self.first_loss = step.loss
        # A gradient that is no number has made weights that are none, and after the last step no loss would tell.
        lost = not (math.isfinite(step.loss) and math.isfinite(step.gradient))
        self.diverged = lost or step.loss > LOST * max(self.first_loss, 1e-6)
        return step


class Trainer(Training):
    """A model, its optimizer, the examples, and how far it is. `step` counts updates over all rounds.

    Args:
        model: built; its weights are what it starts from (`keras.utils.set_random_seed` before building repeats them).
        inputs, targets: one example a row, each of a fixed shape.
        weights: how much each target counts, of the shape that `loss` asks for; ones of the targets' shape without.
    """

    def __init__(
        self,
        model: keras.Model,
        inputs: Array,
        targets: Array,
        *,
        settings: Settings,
        weights: Array | None = None,
        loss: Loss = squared_error,
    ) -> None:
        super().__init__()
        self.model, self.settings = model, settings
        self.inputs, self.targets = inputs, targets
        self.weights = np.ones(targets.shape, np.float32) if weights is None else weights
        self.optimizer = OPTIMIZERS[settings.optimizer](settings.learning_rate)
        self.optimizer.build(model.trainable_variables)
        self._loss = loss
        self._update = tf.function(
            self._update_weights,
            autograph=False,
            input_signature=[
                tf.TensorSpec([None, *array.shape[1:]], array.dtype)
                for array in (self.inputs, self.targets, self.weights)
            ],
        )
        self._order: tuple[int, Array] = (-1, np.empty(0, np.int64))

    @property
    def steps_an_epoch(self) -> int:
        return math.ceil(len(self.inputs) / self.settings.batch)

    @property
    def total_steps(self) -> int:
        return self.rounds * self.settings.epochs * self.steps_an_epoch

    def train_step(self) -> Step:
        if self.finished:
            raise ValueError("the round is over: begin_round() first")
        epoch, batch = divmod(self.step, self.steps_an_epoch)
        rows = self._order_of(epoch)[batch * self.settings.batch : (batch + 1) * self.settings.batch]
        loss, gradient = self._update(self.inputs[rows], self.targets[rows], self.weights[rows])
        return self._took(Step(float(loss), float(gradient)))

    def _variables(self) -> list[Any]:
        return [*self.model.variables, *self.optimizer.variables]

    def _order_of(self, epoch: int) -> Array:
        if self._order[0] != epoch:
            rng = np.random.default_rng((self.settings.seed, epoch))
            self._order = (epoch, rng.permutation(len(self.inputs)))
        return self._order[1]

    def _update_weights(self, inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, ...]:
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self._loss(targets, self.model(inputs, training=True), weights)
        gradients = tape.gradient(loss, variables)
        length = tf.linalg.global_norm(gradients)
        if self.settings.clip is not None:
            gradients, _ = tf.clip_by_global_norm(gradients, self.settings.clip, use_norm=length)
        self.optimizer.apply(gradients, variables)
        return loss, length


def fit(
    trainer: Training,
    report: Reporter,
    *,
    after_step: Callable[[Step], None] = lambda step: None,
    extra: Callable[[], Mapping[str, Any]] = dict,
    checkpoint_seconds: float = 5.0,
) -> None:
    """Train to the end of the round, or until it diverges (`trainer.diverged`). Raises `Stopped` when `report` does.

    Args:
        after_step: called after every update; what a watcher says belongs there.
        extra: what else a checkpoint keeps, as JSON; asked when one is made.
    """
    with TemporaryDirectory(prefix="unroll-training-") as folder:
        path = Path(folder) / "checkpoint.npz"
        saved_at = time.monotonic()

        def keep() -> None:
            trainer.save(path, extra())
            report.checkpoint(path)

        while not trainer.finished and not trainer.diverged:
            after_step(trainer.train_step())
            report.progress(trainer.step, trainer.total_steps, epoch=round(trainer.epoch, 2))
            if time.monotonic() - saved_at >= checkpoint_seconds:
                keep()
                saved_at = time.monotonic()
        keep()  # whoever goes on from here goes on from the end
