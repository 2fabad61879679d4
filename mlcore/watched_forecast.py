"""A forecast that is learned while somebody watches: what is said on the way, and what it is worth in the end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mlcore.backend import keras, tf
from mlcore.contracts import DemoError, Reporter
from mlcore.data.series import PACKAGED, Series, SeriesError, of_table, with_target
from mlcore.data.tables import TableError, read_table
from mlcore.forecasting import BAND, Band, Errors, Ints, Problem, mean_by_step
from mlcore.models.recurrent import Cell, next_row
from mlcore.training import Settings, Step, Trainer, fit
from mlcore.windows import Floats

LOOKS = 48
"""How often in a round the forecast is drawn and the validation part looked at."""
ROWS = 200
"""About how many points a round adds to the curve of the loss."""
SHOWN = 240
"""At most so many forecasts, one step ahead, are drawn of each part."""
ORIGINS_WATCHED, ORIGINS_TESTED, ORIGINS_SHOWN = 64, 256, 24
WINDOWS_AT_ONCE = 512
NOTHING_YET = (0, 1)


@dataclass(frozen=True)
class Task:
    """What is forecast, and by which network."""

    series: str
    """One of `mlcore.data.series.PACKAGED`, or `own`."""
    file: str = ""
    """Of a series of one's own: what `Reporter.file` knows it by."""
    column: int = 1
    features: Literal["one", "all"] = "one"
    cell: Cell = "gru"
    units: int = 32
    window: int = 20
    horizon: int = 12
    differences: bool = False


