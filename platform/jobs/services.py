"""What people may do with Jobs. Each service is one transaction; workers and sockets hear of it on commit."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from accounts.actors import Actor
from common.errors import Conflict, InvalidParams, NotFound, SignInNeeded
from common.problems import words_of
from common.valkey import publish_hint
from jobs import allowances, eventlog
from jobs.leases import spent
from jobs.models import ACTIVE, SHAREABLE, Artifact, Job, Run, State
from jobs.selectors import is_mine, jobs_of
from jobs.tasks import wake
from jobs.uploads import adopt_guest_uploads, use_uploads
from mlcore import registry
from mlcore.contracts import Demo, Params

TYPING_SECONDS = 10
TYPING_RUNS = 20
"""A demo that follows typing is counted once in this time and for so many Runs."""
MOST_PROBLEMS = 20
CHANGED = "job.changed"


def submit_job(*, demo: str, params: dict[str, Any], actor: Actor, replaces: UUID | None = None) -> Job:
    """Ask for the answer of `demo` to `params`. It may be known already: then the Job's Run has succeeded.

    Raises:
        NotFound: no such demo.
        InvalidParams: with the fields and what is wrong with each; a file must be the actor's own.
        SignInNeeded: a guest asked for a training.
        AllowanceUsedUp: with the time from which it is possible again.
    """
    the_demo = demo_or_404(demo)
    checked = validate_params(the_demo, params)
    check_may_run(the_demo, actor)
    replaced = None
    if replaces and the_demo.follows_typing:
        # A transaction of its own: one that locked two Runs could meet its mirror image and neither would get on.
        replaced = _replace_job(replaces, actor)
    if replaced and replaced.typing_since:
        typing = {"typing_since": replaced.typing_since, "typing_runs": replaced.typing_runs + 1}
    else:
        typing = {"typing_since": timezone.now(), "typing_runs": 0}
    return _make_job(the_demo, checked, actor, counted=typing["typing_runs"] == 0, **typing)


def retry_job(*, job: Job, actor: Actor) -> Job:
    """Ask for the same once more, as a new Job of the same owner: staff who retry somebody's run do it for them.

    Raises:
        Conflict: the Job has not ended yet.
    """
    if not job.is_ended:
        raise Conflict("This run has not ended yet. Stop it first, or wait for it.")
    actor = _in_the_name_of_its_owner(job, actor)
    demo = demo_or_404(job.run.demo)
    checked = validate_params(demo, job.run.params)
    check_may_run(demo, actor)
    return _make_job(demo, checked, actor, retry_of=job, continues=job.run.continues)


def continue_job(*, job: Job, actor: Actor) -> Job:
    """Go on from the last checkpoint of a stopped or succeeded Job, as a new Job of the same owner.

    Raises:
        Conflict: the demo cannot go on, the Job has not ended, or there is no checkpoint to go on from.
    """
    demo = demo_or_404(job.run.demo)
    if not demo.continues:
        raise Conflict("This demo cannot go on from where it stopped. Run it again instead.")
    if not job.run.is_ended or job.run.state == State.FAILED:
        raise Conflict("Only a run that is done or was stopped can go on.")
    if not Artifact.objects.filter(run=job.run, name=Artifact.CHECKPOINT).exists():
        raise Conflict("This run was stopped before its first checkpoint. Run it again instead.")
    actor = _in_the_name_of_its_owner(job, actor)
    checked = validate_params(demo, job.run.params)
    check_may_run(demo, actor)
    return _make_job(demo, checked, actor, continue_of=job, continues=job.run)


def stop_job(*, job: Job) -> Job:
    """End a Job for its owner; its Run ends too when nobody else waits for it. What has ended stays as it is."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=job.run_id)
        job.run = run
        if job.is_ended or run.is_ended:
            return job
        job.stopped_at = timezone.now()
        job.stopped_seq = eventlog.last_seq(run.id)
        job.save(update_fields=["stopped_at", "stopped_seq"])
        if not run.jobs.filter(stopped_at=None).exists():
            _stop(run, at=job.stopped_at)
        transaction.on_commit(lambda: publish_hint(job_group(job.id), CHANGED), robust=True)
    return job


def stop_run(*, run: Run, by: str = "Staff") -> Run:
    """End a Run for everybody who waits for it."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if not run.is_ended:
            run.error = f"{by} stopped this run."
            _stop(run, at=timezone.now())
    return run


def share_job(*, job: Job) -> Job:
    """Give the Job a link that lets whoever holds it look at the run, without its owner's name."""
    with transaction.atomic():
        job = Job.objects.select_for_update().select_related("run").get(pk=job.pk)
        if not job.share_token:
            job.share_token = secrets.token_urlsafe(16)
            job.save(update_fields=["share_token"])
    return job


def unshare_job(*, job: Job) -> Job:
    """Take the link away: whoever has it sees nothing any more. Sharing again makes another one."""
    Job.objects.filter(pk=job.pk).update(share_token=None)
    job.share_token = None
    return job


