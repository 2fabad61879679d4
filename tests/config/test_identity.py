"""As whom PostgreSQL runs when we are root, and that nothing closed is opened for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.identity import outside_home
from tests.stack import ROOT, own_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux has a choice")

OWNERS = """
import sys
from pathlib import Path
from config import embedded
data_dir = Path(sys.argv[1])
embedded.urls(data_dir, "", "")
print(embedded.holder(data_dir).servers[0].folder)
print(embedded.holder(data_dir).servers[0].folder.stat().st_uid)
"""

# Root without the right to make namespaces, as in most containers: in a namespace that has all users but forbids more.
NO_NAMESPACES = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
ready, go = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    assert libc.unshare(0x10000000) == 0
    os.write(ready[1], b".")
    os.read(go[0], 1)
    os.setgid(0)
    os.setuid(0)
    open("/proc/sys/user/max_user_namespaces", "w").write("0")
    os.execv(sys.argv[1], sys.argv[1:])
os.read(ready[0], 1)
for kind in ("uid_map", "gid_map"):
    open(f"/proc/{child}/{kind}", "w").write("0 0 70000")
os.write(go[1], b".")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def start(data_dir: Path, *before: str) -> tuple[list[str], str]:
    """Where PostgreSQL's folder is and whose, and what was said about it."""
    done = subprocess.run(
        [*before, sys.executable, "-c", OWNERS, str(data_dir)],
        env={**own_environment(data_dir), "PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


@pytest.fixture
def closed(data_dir: Path) -> Iterator[Path]:
    folder = data_dir / "closed"
    folder.mkdir(mode=0o700)
    yield folder
    embedded.remove(folder / "data")


def test_an_ordinary_user_runs_it_where_that_user_reaches_the_data(data_dir: Path) -> None:
    (folder, owner), said = start(data_dir)
    assert folder == str(data_dir / "postgres")
    assert owner != "0"
    assert said == ""


def test_below_a_closed_folder_it_runs_in_a_namespace_and_the_folder_stays_closed(closed: Path) -> None:
    (folder, owner), said = start(closed / "data")
    assert folder == str(closed / "data" / "postgres")
    assert owner == "0"
    assert said == ""
    assert closed.stat().st_mode & 0o777 == 0o700


def test_where_namespaces_are_forbidden_too_the_data_lie_outside_and_that_is_said(closed: Path) -> None:
    data_dir = closed / "data"
    forbidding = (sys.executable, "-c", NO_NAMESPACES)
    outside = outside_home(data_dir / "postgres")
    (folder, owner), said = start(data_dir, *forbidding)
    again, said_again = start(data_dir, *forbidding)
    assert folder == str(outside / "data")
    assert owner != "0"
    assert f"Its data are kept in {outside} instead." in said
    assert (again, said_again) == ([folder, owner], "")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_data_of_another_user_are_left_alone(data_dir: Path) -> None:
    (data_dir / "lock").touch()
    os.chown(data_dir / "lock", 1, 1)
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=own_environment(data_dir),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        f"{data_dir} belongs to another user of this system. Start Unroll as that user, or set DATA_DIR.\n"
    )
