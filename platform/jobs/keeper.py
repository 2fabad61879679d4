"""The thread beside the computation: renews leases, and writes what a silent demo has said but not yet sent."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from jobs.leases import renew_leases
from jobs.models import Run
from jobs.reporter import Lost, LiveReporter

log = logging.getLogger(__name__)


class Keeper:
    """Looks after the Runs that this process computes at the moment.

    Used as a context around one Run or batch. `is_draining` tells whether the worker is shutting down.
    """

    def __init__(self, runs: list[Run], is_draining: Callable[[], bool]) -> None:
        self._is_draining = is_draining
        self._changed = threading.Condition()
        self._flushes: dict[LiveReporter, float] = {}
        self._over = False
        self._workspaces: dict[Run, Path] = {}
        self.reporters = {run: LiveReporter(run, self, raising=len(runs) == 1) for run in runs}

    @property
    def draining(self) -> bool:
        return self._is_draining()

    def workspace(self, run: Run) -> Path:
        """A folder for this attempt's files, gone when the attempt ends."""
        if run not in self._workspaces:
            self._workspaces[run] = Path(tempfile.mkdtemp(prefix="run-"))
        return self._workspaces[run]

    def flush_at(self, reporter: LiveReporter, due: float) -> None:
        """Have `reporter` flushed at `due` (monotonic seconds), unless it does so itself before."""
        with self._changed:
            if reporter not in self._flushes:
                self._flushes[reporter] = due
                self._changed.notify()

    def __enter__(self) -> Keeper:
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()
        for folder in self._workspaces.values():
            shutil.rmtree(folder, ignore_errors=True)

    def _keep(self) -> None:
        renew_due = time.monotonic() + settings.LEASE_RENEW_SECONDS
        try:
            while True:
                with self._changed:
                    due = min([renew_due, *self._flushes.values()])
                    if not self._over and due > time.monotonic():
                        self._changed.wait(due - time.monotonic())
                    if self._over:
                        return
                    now = time.monotonic()
                    flushes = [reporter for reporter, at in self._flushes.items() if at <= now]
                    for reporter in flushes:
                        del self._flushes[reporter]
                for reporter in flushes:
                    self._flush(reporter)
                if time.monotonic() >= renew_due:
                    self._renew()
                    renew_due = time.monotonic() + settings.LEASE_RENEW_SECONDS
        finally:
            connection.close()

    def _flush(self, reporter: LiveReporter) -> None:
        try:
            reporter.flush()
        except redis.RedisError as error:
            reporter.lose(error)

    def _renew(self) -> None:
        try:
            mine = [run for run, reporter in self.reporters.items() if reporter.end is None]
            for run in renew_leases(mine):
                self.reporters[run].lose(Lost())
        except DatabaseError:
            # Postgres may be back before the lease is over; if it is not, the Run is taken up elsewhere.
            log.warning("Could not renew a lease; trying again.", exc_info=True)
            connection.close()