def adopt_guest_jobs(*, guest: str, user: Any) -> int:
    """Move a guest's Jobs, and the files they read, to the account that the guest has signed up for or in to."""
    with transaction.atomic():
        adopt_guest_uploads(guest=guest, user=user)
        Run.objects.filter(payer=f"guest:{guest}", state__in=ACTIVE).update(payer=f"user:{user.pk}")
        return Job.objects.filter(guest=guest).update(guest="", owner=user)


def job_group(job_id: UUID) -> str:
    return f"job.{job_id}"


def validate_params(demo: Demo, params: Any) -> Params:
    """The checked params of a demo.

    Raises:
        InvalidParams: with the fields and what is wrong with each.
    """
    try:
        return demo.Params.model_validate(params)
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]:
            path = ".".join(str(part) for part in problem["loc"]) or "params"
            fields.setdefault(path, []).append(words_of(problem))
        raise InvalidParams("Some of the settings do not fit. Look at the marked fields.", fields=fields) from None


def run_key(demo: Demo, params: dict[str, Any]) -> str:
    """Equal requests have equal keys: demo, code and weights version, canonical params."""
    canonical = json.dumps([demo.slug, demo.version, params], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def demo_or_404(slug: str) -> Demo:
    """Raises NotFound."""
    try:
        return registry.get(slug)
    except KeyError:
        raise NotFound("There is no demo of this name.") from None


def _in_the_name_of_its_owner(job: Job, actor: Actor) -> Actor:
    """Whose the next Job is: its owner's allowance, and its owner's files."""
    if is_mine(job, actor):
        return actor
    return Actor(user=job.owner, guest=job.guest, address=actor.address)


def check_may_run(demo: Demo, actor: Actor) -> None:
    """Raises SignInNeeded: a guest, and a training."""
    if demo.queue == "training" and actor.user is None:
        raise SignInNeeded("Sign in to train a model. Reading lessons and trying the other demos needs no account.")


def _replace_job(job_id: UUID, actor: Actor) -> Job | None:
    """Stop one's Job, because one has typed on; the Job, if the next one belongs to the same typing.

    A Job is replaced once only: a second request that names it is counted as any other.
    """
    if not jobs_of(actor).filter(pk=job_id, replaced=False).update(replaced=True):
        return None
    job = stop_job(job=jobs_of(actor).get(pk=job_id))
    recent = job.typing_since and timezone.now() - job.typing_since < timedelta(seconds=TYPING_SECONDS)
    return job if recent and job.typing_runs < TYPING_RUNS else None


def _make_job(demo: Demo, params: Params, actor: Actor, **fields: Any) -> Job:
    """Make a Job in one transaction; once more where somebody asked for the same in this very moment."""
    try:
        with transaction.atomic():
            return _insert_job(demo, params, actor, **fields)
    except IntegrityError:
        with transaction.atomic():
            return _insert_job(demo, params, actor, **fields)


def _insert_job(
    demo: Demo, params: Params, actor: Actor, *, counted: bool = True, continues: Run | None = None, **fields: Any
) -> Job:
    canonical = params.model_dump(mode="json")
    files = use_uploads(demo=demo, params=canonical, actor=actor)
    key = run_key(demo, canonical) if demo.deterministic and continues is None else None
    run = _shared_run(key)
    made = run is None
    if run is None:
        if demo.queue == "training":
            allowances.check_training(actor=actor)
        else:
            allowances.spend_runs(actor=actor, counted=counted)
        run = Run.objects.create(
            demo=demo.slug,
            version=demo.version,
            params=canonical,
            key=key,
            batch_key=demo.batch_key(params) or "",
            queue=demo.queue,
            payer=actor.key,
            continues=continues,
        )
        if files:
            run.uploads.add(*files)
    job = Job.objects.create(
        run=run, owner=actor.user, guest="" if actor.user else actor.guest, made_run=made, **fields
    )
    if run.state == State.QUEUED:
        transaction.on_commit(lambda: wake(run.queue), robust=True)
    return job


# The partial index that keeps the key unique answers this.
_SHAREABLE_RUN = "SELECT * FROM jobs_run WHERE key = %s AND state IN ('queued', 'running', 'succeeded')"


def _shared_run(key: str | None) -> Run | None:
    """The Run that already answers this request. One under way is locked, so that it is not stopped meanwhile."""
    if key is None:
        return None
    run = next(iter(Run.objects.raw(_SHAREABLE_RUN, [key])), None)
    if run is None or run.state == State.SUCCEEDED:
        return run
    return Run.objects.select_for_update().filter(pk=run.pk, state__in=SHAREABLE).first()


def _stop(run: Run, *, at: datetime) -> None:
    """Stop a locked Run: at once for everybody who looks; the worker notices at the demo's next call."""
    if run.state == State.RUNNING:
        Run.objects.filter(pk=run.pk).update(seconds=spent())
        run.refresh_from_db(fields=["seconds"])
    run.state, run.ended, run.lease_until = State.STOPPED, at, None
    run.save(update_fields=["state", "ended", "lease_until", "error"])
    eventlog.close_on_commit(run)
