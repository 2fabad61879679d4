"""Keeps the processes of one Unroll running: starts again what dies, keeps what they say, ends all of them in order."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from config.processes import dying_with_parent

LOG_LIMIT = 5_000_000  # bytes; then the log is set aside as .log.1 and begun anew
BACK_OFF_LIMIT = 30.0  # seconds between two tries to start what keeps dying
STEADY = 60.0  # seconds after which a process counts as well again
TICK = 0.25  # seconds

WORTH_SHOWING = re.compile(r"\b(ERROR|CRITICAL)\b")


@dataclass
class Child:
    """One process that shall run: its command, and how the present try is going."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    failures: int = 0
    begun: float = 0.0
    due: float = 0.0

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_group(self, sig: signal.Signals) -> None:
        """Reach the process and all that it started: each child leads a process group of its own."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, sig)


class Supervisor:
    """Runs children until `stop`; `say` prints a line for the person at the terminal.

    Everything happens in the calling thread, which must be the main one: children end with the thread that started
    them, so that not even a `kill -9` leaves any behind.
    """

    def __init__(self, children: Sequence[Child], environment: dict[str, str], say: Callable[[str], None]) -> None:
        self.children = list(children)
        self._environment = environment
        self._say = say
        self._selector = selectors.DefaultSelector()

    def start(self) -> None:
        for child in self.children:
            self._start(child)

    def tick(self) -> bool:
        """Read what the children say, wait a moment, start again what has died; whether anything was started."""
        self._listen(TICK)
        changed = False
        for child in self.children:
            now = time.monotonic()
            if child.process and not child.alive():
                self._bury(child)
            if child.process is None and now >= child.due:
                self._start(child)
                changed = True
            if child.failures and child.alive() and now - child.begun > STEADY:
                child.failures = 0
        return changed

    def processes(self) -> dict[str, tuple[int, float]]:
        """Process number and time of creation of each child that runs, by name."""
        found = {}
        for child in self.children:
            if child.process:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process = psutil.Process(child.process.pid)
                    found[child.name] = (process.pid, process.create_time())
        return found

    def stop(self, groups: Sequence[tuple[Sequence[Child], float]]) -> None:
        """End the children group after group, each asked to end and killed after its grace time in seconds."""
        for children, grace in groups:
            for child in children:
                if child.process:
                    child.process.terminate()
            deadline = time.monotonic() + grace
            while any(child.alive() for child in children) and time.monotonic() < deadline:
                self._listen(0.05)
            self._kill(children)

    def kill(self) -> None:
        """End everything at once."""
        self._kill(self.children)

    def _kill(self, children: Sequence[Child]) -> None:
        for child in children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait()
                self._close(child)

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGKILL),
        )
        child.begun = time.monotonic()
        child.last_words.clear()
        assert child.process.stdout
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _bury(self, child: Child) -> None:
        assert child.process
        child.signal_group(signal.SIGKILL)  # what it had started
        self._listen(0)
        code = child.process.returncode
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"
        wait = 0.0 if child.failures == 0 else min(BACK_OFF_LIMIT, 2.0 ** (child.failures - 1))
        child.failures += 1
        child.due = time.monotonic() + wait
        self._close(child)
        self._say(f"{child.name} {how}; it starts again{f' in {wait:.0f} s' if wait else ' now'} (log: {child.log})")
        if code > 0:
            for line in child.last_words:
                self._say(f"  {line}")

    def _close(self, child: Child) -> None:
        if child.process and child.process.stdout:
            with contextlib.suppress(KeyError):  # it had closed its output before it ended
                self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
        child.process = None

    def _listen(self, wait: float) -> None:
        if not self._selector.get_map():
            time.sleep(wait)
        for key, _ in self._selector.select(wait):
            stream: IO[bytes] = key.fileobj  # type: ignore[assignment]  # registered in _start
            said = stream.read()
            if said:
                self._keep(key.data, said)
            elif said == b"":
                self._selector.unregister(stream)

    def _keep(self, child: Child, said: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk, which is said elsewhere, must not end what still runs
            with child.log.open("ab") as log:
                log.write(said)
                size = log.tell()
            if size > LOG_LIMIT:
                child.log.replace(child.log.with_suffix(".log.1"))
        for line in said.decode(errors="replace").splitlines():
            if line.strip():
                child.last_words.append(line)
            if WORTH_SHOWING.search(line):
                self._say(f"{child.name}: {line}")
