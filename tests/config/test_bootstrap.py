"""bin/bootstrap.py, on a copy of the project that has nothing else. What needs a registry is left to `make` itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("bin/bootstrap.py", "requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path.resolve()


def bootstrap(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "bin/bootstrap.py", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def finish(project: Path, **stamp: str) -> None:
    """Leave what a finished installation leaves."""
    programs = project / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (project / ".venv" / "unroll.json").write_text(json.dumps({"folder": str(project / ".venv"), **stamp}))


def digest(project: Path, name: str) -> str:
    return hashlib.sha256((project / name).read_bytes()).hexdigest()


def no_venv(project: Path) -> dict[str, str]:
    """Like Debian's Python without the package python3-venv."""
    (project / "broken").mkdir()
    (project / "broken" / "ensurepip.py").write_text("raise ImportError")
    return {"PYTHONPATH": str(project / "broken")}


def test_finished_installation_is_left_alone(project: Path) -> None:
    finish(project, run=digest(project, "requirements.txt"))
    done = bootstrap(project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_developers_installation_serves_to_run_too(project: Path) -> None:
    finish(project, run=digest(project, "requirements.txt"), dev=digest(project, "requirements-dev.txt"))
    for arguments in ((), ("dev",)):
        assert bootstrap(project, *arguments).stdout == ""


def test_python_without_venv_is_told_in_one_line(project: Path) -> None:
    refused = bootstrap(project, **no_venv(project))
    assert refused.returncode == 1
    assert refused.stderr == "unroll: this Python has no venv; on Debian and Ubuntu: apt install python3-venv.\n"


@pytest.mark.parametrize("stamp", ["", '{"folder": "/elsewhere/.venv"}'])
def test_half_made_or_moved_installation_is_not_taken_for_a_finished_one(project: Path, stamp: str) -> None:
    finish(project)
    (project / ".venv" / "unroll.json").write_text(stamp)
    # It gets as far as wanting to make .venv, which this Python cannot.
    assert "has no venv" in bootstrap(project, **no_venv(project)).stderr


def test_unknown_word_is_refused(project: Path) -> None:
    assert "unknown: devel" in bootstrap(project, "devel").stderr
