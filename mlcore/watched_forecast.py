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
from mlcore.training import Settings, Trainer
from mlcore.watched_training import Watched, mean_of, rounded, significant
from mlcore.windows import Floats

LOOKS = 48
"""How often in a round the forecast is drawn and the validation part looked at."""
SHOWN = 240
"""At most so many forecasts, one step ahead, are drawn of each part."""
ORIGINS_WATCHED, ORIGINS_TESTED, ORIGINS_SHOWN = 64, 256, 24
WINDOWS_AT_ONCE = 512


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


class WatchedForecast(Watched[Trainer]):
    """From the series to the result.

    What it says of the series: its values, how it is cut, what the baselines reach, and at each look the forecast.

    Raises:
        DemoError: nothing can be learned from the series as it was asked, or a checkpoint is of no use.
    """

    def __init__(self, task: Task, settings: Settings, report: Reporter, *, checkpoint_seconds: float = 5.0) -> None:
        super().__init__(report, checkpoint_seconds)
        try:
            series, self._columns = _series_of(task, report)
            self.problem = Problem(series, window=task.window, horizon=task.horizon, differences=task.differences)
        except (SeriesError, TableError) as error:
            raise DemoError(str(error)) from error
        self._nothing_yet()
        self.trainer = _trainer_of(task, settings, self.problem)
        self._outputs = tf.function(
            self.trainer.model,
            autograph=False,
            input_signature=[tf.TensorSpec([None, *self.problem.training.inputs.shape[1:]])],
        )
        self._digits = _digits(self.problem.target)

    # While it learns --------------------------------------------------------------------------------------------------

    def _is_due(self) -> bool:
        """Whether to look after this step: often at first, when most happens, and then less and less often."""
        total = self.trainer.total_steps // self.trainer.rounds
        place = (self.trainer.step - 1) % total + 1
        return int(LOOKS * math.sqrt(place / total)) > int(LOOKS * math.sqrt((place - 1) / total))

    def _look(self) -> None:
        problem, parts = self.problem, self.problem.parts
        origins = problem.origins(parts.train, parts.validation, ahead=1)
        loss, rows = self._validate()
        one = problem.in_unit(rows[:, None], origins)
        far = problem.origins(parts.train, parts.validation, ahead=problem.horizon, most=ORIGINS_WATCHED)
        many = problem.forecast(self._next, far, problem.horizon, self._stop_here)
        band = Band.of(problem.errors(many, far))
        error = Errors.of(problem.errors(one, origins)).mae
        self._say_row(validation=rounded(loss, 5), error=rounded(error, self._digits + 1))
        self._say_frame(
            one=self._numbers(one[-SHOWN:, 0]),
            many=self._numbers(many[-1]),
            low=self._numbers(many[-1] + band.low),
            high=self._numbers(many[-1] + band.high),
        )

    def _row(self, losses: list[float], gradients: list[float]) -> dict[str, float | None]:
        return {
            "loss": significant(mean_of(losses)),
            "gradient": significant(max(gradients, default=None)),
            "validation": None,
            "error": None,
        }

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
            name: rounded(Errors.of(self.problem.errors(forecast(origins, 1), origins)).mae, self._digits + 1)
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
                "held": rounded(band.coverage(problem.errors(many, far)), 3),
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
            row: dict[str, Any] = {"name": name, "ahead": [rounded(mae, digits) for mae in mean_by_step(wrong)]}
            for key, errors in (("one", Errors.of(self.problem.errors(one, near))), ("many", Errors.of(wrong))):
                row[key] = {"mae": rounded(errors.mae, digits), "rmse": rounded(errors.rmse, digits)}
            rows.append(row)
        return rows

    def _numbers(self, values: Floats) -> list[float | None]:
        return [rounded(float(value), self._digits) for value in values]


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
