"""Five small nets, one for each way of wiring inputs and outputs in time, and what each does step by step.

    one-to-one    a picture of a digit → which digit it is; two dense layers, no time
    one-to-many   a picture of a digit → its English name, letter by letter
    many-to-one   a word, letter by letter → its language
    many-to-many  French without its accents, letter by letter → the accent of each letter; a second net of this kind
                  says it only when it has read four letters more
    delayed       an English numeral, word by word; then its digits

All but the first are one gated recurrent layer with a dense layer above it, the same at each step. They differ in where
an input is read and where an output counts, and in nothing else. A net that writes reads at each step what it wrote at
the step before (the second part of its input vector); it takes the most probable symbol each time (greedy search).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from mlcore.data.digits import DARKEST, Pictures, pictures
from mlcore.gated import Gated
from mlcore.numerals import ONES, WORDS, value_of
from mlcore.recurrent import Dense, Floats
from mlcore.shape_inputs import PIXELS, WORD_LETTERS, pixels_of

Wiring = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many", "delayed"]
WIRINGS: tuple[Wiring, ...] = get_args(Wiring)
WEIGHTS = Path(__file__).parent / "weights" / "shapes"
WAIT = 4
WAITS = f"many-to-many-{WAIT}"
"""The second net for accents: each is said WAIT steps after its letter was read."""

END = "end"

DIGITS = "0123456789"
NAMES = ONES[:10]
NAME_LETTERS = (*sorted(set("".join(NAMES))), END)
LONGEST_NAME = max(map(len, NAMES)) + 1

LANGUAGES = ("English", "French", "Spanish")

TEXT_SYMBOLS = "abcdefghijklmnopqrstuvwxyz '-,.…"  # the last stands for all others
ACCENTS = {"none": "", "acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "diaeresis": "\u0308"} | {
    "cedilla": "\u0327"
}
ACCENTED = frozenset("aceiouy")

DIGIT_SYMBOLS = (*DIGITS, END)
LONGEST_ANSWER = 5

OUTPUTS: Mapping[Wiring, Sequence[str]] = {
    "one-to-one": DIGITS,
    "one-to-many": NAME_LETTERS,
    "many-to-one": LANGUAGES,
    "many-to-many": tuple(ACCENTS),
    "delayed": DIGIT_SYMBOLS,
}
# Where an input vector has a second part, the net's own last output: one place a symbol, and one more for “none yet”.
FED_BACK = frozenset({"one-to-many", "delayed"})
READS: Mapping[Wiring, int] = {
    "one-to-one": PIXELS,
    "one-to-many": PIXELS,
    "many-to-one": len(WORD_LETTERS),
    "many-to-many": len(TEXT_SYMBOLS),
    "delayed": len(WORDS),
}
INPUTS = {wiring: READS[wiring] + (len(OUTPUTS[wiring]) + 1 if wiring in FED_BACK else 0) for wiring in WIRINGS}


class Net(NamedTuple):
    """`cell` is recurrent, or a dense layer for one-to-one; `out` reads its state."""

    cell: Gated | Dense
    out: Dense


class Step(NamedTuple):
    """One step of time. `read` and `fed` are None where the net reads nothing, or not itself."""

    read: str | None
    fed: str | None
    state: Floats
    probabilities: Floats
    output: str | None
    """The symbol that counts here; None where the wiring has no output (it is computed, and nobody asks)."""
    about: str | None = None
    """The letter whose accent the output is."""


def pictures_apart(test: bool) -> Pictures:
    """Every fifth picture is kept for the test; these are the ones that the demo shows."""
    every = pictures()
    kept = (np.arange(len(every.digits)) % 5 == 4) == test
    return Pictures(every.pixels[kept], every.digits[kept])


# Vectors --------------------------------------------------------------------------------------------------------------


def picture_vector(pixels: npt.ArrayLike) -> Floats:
    """(64): 0 for paper, 1 for the darkest ink."""
    return np.asarray(pixels, dtype=np.float64) / DARKEST


def one_hot(index: int, size: int) -> Floats:
    vector = np.zeros(size)
    vector[index] = 1
    return vector


def letter_vector(letter: str) -> Floats:
    return one_hot(WORD_LETTERS.index(letter), len(WORD_LETTERS))


def text_vector(character: str) -> Floats:
    at = TEXT_SYMBOLS.find(character)
    return one_hot(at, len(TEXT_SYMBOLS))  # −1, the last place, for all that is no symbol


def word_vector(word: str) -> Floats:
    return one_hot(WORDS.index(word), len(WORDS))


def fed_vector(wiring: Wiring, symbol: str | None) -> Floats:
    """What a net reads of itself: its last output, or `none yet`."""
    symbols = OUTPUTS[wiring]
    return one_hot(len(symbols) if symbol is None else symbols.index(symbol), len(symbols) + 1)


def split_accents(text: str) -> list[tuple[str, str]]:
    """Each character without its accent, and the accent's name: é is ("e", "acute"). Case stays; œ becomes oe."""
    names = {mark: name for name, mark in ACCENTS.items() if mark}
    pairs = []
    for character in text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"):
        base, *marks = list(unicodedata.normalize("NFD", character))
        known = len(marks) == 1 and marks[0] in names and base.lower() in ACCENTED
        pairs.append((base, names[marks[0]]) if known else (character, "none"))
    return pairs


