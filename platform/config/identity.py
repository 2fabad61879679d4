"""As whom PostgreSQL runs, and where its files lie.

PostgreSQL refuses to run as root, and root is what one is in a container. Nothing that is closed to others is opened
for it: where an ordinary user can reach both the program and the data, it runs as that user; where not, in a user
namespace in which root has an ordinary name; and where the system forbids that too, data and a copy of the program go
to a folder of their own outside.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config.processes import CannotStart, unshare_user_namespace

ORDINARY_USERS = ("postgres", "_postgres", "nobody")
OUTSIDE = Path("/var/lib/unroll")


@dataclass(frozen=True)
class Identity:
    """Run as `uid`:`gid`; with `namespace`, stay who we are but appear under those numbers."""

    uid: int
    gid: int
    namespace: bool = False

    def assume(self) -> None:
        """Take this identity; runs in the child between fork and exec."""
        if self.namespace:
            # The real ids must be read before the namespace hides them.
            uid, gid = os.geteuid(), os.getegid()
            unshare_user_namespace()
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{self.uid} {uid} 1")
            _write("/proc/self/gid_map", f"{self.gid} {gid} 1")
        elif os.geteuid() != self.uid:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


@dataclass(frozen=True)
class Home:
    """Where PostgreSQL's files are: its own folder, and the installation with bin/, lib/ and share/."""

    folder: Path
    installation: Path
    identity: Identity

    def can_run(self) -> bool:
        """Whether this identity reaches the program and the folder; tried in a child, so nothing changes here."""
        try:
            for program in ("postgres", "initdb"):
                command = [str(self.installation / "bin" / program), "--version"]
                subprocess.run(command, preexec_fn=self._enter, capture_output=True, timeout=30, check=True)
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _enter(self) -> None:
        self.identity.assume()
        os.chdir(self.folder if self.folder.exists() else self.folder.parent)


def outside_home(folder: Path) -> Path:
    """The folder outside that stands for `folder`, whether or not it exists."""
    return OUTSIDE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def find_home(folder: Path, installation: Path) -> Home:
    """Decide, once for each data folder, how PostgreSQL runs there; its owner tells the next start what was decided."""
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return Home(folder, installation, Identity(os.geteuid(), os.getegid()))

    users = [_find_user(name) for name in ORDINARY_USERS]
    ordinary = [user for user in users if user]
    if not ordinary:
        raise CannotStart("PostgreSQL cannot run as root, and this system has no ordinary user. Start Unroll as one.")
    namespace = Identity(ordinary[-1].uid, ordinary[-1].gid, namespace=True)

    if folder.exists():
        owner = folder.stat()
        identity = Identity(owner.st_uid, owner.st_gid) if owner.st_uid else namespace
        home = Home(folder, installation, identity)
        if not home.can_run():
            raise CannotStart(
                f"PostgreSQL's data in {folder} cannot be used as before: it belongs to user {owner.st_uid}, who cannot"
                " run it from here any more. Check who may read the folders above, or move the data away."
            )
        return home

    outside = outside_home(folder)
    if not outside.exists():
        for identity in (*ordinary, namespace):
            home = Home(folder, installation, identity)
            if home.can_run():
                _make_own(folder, identity)
                return home
    return _move_outside(outside, installation, ordinary[-1])


def _move_outside(outside: Path, installation: Path, user: Identity) -> Home:
    # The wheel's programs look for its libraries beside its package, so both are copied as they lie.
    package = installation.parent
    copies = outside / "program"
    home = Home(outside / "data", copies / package.name / installation.name, user)
    if not home.folder.exists():
        sys.stderr.write(
            "PostgreSQL cannot run as root, and no ordinary user may read this folder."
            f" Its data are kept in {outside} instead.\n"
        )
    OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
    outside.mkdir(mode=0o711, exist_ok=True)
    if not home.can_run():
        # A newer program after an update, or the first time here.
        shutil.rmtree(copies, ignore_errors=True)
        shutil.copytree(installation, home.installation, symlinks=True, ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copies / libraries.name, symlinks=True)
    if not home.folder.exists():
        _make_own(home.folder, user)
    if not home.can_run():
        raise CannotStart(
            "PostgreSQL cannot run as root, and no ordinary user of this system can run it either."
            " Start Unroll as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
        )
    return home


def _make_own(folder: Path, identity: Identity) -> None:
    folder.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    if not identity.namespace:
        os.chown(folder, identity.uid, identity.gid)


def _find_user(name: str) -> Identity | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Identity(entry.pw_uid, entry.pw_gid)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
