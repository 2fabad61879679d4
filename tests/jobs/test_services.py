from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import AllowanceUsedUp, Conflict, InvalidParams, NotFound, SignInNeeded
from jobs import eventlog, selectors, services
from jobs.leases import claim_runs
from jobs.models import Job, Run
from tests.factories import UserFactory
from tests.jobs.conftest import actor_of, fresh, guest, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]


def ask(number: int = 1, actor: Any = None, **kwargs: Any) -> Job:
    return services.submit_job(demo="doubling", params={"number": number}, actor=actor or guest(), **kwargs)


def test_a_job_is_answered_by_a_worker() -> None:
    job = ask(21)
    assert job.state == "queued"
    assert work() == 1
    assert fresh(job).run.result == {"twice": 42}
    assert fresh(job).state == "succeeded"


def test_unknown_demo_is_told() -> None:
    with pytest.raises(NotFound):
        services.submit_job(demo="nothing", params={}, actor=guest())


@pytest.mark.parametrize(
    "params",
    [{"number": -1}, {"number": "x"}, {"other": 1}, [], None, "word", {"number": None}, {"trouble": "a\ud800"}],
)
def test_params_out_of_bounds_or_unknown_queue_nothing(params: Any) -> None:
    with pytest.raises(InvalidParams) as caught:
        services.submit_job(demo="doubling", params=params, actor=guest())
    assert caught.value.fields
    assert not Run.objects.exists()
    assert not Job.objects.exists()


def test_equal_requests_meet_on_one_run_while_it_waits_and_after_it_ended() -> None:
    first, second = ask(3), ask(3, guest("g2"))
    assert first.run_id == second.run_id
    assert (first.made_run, second.made_run) == (True, False)
    work()
    third = ask(3, guest("g3"))
    assert third.run_id == first.run_id
    assert third.state == "succeeded"
    assert Run.objects.count() == 1


def test_defaults_spelled_out_are_the_same_request() -> None:
    plain = services.submit_job(demo="doubling", params={}, actor=guest())
    spelled = services.submit_job(demo="doubling", params={"trouble": "", "number": 1}, actor=guest())
    assert plain.run_id == spelled.run_id


def test_failed_and_stopped_runs_are_not_shared() -> None:
    failed = services.submit_job(demo="doubling", params={"trouble": "bug"}, actor=guest())
    work()
    again = services.submit_job(demo="doubling", params={"trouble": "bug"}, actor=guest())
    assert again.run_id != failed.run_id
    stopped = ask(5)
    services.stop_job(job=stopped)
    assert ask(5).run_id != stopped.run_id


def test_what_is_not_deterministic_is_never_shared(demos: Any) -> None:
    demos["doubling"].deterministic = False
    assert ask(3).run_id != ask(3).run_id


def test_stopping_detaches_one_job_and_the_run_goes_on_for_the_other() -> None:
    mine, yours = ask(4), ask(4, guest("g2"))
    services.stop_job(job=mine)
    assert fresh(mine).state == "stopped"
    assert fresh(yours).state == "queued"
    work()
    assert fresh(yours).state == "succeeded"
    assert fresh(mine).state == "stopped"
    events, final = selectors.read_events(job=fresh(mine), after=0)
    assert final
    assert [e["kind"] for e in events] == ["stopped"]


def test_a_word_that_crosses_with_the_stop_is_the_same_event_for_everybody(student: Any) -> None:
    job = services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim_runs(queue="training", worker="w", device="cpu")
    services.stop_job(job=job)
    # The worker writes before the log is closed, which happens on commit.
    eventlog.append(run.id, 1, [eventlog.encode(run, 1, "log", {"text": "crossing"})], last=1)
    eventlog.close(fresh(run))
    events, final = selectors.read_events(job=fresh(job), after=0)
    assert final
    assert [(e["seq"], e["kind"]) for e in events] == [(1, "started"), (2, "log"), (3, "stopped")]


def test_the_last_job_to_stop_stops_the_run_and_it_takes_no_new_job() -> None:
    mine, yours = ask(4), ask(4, guest("g2"))
    services.stop_job(job=mine)
    services.stop_job(job=yours)
    assert fresh(mine.run).state == "stopped"
    assert work() == 0
    assert ask(4).run_id != mine.run_id