def likely(wiring: Wiring, step: Step, most: int = 5) -> list[tuple[str, float]]:
    """The most probable symbols of a step, the first one first; for an accent, the letter that carries it."""
    order = [at for at in np.argsort(-step.probabilities, kind="stable")[:most] if step.probabilities[at] > 0.0005]
    symbols = [OUTPUTS[wiring][at] for at in order]
    if wiring == "many-to-many":
        symbols = [with_accent(step.about or "", accent) for accent in symbols]
    return [(symbol, float(step.probabilities[at])) for symbol, at in zip(symbols, order, strict=True)]


def with_accent(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", letter + ACCENTS[accent])


# Running --------------------------------------------------------------------------------------------------------------


@cache
def load(name: str) -> Net:
    """The trained net of a wiring, or WAITS (make train MODEL=shapes)."""
    with np.load(WEIGHTS / f"{name}.npz") as file:
        arrays = {name: file[name].astype(np.float64) for name in file.files}
    out = Dense(arrays["V"], arrays["c"])
    if name == "one-to-one":
        return Net(Dense(arrays["W"], arrays["b"], "tanh"), out)
    return Net(Gated(arrays["W"], arrays["U"], arrays["b"]), out)


@cache
def card() -> dict[str, Any]:
    """What the nets were trained on, and how good they are."""
    return dict(json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8")))


def softmax(scores: Floats) -> Floats:
    exponents = np.exp(scores - scores.max())
    chances: Floats = exponents / exponents.sum()
    return chances


class Runner:
    """A net that is stepped through time."""

    def __init__(self, wiring: Wiring, net: Net | None = None) -> None:
        self.wiring = wiring
        self.net = net or load(wiring)
        self.steps: list[Step] = []
        self._h = np.zeros((1, len(self.net.out.W)))

    def step(
        self, vector: Floats | None, read: str | None, fed: str | None, *, asked: bool, about: str | None = None
    ) -> Step:
        """Read one input (or None), and what was written last; say something if `asked`."""
        x = np.zeros(READS[self.wiring]) if vector is None else vector
        if self.wiring in FED_BACK:
            x = np.concatenate([x, fed_vector(self.wiring, fed)])
        cell = self.net.cell
        self._h = cell(x[None]) if isinstance(cell, Dense) else cell.step(x[None], self._h)
        probabilities = softmax(self.net.out(self._h)[0])
        output = OUTPUTS[self.wiring][int(probabilities.argmax())] if asked else None
        self.steps.append(Step(read, fed, self._h[0], probabilities, output, about))
        return self.steps[-1]


def run_picture(wiring: Literal["one-to-one", "one-to-many"], pixels: Sequence[int]) -> list[Step]:
    runner = Runner(wiring)
    step = runner.step(picture_vector(pixels), "picture", None, asked=True)
    if wiring == "one-to-many":
        while step.output != END and len(runner.steps) < LONGEST_NAME:
            step = runner.step(None, None, step.output, asked=True)
    return runner.steps


def run_word(word: str) -> list[Step]:
    """The language of a word of WORD_LETTERS; asked for at its end."""
    runner = Runner("many-to-one")
    for at, letter in enumerate(word, start=1):
        runner.step(letter_vector(letter), letter, None, asked=at == len(word))
    return runner.steps


def run_text(text: str, wait: int = 0) -> list[Step]:
    """The accent of each character of a text without accents, said as soon as it is read, or WAIT steps later."""
    runner = Runner("many-to-many", load(WAITS) if wait else None)
    for t in range(len(text) + wait):
        read = text[t] if t < len(text) else None
        vector = None if read is None else text_vector(read.lower())
        runner.step(vector, read, None, asked=t >= wait, about=text[t - wait] if t >= wait else None)
    return runner.steps


def run_numeral(words: Sequence[str]) -> list[Step]:
    """The digits of a numeral, after its last word."""
    runner = Runner("delayed")
    for word in words:
        runner.step(word_vector(word), word, None, asked=False)
    step = runner.step(None, None, None, asked=True)
    while step.output != END and len(runner.steps) < len(words) + LONGEST_ANSWER:
        step = runner.step(None, None, step.output, asked=True)
    return runner.steps


RUN: Mapping[Wiring, Callable[[Any], list[Step]]] = {
    "one-to-one": lambda pixels: run_picture("one-to-one", pixels),
    "one-to-many": lambda pixels: run_picture("one-to-many", pixels),
    "many-to-one": run_word,
    "many-to-many": run_text,
    "delayed": run_numeral,
}


class Answer(NamedTuple):
    steps: list[Step]
    said: str
    """All outputs together."""
    wanted: str | None
    """What would have been right, where that is known."""
    pixels: list[int] | None = None


def answer(wiring: Wiring, given: Mapping[str, Any]) -> Answer:
    """What a net makes of the params of the demo `shapes` (read by `mlcore.shape_inputs`)."""
    match wiring:
        case "one-to-one" | "one-to-many":
            kept = pictures_apart(test=True)
            at = given["picture"] - 1
            pixels = pixels_of(given["drawn"]) or kept.pixels[at].tolist()
            names = DIGITS if wiring == "one-to-one" else NAMES
            wanted = None if given["drawn"] else names[kept.digits[at]]
            steps = run_picture(wiring, pixels)
            return Answer(steps, written(steps), wanted, pixels)
        case "many-to-one":
            steps = run_word(given["word"])
            return Answer(steps, written(steps), None)
        case "many-to-many":
            pairs = split_accents(given["text"])
            steps = run_text("".join(letter for letter, _ in pairs), WAIT if given["waits"] else 0)
            said = "".join(with_accent(step.about, step.output) for step in steps if step.about and step.output)
            typed = "".join(with_accent(letter, accent) for letter, accent in pairs)
            return Answer(steps, said, typed if any(accent != "none" for _, accent in pairs) else None)
        case "delayed":
            words = given["numeral"].split()
            value = value_of(words)
            steps = run_numeral(words)
            return Answer(steps, written(steps), None if value is None else str(value))


def result(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the demo says of its params: the answer, and each step with what was read, held probable, said and kept."""
    wiring: Wiring = given["wiring"]
    answered = answer(wiring, given)
    candidates = [likely(wiring, step) for step in answered.steps]
    return {
        "wiring": wiring,
        "pixels": answered.pixels,
        "steps": [
            {
                "read": step.read,
                "fed": step.fed,
                "output": None if step.output is None else most[0][0],
                "likely": [{"symbol": symbol, "share": round(share, 4)} for symbol, share in most],
                "state": [round(value, 2) for value in step.state.tolist()],
            }
            for step, most in zip(answered.steps, candidates, strict=True)
        ],
        "answer": answered.said,
        "wanted": answered.wanted,
        "score": score_in_words(wiring, given["waits"]),
    }


def written(steps: Sequence[Step]) -> str:
    return "".join(step.output for step in steps if step.output is not None and step.output != END)


def score_in_words(wiring: Wiring, waits: bool = False) -> str:
    """How good a net was on what it had not seen."""
    score = card()["nets"][WAITS if wiring == "many-to-many" and waits else wiring]["scores"]
    match wiring:
        case "one-to-one" | "one-to-many":
            done = "named" if wiring == "one-to-one" else "spelled"
            return f"Of {score['pictures']} pictures that it had not seen, this net {done} {score['right']} right."
        case "many-to-one":
            return (
                f"Of {score['words']:,} words that it had not seen, this net placed {score['share']:.1%} right. "
                f"Always to say the commonest of the three would be right for {score['commonest_language']:.1%}."
            )
        case "many-to-many":
            return (
                f"In articles that it had not seen, this net found {score['found']:.1%} of the accents, and "
                f"{score['of_those_said_right']:.1%} of those it wrote are right."
            )
        case "delayed":
            return f"Of {score['numerals']:,} numbers that it had not seen, this net wrote {score['right']:,} right."
