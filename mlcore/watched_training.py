"""A training that somebody watches: what is said of it, when, and how it is taken up and gone on with.

What it says: one `log` (what it learns from), rows of `metrics` (the curves), and a `frame` for each look. Who goes on
from an ended training says all of it again first.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from mlcore.contracts import DemoError, Reporter
from mlcore.training import Step, Training, fit

Trained = TypeVar("Trained", bound=Training)


class Watched(ABC, Generic[Trained]):
    """Set `trainer` before `run`."""

    trainer: Trained
    rows_a_round: ClassVar[int] = 200
    """About how many points a round adds to the curve of the loss."""

    def __init__(self, report: Reporter, checkpoint_seconds: float) -> None:
        self.report = report
        self._checkpoint_seconds = checkpoint_seconds
        self._said: dict[str, list[Any]] = {"rows": [], "frames": []}
        self._steps: list[Step] = []
        self._nothing_yet()

    def run(self) -> dict[str, Any]:
        """Train to the end of the round, saying how it goes; raises `Stopped` when `report` does."""
        resumed = self._resume()
        if not resumed or self.report.continued:
            self.report.emit("log", **self._data())
            for row in self._said["rows"]:
                self.report.metrics(**row)
            for frame in self._said["frames"]:
                self.report.emit("frame", **frame)
        if not resumed:
            self._look()
        fit(
            self.trainer,
            self.report,
            after_step=self._watch,
            extra=self._kept,
            checkpoint_seconds=self._checkpoint_seconds,
        )
        return self._result()

    # What each training says in its own way ---------------------------------------------------------------------------

    @abstractmethod
    def _data(self) -> dict[str, Any]:
        """What it learns from."""

    @abstractmethod
    def _is_due(self) -> bool:
        """Whether to look after this step."""

    @abstractmethod
    def _look(self) -> None:
        """One row of the curves and one frame, of the same moment: `_say_row`, then `_say_frame`."""

    @abstractmethod
    def _row(self, losses: list[float], gradients: list[float]) -> dict[str, float | None]:
        """Of the steps since the row before, if there were any, and nothing of what is looked up."""

    @abstractmethod
    def _result(self) -> dict[str, Any]: ...

    # The same for all -------------------------------------------------------------------------------------------------

    def _resume(self) -> bool:
        path = self.report.resume_from()
        if path is None:
            return False
        try:
            kept = self.trainer.restore(path)
            self._steps = [Step(*step) for step in kept["steps"]]
            self._said = {name: kept[name] for name in self._said}
        except (KeyError, ValueError) as error:
            raise DemoError(
                "This run was saved by another version of the demo. Run it again from the start."
            ) from error
        if self.report.continued and self.trainer.diverged:
            raise DemoError("This training diverged, so there is nothing to go on from. Run it with a smaller step.")
        if self.report.continued and self.trainer.finished:
            self.trainer.begin_round()
        return True

    def _kept(self) -> Mapping[str, Any]:
        """What a checkpoint holds beside the weights: what was said, and the steps whose row is still to be said."""
        return {**self._said, "steps": [(step.loss, step.gradient) for step in self._steps]}

    def _watch(self, step: Step) -> None:
        trainer = self.trainer
        self._steps.append(step)
        if trainer.diverged:
            self._say_row()
        elif self._is_due():
            self._look()
        elif trainer.step % math.ceil(trainer.total_steps / trainer.rounds / self.rows_a_round) == 0:
            self._say_row()

    def _say_row(self, **looked: float | None) -> None:
        """What the steps since the row before were like; and what was looked up, if anything was."""
        row = self._row([step.loss for step in self._steps], [step.gradient for step in self._steps])
        self._steps = []
        row = {**self._now(), **row, **looked}
        self._said["rows"].append(row)
        self.report.metrics(**row)

    def _say_frame(self, **frame: Any) -> None:
        frame = {**self._now(), **frame}
        self._said["frames"].append(frame)
        self.report.emit("frame", **frame)

    def _now(self) -> dict[str, Any]:
        return {"step": self.trainer.step, "epoch": round(self.trainer.epoch, 3)}

    def _last(self, name: str) -> float | None:
        """The last number of the curve that is one."""
        return next((row[name] for row in reversed(self._said["rows"]) if row[name] is not None), None)

    def _nothing_yet(self) -> None:
        """Called while a training is made, so that a stop is noticed."""
        self.report.progress(0, 1, epoch=0.0)

    def _stop_here(self) -> None:
        """Called in all that takes long, for the same reason."""
        self.report.progress(self.trainer.step, self.trainer.total_steps, epoch=round(self.trainer.epoch, 2))


def mean_of(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def significant(value: float | None) -> float | None:
    """With four digits; nothing for what is no number, which JSON cannot say."""
    return float(f"{value:.4g}") if value is not None and math.isfinite(value) else None


def rounded(value: float | None, digits: int = 4) -> float | None:
    """With so many decimals; nothing for what is no number."""
    return round(value, digits) if value is not None and math.isfinite(value) else None
