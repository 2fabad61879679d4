"""Texts for models of characters.

*Tiny Shakespeare* (A. Karpathy's selection of plays, 1,115,394 characters; the text is in the public domain) is what
such models are measured on: the first nine tenths to learn from, the last for validation. It is read from
`UNROLL_DATA`. What trains while a student watches reads `mlcore.data.texts` instead, which packages carry.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mlcore.data.folders import PublishedFile
from mlcore.data.texts import shakespeare_files

TINY_SHAKESPEARE = PublishedFile(
    "tinyshakespeare/input.txt",
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    "https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e"
    "/data/tinyshakespeare/input.txt",
)


class Parts(NamedTuple):
    train: str
    validation: str


def tiny_shakespeare() -> Parts:
    """Tiny Shakespeare, divided as in nanoGPT. Raises FileNotFoundError and ValueError as `PublishedFile.locate`."""
    return divide(TINY_SHAKESPEARE.locate().read_text(encoding="utf-8"))


def divide(text: str, share: float = 0.9) -> Parts:
    """The first `share` of a text, and the rest."""
    at = int(share * len(text))
    return Parts(text[:at], text[at:])


def packaged_shakespeare(works: int = 6) -> str:
    """So many works of Shakespeare from the package `shakespeare`; 42 are there, 5.1 million characters.

    *Coriolanus* comes first, whose first words also open Tiny Shakespeare, then the others in alphabetical order.
    """
    paths = sorted(shakespeare_files(), key=lambda path: (path.stem != "coriolanus_gut", path.stem))
    # Windows' line ends and runs of empty lines teach nothing; a work ends with one empty line.
    texts = [path.read_text(encoding="latin-1").strip() for path in paths[:works]]
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\r]+\n", "\n", "\n\n".join(texts) + "\n"))
