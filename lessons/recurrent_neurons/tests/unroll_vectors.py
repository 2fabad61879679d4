"""What `mlcore` computes for some nets and sequences, for the test of the page's arithmetic (tests/js).

    .venv/bin/python -m lessons.recurrent_neurons.tests.unroll_vectors

writes the file anew; `test_unroll.py` holds it to what `mlcore` says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlcore import unrolled
from mlcore.unrolled import READS, Net

FILE = Path(__file__).with_name("unroll-vectors.json")

CASES: list[dict[str, Any]] = [
    {"example": "mean", "sequence": [1, 1, 0.5, -0.25, -1, 3]},
    {"example": "mean", "sequence": [0.3, -0.7, 1], "changes": "Wy.0.0=0.4;b.0=-0.1"},
    {"example": "parity", "sequence": "0110100111010001101001110100011010011101"},
    {"example": "parity", "sequence": "0110", "activation": "relu", "changes": "V.1.0=-2.25;c.0=3"},
    {"example": "seen_a", "sequence": "Now, a CAT – İ𝒳ß"},
    {"example": "brackets", "sequence": "(()(())))", "activation": "sigmoid"},
    {"example": "own_numbers", "sequence": [1, *[0] * 39], "activation": "linear", "units": 2, "changes": "Wy.0.0=9"},
    {"example": "own_numbers", "sequence": [-1000, 1000, 0.001], "units": 16, "seed": 999},
    {"example": "own_letters", "sequence": "the memory of a net nobody has trained..", "units": 16, "seed": 0},
]


def computed() -> list[dict[str, Any]]:
    trained = unrolled.trained_nets()
    return [{**case, **answered(trained, **case)} for case in CASES]


def answered(
    trained: dict[str, Net],
    *,
    example: Any,
    sequence: Any,
    activation: Any = "tanh",
    changes: str = "",
    units: int = 3,
    seed: int = 1,
) -> dict[str, Any]:
    given = trained.get(example) or unrolled.random_net(READS[example], units, seed)
    x = unrolled.encode(READS[example], sequence)
    answer = unrolled.answer(unrolled.changed(given, changes), x, activation)
    wanted = unrolled.wanted(example, x)
    return {
        "given": {name: array.tolist() for name, array in given.arrays().items()},
        "z": short(answer.trace.z[0].tolist()),
        "y": short(answer.trace.y[0].tolist()),
        "said": short(answer.said.tolist()),
        "wanted": None if wanted is None else short(wanted.tolist()),
    }


def short(value: Any) -> Any:
    """Twelve digits: more than the test asks for, and the same on every machine."""
    return [short(one) for one in value] if isinstance(value, list) else float(f"{value:.12g}")


if __name__ == "__main__":
    FILE.write_text(json.dumps(computed(), ensure_ascii=False) + "\n", encoding="utf-8")
