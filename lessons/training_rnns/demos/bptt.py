"""Backpropagation through time on a net so small that every number can be read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter

SECOND = (1.0, 0.0, -1.0, 0.0, 1.0)
Value = Annotated[float, Field(ge=-5, le=5, allow_inf_nan=False)]


class Bptt(Demo):
    title = "Backpropagation through time"
    summary = "Forward, cost, and the gradients on their way back: every number, and the sum over the time steps."
    queue = "inference"
    deterministic = True
    follows_typing = True

    class Params(contracts.Params):
        sequence: tuple[Value, ...] = Field(
            (0.5, -0.4, 0.9, 0.2, -0.7),
            title="Sequence",
            description="The values that are read, one at each time step, from −5 to 5.",
            min_length=2,
            max_length=8,
            json_schema_extra={"widget": "words", "examples": [[0.5, -0.4, 0.8, 0.3, -0.7]]},
        )
        features: Literal["one", "two"] = Field(
            "one",
            title="Features",
            description="How many inputs there are at each step.",
            json_schema_extra={"labels": {"one": "One", "two": "Two"}},
        )
        second: tuple[Value, ...] = Field(
            SECOND,
            title="Second feature",
            description="Its values, as many as the sequence has.",
            min_length=2,
            max_length=8,
            json_schema_extra={
                "widget": "words",
                "when": {"features": ["two"]},
                "examples": [[0.0, 1.0, 0.0, -1.0, 0.0]],
            },
        )
        target: Literal["next", "mean", "first"] = Field(
            "next",
            title="Target",
            description="What the first unit should say: the next value, the mean so far, or the first value.",
            json_schema_extra={"labels": {"next": "Next value", "mean": "Mean so far", "first": "First value"}},
        )
        cost: Literal["every", "last"] = Field(
            "every",
            title="Cost",
            description="Whether each step's output is compared with its target, or the last one alone.",
            json_schema_extra={"labels": {"every": "Every step", "last": "Last step"}},
        )
        units: int = Field(
            2, title="Units", description="Recurrent neurons. The first gives the output, all are memory.", ge=1, le=4
        )
        activation: Literal["tanh", "relu", "sigmoid", "linear"] = Field(
            "tanh",
            title="Activation",
            description="The function φ; its slope multiplies each gradient on the way back.",
            json_schema_extra={"labels": {"tanh": "tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "linear": "None"}},
        )
        loop: float = Field(
            0.9,
            title="Strength of the loop",
            description="By how much Wy makes what goes through it longer or shorter, before any training.",
            ge=0,
            le=3,
        )
        learning_rate: float = Field(
            0.2, title="Learning rate", description="How far a gradient step goes.", ge=0.001, le=5
        )
        updates: int = Field(
            0, title="Gradient steps taken", description="How often the weights have been updated.", ge=0, le=200
        )
        seed: int = Field(
            7,
            title="Seed",
            description="Fixes the weights that the training begins with.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )

        @field_validator("second")
        @classmethod
        def _features_are_equally_long(cls, second: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
            if info.data.get("features") != "two":
                return SECOND  # so that equal questions are equal
            sequence = info.data.get("sequence", second)
            if len(second) != len(sequence):
                raise ValueError(f"The sequence has {len(sequence)} values: give as many here; here are {len(second)}.")
            return second

    tiny = {"updates": 1}
    presets = {
        "default": Preset("The next value", {}),
        "last": Preset(
            "Cost at the last step only", {"target": "first", "cost": "last", "sequence": [1, 0, 0, 0, 0, 0]}
        ),
        "vanishing": Preset(
            "A gradient that vanishes",
            {"target": "first", "cost": "last", "sequence": [1, 0, 0, 0, 0, 0, 0, 0], "units": 1, "loop": 0.3},
        ),
        "exploding": Preset(
            "A gradient that explodes",
            {
                "target": "first",
                "cost": "last",
                "sequence": [1, 0, 0, 0, 0, 0, 0, 0],
                "units": 1,
                "activation": "linear",
                "loop": 2,
            },
        ),
        "features": Preset("Two features, three units", {"features": "two", "units": 3}),
        "far": Preset("A learning rate that is too large", {"activation": "linear", "learning_rate": 3, "updates": 6}),
    }

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.bptt_exercise import exercise, starting_layer, training

        given = [params.sequence] if params.features == "one" else [params.sequence, params.second]
        layer = starting_layer(params.units, len(given), params.loop, params.activation, params.seed)
        task = exercise(given, params.target, params.cost)
        return training(task, layer, params.learning_rate, params.updates)
