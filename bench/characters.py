"""Our live character model beside nanoGPT's recipe for a CPU, at equal time, on Tiny Shakespeare.

    uv pip install --group bench
    UNROLL_DATA=/path/to/data .venv/bin/python bench/characters.py --seconds 110

nanoGPT (github.com/karpathy/nanoGPT, README, "I only have a macbook"): a Transformer of 4 layers, 4 heads and 128
numbers, blocks of 64, batches of 12, no dropout, AdamW from 0.001 along a cosine to 0.0001 over 2,000 steps; rebuilt
here in PyTorch. Ours is `LIVE_SIZES` and `LIVE_READING`. Both learn from the first nine tenths of the text by turns of
some seconds in this process, so that whatever else the machine does slows both. Each has a clock of its own, which
stands still while losses are measured, and runs while graphs are compiled.

The loss is that of the last tenth, in nats a character: for nanoGPT in blocks of 64 that touch, as it has no state to
carry (its own script draws such blocks at random); for ours read on without a break, the way it writes. Aim: ours is
lower when both clocks show the same.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

STEPS, WARM, BLOCK, BATCH, WIDTH, HEADS, LAYERS = 2000, 100, 64, 12, 128, 4, 4


class Ours:
    def __init__(self, train: Any, validation: Any, symbols: int) -> None:
        from dataclasses import replace

        from mlcore.character_training import LIVE_READING, LIVE_SIZES, CharacterTrainer

        reading = replace(LIVE_READING, epochs=1000)
        self.trainer = CharacterTrainer(LIVE_SIZES._replace(symbols=symbols), train, reading)
        self.validation = validation
        self.said = f"{sum(array.size for array in self.trainer.weights()):,} weights"

    def step(self) -> None:
        self.trainer.train_step()

    @property
    def seen(self) -> int:
        return self.trainer.step * self.trainer.reading.readers * self.trainer.reading.window

    def loss(self) -> float:
        return self.trainer.loss_on(self.validation)


class NanoGPT:
    def __init__(self, train: Any, validation: Any, symbols: int) -> None:
        import torch
        from torch import nn

        torch.manual_seed(1337)
        self.torch, self.taken = torch, 0
        self.train = torch.from_numpy(train.astype("int64"))
        usable = (len(validation) - 1) // BLOCK * BLOCK
        self.held = [torch.from_numpy(validation[at : at + usable].astype("int64")).view(-1, BLOCK) for at in (0, 1)]
        self.model = _transformer(torch, nn, symbols)
        decayed = [weight for weight in self.model.parameters() if weight.dim() > 1]
        others = [weight for weight in self.model.parameters() if weight.dim() < 2]
        self.optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
            lr=1e-3,
            betas=(0.9, 0.99),
        )
        self.said = f"{sum(weight.numel() for weight in self.model.parameters()):,} weights"

    def step(self) -> None:
        torch = self.torch
        part = min(1.0, (self.taken - WARM) / (STEPS - WARM))
        rate = 1e-3 * self.taken / WARM if self.taken < WARM else 1e-4 + 4.5e-4 * (1 + math.cos(math.pi * part))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        begins = torch.randint(len(self.train) - BLOCK - 1, (BATCH, 1)) + torch.arange(BLOCK)
        loss = self._loss(self.train[begins], self.train[begins + 1])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.taken += 1

    @property
    def seen(self) -> int:
        return self.taken * BATCH * BLOCK

    def loss(self) -> float:
        with self.torch.no_grad():
            parts = zip(*(held.split(256) for held in self.held), strict=True)
            losses = [(float(self._loss(ids, after)), len(ids)) for ids, after in parts]
        return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)

    def _loss(self, ids: Any, after: Any) -> Any:
        scores = self.model(ids)
        return self.torch.nn.functional.cross_entropy(scores.flatten(0, 1), after.flatten())


def _transformer(torch: Any, nn: Any, symbols: int) -> Any:
    class Block(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.before_attention, self.before_mlp = nn.LayerNorm(WIDTH, bias=False), nn.LayerNorm(WIDTH, bias=False)
            self.gather, self.join = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
            self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH, bias=False), nn.Linear(4 * WIDTH, WIDTH, bias=False)

        def forward(self, x: Any) -> Any:
            batch, places, _ = x.shape
            parts = self.gather(self.before_attention(x)).split(WIDTH, dim=2)
            q, k, v = (part.view(batch, places, HEADS, -1).transpose(1, 2) for part in parts)
            seen = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.join(seen.transpose(1, 2).reshape(batch, places, WIDTH))
            return x + self.down(nn.functional.gelu(self.up(self.before_mlp(x))))

    class Transformer(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.words, self.places = nn.Embedding(symbols, WIDTH), nn.Embedding(BLOCK, WIDTH)
            self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
            self.last = nn.LayerNorm(WIDTH, bias=False)
            for name, weight in self.named_parameters():
                if weight.dim() > 1:
                    deep = name.endswith(("join.weight", "down.weight"))
                    nn.init.normal_(weight, std=0.02 / math.sqrt(2 * LAYERS) if deep else 0.02)

        def forward(self, ids: Any) -> Any:
            x = self.words(ids) + self.places(torch.arange(ids.shape[1]))
            return self.last(self.blocks(x)) @ self.words.weight.T  # one table for reading and writing

    return Transformer()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=110)
    parser.add_argument("--turn", type=float, default=5, help="seconds that each learns before the other goes on")
    parser.add_argument("--measure", type=float, default=20, help="seconds of learning between two looks at the loss")
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        raise SystemExit("This bench compares with PyTorch: uv pip install --group bench") from None
    from mlcore.backend import tf
    from mlcore.data.characters import tiny_shakespeare
    from mlcore.tokens import Characters

    # Both as in a process that has the machine for itself.
    tf.config.threading.set_intra_op_parallelism_threads(torch.get_num_threads())
    text = tiny_shakespeare()
    alphabet = Characters.of(text.train + text.validation)
    train, validation = alphabet.encode(text.train), alphabet.encode(text.validation)
    runners: dict[str, Ours | NanoGPT] = {
        "ours": Ours(train, validation, len(alphabet)),
        "nanoGPT": NanoGPT(train, validation, len(alphabet)),
    }
    for name, runner in runners.items():
        print(f"{name}: {runner.said}")
    clocks, last = dict.fromkeys(runners, 0.0), {}
    looks = [options.measure * at for at in range(1, int(options.seconds / options.measure) + 1)]
    for look in sorted({*looks, options.seconds}):
        while min(clocks.values()) < look:
            for name, runner in runners.items():
                began, until = time.perf_counter(), min(look, clocks[name] + options.turn)
                before = clocks[name]
                while clocks[name] < until:
                    runner.step()
                    clocks[name] = before + time.perf_counter() - began
        for name, runner in runners.items():
            last[name] = runner.loss()
            print(f"{name:>8}: {clocks[name]:6.1f} s, {runner.seen:>10,} characters read, loss {last[name]:.4f} nats")
        sys.stdout.flush()
    if last["ours"] >= last["nanoGPT"]:
        raise SystemExit(f"Ours is at {last['ours']:.4f}, nanoGPT at {last['nanoGPT']:.4f}; ours should be lower.")


if __name__ == "__main__":
    main()
