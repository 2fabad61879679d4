"""Five ways to wire inputs and outputs in time, each with a small trained net that runs on what is typed or drawn."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter
from mlcore.shape_inputs import (
    LONGEST_TEXT,
    LONGEST_WORD,
    PIXELS,
    read_drawing,
    read_french,
    read_numeral,
    read_word,
)

PICTURES: list[JsonValue] = ["one-to-one", "one-to-many"]


class Shapes(Demo):
    title = "The shapes of sequences"
    summary = "Five wirings of inputs and outputs, each with a small trained net that answers what you type or draw."
    queue = "inference"
    deterministic = True
    follows_typing = True
    weights = ("shapes 1",)

    class Params(contracts.Params):
        wiring: Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many", "delayed"] = Field(
            "many-to-one",
            title="Wiring",
            description="Where an input is read, and where an output is asked for.",
            json_schema_extra={
                "labels": {
                    "one-to-one": "One to one: picture → digit",
                    "one-to-many": "One to many: picture → its name in letters",
                    "many-to-one": "Many to one: word → language",
                    "many-to-many": "Many to many: French → its accents",
                    "delayed": "Delayed: number words → figures",
                }
            },
        )
        picture: int = Field(
            3,
            title="Picture",
            description="Which of 359 handwritten digits that neither net has seen. Draw on it to change it.",
            ge=1,
            le=359,
            json_schema_extra={"when": {"wiring": PICTURES}, "examples": [5, 7, 11]},
        )
        drawn: Annotated[str, AfterValidator(read_drawing)] = Field(
            "",
            title="Drawing",
            description="The pixels of a drawing of your own, from 0 for paper to g for ink; empty: the picture.",
            max_length=PIXELS,
            json_schema_extra={
                "widget": "hidden",
                "when": {"wiring": PICTURES},
                "examples": ["000gg000" * 8],
            },
        )
        word: Annotated[str, AfterValidator(read_word)] = Field(
            "bonjour",
            title="Word",
            description="An English, French or Spanish word, up to 20 letters.",
            min_length=1,
            max_length=LONGEST_WORD,
            json_schema_extra={"when": {"wiring": ["many-to-one"]}, "examples": ["river"]},
        )
        text: Annotated[str, AfterValidator(read_french)] = Field(
            "la presidente a ete elue a geneve",
            title="French",
            description="French, up to 60 characters. Accents that you type are taken off first, and compared.",
            min_length=1,
            max_length=LONGEST_TEXT,
            json_schema_extra={"when": {"wiring": ["many-to-many"]}, "examples": ["deja vu"]},
        )
        waits: bool = Field(
            False,
            title="Let it read on",
            description="A second net, which says each accent only when it has read four letters more.",
            json_schema_extra={"when": {"wiring": ["many-to-many"]}},
        )
        numeral: Annotated[str, AfterValidator(read_numeral)] = Field(
            "three hundred and five",
            title="Number in words",
            description="An English number from zero to nine thousand nine hundred and ninety-nine.",
            min_length=1,
            max_length=100,
            json_schema_extra={"when": {"wiring": ["delayed"]}, "examples": ["forty-two"]},
        )

    tiny = {"word": "le"}
    presets = {
        "one-to-one": Preset("One to one: which digit is it?", {"wiring": "one-to-one"}),
        "one-to-many": Preset("One to many: a caption, letter by letter", {"wiring": "one-to-many"}),
        "many-to-one": Preset("Many to one: which language is it?", {"wiring": "many-to-one"}),
        "many-to-many": Preset("Many to many: an accent for each letter", {"wiring": "many-to-many"}),
        "delayed": Preset("Delayed: read first, then answer", {"wiring": "delayed"}),
        "no-way-back": Preset("A wrong first letter, and no way back", {"wiring": "one-to-many", "picture": 230}),
        "two-languages": Preset("A word of two languages", {"wiring": "many-to-one", "word": "table"}),
        "too-early": Preset(
            "Asked before it can know",
            {"wiring": "many-to-many", "text": "être sur une île très célèbre"},
        ),
        "reads-on": Preset(
            "The same, four letters later",
            {"wiring": "many-to-many", "text": "être sur une île très célèbre", "waits": True},
        ),
        "no-number": Preset("Words that are no number", {"wiring": "delayed", "numeral": "thousand three"}),
    }

    def warm(self) -> None:
        from mlcore import shapes

        for wiring in shapes.WIRINGS:
            shapes.load(wiring)
        shapes.pictures_apart(test=True)

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore import shapes

        return shapes.result(params.model_dump())
