"""Finds the demos under `lessons/`: one file `lessons/<lesson>/demos/<slug>.py` with one subclass of `Demo` each."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlcore.contracts import Demo

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"


@cache
def demos() -> dict[str, Demo]:
    """Every demo by its slug.

    Raises:
        ValueError: two files claim one slug, or a file does not hold exactly one demo.
    """
    found: dict[str, Demo] = {}
    for path in sorted(LESSONS.glob("*/demos/*.py")):
        if path.stem.startswith("_"):
            continue
        demo = _load(path)
        if demo.slug in found:
            raise ValueError(f"two demos are called {demo.slug!r}: in {found[demo.slug].lesson} and {demo.lesson}")
        found[demo.slug] = demo
    return found


def get(slug: str) -> Demo:
    """The demo called `slug`. Raises KeyError when there is none."""
    return demos()[slug]


def _load(path: Path) -> Demo:
    lesson = path.parent.parent.name
    module = importlib.import_module(f"lessons.{lesson}.demos.{path.stem}")
    classes = [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, Demo) and cls.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise ValueError(f"{path.relative_to(ROOT)} must hold exactly one Demo, not {len(classes)}")
    cls = classes[0]
    cls.slug, cls.lesson = path.stem, lesson
    cls.version = _version(path, cls.weights)
    return cls()


def _version(path: Path, weights: tuple[str, ...]) -> str:
    """A digest of all that may change a result: the lesson's Python, `mlcore`, and the named weights."""
    digest = hashlib.sha256()
    for source in _sources(path):
        digest.update(source.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(source.read_bytes() + b"\0")
    for name in weights:
        digest.update(name.encode() + b"\0")
    return digest.hexdigest()[:16]


def _sources(path: Path) -> Iterator[Path]:
    yield from sorted(path.parent.glob("_*.py"))
    yield path
    yield from sorted((ROOT / "mlcore").rglob("*.py"))
