"""Train a network on the characters of a text, and watch what it writes become a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from mlcore import contracts
from mlcore.contracts import Demo, DemoError, FileRef, Preset, Reporter

MOST_AN_UPDATE = 4096
"""Characters: the largest network learns from so many in a fraction of a second, and can be stopped after each time."""


class TrainCharacters(Demo):
    title = "Learn to write"
    summary = (
        "A network reads a text character by character and guesses the next one: watch its errors fall, and noise "
        "become words."
    )
    queue = "training"
    deterministic = True
    continues = True
    weights = ("shakespeare 0.6", "keras 3")

    checkpoint_seconds = 5.0
    """How much work is lost at most when a Run must be taken up again."""

    class Params(contracts.Params):
        text: Literal["shakespeare", "coriolanus", "own"] = Field(
            "shakespeare",
            title="Text",
            description="What to learn from. Nine tenths are read; the last tenth is only looked at.",
            json_schema_extra={
                "labels": {
                    "shakespeare": "Six plays by Shakespeare (761,164 characters)",
                    "coriolanus": "One play, Coriolanus (164,561 characters)",
                    "own": "My own file",
                }
            },
        )
        file: FileRef = Field(
            "",
            title="File",
            description=(
                "Plain text (.txt), from 2,000 characters to 2 MB. Its first lines, and samples of what the network "
                "writes, which can repeat phrases of it, appear in the run, and so wherever you share that."
            ),
            validate_default=True,
            json_schema_extra={"widget": "file", "accept": ".txt", "when": {"text": ["own"]}},
        )
        units: int = Field(
            256, title="Units", description="How many numbers the network's memory has in each layer.", ge=4, le=384
        )
        layers: int = Field(1, title="Layers", description="LSTM layers, one above the other.", ge=1, le=2)
        window: int = Field(
            64,
            title="Window",
            description="How many characters one example has, and how far back a gradient can reach.",
            ge=2,
            le=128,
        )
        readers: int = Field(
            32,
            title="Readers",
            description="How many places of the text are read side by side: the batch of one update.",
            ge=1,
            le=256,
        )
        learning_rate: float = Field(
            0.004,
            title="Learning rate",
            description="The size of a step. Too large, and nothing is learned, or worse.",
            ge=0.00001,
            le=1,
            json_schema_extra={"widget": "number", "examples": [0.1]},
        )
        updates: int = Field(
            600,
            title="Updates",
            description="How often the weights are changed; “Continue” goes on for as many again.",
            ge=1,
            le=2000,
        )
        temperature: float = Field(
            0.7,
            title="Temperature of the samples",
            description="Below 1 the likely becomes likelier; at 0 the likeliest character is always taken.",
            ge=0,
            le=2,
        )
        prompt: str = Field(
            "",
            title="Samples begin with",
            description="Empty: “FIRST CITIZEN.”, or the first words of your own text.",
            max_length=60,
            json_schema_extra={"examples": ["The king"]},
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes the first weights and the draws of each sample, so that a run can be repeated.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )

        @field_validator("readers")
        @classmethod
        def _an_update_is_soon_over(cls, readers: int, info: ValidationInfo) -> int:
            window = info.data.get("window", 1)
            if readers * window > MOST_AN_UPDATE:
                raise ValueError(
                    f"{readers} readers with windows of {window} are {readers * window:,} characters for each update, "
                    f"and {MOST_AN_UPDATE:,} are the most. Take fewer readers, or a shorter window."
                )
            return readers

        @field_validator("file")
        @classmethod
        def _own_text_has_a_file(cls, file: str, info: ValidationInfo) -> str:
            if info.data.get("text") != "own":
                return ""  # so that equal questions are equal
            if not file:
                raise ValueError("Choose a text file, or Shakespeare.")
            return file

        @field_validator("prompt")
        @classmethod
        def _can_be_written_down(cls, prompt: str) -> str:
            if not prompt.isprintable():
                raise ValueError("This holds signs that are no characters of a line. Type letters, signs and spaces.")
            return prompt

    tiny = {"units": 4, "window": 8, "readers": 8, "updates": 3}
    presets = {
        "shakespeare": Preset("Shakespeare", {}),
        "short": Preset("Windows of 8, as much text", {"window": 8, "readers": 256}),
        "tiny": Preset("A tiny network: 16 units", {"units": 16}),
        "too-fast": Preset("Too high a learning rate", {"learning_rate": 0.3}),
        "cold": Preset("Always the likeliest: temperature 0", {"temperature": 0.0}),
    }

    def warm(self) -> None:
        from mlcore.recording import Silent

        self.run(self.Params.model_validate(self.tiny), Silent())  # TensorFlow's import, and its first graph

    def check_file(self, field: str, path: Path) -> dict[str, Any]:
        from mlcore.data.own_text import TextError, read_text

        try:
            text = read_text(path.read_bytes())
        except TextError as error:
            raise DemoError(str(error)) from error
        symbols = len(set(text))
        return {
            "summary": f"{len(text):,} characters, {symbols:,} different ones",
            "characters": len(text),
            "symbols": symbols,
        }

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.watched_character_training import Task, WatchedCharacterTraining

        task = Task(**params.model_dump())
        return WatchedCharacterTraining(task, report, checkpoint_seconds=self.checkpoint_seconds).run()
