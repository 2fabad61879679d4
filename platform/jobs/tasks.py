"""The one Celery task. Its message only wakes a worker: what there is to do stands in Postgres."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from jobs import worker_process

WAKE_EXPIRES = 5
"""Seconds. A wake that no worker had time for is not needed: workers look for more when they are done, and the sweeper
wakes them again."""


@shared_task(name="jobs.work")
def work(queue: str) -> None:
    from jobs.worker import work_off  # the web process sends this task, and needs nothing of the worker's code

    try:
        work_off(queue, worker=worker_process.name(), device="cpu", is_draining=worker_process.is_draining)
    finally:
        close_old_connections()  # back to the pool, or away where it broke


def wake(queue: str) -> None:
    work.apply_async(args=(queue,), queue=queue, expires=WAKE_EXPIRES, retry=False)
