"""word2vec trained while somebody watches: the loss on held-out pairs and a map of a few words, as they change."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mlcore.contracts import DemoError, Reporter
from mlcore.data.texts import TEXTS
from mlcore.projection import Floats, follow_plane, plane_along, random_axes
from mlcore.text import sentences
from mlcore.word2vec import HeldOutLoss, Settings, SlicedWord2Vec, hold_out

LOOKS = 150
"""How often in a round the loss is measured and the map drawn."""
FEWEST_WATCHED = 3
NEIGHBOURS = 6
NOTHING_YET = (0, 1)
"""Progress said while the text is read, so that a stop is noticed."""


class WatchedTraining:
    """One training, from the text to the result.

    Args:
        text: one of `mlcore.data.texts.TEXTS`.
        watch: the words that the map follows, in lower case.
        report: is told the loss (`metrics`) and the map (`frame`) of some 150 moments, and keeps checkpoints.

    Raises:
        DemoError: the text has too few of the watched words, or a checkpoint is of no use any more.
    """

    def __init__(
        self, *, text: str, watch: Sequence[str], settings: Settings, report: Reporter, checkpoint_seconds: float = 3.0
    ) -> None:
        self.report = report
        learned, measured = hold_out(list(_read(text, report)))
        report.progress(*NOTHING_YET)
        self.model = SlicedWord2Vec(learned, settings)
        report.progress(*NOTHING_YET)
        self.map = WatchedMap(self.model, watch)
        self.loss = HeldOutLoss(self.model, measured)
        self._checkpoint_seconds = checkpoint_seconds
        self._folder = TemporaryDirectory(prefix="unroll-word2vec-")

    def run(self) -> dict[str, Any]:
        """Train to the end of the round, saying how it goes; raises `Stopped` when `report` does."""
        with self._folder:
            fresh = not self._resume()
            if fresh or self.report.continued:
                self._look()  # this Run's picture begins here
            self._train_round()
            self._save_checkpoint()  # whoever goes on from this Run goes on from its end
            self._hand_over_vectors()
        return self._result()

    def _resume(self) -> bool:
        path = self.report.resume_from()
        if path is None:
            return False
        try:
            self.map.axes = self.model.restore(path)["axes"]
        except (ValueError, KeyError) as error:
            raise DemoError(
                "This run was saved by another version of the demo. Run it again from the start."
            ) from error
        if self.report.continued and self.model.finished:
            self.model.begin_round()
        return True

    def _train_round(self) -> None:
        model, report = self.model, self.report
        began, words_before = time.monotonic(), model.words_seen
        saved_at = began
        while not model.finished:
            model.train_slice()
            if self._is_due():
                speed = (model.words_seen - words_before) / (time.monotonic() - began)
                self._look(words_per_second=round(speed))
            report.progress(model.step, model.total_steps, epoch=round(model.epoch, 2))
            if time.monotonic() - saved_at >= self._checkpoint_seconds:
                self._save_checkpoint()
                saved_at = time.monotonic()

    def _is_due(self) -> bool:
        """Whether to look after this step: often at first, when most happens, and then less and less often."""
        step, total = self.model.step, self.model.total_steps
        return int(LOOKS * math.sqrt(step / total)) > int(LOOKS * math.sqrt((step - 1) / total))

    def _look(self, **extra: int) -> None:
        """One row of the curve and one frame of the map, of the same step."""
        step, epoch = self.model.step, round(self.model.epoch, 3)
        self.report.metrics(step=step, epoch=epoch, loss=round(self.loss(self.model), 4), **extra)
        self.map.follow(self.model)
        self.report.emit("frame", step=step, epoch=epoch, **self.map.draw(self.model))

    def _save_checkpoint(self) -> None:
        path = Path(self._folder.name) / "checkpoint.npz"
        self.model.save(path, {"axes": self.map.axes})
        self.report.checkpoint(path)

    def _hand_over_vectors(self) -> None:
        path = Path(self._folder.name) / "vectors.bin"
        self.model.model.wv.save_word2vec_format(str(path), binary=True)
        self.report.artifact("vectors.bin", path)

    def _result(self) -> dict[str, Any]:
        model = self.model
        vectors = model.word_vectors()
        near = vectors.neighbours(self.map.words, NEIGHBOURS)
        return {
            "loss": round(self.loss(model), 4),
            "steps": model.step,
            "epochs": round(model.epoch),
            "vocabulary": len(vectors),
            "words": model.words_seen,
            "watched": [
                {
                    "word": word,
                    "count": count,
                    "neighbours": [{"word": n.word, "similarity": round(n.similarity, 4)} for n in found],
                }
                for word, count, found in zip(self.map.words, self.map.counts, near, strict=True)
            ],
            "unknown": self.map.unknown,
            "map": self.map.draw(model),
        }


class WatchedMap:
    """The moving map of the watched words: their unit vectors on the plane on which they spread most."""

    def __init__(self, model: SlicedWord2Vec, watch: Sequence[str]) -> None:
        settings = model.settings
        occurs = Counter(word for sentence in model.sentences for word in sentence if word in watch)
        self.words = [word for word in watch if model.index(word) is not None]
        self.counts = [occurs[word] for word in self.words]
        self.unknown = [{"word": word, "count": occurs[word]} for word in watch if word not in self.words]
        if len(self.words) < FEWEST_WATCHED:
            examples = ", ".join(model.words[150:400:50] or model.words[:6])
            raise DemoError(
                f"This text has only {len(self.words)} of your words at least {settings.min_count} times. "
                f"Watch three or more that it has, for example {examples}."
            )
        self.axes: Floats = random_axes(settings.dimensions, settings.seed)
        self._rows = [model.model.wv.key_to_index[word] for word in self.words]

    def follow(self, model: SlicedWord2Vec) -> None:
        """Turn the axes to where the words spread now, no further than the next picture needs."""
        self.axes = follow_plane(self._units(model), self.axes).axes

    def draw(self, model: SlicedWord2Vec) -> dict[str, Any]:
        """The map as it is now, on the axes as they are."""
        units = self._units(model)
        plane = plane_along(units, self.axes)
        x, y = plane.map(units).T.round(4).tolist()
        return {"words": self.words, "x": x, "y": y, "explained": [round(share, 4) for share in plane.explained]}

    def _units(self, model: SlicedWord2Vec) -> Floats:
        vectors = model.vectors[self._rows].astype(np.float64)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _read(text: str, report: Reporter) -> Iterator[list[str]]:
    for i, sentence in enumerate(sentences(TEXTS[text].documents())):
        if i % 2_000 == 0:
            report.progress(*NOTHING_YET)
        yield sentence
