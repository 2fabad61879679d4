"""The life of a worker's processes: a parent that talks to Celery, and children that compute."""

from __future__ import annotations

import logging
from multiprocessing.sharedctypes import RawValue
from typing import Any

from celery import signals
from celery.apps.worker import Worker
from django.db import connections

from common.processes import die_with_parent
from jobs.workers import Heartbeat
from mlcore import registry

log = logging.getLogger(__name__)

# Shared by fork: the parent sets it on shutdown, and the children give their Runs back at the next report.
_draining = RawValue("b", 0)
_name = ""
_heartbeat: Heartbeat | None = None


def name() -> str:
    """The name of the worker that this process belongs to."""
    return _name


def is_draining() -> bool:
    return bool(_draining.value)


@signals.celeryd_after_setup.connect
def _remember_name(sender: str, instance: Worker, **_: Any) -> None:
    global _name
    _name = sender


@signals.worker_ready.connect
def _begin_heartbeat(sender: Any, **_: Any) -> None:
    global _heartbeat
    worker = sender.controller
    queues = list(worker.app.amqp.queues.consume_from)
    _heartbeat = Heartbeat(name=_name, queue=queues[0], slots=worker.concurrency)
    _heartbeat.start()


@signals.worker_shutting_down.connect
def _drain(**_: Any) -> None:
    _draining.value = 1
    if _heartbeat is not None:
        _heartbeat.leave()


@signals.worker_process_init.connect
def _begin_child(sender: Any = None, **_: Any) -> None:
    """In a fresh child: die with the parent, share none of its connections, and load what the first Run would wait for."""
    from celery import current_app

    die_with_parent()
    for connection in connections.all(initialized_only=True):
        connection.close_pool() if hasattr(connection, "close_pool") else connection.close()
    queues = set(current_app.amqp.queues.consume_from)
    for demo in registry.demos().values():
        if demo.queue in queues:
            demo.warm()
