"""What people may see of Jobs, already limited to the viewer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Avg, Exists, OuterRef, QuerySet

from accounts.actors import Actor
from jobs import eventlog, fairness, workers
from jobs.models import Artifact, Job, Run, State
from mlcore.contracts import Event

HELD = {
    "": "",
    "others": "This one begins when one of your other trainings ends.",
    "day": "Your training time for today is used up. This one begins tomorrow.",
}
TYPICAL_OF = 30
"""An estimate is the mean of this many latest Runs of the queue."""


@dataclass(frozen=True)
class QueuePlace:
    """Where a waiting Run stands. `place` counts from 1; `estimate` is seconds until it may begin, where known; `held`
    is the sentence for one that must wait for its owner's other trainings or for tomorrow."""

    place: int
    estimate: float | None
    workers: int
    held: str = ""


def all_jobs() -> QuerySet[Job]:
    """Every Job, newest first: for staff."""
    return Job.objects.select_related("run", "owner").order_by("-created")


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """One's own Jobs, newest first."""
    jobs = Job.objects.select_related("run").order_by("-created")
    if actor.user is not None:
        return jobs.filter(owner=actor.user)
    return jobs.filter(guest=actor.guest) if actor.guest else jobs.none()


def listed_jobs_of(actor: Actor) -> QuerySet[Job]:
    """One's own Jobs as a list shows them: of those with the same answer only the latest, and whatever is shared.
    A page that asks for the same whenever it is opened stands there once."""
    again = jobs_of(actor).filter(run=OuterRef("run"), created__gt=OuterRef("created"))
    return jobs_of(actor).exclude(Exists(again.order_by()), share_token=None)


def answered_jobs_of(actor: Actor) -> QuerySet[Job]:
    """One's own Jobs that have a result, each result once."""
    answered = jobs_of(actor).filter(run__state=State.SUCCEEDED, stopped_at=None)
    again = answered.filter(run=OuterRef("run"), created__gt=OuterRef("created"))
    return answered.exclude(Exists(again.order_by()))


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
    look = look_at_queue(run.queue, int(time.monotonic() * 2))
    place = look.order.get(run.id, len(look.order) + 1)
    held = HELD[look.held.get(run.id, "")]
    known = look.seconds is not None and look.slots and not held
    estimate = round((look.seconds or 0) * place / look.slots, 1) if known else None
    return QueuePlace(place=place, estimate=estimate, workers=look.workers, held=held)


@dataclass(frozen=True)
class _Look:
    order: dict[UUID, int]
    held: dict[UUID, str]
    seconds: float | None
    slots: int
    workers: int


@lru_cache(maxsize=8)
def look_at_queue(queue: str, half_second: int) -> _Look:
    """One look at a queue serves everybody who asks within half a second."""
    there = workers.alive(queue)
    latest = Run.objects.filter(queue=queue, state=State.SUCCEEDED).order_by("-ended")[:TYPICAL_OF]
    seconds = latest.aggregate(mean=Avg("seconds"))["mean"]
    rows = fairness.waiting_rows(queue)
    return _Look(
        order={run_id: place for place, run_id in enumerate(fairness.queue_order(rows), start=1)},
        held={row[0]: row[4] for row in rows},
        seconds=seconds,
        slots=sum(worker.slots for worker in there),
        workers=len(there),
    )


def read_events(*, job: Job, after: int) -> tuple[list[Event], bool]:
    """The events of a Job with a number over `after`, in order, and whether its final one is among or before them.

    A Job that its owner stopped while the Run went on for others ends with a `stopped` of its own.
    """
    events = _run_events(job.run, after)
    if job.is_detached:
        return cut_at_stop(job, events, after), True
    return events, job.run.is_ended


def cut_at_stop(job: Job, events: list[Event], after: int) -> list[Event]:
    """The events as the owner of a detached Job sees them: up to the click, then `stopped`.

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
