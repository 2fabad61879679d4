"""A small recurrent net, unrolled through time: every product and sum of it, and what becomes of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue

from mlcore import contracts
from mlcore.contracts import Demo, DemoError, Preset, Reporter


def _tight(value: Any) -> Any:
    """0 1 1 and 0,1,1 are 011."""
    return "".join(value.replace(",", " ").split()) if isinstance(value, str) else value


def _bits(value: str) -> str:
    if set(value) - set("01"):
        raise ValueError("Write noughts and ones only, such as 0110.")
    return value


def _brackets(value: str) -> str:
    if set(value) - set("()"):
        raise ValueError("Write ( and ) only, such as (()()).")
    return value


Number = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]

OWN: list[JsonValue] = ["own_numbers", "own_letters"]


def _sequence(title: str, description: str, examples: list[JsonValue], others: list[JsonValue]) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "min_length": 1,
        "max_length": 40,
        "json_schema_extra": {"when": {"example": examples}, "examples": others},
    }


class Unroll(Demo):
    title = "A recurrent net, unrolled"
    summary = "Step through a sequence, see every number of the net, and drag a weight to change what comes after."
    queue = "inference"
    deterministic = True
    follows_typing = True
    weights = ("unroll 1",)

    class Params(contracts.Params):
        example: Literal["mean", "parity", "seen_a", "brackets", "own_numbers", "own_letters"] = Field(
            "parity",
            title="Net",
            description="Four were trained to answer a question; two have random weights, for you to change.",
            json_schema_extra={
                "labels": {
                    "mean": "Trained: the running mean",
                    "parity": "Trained: is the number of ones odd?",
                    "seen_a": "Trained: have I seen an a?",
                    "brackets": "Trained: how many brackets are open?",
                    "own_numbers": "Your own, for numbers",
                    "own_letters": "Your own, for letters",
                }
            },
        )
        numbers: tuple[Number, ...] = Field(
            (1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, -1.0, -1.0, 0.5),
            title="Numbers",
            description="The sequence, one number at each step, from −1000 to 1000.",
            min_length=1,
            max_length=40,
            json_schema_extra={
                "widget": "words",
                "when": {"example": ["mean", "own_numbers"]},
                "examples": [[0.5, 0.1]],
            },
        )
        bits: Annotated[str, BeforeValidator(_tight), AfterValidator(_bits)] = Field(
            "0110100", **_sequence("Noughts and ones", "The sequence, up to 40 of them.", ["parity"], ["0011"])
        )
        letters: str = Field(
            "now a cat",
            **_sequence(
                "Letters",
                "The sequence, up to 40 letters; the net takes what is no letter from a to z for a space.",
                ["seen_a", "own_letters"],
                ["a"],
            ),
        )
        brackets: Annotated[str, BeforeValidator(_tight), AfterValidator(_brackets)] = Field(
            "(()(()))", **_sequence("Brackets", "The sequence, up to 40 of ( and ).", ["brackets"], ["()"])
        )
        activation: Literal["tanh", "relu", "sigmoid", "linear"] = Field(
            "tanh",
            title="φ",
            description="What squashes each sum. The trained nets learned with tanh; try what becomes of them without.",
            json_schema_extra={"labels": {"tanh": "tanh", "relu": "relu", "sigmoid": "sigmoid", "linear": "none"}},
        )
        output: Literal["apart", "state"] = Field(
            "apart",
            title="Output",
            description="A memory cell keeps its state h to itself and says something else, y, that it reads from it.",
            json_schema_extra={"labels": {"apart": "apart", "state": "the state"}},
        )
        units: int = Field(
            3,
            title="Neurons",
            description="How many recurrent neurons your net has.",
            ge=1,
            le=16,
            json_schema_extra={"when": {"example": OWN}},
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Another seed, other random weights.",
            ge=0,
            le=999,
            json_schema_extra={"when": {"example": OWN}, "widget": "number"},
        )
        changes: str = Field(
            "",
            title="Changed weights",
            description="The weights that were set by hand, such as Wy.0.1=0.5.",
            max_length=4000,
            json_schema_extra={"widget": "hidden", "examples": ["Wy.0.0=0.25"]},
        )

    tiny = {"bits": "011"}
    presets = {
        "one-neuron": Preset("One neuron, three weights: the running mean", {"example": "mean"}),
        "parity": Preset("Odd or even?", {"example": "parity"}),
        "shared": Preset("One changed weight changes every step", {"example": "mean", "changes": "Wy.0.0=0.4"}),
        "seen-an-a": Preset("A memory cell: have I seen an a?", {"example": "seen_a"}),
        "too-deep": Preset("More brackets than it ever saw", {"example": "brackets", "brackets": "(((((((())))))))"}),
        "without-squashing": Preset(
            "No φ: the state explodes",
            {
                "example": "own_numbers",
                "activation": "linear",
                "units": 1,
                "output": "state",
                "numbers": (1.0, *[0.0] * 19),
                "changes": "Wx.0.0=1;Wy.0.0=1.5",
            },
        ),
        "random": Preset(
            "Sixteen neurons, random weights",
            {"example": "own_letters", "units": 16, "letters": "the memory of a net nobody has trained"},
        ),
    }

    def warm(self) -> None:
        import mlcore.unrolled  # noqa: F401

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.unrolled import READS, unroll

        try:
            return unroll(
                params.example,
                getattr(params, READS[params.example]),
                activation=params.activation,
                apart=params.output == "apart",
                units=params.units,
                seed=params.seed,
                changes=params.changes,
            )
        except ValueError as error:
            raise DemoError(str(error)) from None
