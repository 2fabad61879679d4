"""What tests of several apps do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import User
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


def count_queries(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def all_at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """What `call(0)`, `call(1)`, … answer, each in a thread and with a database connection of its own."""
    barrier = threading.Barrier(count)
    answers: list[Any] = [None] * count

    def one(n: int) -> None:
        barrier.wait(30)
        try:
            answers[n] = call(n)
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    return answers


def actor_of(user: User | None = None, guest: str = "") -> Actor:
    return Actor(user=user, guest=guest, address="127.0.0.1")
