"""What people may see of Jobs, already limited to the viewer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Avg, QuerySet

from accounts.actors import Actor
from jobs import eventlog, fairness, workers
from jobs.models import Artifact, Job, Run, State
from mlcore.contracts import Event

TYPICAL_OF = 30
"""An estimate is the mean of this many latest Runs of the queue."""


@dataclass(frozen=True)
class QueuePlace:
    """Where a waiting Run stands. `place` counts from 1; `estimate` is seconds until it may begin, where known."""

    place: int
    estimate: float | None
    workers: int


def all_jobs() -> QuerySet[Job]:
    """Every Job, newest first: for staff."""
    return Job.objects.select_related("run", "owner").order_by("-created")


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """One's own Jobs, newest first."""
    jobs = Job.objects.select_related("run").order_by("-created")
    if actor.user is not None:
        return jobs.filter(owner=actor.user)
    return jobs.filter(guest=actor.guest) if actor.guest else jobs.none()


def visible_job(*, job_id: UUID, actor: Actor, share: str = "") -> Job:
    """A Job as its owner, staff, or whoever holds its share link may read it.

    Raises:
        Job.DoesNotExist: also when it exists and is somebody else's.
    """
    job = Job.objects.select_related("run", "owner").get(pk=job_id)
    if actor.is_staff or is_mine(job, actor) or (share and share == job.share_token):
        return job
    raise Job.DoesNotExist


def shared_job(token: str) -> Job:
    """The Job of a share link. Raises Job.DoesNotExist."""
    return Job.objects.select_related("run").get(share_token=token)


def is_mine(job: Job, actor: Actor) -> bool:
    if actor.user is not None:
        return job.owner_id == actor.user.pk
    return bool(actor.guest) and job.guest == actor.guest


def queue_place(run: Run) -> QueuePlace:
    """Where a waiting Run stands in its queue."""
    order, seconds, slots, count = _queue(run.queue, int(time.monotonic() * 2))
    place = order.get(run.id, len(order) + 1)
    estimate = None if seconds is None or not slots else round(seconds * place / slots, 1)
    return QueuePlace(place=place, estimate=estimate, workers=count)


@lru_cache(maxsize=8)
def _queue(queue: str, half_second: int) -> tuple[dict[UUID, int], float | None, int, int]:
    """One look at a queue serves everybody who asks within half a second."""
    there = workers.alive(queue)
    latest = Run.objects.filter(queue=queue, state=State.SUCCEEDED).order_by("-ended")[:TYPICAL_OF]
    seconds = latest.aggregate(mean=Avg("seconds"))["mean"]
    order = {run_id: place for place, run_id in enumerate(fairness.queue_order(queue), start=1)}
    return order, seconds, sum(worker.slots for worker in there), len(there)


def read_events(*, job: Job, after: int) -> tuple[list[Event], bool]:
    """The events of a Job with a number over `after`, in order, and whether its final one is among or before them.

    A Job that its owner stopped while the Run went on for others ends with a `stopped` of its own.
    """
    events = _run_events(job.run, after)
    if job.stopped_at:
        return cut_at_stop(job, events, after), True
    return events, job.run.is_ended


def cut_at_stop(job: Job, events: list[Event], after: int) -> list[Event]:
    """The events as the owner of a stopped Job sees them: up to the click, then `stopped`.

    Whoever has already seen more (the click and a word of the worker can cross) gets `stopped` right after that.
    """
    last = job.stopped_seq or 0
    kept = [event for event in events if event["seq"] <= last]
    t = round(((job.stopped_at or job.created) - job.run.created).total_seconds(), 3)
    attempt = kept[-1]["attempt"] if kept else job.run.attempt
    return [*kept, {"seq": max(last, after) + 1, "attempt": attempt, "t": t, "kind": "stopped", "data": {}}]


def _run_events(run: Run, after: int) -> list[Event]:
    if run.log_kept:
        artifact = Artifact.objects.get(run=run, name=Artifact.LOG)
        with artifact.file.open("rb") as file:
            return [event for event in eventlog.unpack(file.read()) if event["seq"] > after]
    if run.is_ended:
        eventlog.close(run)
    return eventlog.read(run.id, after)