def test_stopping_twice_changes_nothing() -> None:
    job = ask()
    first = fresh(services.stop_job(job=job))
    assert fresh(services.stop_job(job=first)).stopped_at == first.stopped_at


def test_stopping_what_has_ended_changes_nothing() -> None:
    job = ask()
    work()
    services.stop_job(job=fresh(job))
    assert fresh(job).state == "succeeded"


def test_staff_stop_ends_the_run_for_all() -> None:
    mine, yours = ask(4), ask(4, guest("g2"))
    services.stop_run(run=mine.run)
    assert {fresh(mine).state, fresh(yours).state} == {"stopped"}


def test_a_guest_may_not_train() -> None:
    with pytest.raises(SignInNeeded):
        services.submit_job(demo="counting", params={}, actor=guest())


def test_a_guest_may_start_so_many_runs_and_is_told_when_there_are_more(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 2}
    ask(1), ask(2)
    before = timezone.now()
    with pytest.raises(AllowanceUsedUp) as caught:
        ask(3)
    assert before < caught.value.retry_at <= before + timedelta(minutes=10, seconds=5)
    assert int(caught.value.headers["Retry-After"]) <= 605
    assert Run.objects.count() == 2
    ask(3, guest("somebody else"))


def test_answers_that_are_known_are_free(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 1}
    for _ in range(3):
        ask(1)
        work()


def test_a_new_cookie_does_not_get_round_the_address_allowance(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"address_runs": 2}
    ask(1, guest("a")), ask(2, guest("b"))
    with pytest.raises(AllowanceUsedUp):
        ask(3, guest("c"))
    ask(3, guest("d", address="192.0.2.99"))


def test_typing_counts_once_while_the_words_go_on(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 1}
    job = ask(1)
    for number in range(2, 6):
        replaced, job = job, ask(number, replaces=job.id)
        assert fresh(replaced).state == "stopped"
    with pytest.raises(AllowanceUsedUp):
        ask(9)


def test_one_job_cannot_be_replaced_again_and_again(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 1}
    job = ask(1)
    ask(2, replaces=job.id)
    with pytest.raises(AllowanceUsedUp):
        ask(3, replaces=job.id)


def test_typing_that_makes_very_many_runs_is_counted_again(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 1}
    job = ask(0)
    for number in range(1, services.TYPING_RUNS + 1):
        job = ask(number, replaces=job.id)
    with pytest.raises(AllowanceUsedUp):
        ask(500, replaces=job.id)


def test_runs_that_follow_typing_count_for_the_address(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"address_runs": 2}
    job = ask(1)
    job = ask(2, replaces=job.id)
    with pytest.raises(AllowanceUsedUp, match="network"):
        ask(3, replaces=job.id)


def test_a_request_with_very_many_wrong_fields_is_told_about_some() -> None:
    with pytest.raises(InvalidParams) as caught:
        services.submit_job(demo="doubling", params={f"f{n}": n for n in range(5000)}, actor=guest())
    assert len(caught.value.fields) == services.MOST_PROBLEMS


def test_endless_typing_is_counted_again(settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"guest_runs": 1}
    job = ask(1)
    Job.objects.update(typing_since=timezone.now() - timedelta(seconds=services.TYPING_SECONDS + 1))
    with pytest.raises(AllowanceUsedUp):
        ask(2, replaces=job.id)


def test_one_cannot_replace_somebody_elses_job() -> None:
    theirs = ask(1, guest("them"))
    ask(2, guest("me"), replaces=theirs.id)
    ask(3, guest("me"), replaces=uuid4())
    assert fresh(theirs).state == "queued"


def test_training_seconds_of_a_day_run_out(student: Any, settings: Any) -> None:
    settings.ALLOWANCES = settings.ALLOWANCES | {"training_seconds_a_day": 100}
    job = services.submit_job(demo="counting", params={}, actor=student)
    Run.objects.filter(pk=job.run_id).update(state="stopped", started=timezone.now(), ended=timezone.now(), seconds=101)
    with pytest.raises(AllowanceUsedUp) as caught:
        services.submit_job(demo="counting", params={"seed": 2}, actor=student)
    assert caught.value.retry_at.hour == caught.value.retry_at.minute == 0


