"""How fast text is read and written, beside what it could be compared with, by turns in one process.

    .venv/bin/python bench/text.py --rounds 5 --characters 300

* Characters a second of one stream: at least 10 times those of the obvious loop, `model.predict` on the last 100
  characters for each new one, with the same weights; and at most 2 times as slow as the products with the matrices
  alone, without gates, without a draw.
* 32 streams side by side in one batch: at least 8 times the characters a second of one.
* A tweet of 25 words with all views of each word (after each prefix, without each word, by the gradient): at most
  30 ms.

Of each round the ratios are taken; their median counts. Products take one core, as in the workers. Weights are those
that ship; while there are none, random ones of the same sizes, which take as long.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy comes

import numpy as np  # noqa: E402

from mlcore import characters, sentiment  # noqa: E402
from mlcore.characters import CharacterModel  # noqa: E402
from mlcore.decoding import Decoding  # noqa: E402
from mlcore.tokens import Characters  # noqa: E402

PROMPT = "First Citizen:\nBefore we proceed any further, hear me speak.\n"
TWEET = (
    "@airline I was not happy with the three hour delay yesterday, but the crew was really kind and got us home "
    "safely, thank you so much"
)
CONTEXT, STREAMS = 100, 32


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def any_model() -> CharacterModel:
    if (characters.WEIGHTS / "weights.npz").is_file():
        return characters.shipped()
    print("No weights are shipped: random ones of the same sizes.")
    alphabet = Characters("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    random, units = np.random.default_rng(1), 448
    sizes = [(65, 64), (64, 4 * units), (units, 4 * units), (4 * units,)]
    sizes += [(units, 4 * units), (units, 4 * units), (4 * units,), (units, 65), (65,)]
    return CharacterModel(alphabet, [random.normal(0, 0.04, size) for size in sizes])


def keras_model(model: CharacterModel) -> Any:
    from mlcore.models.characters import Sizes, next_character

    vector, units = model.vectors.shape[1], model.layers[0].units
    theirs = next_character(Sizes(len(model), vector, units, len(model.layers)))
    parts = [model.vectors, *(array for layer in model.layers for array in layer), model.out, model.bias]
    theirs.set_weights(parts)
    return theirs


def report(name: str, ratios: list[float], aim: float, *, at_most: bool = False, unit: str = "×") -> bool:
    median = statistics.median(ratios)
    met = median <= aim if at_most else median >= aim
    print(
        f"{name}: median {median:.2f} {unit} (from {min(ratios):.2f} to {max(ratios):.2f}); aim "
        f"{'at most' if at_most else 'at least'} {aim:g}: {'met' if met else 'MISSED'}"
    )
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--characters", type=int, default=300)
    options = parser.parse_args()
    model, length = any_model(), options.characters
    theirs, layers = keras_model(model), model.layers
    few = max(5, length // 20)

    def one_stream() -> None:
        for _ in model.write(PROMPT, length, Decoding(0.8), seed=1):
            pass

    def many_streams() -> None:
        model.write_many(PROMPT, STREAMS, length, Decoding(0.8), seed=1)

    def products() -> None:
        h = np.ones((1, layers[0].units), np.float32)
        for _ in range(length):
            for at, layer in enumerate(layers):
                if at:
                    h @ layer.W
                h @ layer.U
            h @ model.out

    def many_products() -> None:
        h = np.ones((STREAMS, layers[0].units), np.float32)
        for _ in range(few):
            for at, layer in enumerate(layers):
                if at:
                    h @ layer.W
                h @ layer.U
            h @ model.out

    def predict() -> None:
        random, ids = np.random.default_rng(1), model.known(PROMPT).tolist()
        for _ in range(few):
            context = ([ids[0]] * CONTEXT + ids)[-CONTEXT:]
            scores = theirs.predict(np.array([context], np.int32), verbose=0)[0, -1] / 0.8
            shares = np.exp(scores - scores.max())
            ids.append(int(random.choice(len(shares), p=shares / shares.sum())))

    ways = {"one": one_stream, "many": many_streams, "products": products, "predict": predict}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()  # once before the clock starts
    for _ in range(options.rounds):
        for name, way in ways.items():
            times[name].append(seconds(way))
    rates = {name: statistics.median(length / taken for taken in times[name]) for name in ("one", "products")}
    rates |= {"many": statistics.median(STREAMS * length / taken for taken in times["many"])}
    rates |= {"predict": statistics.median(few / taken for taken in times["predict"])}
    print("Characters a second: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
    rows = list(zip(*times.values(), strict=True))
    batch = statistics.median(seconds(many_products) for _ in range(options.rounds)) / few
    alone = statistics.median(times["products"]) / length
    print(
        f"Of the products alone, those of {STREAMS} streams give {STREAMS * alone / batch:.1f} times as much as one's."
    )
    met = [
        report(
            "One stream beside model.predict", [(predict / few) / (one / length) for one, _, _, predict in rows], 10
        ),
        report("One stream's time beside the products'", [one / bare for one, _, bare, _ in rows], 2, at_most=True),
        report(f"{STREAMS} streams beside one", [STREAMS * one / many for one, many, _, _ in rows], 8),
    ]
    if (sentiment.WEIGHTS / "weights.npz").is_file():
        reader, words = sentiment.shipped().model, sentiment.sentence(TWEET).words
        print(f"The tweet has {len(words)} words and signs.")
        reader.read(words)
        taken = [1000 * seconds(lambda: reader.read(words)) for _ in range(20 * options.rounds)]
        met.append(report("A tweet with all its views", taken, 30, at_most=True, unit="ms"))
    if not all(met):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
