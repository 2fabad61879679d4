"""Several at once, each in a thread and a transaction of its own, as the web's threads and the workers are."""

from __future__ import annotations

from typing import Any

import pytest

from jobs import services
from jobs.leases import claim_runs
from jobs.models import Job, Run
from tests.factories import UserFactory
from tests.helpers import all_at_once
from tests.jobs.conftest import actor_of, guest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demos")]


def claim(queue: str) -> list[Run]:
    return claim_runs(queue=queue, worker="w", device="cpu")


def test_equal_requests_of_one_moment_meet_on_one_run() -> None:
    for number in range(5):
        jobs = all_at_once(
            8, lambda n, x=number: services.submit_job(demo="doubling", params={"number": x}, actor=guest(f"g{n}"))
        )
        assert len({job.run_id for job in jobs}) == 1
        assert sum(job.made_run for job in jobs) == 1


def test_no_run_is_taken_by_two_workers(demos: Any) -> None:
    demos["doubling"].max_batch = 3
    for number in range(20):
        services.submit_job(demo="doubling", params={"number": number}, actor=guest(f"g{number}"))
    taken = [run.pk for runs in all_at_once(8, lambda n: claim("inference")) for run in runs]
    assert len(taken) == len(set(taken))
    assert taken
    assert set(Run.objects.filter(attempt=1).values_list("pk", flat=True)) == set(taken)


def test_two_trainings_at_once_are_two_however_many_workers_ask() -> None:
    ada = actor_of(UserFactory())
    for seed in range(8):
        services.submit_job(demo="counting", params={"seed": seed}, actor=ada)
    all_at_once(8, lambda n: claim("training"))
    assert Run.objects.filter(state="running").count() == 2


def test_a_job_that_joins_a_run_while_it_is_stopped_is_answered_all_the_same() -> None:
    for number in range(10):
        first = services.submit_job(demo="doubling", params={"number": number}, actor=guest("first"))

        def act(n: int, job: Job = first, x: int = number) -> Job:
            if n == 0:
                return services.stop_job(job=job)
            return services.submit_job(demo="doubling", params={"number": x}, actor=guest("second"))

        _, second = all_at_once(2, act)
        assert Run.objects.get(pk=second.run_id).state == "queued"