def test_a_queue_cannot_be_filled_by_one_person(student: Any, settings: Any) -> None:
    for seed in range(settings.ALLOWANCES["training_waiting"]):
        services.submit_job(demo="counting", params={"seed": seed}, actor=student)
    with pytest.raises(AllowanceUsedUp):
        services.submit_job(demo="counting", params={"seed": 99}, actor=student)


def test_retry_is_a_new_job_of_what_failed() -> None:
    job = services.submit_job(demo="doubling", params={"trouble": "bug"}, actor=guest())
    with pytest.raises(Conflict):
        services.retry_job(job=job, actor=guest())
    work()
    again = services.retry_job(job=fresh(job), actor=guest())
    assert again.retry_of == job
    assert again.run_id != job.run_id
    assert again.run.params == job.run.params


def test_staff_retry_for_the_owner_and_not_for_themselves() -> None:
    owner, staff = actor_of(UserFactory()), actor_of(UserFactory(role="staff"))
    job = services.submit_job(demo="doubling", params={"trouble": "bug"}, actor=owner)
    work()
    again = services.retry_job(job=fresh(job), actor=staff)
    assert again.owner == owner.user
    assert again.run.payer == owner.key
    visitors = services.submit_job(demo="doubling", params={"trouble": "nan"}, actor=guest("visitor"))
    work()
    assert services.retry_job(job=fresh(visitors), actor=staff).guest == "visitor"


def test_continue_goes_on_from_the_checkpoint(student: Any) -> None:
    job = services.submit_job(demo="counting", params={"steps": 3}, actor=student)
    work("training")
    further = services.continue_job(job=fresh(job), actor=student)
    work("training")
    assert fresh(further).run.result == {"counted": 6}
    assert further.continue_of == job
    assert further.run.key is None


def test_continue_needs_an_end_a_checkpoint_and_a_demo_that_can(student: Any) -> None:
    waiting = services.submit_job(demo="counting", params={}, actor=student)
    with pytest.raises(Conflict):
        services.continue_job(job=waiting, actor=student)
    services.stop_job(job=waiting)
    with pytest.raises(Conflict):
        services.continue_job(job=fresh(waiting), actor=student)
    quick = ask()
    work()
    with pytest.raises(Conflict):
        services.continue_job(job=fresh(quick), actor=student)


def test_owner_staff_and_share_link_see_a_job_and_an_outsider_does_not() -> None:
    owner, peer, staff = (actor_of(UserFactory(role=role)) for role in ("student", "instructor", "staff"))
    job = ask(1, owner)
    for actor in (owner, staff):
        assert selectors.visible_job(job_id=job.id, actor=actor) == job
    for actor in (peer, guest("outsider")):
        for share in ("", "None", "wrong"):
            with pytest.raises(Job.DoesNotExist):
                selectors.visible_job(job_id=job.id, actor=actor, share=share)
    token = services.share_job(job=job).share_token
    assert services.share_job(job=job).share_token == token
    assert selectors.visible_job(job_id=job.id, actor=guest("outsider"), share=token) == job


def test_a_guests_jobs_move_to_the_account() -> None:
    from accounts.signals import guest_became_user

    user = UserFactory()
    mine, other = ask(1, guest("me")), ask(2, guest("other"))
    guest_became_user.send(sender=None, guest="me", user=user)
    assert fresh(mine).owner == user
    assert fresh(mine).guest == ""
    assert fresh(mine).run.payer == f"user:{user.pk}"
    assert fresh(other).guest == "other"


def test_the_database_refuses_two_shareable_runs_of_one_key() -> None:
    run = ask(1).run
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(demo=run.demo, version=run.version, params={}, key=run.key, queue=run.queue, payer="x")


def test_the_database_refuses_states_that_contradict_themselves() -> None:
    run = ask(1).run
    for wrong in ({"state": "running"}, {"state": "succeeded", "ended": timezone.now()}, {"ended": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(**wrong)
