"""Where trainings that take long keep how far they are: in `UNROLL_CHECKPOINTS`, or else in `.data/training`."""

from __future__ import annotations

import os
from pathlib import Path

from mlcore.registry import ROOT


def checkpoint(name: str) -> Path:
    """The file of a training, in a folder that exists."""
    folder = Path(os.environ.get("UNROLL_CHECKPOINTS") or ROOT / ".data" / "training")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
