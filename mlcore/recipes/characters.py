"""Train the model of the demo `generate`: make train MODEL=characters.

A two-layer LSTM reads Tiny Shakespeare: the first nine tenths, as in nanoGPT. After each epoch the last tenth says how
good the moving average of its weights is, and the best of them, in half precision, is what ships: the last tenth was
used to choose, and no third part is kept to judge the choice. The training writes how far it is every few minutes; the
same command takes it up again. `python -m mlcore.recipes.characters --ship` trains no further and ships the best so
far; `--epochs 20` makes the whole training so long, and the learning rate fall accordingly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from mlcore.backend import tf
from mlcore.character_training import CharacterTrainer, Reading
from mlcore.characters import WEIGHTS, CharacterModel
from mlcore.data.characters import TINY_SHAKESPEARE, tiny_shakespeare
from mlcore.models.characters import Sizes
from mlcore.recipes.checkpoints import checkpoint
from mlcore.tokens import Characters, Ids

UNITS, LAYERS, VECTOR, DROPOUT = 448, 2, 64, 0.25
READING = Reading(epochs=10, readers=32, window=64, learning_rate=0.003, decay_from=0.5, averaged=0.998)
SECONDS_BETWEEN = 120


def train(trainer: CharacterTrainer, told: dict[str, Any], validation: Ids, path: Path, best: Path) -> None:
    """Train to the end, or until the process is asked to end. `told` is what the card says of the training."""
    began, cpu_began, saved_at, losses = time.monotonic(), time.process_time(), time.monotonic(), list[float]()
    before = dict(told)
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: asked.append(number))

    def keep() -> None:
        told["seconds"] = before["seconds"] + time.monotonic() - began
        told["cpu_seconds"] = before["cpu_seconds"] + time.process_time() - cpu_began
        trainer.save(path.with_suffix(".new"), told)
        path.with_suffix(".new").replace(path)

    while not trainer.finished and not asked:
        losses.append(trainer.train_step().loss)
        if trainer.step % trainer.steps_an_epoch == 0:
            loss = trainer.loss_on(validation)
            row = {"epoch": round(trainer.epoch), "training": round(float(np.mean(losses)), 4)}
            told["curve"].append(row | {"validation": round(loss, 4)})
            if loss <= min(point["validation"] for point in told["curve"]):
                with best.open("wb") as file:
                    np.savez(file, *[array.astype(np.float16) for array in trainer.weights()])
            losses = []
            keep()
            say(f"{told['curve'][-1]}, {told['seconds'] / 60:.1f} min, {told['cpu_seconds'] / 60:.1f} min of processor")
        elif time.monotonic() - saved_at > SECONDS_BETWEEN:
            keep()
            saved_at = time.monotonic()
            say(f"step {trainer.step} of {trainer.total_steps}, loss {np.mean(losses[-50:]):.4f}")
    keep()
    if asked:
        raise SystemExit(f"stopped at step {trainer.step}; the same command goes on from here")


def ship(told: dict[str, Any], alphabet: Characters, sizes: Sizes, reading: Reading, best: Path) -> None:
    with np.load(best, allow_pickle=False) as arrays:
        weights = [arrays[name] for name in arrays.files]
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    CharacterModel(alphabet, weights).save(WEIGHTS / "weights.npz")
    reached = min(told["curve"], key=lambda row: row["validation"])
    validation = tiny_shakespeare().validation
    card = {
        "model": "characters",
        "what": f"An LSTM of {LAYERS} layers of {UNITS} units over characters, in half precision.",
        "data": f"Tiny Shakespeare, {TINY_SHAKESPEARE.address}",
        "licence": "public domain; selection by A. Karpathy (MIT)",
        "seed": READING.seed,
        "command": "make train MODEL=characters",
        "minutes": round(told["seconds"] / 60, 1),
        "processor_minutes": round(told["cpu_seconds"] / 60, 1),
        "machine": f"{os.cpu_count()} cores, beside other work",
        "split": "first 90 % to learn from; the last 10 % chose the epoch and gives the score: no third part was kept",
        "sizes": sizes._asdict(),
        "reading": asdict(reading),
        "epochs_trained": told["curve"][-1]["epoch"],
        "epoch_shipped": reached["epoch"],
        "scores": {
            "validation_nats": round(CharacterModel.load(WEIGHTS / "weights.npz").loss(validation), 4),
            "characters": len(validation) - 1,
        },
        "curve": told["curve"],
        "sha256": hashlib.sha256((WEIGHTS / "weights.npz").read_bytes()).hexdigest(),
    }
    (WEIGHTS / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"shipped epoch {reached['epoch']}: {card['scores']}")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=float, default=READING.epochs)
    parser.add_argument("--ship", action="store_true", help="train no further")
    options = parser.parse_args()
    # Nothing else of this process needs a core meanwhile.
    tf.config.threading.set_intra_op_parallelism_threads(2)
    text = tiny_shakespeare()
    alphabet = Characters.of(text.train + text.validation)
    sizes = Sizes(len(alphabet), VECTOR, UNITS, LAYERS, DROPOUT)
    reading = replace(READING, epochs=options.epochs)
    trainer = CharacterTrainer(sizes, alphabet.encode(text.train), reading)
    path, best = checkpoint("characters.npz"), checkpoint("characters-best.npz")
    told = trainer.restore(path) if path.is_file() else {"seconds": 0.0, "cpu_seconds": 0.0, "curve": []}
    if not options.ship:
        train(trainer, told, alphabet.encode(text.validation), path, best)
    ship(told, alphabet, sizes, reading, best)


if __name__ == "__main__":
    main()
