"""How fast the fit loop is that the live trainings use, against plain `keras.Model.fit`.

    .venv/bin/python bench/forecast.py --rounds 5 --epochs 20

The same network (the forecast demo's default) learns from the same windows in the same process, for as many epochs, by
turns: by `keras.Model.fit`, by our loop with its reports, and by the whole demo with its looks at the validation part
and its forecasts. Graphs are built before the clock starts, but for the demo, whose time is that of a Run in a warm
worker. Of each round the times are divided by that of keras; the median of these ratios counts. Aim: our loop with its
reports takes at most 1.2 times as long as keras.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

AIM = 1.2


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--cell", default="gru", choices=["simple", "gru", "lstm"])
    options = parser.parse_args()

    from mlcore.backend import keras
    from mlcore.data.series import PACKAGED
    from mlcore.forecasting import Problem
    from mlcore.models.recurrent import next_row
    from mlcore.recording import Recorder
    from mlcore.training import Settings, Trainer, fit
    from mlcore.watched_forecast import Task, WatchedForecast

    windows = Problem(PACKAGED["sunspots"].read(), window=20, horizon=12).training
    settings = Settings(epochs=options.epochs, learning_rate=0.005, clip=1.0)

    def build() -> Any:
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        return next_row(options.cell, units=32, features=1)

    def by_keras() -> float:
        model = build()
        model.compile(keras.optimizers.Adam(0.005, global_clipnorm=1.0), loss="mse")
        model.fit(windows.inputs, windows.targets, batch_size=32, epochs=1, verbose=0)
        return seconds(
            lambda: model.fit(windows.inputs, windows.targets, batch_size=32, epochs=options.epochs, verbose=0)
        )

    def by_our_loop() -> float:
        trainer = Trainer(build(), windows.inputs, windows.targets, settings=settings, weights=windows.weights)
        trainer.train_step()
        trainer.step = 0
        with Recorder() as recorder:
            return seconds(lambda: fit(trainer, recorder, after_step=lambda step: recorder.metrics(loss=step.loss)))

    def by_the_demo() -> float:
        with Recorder() as recorder:
            return seconds(lambda: WatchedForecast(Task("sunspots", cell=options.cell), settings, recorder).run())

    ways = {"keras": by_keras, "our loop": by_our_loop, "the demo": by_the_demo}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            times[name].append(way())
    steps = options.epochs * -(-len(windows) // 32)
    print(f"{options.cell}, {steps} updates, {options.rounds} rounds")
    ratios = {}
    for name, taken in times.items():
        ratios[name] = statistics.median(a / b for a, b in zip(taken, times["keras"], strict=True))
        ms = 1000 * statistics.median(taken) / steps
        print(
            f"{name:>9}: median {statistics.median(taken):6.2f} s, {ms:6.2f} ms an update, {ratios[name]:.2f} × keras"
        )
    if ratios["our loop"] > AIM:
        raise SystemExit(f"Our loop takes {ratios['our loop']:.2f} times as long as keras; aim {AIM}.")


if __name__ == "__main__":
    main()
