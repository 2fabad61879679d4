"""`manage.py beat`: sweeps every few seconds, prunes every hour. It does not wait in the queues that it heals."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from jobs.sweeper import prune, sweep

log = logging.getLogger(__name__)

PRUNE_SECONDS = 3600
# Several of these may be started; the one that holds the lock sweeps, the others stand by.
LOCK = "unroll.beat"


class Command(BaseCommand):
    help = "Queue lost runs again, keep logs, wake workers: every few seconds, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        over = threading.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, lambda *_: over.set())
        prune_due = time.monotonic()
        while not over.wait(settings.SWEEP_SECONDS):
            try:
                if not self._holds_lock():
                    continue
                sweep()
                if time.monotonic() >= prune_due:
                    prune()
                    prune_due = time.monotonic() + PRUNE_SECONDS
            except Exception:  # whatever is wrong now (a server restarts, say), the next round may find it right
                log.exception("A sweep failed; the next one is in %d s.", settings.SWEEP_SECONDS)
                connection.close()

    def _holds_lock(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
            return bool(cursor.fetchone()[0])
