"""PostgreSQL and Valkey without installing anything: started here, or joined where another process runs them.

Whoever holds the lock of a data folder runs its servers; `runtime.json` tells everybody else how to reach them. The
kernel drops the lock with the process, so nothing is left to clean up after a crash.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psutil

from config.identity import outside_home
from config.processes import CannotStart, end
from config.servers import START_LIMIT, Postgres, Server, Valkey, write_private

ROOM_NEEDED = 300_000_000  # bytes; an empty database alone takes 60 MB

_held: dict[Path, Embedded] = {}


class Embedded:
    """The lock of one data folder and the servers that this process runs in it, until `stop` or the process ends."""

    def __init__(self, data_dir: Path, lock: int) -> None:
        self.data_dir = data_dir
        self.servers: list[Server] = []
        self._lock = lock
        self._owner = os.getpid()
        self._runtime: dict[str, Any] = {"pid": self._owner}
        self._held = True
        os.register_at_fork(after_in_child=self._let_go)

    @classmethod
    def hold(cls, data_dir: Path) -> Self | None:
        """Take the lock; None where another process has it."""
        with _only_owner(data_dir):
            make_data_dir(data_dir)
            lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            if os.fstat(lock).st_uid != os.geteuid():
                # Root may write here, but what it writes the owner could no longer read.
                raise PermissionError
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        _end_leftovers(data_dir)
        (data_dir / "runtime.json").unlink(missing_ok=True)
        held = cls(data_dir, lock)
        atexit.register(held.stop)
        return held

    def start(self, *, postgres: bool = True, valkey: bool = True) -> None:
        logs = self.data_dir / "logs"
        if postgres:
            self.servers.append(Postgres(self.data_dir / "postgres", logs / "postgres.log"))
        if valkey:
            self.servers.append(Valkey(self.data_dir / "valkey", logs / "valkey.log"))
        for server in self.servers:
            server.start()
        self.announce(servers=self.urls())

    def urls(self) -> dict[str, str]:
        return {server.program: server.url for server in self.servers}

    def announce(self, **facts: Any) -> None:
        """Tell other processes something about this one."""
        self._runtime.update(facts)
        write_private(self.data_dir / "runtime.json", json.dumps(self._runtime))

    def stop(self) -> None:
        if os.getpid() != self._owner or not self._held:
            return
        for server in reversed(self.servers):
            server.stop()
        self.servers.clear()
        (self.data_dir / "runtime.json").unlink(missing_ok=True)
        self._let_go()
        atexit.unregister(self.stop)
        _held.pop(self.data_dir, None)

    def _let_go(self) -> None:
        # Also in a forked child, which would otherwise keep the lock after its parent is gone.
        if self._held:
            self._held = False
            os.close(self._lock)


def urls(data_dir: Path, database_url: str, valkey_url: str) -> tuple[str, str]:
    """The addresses of database and Valkey: those given, else those of the embedded servers of `data_dir`.

    Where another process (`manage.py up`) runs them, it is theirs; else they start and live as long as this process.
    """
    if database_url and valkey_url:
        return database_url, valkey_url
    held = _held.get(data_dir)
    running = held.urls() if held else _start_or_join(data_dir, postgres=not database_url, valkey=not valkey_url)
    try:
        return database_url or running[Postgres.program], valkey_url or running[Valkey.program]
    except KeyError:
        raise CannotStart(
            "Unroll runs with a DATABASE_URL or VALKEY_URL that is not set here. Set the same here."
        ) from None


def holder(data_dir: Path) -> Embedded | None:
    """The lock that this process holds on `data_dir`, if it does."""
    return _held.get(data_dir)


def read_runtime(data_dir: Path) -> dict[str, Any]:
    """What the process that holds the lock says about itself; {} where nobody is ready."""
    try:
        runtime: dict[str, Any] = json.loads((data_dir / "runtime.json").read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return runtime if psutil.pid_exists(runtime["pid"]) else {}


def secret_key(data_dir: Path) -> str:
    """Django's secret key, made once for each data folder and readable by its owner only."""
    path = data_dir / "secret_key"
    with _only_owner(data_dir):
        if not path.exists():
            make_data_dir(data_dir)
            temporary = data_dir / f"secret_key.{os.getpid()}"
            write_private(temporary, secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)  # unlike a rename, it never replaces the key of a process that was faster
            temporary.unlink()
        return path.read_text()


@contextlib.contextmanager
def _only_owner(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise CannotStart(
            f"{data_dir} belongs to another user of this system. Start Unroll as that user, or set DATA_DIR."
        ) from None


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder where it is missing; raises CannotStart where the disk has no room for it."""
    there = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM_NEEDED:
        raise CannotStart(
            f"The disk that holds {data_dir} is full: {free // 1_000_000} MB are free, and Unroll needs"
            f" {ROOM_NEEDED // 1_000_000} MB to work. Make room, or set DATA_DIR to a folder on another disk."
        )
    if not data_dir.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(data_dir_mode())


def data_dir_mode() -> int:
    """Root lets others pass through its data folder, for the user that PostgreSQL runs as, but not look into it."""
    return 0o711 if os.geteuid() == 0 else 0o700


def remove(data_dir: Path) -> None:
    """Delete a data folder and what was put outside for it; its servers must have stopped."""
    shutil.rmtree(data_dir, ignore_errors=True)
    shutil.rmtree(outside_home(data_dir / "postgres"), ignore_errors=True)


def _start_or_join(data_dir: Path, *, postgres: bool, valkey: bool) -> dict[str, str]:
    """The addresses of the servers of `data_dir`, started here unless another process holds its lock."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        held = Embedded.hold(data_dir)
        if held:
            held.start(postgres=postgres, valkey=valkey)
            _held[data_dir] = held
            return held.urls()
        servers: dict[str, str] | None = read_runtime(data_dir).get("servers")
        if servers is not None and all(_listens(url) for url in servers.values()):
            return servers
        time.sleep(0.1)
    raise CannotStart(
        f"Another process holds {data_dir / 'lock'} but its servers do not answer. End it and start again."
    )


def _end_leftovers(data_dir: Path) -> None:
    """End the children of a holder that was killed, where the system has not done it already."""
    try:
        runtime = json.loads((data_dir / "runtime.json").read_text())
    except FileNotFoundError:
        return
    leftovers = []
    for pid, created in runtime.get("processes", {}).values():
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.create_time() == created:  # its number has not gone to another program
                leftovers.append(process)
    end(leftovers, signal.SIGTERM, grace=5)


def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port or 0), timeout=5).close()
    except OSError:
        return False
    return True
