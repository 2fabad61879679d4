"""A network that learns to write while somebody watches: what is said on the way, and what it writes at each stage."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mlcore import ngrams
from mlcore.backend import keras
from mlcore.character_training import LIVE_READING, LIVE_SIZES, CharacterTrainer, Reading
from mlcore.characters import CharacterModel
from mlcore.contracts import DemoError, Reporter
from mlcore.data.characters import divide, packaged_shakespeare
from mlcore.data.own_text import TextError, first_words, read_text
from mlcore.decoding import Decoding
from mlcore.tokens import UNKNOWN, Characters, Ids
from mlcore.watched_training import Watched, mean_of, significant

STAGES = 8
"""A round has so many stages at least; before its first one the stages double."""
FIRST_STAGE = 5
VALIDATED = 20_000
"""At most so many characters are looked at for one point of the validation curve."""
SAMPLE = 300
LEAD = 200
"""So many characters of the text are read before a sample. A memory that is empty is met only once in a training, and
a young network that begins with one can end in states that it never left: it writes nothing but rare characters."""
EXCERPT, EXCERPT_OF_OWN = 1200, 400
"""How much of a text is shown; of one's own less, for a run may be shared."""
MOST_SYMBOLS = 256
OTHER = "\ufffd"
"""What stands for every character beyond the most frequent ones."""
FREQUENT = 0.001
"""Only characters that make up this share of the text are named as moving alike: the others hardly move."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
PACKAGED = {"shakespeare": ("Six plays by Shakespeare", 6), "coriolanus": ("Coriolanus, by Shakespeare", 1)}
BASELINES = ("equal", "single", "pairs", "triples")


@dataclass(frozen=True)
class Task:
    """What is learned, by which network, and how its samples are written."""

    text: Literal["shakespeare", "coriolanus", "own"] = "shakespeare"
    file: str = ""
    """Of a text of one's own: what `Reporter.file` knows it by."""
    units: int = LIVE_SIZES.units
    layers: int = LIVE_SIZES.layers
    window: int = LIVE_READING.window
    readers: int = LIVE_READING.readers
    learning_rate: float = LIVE_READING.learning_rate
    updates: int = 600
    temperature: float = 0.7
    prompt: str = ""
    """What each sample begins with; the first words of the text where it is empty."""
    seed: int = 1


@dataclass(frozen=True)
class Source:
    """A text, and what of it is shown."""

    title: str
    text: str
    credit: str
    example: str
    """Some words whose way to numbers is shown."""
    prompt: str
    excerpt: str


class WatchedCharacterTraining(Watched[CharacterTrainer]):
    """From the text to the result.

    What it says of the text: its characters as numbers, what counting reaches, and at each stage a sample, with the
    vectors of the example.

    Raises:
        DemoError: nothing can be learned from the text as it was asked, or a checkpoint is of no use.
    """

    def __init__(self, task: Task, report: Reporter, *, checkpoint_seconds: float = 5.0) -> None:
        super().__init__(report, checkpoint_seconds)
        self.task = task
        try:
            self.source = _own(report.file(task.file).read_bytes()) if task.text == "own" else _shakespeare(task.text)
        except TextError as error:
            raise DemoError(str(error)) from error
        text, self._left_out = _with_most_frequent(self.source.text)
        self.alphabet = Characters.of(text)
        parts = divide(text)
        self.learned, held = self.alphabet.encode(parts.train), self.alphabet.encode(parts.validation)
        self.validation = held[:VALIDATED]
        self._characters = len(text)
        self._words = {word.lower() for word in WORD.findall(parts.train)}
        self._example = self._known(self.source.example)
        self._prompt = task.prompt or self.source.prompt
        self._lead = _lead(parts.train)
        self._frequent = np.bincount(self.learned, minlength=len(self.alphabet)) >= FREQUENT * len(self.learned)
        self._nothing_yet()
        self.trainer = _trainer_of(task, len(self.alphabet), self.learned)
        self._first_vectors = self.trainer.weights()[0].copy()

    # While it learns --------------------------------------------------------------------------------------------------

    def _is_due(self) -> bool:
        return self.trainer.step in stages(self.task.updates, self.trainer.rounds)

    def _look(self) -> None:
        loss = self.trainer.loss_on(self.validation, between=self._stop_here)
        model = CharacterModel(self.alphabet, self.trainer.weights())
        sample = self._sample(model)
        self._say_row(validation=significant(loss))
        self._say_frame(
            text=sample,
            made_up=self._made_up(sample),
            vectors=np.round(model.vectors[self.alphabet.encode(self._example)], 2).tolist(),
            alike=self._alike(model),
        )

    def _sample(self, model: CharacterModel) -> str:
        """By the seed of the run, so that stages differ by what was learned, not by the draw."""
        symbols = []
        for written in model.write(self._lead + self._prompt, SAMPLE, Decoding(self.task.temperature), self.task.seed):
            symbols.append(written.symbol)
            if len(symbols) % 50 == 0:
                self._stop_here()
        return "".join(symbols)

    def _made_up(self, sample: str) -> list[str]:
        """Those of its words that the text does not have; the last one may be cut, and is left out."""
        words = [found.group().lower() for found in WORD.finditer(sample) if found.end() < len(sample)]
        return sorted(set(words) - self._words)

    def _alike(self, model: CharacterModel) -> list[str]:
        """For each character of the example, the three whose vectors were moved most nearly in its direction."""
        moved = (model.vectors - self._first_vectors).astype(np.float64)
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        directions = np.divide(moved, lengths, out=np.zeros_like(moved), where=lengths > 0)
        if not directions.any():
            return [""] * len(self._example)
        found = []
        for at in self.alphabet.encode(self._example):
            likeness = np.where(self._frequent, directions @ directions[at], -np.inf)
            likeness[at] = -np.inf
            nearest = [near for near in np.argsort(-likeness, kind="stable")[:3] if likeness[near] > 0]
            found.append(self.alphabet.decode(nearest))
        return found

    def _row(self, losses: list[float], gradients: list[float]) -> dict[str, float | None]:
        return {"loss": significant(mean_of(losses)), "validation": None}

    # What is said about the text --------------------------------------------------------------------------------------

    def _data(self) -> dict[str, Any]:
        """The text in numbers, and what counting reaches on the same validation text."""
        return {
            "title": self.source.title,
            "credit": self.source.credit,
            "characters": self._characters,
            "train": len(self.learned),
            "validated": len(self.validation),
            "symbols": self.alphabet.symbols,
            "left_out": self._left_out,
            "example": self._example,
            "excerpt": self._known(self.source.excerpt),
            "prompt": self._prompt,
            "unknown": self._unknown(self._prompt),
            "vector": self.trainer.sizes.vector,
            "weights": self.trainer.model.count_params(),
            "an_update": self.task.readers * self.task.window,
            "an_epoch": self.trainer.steps_an_epoch,
            "baselines": self._baselines(),
        }

    def _baselines(self) -> dict[str, float]:
        """Bits a character."""
        reached = {}
        for order, name in enumerate(BASELINES):
            reached[name] = round(ngrams.bits(self.learned, self.validation, len(self.alphabet), order), 3)
            self._stop_here()
        return reached

    def _known(self, text: str) -> str:
        """Some of the text as the network reads it: where a character is rare, that there is one."""
        rare = OTHER if OTHER in self.alphabet.symbols else ""
        return "".join(symbol if symbol in self.alphabet.symbols else rare for symbol in text)

    def _unknown(self, text: str) -> list[int]:
        return [at for at, symbol in enumerate(text) if symbol not in self.alphabet.symbols]

    # In the end -------------------------------------------------------------------------------------------------------

    def _result(self) -> dict[str, Any]:
        trainer, rows = self.trainer, self._said["rows"]
        validation = self._last("validation")
        return {
            "characters": self._characters,
            "symbols": len(self.alphabet),
            "weights": trainer.model.count_params(),
            "steps": trainer.step,
            "epochs": round(trainer.epoch, 2),
            "loss": self._last("loss"),
            "validation": validation,
            "bits": None if validation is None else round(validation / math.log(2), 3),
            "curve": [{name: row[name] for name in ("step", "validation")} for row in rows if row["validation"]],
            "sample": self._said["frames"][-1]["text"],
            "diverged": trainer.step if trainer.diverged else None,
        }


