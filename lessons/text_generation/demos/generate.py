"""Let a model that has read Shakespeare write on, or ask it where a text surprises it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter

_CHOSEN = re.compile(r"[01]\.\d{1,4}\.\d{1,7}")
WRITE: dict[str, JsonValue] = {"task": ["write"]}


def _chosen(value: str) -> str:
    """Places and characters (`0.12.101`: in the first text, the character 12 is an e), each place once, in order."""
    found = {}
    for one in filter(None, value.split()):
        if not _CHOSEN.fullmatch(one):
            raise ValueError("Each character chosen by hand is written as text.place.character, such as 0.12.101.")
        of, at, code = map(int, one.split("."))
        if code > 0x10FFFF:
            raise ValueError(f"There is no character {code}.")
        found[of, at] = code
    return " ".join(f"{of}.{at}.{code}" for (of, at), code in sorted(found.items()))


class Generate(Demo):
    title = "Write on, character by character"
    summary = "A network that has read Shakespeare guesses the next character, again and again. See where it wavered."
    queue = "inference"
    deterministic = True
    weights = ("characters 1",)

    class Params(contracts.Params):
        task: Literal["write", "read"] = Field(
            "write",
            title="What it does",
            description="It writes on from your prompt, or it reads a text of yours and says what surprised it.",
            json_schema_extra={"labels": {"write": "It writes on", "read": "It reads and is surprised"}},
        )
        prompt: str = Field(
            "First Citizen:",
            title="Prompt",
            description="What stands there already; the network goes on from it.",
            max_length=200,
            json_schema_extra={"widget": "textarea", "when": WRITE, "examples": ["ROMEO:"]},
        )
        temperature: float = Field(
            0.8,
            title="Temperature",
            description="Below 1 the likely becomes likelier, at 0 the likeliest is taken, above 1 it dares more.",
            ge=0,
            le=2,
            json_schema_extra={"when": WRITE},
        )
        top_k: int = Field(
            0,
            title="Top-k",
            description="Only so many of the likeliest characters may be drawn; 0 leaves all of them in.",
            ge=0,
            le=65,
            json_schema_extra={"when": WRITE},
        )
        top_p: float = Field(
            1.0,
            title="Top-p",
            description="Only the likeliest that together have this probability may be drawn; 1 leaves all of them in.",
            ge=0.01,
            le=1,
            json_schema_extra={"when": WRITE},
        )
        length: int = Field(
            400,
            title="Length",
            description="How many characters it writes.",
            ge=1,
            le=2000,
            json_schema_extra={"when": WRITE},
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes what is drawn: the same seed and settings give the same text.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number", "when": WRITE},
        )
        compare: bool = Field(
            False,
            title="Two temperatures",
            description="Write a second text beside the first, with the same random numbers.",
            json_schema_extra={"when": WRITE},
        )
        other_temperature: float = Field(
            1.4,
            title="Second temperature",
            description="That of the second text; everything else is as in the first.",
            ge=0,
            le=2,
            json_schema_extra={"when": {"compare": [True], **WRITE}},
        )
        chosen: Annotated[str, AfterValidator(_chosen)] = Field(
            "",
            title="Chosen by hand",
            description="The characters that you put in the place of those it had drawn.",
            max_length=400,
            json_schema_extra={"widget": "hidden", "when": WRITE, "examples": ["0.2.81"]},
        )
        text: str = Field(
            "To be, or not to be, that is the question:\nWhether 'tis nobler in the mind to suffer\n"
            "The slings and arrows of outrageous fortune,\nOr to take arms against a sea of troubles\n"
            "And by opposing end them. Has anybody seen my phone charger?",
            title="Your text",
            description="Each of its characters is shaded by how surprised the network is to see it.",
            min_length=1,
            max_length=2000,
            json_schema_extra={"widget": "textarea", "when": {"task": ["read"]}, "examples": ["To be, or not to be"]},
        )

    tiny = {"length": 12}
    presets = {
        "citizen": Preset("It writes a scene", {}),
        "greedy": Preset("Temperature 0: always the likeliest", {"temperature": 0.0}),
        "two": Preset(
            "Two temperatures, one seed", {"prompt": "ROMEO:", "temperature": 0.5, "compare": True, "length": 300}
        ),
        "hot": Preset("Temperature 1.5: it dares too much", {"temperature": 1.5}),
        "top-p": Preset("Temperature 1.5 with top-p 0.9", {"temperature": 1.5, "top_p": 0.9}),
        "unknown": Preset("A prompt it cannot read", {"prompt": "¿Où êtes-vous, 👑 Königin?", "length": 200}),
        "surprise": Preset("What surprises it?", {"task": "read"}),
        "names": Preset(
            "The first letters carry the news",
            {
                "task": "read",
                "text": "BRUTUS:\nFriends, Romans, countrymen, lend me your ears.\n\n"
                "MENENIUS:\nFriends, robots, countrymen, lend me your earphones.",
            },
        ),
        "keyboard": Preset(
            "A monkey at a typewriter", {"task": "read", "text": "What light through yonder qzjxv vkw breaks?"}
        ),
    }

    def warm(self) -> None:
        from mlcore.recording import Silent

        self.run(self.Params(length=8), Silent())

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore import watched_characters
        from mlcore.characters import shipped
        from mlcore.decoding import Decoding

        if params.task == "read":
            return watched_characters.read(shipped(), params.text, report)
        temperatures = [params.temperature, *([params.other_temperature] if params.compare else [])]
        return watched_characters.write(
            shipped(),
            params.prompt,
            length=params.length,
            decodings=[Decoding(temperature, params.top_k, params.top_p) for temperature in temperatures],
            seed=params.seed,
            instead=[watched_characters.chosen_in(params.chosen, of) for of in range(len(temperatures))],
            report=report,
        )
