"""A sentence and how it feels: after each word, by each word, and beside a model that only counts words."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from mlcore import contracts
from mlcore.contracts import Demo, DemoError, Preset, Reporter

LONGEST = 2000


def _seen(value: Any) -> Any:
    """Nothing where all that is written cannot be seen."""
    invisible = isinstance(value, str) and not any(sign.isprintable() and not sign.isspace() for sign in value)
    return "" if invisible else value


def _something(value: Any) -> Any:
    if _seen(value) == "":
        raise ValueError("Write a sentence; one word is enough.")
    return value


class Sentiment(Demo):
    title = "How a sentence feels"
    summary = "Type, and see what a network makes of your sentence after each word, and which words make it so."
    queue = "inference"
    deterministic = True
    follows_typing = True
    weights = ("sentiment 1",)

    class Params(contracts.Params):
        text: Annotated[str, BeforeValidator(_something)] = Field(
            "My flight was cancelled, but the staff were wonderful",
            title="Sentence",
            description="In English, as one would write to an airline. Its first 120 words are read.",
            min_length=1,
            max_length=LONGEST,
            json_schema_extra={"widget": "textarea", "examples": ["Thank you!"]},
        )
        other: Annotated[str, BeforeValidator(_seen)] = Field(
            "",
            title="Compare with",
            description="Another sentence, if you like: both are shown, and the words that differ are marked.",
            max_length=LONGEST,
            json_schema_extra={"widget": "textarea", "examples": ["The crew was rude"]},
        )

    tiny = {"text": "Thank you!"}
    presets = {
        "turn": Preset("A sentence that turns", {}),
        "question": Preset("Only a question", {"text": "Any plans to start flying direct from Dallas to Las Vegas?"}),
        "two-ways": Preset(
            "Two ways to weigh a word, two answers", {"text": "yes, would love an upgrade or a voucher, please call me"}
        ),
        "not-bad": Preset(
            "Fooled: not bad is worse than bad",
            {"text": "The flight was not bad", "other": "The flight was bad"},
        ),
        "not-very-good": Preset(
            "Fooled: not very good is good", {"text": "it was not very good", "other": "it was not good"}
        ),
        "more-helpful": Preset("Fooled: could not be better", {"text": "You could not have been more helpful"}),
        "irony": Preset("Fooled: irony", {"text": "great, another delay"}),
        "irony-seen": Preset("Irony that it sees, and why", {"text": "I love sitting on the tarmac for three hours"}),
        "order": Preset(
            "The same words in another order",
            {"text": "It was good, not bad", "other": "It was bad, not good"},
        ),
        "unknown": Preset("Words it has never seen", {"text": "The stewardessing was brillig and most frabjous"}),
    }

    def warm(self) -> None:
        from mlcore.feeling import feel
        from mlcore.sentiment import shipped

        feel(["Warm."], shipped())

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.feeling import feel
        from mlcore.sentiment import shipped

        try:
            return feel([text for text in (params.text, params.other) if text], shipped())
        except ValueError as error:
            raise DemoError(str(error)) from None