def stages(updates: int, rounds: int = 1) -> set[int]:
    """After which updates somebody looks. In the beginning, where most happens, they double; then they come evenly."""
    doubling = {FIRST_STAGE * 2**power for power in range(20) if FIRST_STAGE * 2**power < 0.75 * updates / STAGES}
    evenly = {round(updates * place / STAGES) for place in range(1, STAGES * rounds + 1)}
    return {0} | doubling | evenly


def _trainer_of(task: Task, symbols: int, learned: Ids) -> CharacterTrainer:
    keras.utils.clear_session(free_memory=False)  # what earlier Runs of this process left behind
    needed = task.readers * task.window
    if len(learned) <= needed:
        raise DemoError(
            f"{task.readers} readers with windows of {task.window} need more than {needed:,} characters to learn from, "
            f"and nine tenths of this text are {len(learned):,}. Take fewer readers, or a shorter window."
        )
    reading = Reading(
        epochs=task.updates / ((len(learned) - 1) // needed),
        readers=task.readers,
        window=task.window,
        learning_rate=task.learning_rate,
        decay_from=LIVE_READING.decay_from,
        clip=LIVE_READING.clip,
        averaged=LIVE_READING.averaged,
        seed=task.seed,
    )
    sizes = LIVE_SIZES._replace(symbols=symbols, units=task.units, layers=task.layers)
    return CharacterTrainer(sizes, learned, reading)


def _shakespeare(name: str) -> Source:
    title, works = PACKAGED[name]
    text = packaged_shakespeare(works)
    begin = text.index("FIRST CITIZEN.")
    return Source(
        title,
        text,
        "Project Gutenberg, through the package shakespeare 0.6 (public domain)",
        example="First Citizen",
        prompt="FIRST CITIZEN.",
        excerpt=text[begin : begin + EXCERPT],
    )


def _own(data: bytes) -> Source:
    text = read_text(data)
    words = first_words(text)
    return Source("Your text", text, "", example=words, prompt=words, excerpt=text[:EXCERPT_OF_OWN])


def _lead(text: str) -> str:
    """The last characters of a text before its last empty line or line end, and that."""
    for between in ("\n\n", "\n"):
        end = text.rfind(between, LEAD)
        if end >= 0:
            return text[end - LEAD : end] + between
    return text[-LEAD:]


def _with_most_frequent(text: str) -> tuple[str, float]:
    """The text with `OTHER` for every character beyond the most frequent; and which share of the text that is."""
    unknown = Characters.of(text, MOST_SYMBOLS).encode(text) == UNKNOWN
    if not unknown.any():
        return text, 0.0
    changed = "".join(OTHER if lost else symbol for symbol, lost in zip(text, unknown, strict=True))
    return changed, round(float(unknown.mean()), 4)
