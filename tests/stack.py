"""The whole of Unroll as `make run` starts it, on a data folder that is thrown away, for tests from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import psutil
import pytest

from config import embedded

ROOT = Path(__file__).resolve().parents[1]
READY_LIMIT = 120  # seconds
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Stack:
    """One `manage.py up` and what a test wants to know of it."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {**own_environment(data_dir), "PORT": str(self.port), "PUBLIC_URL": self.url, **environment}
        self.output = data_dir.with_name(data_dir.name + ".out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.wait_for(self.ready, "pages and workers")

    def stop(self, sig: signal.Signals = signal.SIGINT) -> int:
        """End everything as Ctrl-C does; returns the exit status. Fails if a process is left."""
        assert self.process
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        self.process.send_signal(sig)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert still_there(family) == []
        return status

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def get(self, path: str) -> Any:
        """The JSON at `path`."""
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            return json.load(response)

    def ready(self) -> bool:
        """Whether the pages say that database and Valkey answer, and both workers have been heard of."""
        try:
            return {worker["queue"] for worker in self.get("/readyz")["workers"]} == {"inference", "training"}
        except (HTTPError, URLError, OSError):
            return False

    def pids(self, name: str) -> list[int]:
        """Process numbers of web, inference, training or beat: the one that `up` started, then those under it.

        Empty while it is between two lives.
        """
        pid, _ = embedded.read_runtime(self.data_dir)["processes"].get(name, (0, 0))
        try:
            return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))] if pid else []
        except psutil.NoSuchProcess:
            return []

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Run a command of manage.py beside the running Unroll, as a person would in another terminal."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait_for(self, condition: Callable[[], object], what: str, limit: float = READY_LIMIT) -> None:
        """Look until `condition` holds; fails with everything that was said where it does not come true."""
        deadline = time.monotonic() + limit
        while not condition():
            if self.process and self.process.poll() is not None:
                pytest.fail(f"manage.py up ended while waiting for {what}:\n{self.said()}")
            if time.monotonic() > deadline:
                pytest.fail(f"waited {limit} s for {what}:\n{self.said()}")
            time.sleep(0.1)


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Unroll on a data folder that is thrown away."""
    folder = throwaway_data_dir()
    stack = Stack(folder)
    try:
        stack.start()
        yield stack
    finally:
        if stack.process and stack.process.poll() is None:
            stack.stop()
        embedded.remove(folder)
        stack.output.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Unroll, running, shared by all tests of a session: leave it as you found it."""
    with running_stack() as stack:
        yield stack


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder for one test that starts servers of its own."""
    folder = throwaway_data_dir()
    yield folder
    embedded.remove(folder)


def throwaway_data_dir() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="unroll-stack-")).resolve()
    folder.chmod(embedded.data_dir_mode())
    return folder


def own_environment(data_dir: Path) -> dict[str, str]:
    """The environment of a person who has set nothing but the data folder."""
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "VALKEY_URL", "SECRET_KEY", "HOST", "PUBLIC_URL", "DEBUG"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, "DATA_DIR": str(data_dir), "ENV_FILE": os.devnull}


def still_there(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended after some seconds; a zombie that only its new parent has yet to notice has ended."""
    _, alive = psutil.wait_procs(processes, timeout=5)
    return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """The Chromium or Chrome of this system."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not found:
        pytest.fail("Chromium is missing: apt install chromium, or set CHROMIUM to one that is there.")
    return found