class WatchedForecast:
    """From the series to the result.

    What it says: one `log` (the series itself, how it is cut, what the baselines reach), rows of `metrics` (the curves)
    and a `frame` for each look at the forecast. Who goes on from an ended training says all of it again first.

    Raises:
        DemoError: nothing can be learned from the series as it was asked, or a checkpoint is of no use.
    """

    def __init__(self, task: Task, settings: Settings, report: Reporter, *, checkpoint_seconds: float = 5.0) -> None:
        self.report = report
        report.progress(*NOTHING_YET)
        try:
            series, self._columns = _series_of(task, report)
            self.problem = Problem(series, window=task.window, horizon=task.horizon, differences=task.differences)
        except (SeriesError, TableError) as error:
            raise DemoError(str(error)) from error
        report.progress(*NOTHING_YET)
        self.trainer = _trainer_of(task, settings, self.problem)
        self._outputs = tf.function(
            self.trainer.model,
            autograph=False,
            input_signature=[tf.TensorSpec([None, *self.problem.training.inputs.shape[1:]])],
        )
        self._checkpoint_seconds = checkpoint_seconds
        self._digits = _digits(self.problem.target)
        self._said: dict[str, list[dict[str, Any]]] = {"rows": [], "frames": []}
        self._steps: list[Step] = []

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

    # While it learns --------------------------------------------------------------------------------------------------

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

    def _kept(self) -> dict[str, Any]:
        """What a checkpoint holds beside the weights: what was said, and the steps whose row is still to be said."""
        return {**self._said, "steps": [(step.loss, step.gradient) for step in self._steps]}

    def _watch(self, step: Step) -> None:
        trainer = self.trainer
        self._steps.append(step)
        every = math.ceil(trainer.total_steps / trainer.rounds / ROWS)
        if trainer.diverged:
            self._say_row()
        elif self._is_due():
            self._look()
        elif trainer.step % every == 0:
            self._say_row()

    def _is_due(self) -> bool:
        """Whether to look after this step: often at first, when most happens, and then less and less often."""
        total = self.trainer.total_steps // self.trainer.rounds
        place = (self.trainer.step - 1) % total + 1
        return int(LOOKS * math.sqrt(place / total)) > int(LOOKS * math.sqrt((place - 1) / total))

    def _look(self) -> None:
        """One row of the curve and one frame of the forecast, of the same moment."""
        problem, parts = self.problem, self.problem.parts
        origins = problem.origins(parts.train, parts.validation, ahead=1)
        loss, rows = self._validate()
        one = problem.in_unit(rows[:, None], origins)
        far = problem.origins(parts.train, parts.validation, ahead=problem.horizon, most=ORIGINS_WATCHED)
        many = problem.forecast(self._next, far, problem.horizon, self._stop_here)
        band = Band.of(problem.errors(many, far))
        error = Errors.of(problem.errors(one, origins)).mae
        self._say_row(validation=_number(loss, 5), error=_number(error, self._digits + 1))
        frame = {
            "step": self.trainer.step,
            "epoch": round(self.trainer.epoch, 3),
            "one": self._numbers(one[-SHOWN:, 0]),
            "many": self._numbers(many[-1]),
            "low": self._numbers(many[-1] + band.low),
            "high": self._numbers(many[-1] + band.high),
        }
        self._said["frames"].append(frame)
        self.report.emit("frame", **frame)

    def _say_row(self, *, validation: float | None = None, error: float | None = None) -> None:
        """The loss since the row before: the mean of its steps, and the longest gradient among them."""
        losses, gradients = [step.loss for step in self._steps], [step.gradient for step in self._steps]
        row = {
            "step": self.trainer.step,
            "epoch": round(self.trainer.epoch, 3),
            "loss": _significant(float(np.mean(losses)) if losses else None),
            "gradient": _significant(max(gradients) if gradients else None),
            "validation": validation,
            "error": error,
        }
        self._steps = []
        self._said["rows"].append(row)
        self.report.metrics(**row)

    def _validate(self) -> tuple[float, Floats]:
        """The loss on the validation part, and the row that each of its windows forecasts: (B, F)."""
        parts = self.problem.validation
        outputs = self._in_parts(parts.inputs)
        wrong = parts.weights * (parts.targets - outputs) ** 2
        return float(wrong.sum(dtype=np.float64) / max(parts.weights.sum(dtype=np.float64), 1)), outputs[:, -1]

    def _in_parts(self, inputs: Floats) -> Floats:
        """The model's outputs, (B, N, F), some hundred windows at a time."""
        outputs = []
        for start in range(0, len(inputs), WINDOWS_AT_ONCE):
            outputs.append(self._outputs(inputs[start : start + WINDOWS_AT_ONCE]).numpy())
            self._stop_here()
        return np.concatenate(outputs)

    def _next(self, inputs: Floats) -> Floats:
        return np.asarray(self._in_parts(inputs)[:, -1])

    def _stop_here(self) -> None:
        self.report.progress(self.trainer.step, self.trainer.total_steps, epoch=round(self.trainer.epoch, 2))

    # What is said about the data --------------------------------------------------------------------------------------

    def _data(self) -> dict[str, Any]:
        """The series itself, how it is cut, and what the baselines reach on the validation part."""
        problem, series = self.problem, self.problem.series
        parts = problem.parts
        return {
            "title": series.title,
            "name": series.target.name,
            "unit": series.target.unit,
            "features": [feature.name for feature in series.features],
            "columns": self._columns,
            "start": None if series.start is None else series.start.isoformat(),
            "every": series.every,
            "period": series.period,
            "source": series.source,
            "licence": series.licence,
            "notes": list(series.notes),
            "gaps": int((~series.known[:, 0]).sum()),
            "filled": np.flatnonzero(~series.known[:, 0])[:2000].tolist(),
            "train": parts.train,
            "validation": parts.validation,
            "rows": parts.rows,
            "windows": len(problem.training),
            "values": self._numbers(problem.target),
            "baselines": self._baseline_errors(parts.train, parts.validation),
        }

    def _baseline_errors(self, first: int, end: int) -> dict[str, float | None]:
        """One step ahead."""
        origins = self.problem.origins(first, end, ahead=1)
        return {
            name: _number(Errors.of(self.problem.errors(forecast(origins, 1), origins)).mae, self._digits + 1)
            for name, forecast in self.problem.baselines().items()
        }

    # In the end -------------------------------------------------------------------------------------------------------

    def _result(self) -> dict[str, Any]:
        trainer, problem = self.trainer, self.problem
        result = {
            "windows": len(problem.training),
            "weights": trainer.model.count_params(),
            "epochs": round(trainer.epoch, 2),
            "steps": trainer.step,
            "loss": self._last("loss"),
            "validation": self._last("validation"),
            "curve": [
                {"epoch": row["epoch"], "validation": row["validation"]}
                for row in self._said["rows"]
                if row["validation"] is not None
            ],
            "diverged": None,
        }
        if trainer.diverged:
            result["diverged"] = {"step": trainer.step, "epoch": round(trainer.epoch, 3)}
        return {**result, **self._test()}

    def _last(self, name: str) -> float | None:
        """The last number of the curve that is one."""
        return next((row[name] for row in reversed(self._said["rows"]) if row[name] is not None), None)

    def _test(self) -> dict[str, Any]:
        """The test part, looked at here and never before; a model that diverged is not worth a look."""
        problem, parts, horizon = self.problem, self.problem.parts, self.problem.horizon
        near = problem.origins(parts.validation, parts.rows, ahead=1)
        far = problem.origins(parts.validation, parts.rows, ahead=horizon, most=ORIGINS_TESTED)
        baselines = {
            name: (forecast(near, 1), forecast(far, horizon)) for name, forecast in problem.baselines().items()
        }
        if self.trainer.diverged:
            return {"errors": self._errors(baselines, near, far), "band": None, "test": None, "future": None}

        watched = problem.origins(parts.train, parts.validation, ahead=horizon, most=ORIGINS_TESTED)
        band = Band.of(problem.errors(self._forecast(watched, horizon), watched))
        one, many = self._forecast(near, 1), self._forecast(far, horizon)
        shown = near[-SHOWN:]
        first = min(int(shown[0]), parts.rows - horizon)
        origins = problem.origins(first, parts.rows, ahead=horizon, most=ORIGINS_SHOWN)
        future = self._forecast(np.array([parts.rows]), horizon)[0]
        return {
            "errors": self._errors({"model": (one, many), **baselines}, near, far),
            "band": {
                "share": BAND,
                "held": _number(band.coverage(problem.errors(many, far)), 3),
                "forecasts": len(watched),
            },
            "test": {
                "first": int(shown[0]),
                "one": self._numbers(one[-SHOWN:, 0]),
                "origins": origins.tolist(),
                "many": [self._numbers(row) for row in self._forecast(origins, horizon)],
                "low": self._numbers(band.low),
                "high": self._numbers(band.high),
            },
            "future": {
                "many": self._numbers(future),
                "low": self._numbers(future + band.low),
                "high": self._numbers(future + band.high),
            },
        }

    def _forecast(self, origins: Ints, horizon: int) -> Floats:
        return self.problem.forecast(self._next, origins, horizon, self._stop_here)

    def _errors(self, forecasts: Mapping[str, tuple[Floats, Floats]], near: Ints, far: Ints) -> list[dict[str, Any]]:
        """How wrong each is on the test part: one step ahead, over all steps ahead, and by step."""
        digits = self._digits + 1
        rows = []
        for name, (one, many) in forecasts.items():
            wrong = self.problem.errors(many, far)
            row: dict[str, Any] = {"name": name, "ahead": [_number(mae, digits) for mae in mean_by_step(wrong)]}
            for key, errors in (("one", Errors.of(self.problem.errors(one, near))), ("many", Errors.of(wrong))):
                row[key] = {"mae": _number(errors.mae, digits), "rmse": _number(errors.rmse, digits)}
            rows.append(row)
        return rows

    def _numbers(self, values: Floats) -> list[float | None]:
        return [_number(float(value), self._digits) for value in values]


