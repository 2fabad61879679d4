"""The sweeper: makes good what a crash left behind. Every step may run anywhere, any number of times."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs import eventlog, workers
from jobs.leases import spent
from jobs.models import ENDED, Artifact, Job, Run, State
from jobs.signals import pruning
from jobs.tasks import wake
from jobs.uploads import prune_uploads
from mlcore import registry

log = logging.getLogger(__name__)

LOST = (
    "This run was interrupted three times, so we stopped trying. Run it again; if that fails too, tell your instructor."
)
OUTDATED = "This demo was updated while your run was waiting. Run it again to use the new version."
BATCH = 200
KEEP_INFERENCE = timedelta(days=1)
KEEP_OTHERS = timedelta(days=30)


def sweep() -> None:
    """One round. What is wrong in one step must not keep the others from being done."""
    for step in (requeue_lost_runs, wake_workers, fail_outdated_runs, keep_logs):
        try:
            step()
        except Exception:
            log.exception("The sweep could not %s; the next round tries again.", step.__name__.replace("_", " "))
            connection.close()


def requeue_lost_runs() -> int:
    """Queue again what lost its lease; what lost it too often fails."""
    lost = Run.objects.select_for_update(skip_locked=True).filter(state=State.RUNNING, lease_until__lt=Now())
    with transaction.atomic():
        ids = list(lost.filter(tries__lt=settings.MAX_TRIES).values_list("id", flat=True))
        Run.objects.filter(id__in=ids).update(
            state=State.QUEUED, queued_at=Now(), lease_until=None, worker="", device="", seconds=spent()
        )
        _fail(lost, LOST)
    if ids:
        log.warning("Queued again after a lost lease: %s", ", ".join(map(str, ids)))
    return len(ids)


def fail_outdated_runs() -> None:
    """Fail what waits for code that is no longer there. A minute's patience lets old workers finish in an update."""
    here = [Q(demo=demo.slug, version=demo.version) for demo in registry.demos().values()]
    waiting = Run.objects.select_for_update(skip_locked=True).filter(state=State.QUEUED)
    with transaction.atomic():
        _fail(
            waiting.exclude(reduce(or_, here, Q(pk=None))).filter(queued_at__lt=Now() - timedelta(minutes=1)), OUTDATED
        )


def _fail(runs: Any, message: str) -> None:
    for run in runs[:BATCH]:
        if run.state == State.RUNNING:
            Run.objects.filter(pk=run.pk).update(seconds=spent())
        run.state, run.ended, run.lease_until, run.error = State.FAILED, timezone.now(), None, message
        run.save(update_fields=["state", "ended", "lease_until", "error"])
        eventlog.close_on_commit(run)


def keep_logs() -> int:
    """Turn the logs of ended Runs into artifacts, with the final event that the row tells of; how many were kept."""
    ended = Run.objects.filter(log_kept=False, ended__lt=Now() - timedelta(seconds=1)).order_by("?")[:BATCH]
    kept = 0
    for run in ended:
        try:
            kept += _keep_log(run)
        except Exception:  # a full disk, say; in any order, so that one bad log does not hold up the others
            log.exception("Could not keep the log of %s; the next round tries again.", run)
    return kept


def _keep_log(run: Run) -> bool:
    eventlog.close(run)
    data = eventlog.pack(eventlog.read(run.id, after=0))
    artifact = Artifact(run=run, name=Artifact.LOG, size=len(data))
    artifact.file.save(Artifact.LOG, ContentFile(data), save=False)
    with transaction.atomic():
        first = bool(Run.objects.filter(pk=run.pk, log_kept=False).update(log_kept=True))
        if first:
            artifact.save(force_insert=True)
    if not first:
        artifact.file.delete(save=False)
    return first


def wake_workers() -> None:
    """Send at most one wake for each free slot of a queue in which something waits."""
    counts = Run.objects.filter(state__in=[State.QUEUED, State.RUNNING]).values("queue")
    there = workers.alive()
    for row in counts.annotate(
        waiting=Count("id", filter=Q(state=State.QUEUED)), running=Count("id", filter=Q(state=State.RUNNING))
    ):
        slots = sum(worker.slots for worker in there if worker.queue == row["queue"])
        for _ in range(min(row["waiting"], max(slots - row["running"], 0))):
            wake(row["queue"])


def prune() -> int:
    """Delete old Runs with their Jobs and files: quick ones after a day, others after thirty; how many there were.
    Other apps are told that it is time to do the like.

    A Run that is shared, that another refers to, or that somebody asked for lately stays: a link in somebody's thesis
    must not rot, and an answer that was known long ago is new to whoever asked for it today. Quick Jobs go by their own
    age, also where their Run stays for others.
    """
    pruning.send_robust(sender=None)
    unneeded = Job.objects.filter(share_token=None, retries=None, continuations=None)
    day = timezone.now() - KEEP_INFERENCE
    unneeded.filter(run__queue="inference", run__state__in=ENDED, created__lt=day).delete()
    count = _prune(Q(queue="inference"), KEEP_INFERENCE) + _prune(Q(), KEEP_OTHERS)
    prune_uploads()  # after the Runs that needed them
    return count


def _prune(which: Q, age: timedelta) -> int:
    before = timezone.now() - age
    needed = Job.objects.filter(run=OuterRef("pk")).filter(
        Q(share_token__isnull=False)
        | Q(retries__isnull=False)
        | Q(continuations__isnull=False)
        | Q(created__gte=before)
    )
    old = Run.objects.filter(which, ~Exists(needed), state__in=ENDED, ended__lt=before, continued_by=None)
    count = 0
    while gone := list(old.order_by("ended").values_list("id", flat=True)[:BATCH]):
        files = list(Artifact.objects.filter(run__in=gone))
        with transaction.atomic():
            Job.objects.filter(run__in=gone).delete()
            Run.objects.filter(id__in=gone).delete()
        for artifact in files:
            artifact.file.delete(save=False)
        eventlog.forget(gone)
        count += len(gone)
    return count
