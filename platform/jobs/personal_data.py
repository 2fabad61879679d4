"""What is kept about a person's runs: on their request all but the files, which are named; after they
have gone none of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts.models import User
from jobs import eventlog
from jobs.models import ACTIVE, Artifact, Job, Run
from jobs.services import stop_job

NOBODY = "nobody"
"""The payer of a Run whose own has gone, and which goes on for others."""


def runs_of(user: User) -> Iterator[dict[str, Any]]:
    """For the export of one's data."""
    jobs = Job.objects.filter(owner=user).select_related("run").prefetch_related("run__artifacts").order_by("created")
    for job in jobs.iterator(chunk_size=100):
        yield {
            "id": job.pk,
            "demo": job.run.demo,
            "asked": job.created,
            "state": job.state,
            "params": job.run.params,
            "result": job.run.result,
            "error": job.run.error,
            "ended": job.ended,
            "seconds": job.run.seconds,
            "shared_at": f"/runs/{job.share_token}/" if job.share_token else None,
            "retry_of": job.retry_of_id,
            "continue_of": job.continue_of_id,
            "files": [{"name": file.name, "bytes": file.size, "at": file.created} for file in job.run.artifacts.all()],
        }


@transaction.atomic
def delete_jobs_of(*, user: User) -> None:
    """Stop and delete the person's Jobs, and every Run that nobody else asked for, with its files."""
    mine = Job.objects.filter(owner=user)
    for job in mine.filter(stopped_at=None, run__state__in=ACTIVE).select_related("run"):
        stop_job(job=job)
    runs = list(mine.values_list("run", flat=True).distinct())
    mine.delete()
    gone = list(Run.objects.select_for_update(of=("self",)).filter(pk__in=runs, jobs=None).values_list("pk", flat=True))
    files = [artifact.file for artifact in Artifact.objects.filter(run__in=gone)]
    Run.objects.filter(pk__in=gone).delete()
    Run.objects.filter(payer=f"user:{user.pk}").update(payer=NOBODY)

    def forget() -> None:
        for file in files:
            file.delete(save=False)
        eventlog.forget(gone)

    transaction.on_commit(forget, robust=True)