def _series_of(task: Task, report: Reporter) -> tuple[Series, list[str]]:
    """The series as it is forecast, and all columns that there are to choose from."""
    alone = task.features == "one"
    if task.series == "own":
        table = read_table(report.file(task.file).read_bytes())
        return of_table(table, "Your file", column=task.column, alone=alone), [each.name for each in table.columns]
    whole = PACKAGED[task.series].read()
    return with_target(whole, task.column, alone=alone), [feature.name for feature in whole.features]


def _trainer_of(task: Task, settings: Settings, problem: Problem) -> Trainer:
    keras.utils.clear_session(free_memory=False)  # what earlier Runs of this process left behind
    keras.utils.set_random_seed(settings.seed)
    model = next_row(task.cell, units=task.units, features=len(problem.series.features))
    learned = problem.training
    return Trainer(model, learned.inputs, learned.targets, weights=learned.weights, settings=settings)


def _digits(values: Floats) -> int:
    """Decimals that are enough to draw these values."""
    spread = float(np.ptp(values)) or abs(float(values[0])) or 1.0
    return int(np.clip(math.ceil(-math.log10(spread / 2000)), 0, 12))


def _number(value: float | None, digits: int) -> float | None:
    """Rounded; nothing for what is no number, which JSON cannot say."""
    return round(value, digits) if value is not None and math.isfinite(value) else None


def _significant(value: float | None) -> float | None:
    return float(f"{value:.4g}") if value is not None and math.isfinite(value) else None
