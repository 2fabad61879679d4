"""What tests of several apps do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from jobs.workers import Heartbeat, alive


@contextmanager
def worker_is_there(*, name: str, queue: str = "inference", slots: int = 1) -> Iterator[None]:
    """A worker that says it is there, and takes nothing."""
    heartbeat = Heartbeat(name=name, queue=queue, slots=slots)
    heartbeat.start()
    while not alive(queue):
        time.sleep(0.005)
    yield
    heartbeat.leave()
    heartbeat.join()
