"""A worker's writes to Postgres: taking Runs, keeping them, giving them back, ending them.

Every write after the claim names the attempt it belongs to and touches nothing when that is not the current one.
Leases are measured by the database's clock, so workers need not agree on the time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Extract, Greatest, Now
from psycopg.types.json import Jsonb

from jobs import eventlog, fairness
from jobs.models import Run, State
from mlcore import registry

log = logging.getLogger(__name__)


_TAKE = """
UPDATE jobs_run
SET state = 'running', attempt = attempt + 1, tries = tries + 1, worker = %(worker)s, device = %(device)s,
    lease_until = clock_timestamp() + %(lease)s, started = coalesce(started, clock_timestamp()),
    attempt_started = clock_timestamp()
"""
_TAKE_NEXT = f"{_TAKE} WHERE id = ({fairness.NEXT}) RETURNING *"
_TAKE_COMPANIONS = f"""{_TAKE} WHERE id IN (
    SELECT id FROM jobs_run
    WHERE state = 'queued' AND queue = %(queue)s AND demo = %(demo)s AND version = %(version)s AND batch_key = %(key)s
    ORDER BY created LIMIT %(most)s FOR UPDATE SKIP LOCKED
) RETURNING *"""  # noqa: S608  (put together from constants)


def claim_runs(*, queue: str, worker: str, device: str) -> list[Run]:
    """Take the next Run of the queue, together with those that may be computed with it; empty when none may start."""
    lease = {"worker": worker, "device": device, "lease": timedelta(seconds=settings.LEASE_SECONDS)}
    runs = _take_next(queue, lease)
    if runs and runs[0].batch_key:
        first = runs[0]
        most = registry.get(first.demo).max_batch - 1
        alike = {"queue": queue, "demo": first.demo, "version": first.version, "key": first.batch_key, "most": most}
        runs += Run.objects.raw(_TAKE_COMPANIONS, {**lease, **alike})
    for run in runs:
        _announce(run)
    return runs


def _take_next(queue: str, lease: dict[str, Any]) -> list[Run]:
    # In an update old and new workers run side by side; each takes what was asked of its own code.
    here = [f"{demo.slug} {demo.version}" for demo in registry.demos().values()]
    take = Run.objects.raw(_TAKE_NEXT, {**lease, **fairness.query_args(queue), "here": here})
    if queue != "training":
        return list(take)
    # "Two at a time" counts rows; two workers counting at once would both see one.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('unroll.claim.training'))")
        return list(take)


def _announce(run: Run) -> None:
    """Say in the log that an attempt begins; from then on Valkey refuses older ones."""
    where = {"worker": run.worker, "device": run.device}
    if run.attempt == 1:
        eventlog.open_attempt(run, "started", where)
    else:
        # Back to what the picture was at the checkpoint, or to the very beginning (event 0).
        eventlog.open_attempt(run, "resumed", {"from": run.checkpoint_step, "rewind_to": run.checkpoint_seq, **where})


def renew_leases(runs: Sequence[Run]) -> list[Run]:
    """Renew the leases of these attempts; those that are no longer ours come back."""
    if not runs:
        return []
    until = Now() + timedelta(seconds=settings.LEASE_SECONDS)
    return [run for run in runs if not _mine(run).update(lease_until=until)]


def _mine(run: Run) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, attempt=run.attempt, state=State.RUNNING)


def spent() -> CombinedExpression:
    """The seconds of a Run with those of the attempt that ends now."""
    passed = Extract(Now() - Coalesce(F("attempt_started"), Now()), "epoch")
    return F("seconds") + Greatest(passed, 0.0)


def release_run(run: Run) -> bool:
    """Give a Run back to the queue without using up a try, as a worker does that shuts down."""
    return bool(
        _mine(run).update(
            state=State.QUEUED,
            queued_at=Now(),
            tries=F("tries") - 1,
            lease_until=None,
            worker="",
            device="",
            seconds=spent(),
        )
    )


def succeed_run(run: Run, result: dict[str, Any]) -> bool:
    """End a Run with its result; False when this attempt is not the current one (any more)."""
    return _end(run, state=State.SUCCEEDED, result=result)


def fail_run(run: Run, message: str, traceback: str = "") -> bool:
    """End a Run with a sentence for the student and the traceback for staff."""
    return _end(run, state=State.FAILED, error=_kept(message)[:2_000], traceback=_kept(traceback)[-20_000:])


def _kept(text: str) -> str:
    """The text as Postgres can keep it, without NUL and half characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


# Written out, as the claim is: building them anew for each Run took longer than running them (bench/dispatch.py).
_END = """
UPDATE jobs_run
SET state = %(state)s, result = %(result)s, error = %(error)s, traceback = %(traceback)s, lease_until = NULL,
    ended = clock_timestamp(),
    seconds = seconds + greatest(extract(epoch FROM clock_timestamp() - attempt_started), 0)
WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running'
"""


def _end(run: Run, *, state: State, result: Any = None, error: str = "", traceback: str = "") -> bool:
    fields = {"state": state.value, "error": error, "traceback": traceback}
    kept: Any = None if result is None else Jsonb(result)
    with connection.cursor() as cursor:
        cursor.execute(_END, {**fields, "result": kept, "id": run.pk, "attempt": run.attempt})
        if not cursor.rowcount:
            return False
    run.state, run.result, run.error, run.traceback = state, result, error, traceback
    eventlog.close(run)
    return True
