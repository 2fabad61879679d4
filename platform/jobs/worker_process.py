"""The life of a worker's processes: a parent that talks to Celery, and children that compute."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from multiprocessing.sharedctypes import RawValue
from typing import Any

from celery import current_app, signals
from celery.apps.worker import Worker

from common.processes import die_with_parent
from jobs.workers import Heartbeat
from mlcore import registry

log = logging.getLogger(__name__)

# Shared by fork: the parent sets it on shutdown, and the children give their Runs back at the next report.
_draining = RawValue("b", 0)


@dataclass
class _This:
    """What this worker is, known once Celery has set it up."""

    name: str = ""
    parent: int = 0
    heartbeat: Heartbeat | None = None


_this = _This()


def name() -> str:
    """The name of the worker that this process belongs to."""
    return _this.name


def is_draining() -> bool:
    return bool(_draining.value)


@signals.celeryd_after_setup.connect
def _remember_name(sender: str, instance: Worker, **_: Any) -> None:
    _this.name, _this.parent = sender, os.getpid()


@signals.worker_ready.connect
def _begin_heartbeat(sender: Any, **_: Any) -> None:
    worker = sender.controller
    queues = list(worker.app.amqp.queues.consume_from)
    _this.heartbeat = Heartbeat(name=_this.name, queue=queues[0], slots=worker.concurrency)
    _this.heartbeat.start()


@signals.worker_shutting_down.connect
def _drain(**_: Any) -> None:
    _draining.value = 1
    if _this.heartbeat is not None:
        _this.heartbeat.leave()


@signals.worker_process_init.connect
def _begin_child(sender: Any = None, **_: Any) -> None:
    """In a fresh child: die with the parent, and load what the first Run would wait for."""
    die_with_parent(_this.parent)
    # Children share the cores: threads inside one matrix product would only wait for each other (bench/explorer.py).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    queues = set(current_app.amqp.queues.consume_from)
    for demo in registry.demos().values():
        if demo.queue in queues:
            demo.warm()
