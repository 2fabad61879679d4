"""Which workers are there: each says so in Valkey every few seconds, and is forgotten when it falls silent."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

import redis

from common.valkey import client

log = logging.getLogger(__name__)

BEAT_SECONDS = 3
SILENT_SECONDS = 10
_PREFIX = "worker:"


@dataclass(frozen=True)
class WorkerInfo:
    name: str
    queue: str
    slots: int
    pid: int
    host: str
    seen: float
    """Unix time in seconds."""


def alive(queue: str | None = None) -> list[WorkerInfo]:
    """The workers heard of in the last ten seconds, of one queue or of all."""
    keys = list(client().scan_iter(match=f"{_PREFIX}*", count=100))
    values: Any = client().mget(keys) if keys else []
    workers = [WorkerInfo(**json.loads(value)) for value in values if value]
    return sorted((w for w in workers if queue in (None, w.queue)), key=lambda w: w.name)


class Heartbeat(threading.Thread):
    """Says that this worker is there, until `leave` is called or its process ends."""

    def __init__(self, *, name: str, queue: str, slots: int) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._worker = {"name": name, "queue": queue, "slots": slots, "pid": os.getpid(), "host": socket.gethostname()}
        self._left = threading.Event()

    def run(self) -> None:
        while not self._left.is_set():
            info = WorkerInfo(**self._worker, seen=time.time())  # type: ignore[arg-type]
            try:
                client().set(f"{_PREFIX}{info.name}", json.dumps(asdict(info)), ex=SILENT_SECONDS)
            except redis.RedisError:
                log.warning("Could not say that this worker is there; trying again.")
            self._left.wait(BEAT_SECONDS)

    def leave(self) -> None:
        self._left.set()
        client().delete(f"{_PREFIX}{self._worker['name']}")
