"""The thread beside the computation: renews leases, and writes what a silent demo has said but not yet sent."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from jobs.leases import renew_leases
from jobs.models import Run
from jobs.reporter import LiveReporter, Lost

log = logging.getLogger(__name__)


class Keeper:
    """Looks after the Runs that this process computes, one `Care` after another.

    The thread is started when it is first needed, hence in a worker's child and not in the parent it is forked from.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._care: Care | None = None
        self._renew_due = 0.0
        self._flushes: dict[LiveReporter, float] = {}
        self._thread: threading.Thread | None = None

    def begin(self, care: Care) -> None:
        with self._changed:
            self._care = care
            self._renew_due = time.monotonic() + settings.LEASE_RENEW_SECONDS
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
                self._thread.start()
            # A thread that sleeps past this care's first renewal need not be woken for it now.

    def end(self) -> None:
        with self._changed:
            self._care = None
            self._flushes.clear()

    def flush_at(self, reporter: LiveReporter, due: float) -> None:
        with self._changed:
            if reporter not in self._flushes:
                self._flushes[reporter] = due
                self._changed.notify()

    def _keep(self) -> None:
        while True:
            with self._changed:
                due = min([time.monotonic() + settings.LEASE_RENEW_SECONDS / 5, *self._flushes.values()])
                self._changed.wait(max(due - time.monotonic(), 0))
                now = time.monotonic()
                flushes = [reporter for reporter, at in self._flushes.items() if at <= now]
                for reporter in flushes:
                    del self._flushes[reporter]
                care = self._care
            for reporter in flushes:
                _flush(reporter)
            if care is not None and now >= self._renew_due:
                self._renew_due = now + settings.LEASE_RENEW_SECONDS
                _renew(care)


_keeper = Keeper()


class Care:
    """A context around the computation of one Run or batch: gives its reporters, keeps its leases.

    `is_draining` tells whether the worker is shutting down.
    """

    def __init__(self, runs: list[Run], is_draining: Callable[[], bool]) -> None:
        self._is_draining = is_draining
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
        _keeper.flush_at(reporter, due)

    def __enter__(self) -> Care:
        _keeper.begin(self)
        return self

    def __exit__(self, *exc_info: object) -> None:
        _keeper.end()
        for folder in self._workspaces.values():
            shutil.rmtree(folder, ignore_errors=True)


def _flush(reporter: LiveReporter) -> None:
    try:
        reporter.flush()
    except Exception as error:  # whatever it is ends this Run, not the thread that keeps all of them
        reporter.lose(error)


def _renew(care: Care) -> None:
    try:
        mine = [run for run, reporter in care.reporters.items() if reporter.end is None]
        for run in renew_leases(mine):
            care.reporters[run].lose(Lost())
    except Exception:
        # Postgres may be back before the lease is over; if it is not, the Run is taken up elsewhere.
        log.warning("Could not renew a lease; trying again.", exc_info=True)
    finally:
        connection.close()
