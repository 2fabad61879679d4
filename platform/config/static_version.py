"""A name for the present content of all static files.

It becomes part of their address, so a browser may keep them for ever, and relative imports between modules need no
rewriting: all of them move together.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def content_digest(folders: Iterable[Path | tuple[str, Path]], *others: Path) -> str:
    """Ten hex digits that change with the content of a file in these folders (as STATICFILES_DIRS has them).

    `others` are files that stand for more: the list of installed packages, for the static files inside them. The bytes
    are read, because times differ between two checkouts of the same content: a few megabytes, some milliseconds.
    """
    digest = hashlib.blake2b(digest_size=5)
    for entry in folders:
        prefix, folder = entry if isinstance(entry, tuple) else ("", entry)
        for path in _files(folder):
            _add(digest, f"{prefix}/{path.relative_to(folder)}", path)
    for path in others:
        _add(digest, path.name, path)
    return digest.hexdigest()


def _add(digest: hashlib.blake2b, name: str, path: Path) -> None:
    content = path.read_bytes()
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)


def _files(folder: Path) -> list[Path]:
    return sorted(Path(base) / name for base, _, names in os.walk(folder) for name in names)
