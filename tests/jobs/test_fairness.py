from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jobs import fairness, selectors, services
from jobs.leases import claim_runs
from jobs.models import Run
from tests.factories import UserFactory
from tests.jobs.conftest import actor_of, guest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]


def claim(queue: str = "inference") -> Run | None:
    runs = claim_runs(queue=queue, worker="w", device="cpu")
    return runs[0] if runs else None


@pytest.fixture(autouse=True)
def _one_by_one(demos: Any) -> None:
    demos["doubling"].max_batch = 1


def test_whoever_has_fewest_running_comes_first_then_whoever_used_least_then_first_come() -> None:
    for number in (1, 2, 3):
        services.submit_job(demo="doubling", params={"number": number}, actor=guest("eager"))
    services.submit_job(demo="doubling", params={"number": 10}, actor=guest("heavy"))
    services.submit_job(demo="doubling", params={"number": 20}, actor=guest("late"))
    spent = services.submit_job(demo="doubling", params={"number": 99}, actor=guest("heavy")).run
    Run.objects.filter(pk=spent.pk).update(state="stopped", ended=timezone.now(), seconds=50)

    order = fairness.queue_order(fairness.waiting_rows("inference"))
    numbers = {run.pk: run.params["number"] for run in Run.objects.all()}
    assert [numbers[pk] for pk in order] == [1, 20, 10, 2, 3]
    claimed = [claim() for _ in range(5)]
    assert [run.params["number"] for run in claimed if run] == [1, 20, 10, 2, 3]
    assert claim() is None


def test_what_was_used_over_an_hour_ago_is_forgiven() -> None:
    heavy = services.submit_job(demo="doubling", params={"number": 99}, actor=guest("heavy")).run
    Run.objects.filter(pk=heavy.pk).update(state="stopped", ended=timezone.now() - timedelta(hours=2), seconds=500)
    services.submit_job(demo="doubling", params={"number": 1}, actor=guest("heavy"))
    services.submit_job(demo="doubling", params={"number": 2}, actor=guest("light"))
    first = claim()
    assert first
    assert first.params["number"] == 1


def test_a_third_training_waits_while_two_run() -> None:
    ada, bob = actor_of(UserFactory()), actor_of(UserFactory())
    for seed in (1, 2, 3):
        services.submit_job(demo="counting", params={"seed": seed}, actor=ada)
    services.submit_job(demo="counting", params={"seed": 4}, actor=bob)
    seeds = [run.params["seed"] for run in (claim("training") for _ in range(4)) if run]
    assert sorted(seeds) == [1, 2, 4]
    waiting = Run.objects.get(state="queued")
    assert fairness.queue_order(fairness.waiting_rows("training")) == [waiting.pk]
    assert "other trainings" in selectors.queue_place(waiting).held


def test_training_waits_when_todays_seconds_are_used_up(settings: Any) -> None:
    ada = actor_of(UserFactory())
    spent = services.submit_job(demo="counting", params={"seed": 1}, actor=ada).run
    services.submit_job(demo="counting", params={"seed": 2}, actor=ada)
    now = timezone.now()
    Run.objects.filter(pk=spent.pk).update(state="stopped", started=now, ended=now, seconds=1200)
    assert claim("training") is None
    waiting = Run.objects.get(state="queued")
    assert "tomorrow" in selectors.queue_place(waiting).held
    settings.ALLOWANCES = settings.ALLOWANCES | {"training_seconds_a_day": 1300}
    assert claim("training")


rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.floats(0, 100), st.sampled_from(["", "others", "day"])),
    max_size=30,
)


@given(rows)
def test_simulation_equals_taking_the_best_one_again_and_again(drawn: Any) -> None:
    payers = {payer: (running, used, held) for payer, running, used, held in drawn}
    waiting = [(n, f"p{row[0]}", *payers[row[0]]) for n, row in enumerate(drawn)]

    running = {f"p{payer}": values[0] for payer, values in payers.items()}
    left = [row for row in waiting if not row[4]]
    expected = []
    while left:
        best = min(left, key=lambda row: (running[row[1]], row[3], row[0]))
        left.remove(best)
        running[best[1]] += 1
        expected.append(best[0])
    expected += [row[0] for row in waiting if row[4]]
    assert fairness.queue_order(waiting) == expected  # type: ignore[arg-type, comparison-overlap]
