from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from common.valkey import client
from jobs import eventlog, leases, selectors, services, sweeper
from jobs.keeper import Care
from jobs.models import Artifact, Job, Run
from jobs.reporter import Lost
from jobs.worker import compute
from mlcore.contracts import Stopped
from tests.jobs.conftest import fresh, guest, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]


def kinds(job: Job) -> list[str]:
    events, final = selectors.read_events(job=fresh(job), after=0)
    assert final
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    return [e["kind"] for e in events]


def double(actor: Any = None, **params: Any) -> Job:
    return services.submit_job(demo="doubling", params=params, actor=actor or guest())


def claim(queue: str, worker: str = "w1") -> list[Run]:
    return leases.claim_runs(queue=queue, worker=worker, device="cpu")


def expire(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweeper.requeue_lost_runs()


def test_a_run_says_started_and_ends_with_its_result() -> None:
    job = double(number=4)
    work()
    assert kinds(job) == ["started", "progress", "result"]
    assert fresh(job).run.seconds > 0


def test_a_demo_that_refuses_fails_with_its_own_sentence() -> None:
    job = double(trouble="refuse")
    work()
    run = fresh(job).run
    assert (run.state, run.error, run.traceback) == ("failed", "That number is too dull. Choose another.", "")
    assert kinds(job)[-1] == "failed"


def test_a_demo_that_raises_tells_the_student_a_sentence_and_staff_the_traceback() -> None:
    job = double(trouble="bug")
    work()
    run = fresh(job).run
    assert run.state == "failed"
    assert "secret detail" in run.traceback
    events, _ = selectors.read_events(job=fresh(job), after=0)
    assert "secret" not in str(events)
    assert "RuntimeError" not in run.error


@pytest.mark.parametrize("trouble", ["nan", "large", "nul", "half"])
def test_a_result_that_cannot_be_sent_fails_in_words(trouble: str) -> None:
    job = double(trouble=trouble)
    work()
    assert fresh(job).state == "failed"
    assert fresh(job).run.result is None


def test_runs_of_equal_batch_key_are_computed_together(demos: Any) -> None:
    jobs = [double(number=n, actor=guest(f"g{n}")) for n in range(11)]
    work()
    assert demos["doubling"].batches == [8, 3]
    assert [fresh(job).run.result["twice"] for job in jobs] == [n * 2 for n in range(11)]


def test_a_bad_report_in_a_batch_fails_its_own_run_only(demos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_batch(params: Any, reports: Any) -> list[dict[str, Any]]:
        for p, report in zip(params, reports, strict=True):
            report.emit("frame", cells="x" * (300_000 if p.number == 2 else 1))
        return [{"twice": p.number * 2} for p in params]

    monkeypatch.setattr(demos["doubling"], "run_batch", run_batch)
    jobs = [double(number=n) for n in range(5)]
    work()
    assert [fresh(job).state for job in jobs] == ["succeeded", "succeeded", "failed", "succeeded", "succeeded"]
    assert "EventTooLarge" in fresh(jobs[2]).run.traceback


def test_a_batch_that_answers_too_little_is_computed_one_by_one(demos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demos["doubling"], "run_batch", lambda params, reports: [])
    jobs = [double(number=n) for n in range(3)]
    work()
    assert [fresh(job).run.result["twice"] for job in jobs] == [0, 2, 4]


def test_what_is_not_json_fails_the_run_where_it_was_said_and_the_keeper_lives_on(demos: Any, student: Any) -> None:
    class Number:
        """As a numpy scalar: a number, but not JSON's."""

    def run(params: Any, report: Any) -> dict[str, Any]:
        report.emit("log", text="first")
        report.emit("frame", x=Number())
        return {}

    demos["counting"].run = run
    job = services.submit_job(demo="counting", params={}, actor=student)
    work("training")
    assert "Number is not JSON serializable" in fresh(job).run.traceback


def test_what_a_demo_changes_after_it_was_said_was_not_said(student: Any) -> None:
    services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    with Care([run], lambda: False) as care:
        cells = [1]
        for _ in range(2):
            care.reporters[run].emit("frame", cells=cells)
            cells.append(2)
        care.reporters[run].flush()
    assert [e["data"]["cells"] for e in eventlog.read(run.id, after=1)] == [[1], [1, 2]]


def test_words_that_postgres_cannot_keep_do_not_hide_a_failure(demos: Any) -> None:
    job = double(trouble="odd words")
    work()
    assert fresh(job).state == "failed"
    assert fresh(job).run.error.startswith("a")
    assert len(fresh(job).run.error) <= 2_000


def test_a_log_that_cannot_be_kept_holds_nothing_else_up(demos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = double(number=1), double(number=2)
    work()
    Run.objects.update(ended=timezone.now() - timedelta(minutes=1))
    keep = sweeper._keep_log

    def full_disk(run: Run) -> bool:
        if run.pk == bad.run_id:
            raise OSError("No space left on device")
        return keep(run)

    monkeypatch.setattr(sweeper, "_keep_log", full_disk)
    sweeper.sweep()
    assert fresh(good).run.log_kept
    assert not fresh(bad).run.log_kept
    monkeypatch.undo()
    assert sweeper.keep_logs() == 1


def test_a_sweep_wakes_as_many_workers_as_have_a_slot_free(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        double(number=number)
    client().delete("inference")
    sweeper.wake_workers()
    assert client().llen("inference") == 0
    info = {"name": "w@h", "queue": "inference", "slots": 3, "pid": 1, "host": "h", "seen": 0}
    client().set("worker:w@h", json.dumps(info))
    sweeper.wake_workers()
    assert client().llen("inference") == 3


def test_a_batch_that_raises_is_computed_one_by_one(demos: Any) -> None:
    good, bad = double(number=4), double(trouble="bug")
    work()
    assert fresh(good).run.result == {"twice": 8}
    assert fresh(bad).state == "failed"


def test_stop_takes_effect_at_the_next_report(demos: Any, student: Any) -> None:
    job = services.submit_job(demo="counting", params={"steps": 50}, actor=student)

    def stop_at_five(step: int) -> None:
        if step == 5:
            services.stop_job(job=fresh(job))
            eventlog.close(fresh(job).run)  # as on commit
        assert step <= 6

    demos["counting"].before_step = stop_at_five
    work("training")
    assert fresh(job).state == "stopped"
    assert kinds(job)[-1] == "stopped"
    assert "result" not in kinds(job)


def test_a_lost_run_is_taken_up_from_its_checkpoint_and_the_old_attempt_changes_nothing(
    demos: Any, student: Any
) -> None:
    job = services.submit_job(demo="counting", params={"steps": 5}, actor=student)
    (old,) = claim("training")
    taken_up: list[int] = []

    def lose_at_three(step: int) -> None:
        if step != 3 or taken_up:
            return
        taken_up.append(step)
        expire(old)
        work("training", worker="w2")

    demos["counting"].before_step = lose_at_three
    compute([old])

    run = fresh(job).run
    assert (run.state, run.attempt, run.worker) == ("succeeded", 2, "w2")
    events, _ = selectors.read_events(job=fresh(job), after=0)
    resumed = next(e for e in events if e["kind"] == "resumed")
    assert resumed["data"]["from"] == 2
    assert events[resumed["data"]["rewind_to"] - 1]["kind"] in ("progress", "metrics")
    assert [e["attempt"] for e in events] == sorted(e["attempt"] for e in events)
    assert kinds(job).count("result") == 1


def test_every_write_of_an_old_attempt_is_refused(student: Any, tmp_path: Any) -> None:
    job = services.submit_job(demo="counting", params={"steps": 5}, actor=student)
    (old,) = claim("training")
    expire(old)
    (new,) = claim("training", worker="w2")
    path = tmp_path / "file"
    path.write_text("stale")
    with Care([old], lambda: False) as care, pytest.raises(Lost):
        care.reporters[old].artifact("weights", path)
    assert not Artifact.objects.exists()
    assert not leases.succeed_run(old, {"counted": 5})
    assert not leases.fail_run(old, "stale")
    assert not leases.release_run(old)
    assert leases.renew_leases([old, new]) == [old]
    assert fresh(job.run).worker == "w2"
    assert fresh(job.run).state == "running"


def test_a_run_that_is_lost_three_times_fails_in_words(student: Any) -> None:
    job = services.submit_job(demo="counting", params={}, actor=student)
    for attempt in (1, 2, 3):
        assert fresh(job).state == "queued"
        (run,) = claim("training")
        assert run.attempt == attempt
        expire(run)
    assert fresh(job).state == "failed"
    assert "three times" in fresh(job).run.error
    assert kinds(job)[-1] == "failed"


def test_a_graceful_shutdown_gives_the_run_back_and_uses_no_attempt_up(demos: Any, student: Any) -> None:
    job = services.submit_job(demo="counting", params={"steps": 4}, actor=student)
    draining: set[str] = set()

    def drain_at_two(step: int) -> None:
        if step == 2:
            draining.add("now")

    demos["counting"].before_step = drain_at_two
    for _ in range(5):
        work("training", is_draining=lambda: bool(draining))
        assert fresh(job).run.tries == 0
        assert fresh(job).state == "queued"
        draining.clear()
    demos["counting"].before_step = lambda step: None
    work("training")
    assert fresh(job).run.result == {"counted": 4}


def test_a_run_of_code_that_is_gone_fails_in_words_after_a_while(demos: Any) -> None:
    job = double(number=1)
    demos["doubling"].version = "v2"
    assert work() == 0
    sweeper.fail_outdated_runs()
    assert fresh(job).state == "queued"
    Run.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
    sweeper.fail_outdated_runs()
    assert fresh(job).state == "failed"
    demos["doubling"].version = "v1"


def test_the_log_becomes_an_artifact_and_is_served_from_there() -> None:
    job = double(number=4)
    work()
    before, _ = selectors.read_events(job=fresh(job), after=0)
    Run.objects.update(ended=timezone.now() - timedelta(minutes=1))
    assert sweeper.keep_logs() == 1
    assert sweeper.keep_logs() == 0
    eventlog.forget([job.run_id])
    assert selectors.read_events(job=fresh(job), after=0) == (before, True)
    assert selectors.read_events(job=fresh(job), after=2)[0] == before[2:]


def test_a_final_event_that_is_missing_is_added_by_whoever_finds_it_so() -> None:
    job = double(number=4)
    (run,) = claim("inference")
    Run.objects.filter(pk=run.pk).update(state="succeeded", result={"twice": 8}, ended=timezone.now(), lease_until=None)
    assert kinds(job) == ["started", "result"]


def test_old_runs_are_pruned_unless_shared_or_asked_for_again() -> None:
    old, shared, young, popular = (double(number=n) for n in range(4))
    services.share_job(job=shared)
    work()
    long_ago = timezone.now() - timedelta(days=99)
    Run.objects.exclude(pk=young.run_id).update(ended=long_ago)
    Job.objects.exclude(pk=young.pk).update(created=long_ago)
    sweeper.keep_logs()
    path = Artifact.objects.get(run=old.run).file.path
    today = double(number=3, actor=guest("somebody else"))
    assert sweeper.prune() == 1
    assert set(Job.objects.all()) == {shared, young, today}
    assert popular.run_id == today.run_id
    assert not Path(path).exists()
    assert sweeper.prune() == 0


def test_metrics_and_tokens_lose_nothing_and_progress_keeps_the_last(student: Any) -> None:
    services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    with Care([run], lambda: False) as care:
        report = care.reporters[run]
        for n in range(500):
            report.progress(n, 500)
            report.metrics(step=n)
        for n in range(500):
            report.tokens(chr(97 + n % 26))
        report.flush()
    events = eventlog.read(run.id, after=0)
    rows = [row["step"] for e in events if e["kind"] == "metrics" for row in e["data"]["rows"]]
    assert rows == list(range(500))
    assert "".join(e["data"]["text"] for e in events if e["kind"] == "tokens") == "".join(
        chr(97 + n % 26) for n in range(500)
    )
    done = [e["data"]["done"] for e in events if e["kind"] == "progress"]
    assert done == sorted(done)
    assert done[-1] == 499
    assert len(events) < 1000


def test_what_a_silent_demo_said_is_written_all_the_same(student: Any) -> None:
    services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    with Care([run], lambda: False) as care:
        care.reporters[run].emit("log", text="first")
        care.reporters[run].emit("log", text="second, at once")
        deadline = timezone.now() + timedelta(seconds=30)
        while len(eventlog.read(run.id, after=0)) < 3:
            assert timezone.now() < deadline


def test_an_event_that_is_too_large_fails_the_run(student: Any) -> None:
    services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    with Care([run], lambda: False) as care, pytest.raises(eventlog.EventTooLarge):
        care.reporters[run].emit("frame", cells="x" * 300_000)


@pytest.mark.parametrize("kind", ["result", "failed", "stopped", "started", "resumed", "queued"])
def test_a_demo_cannot_say_what_only_the_platform_may(student: Any, kind: str) -> None:
    services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    with Care([run], lambda: False) as care, pytest.raises(ValueError, match="platform"):
        care.reporters[run].emit(kind)


def test_a_stop_between_two_reports_is_seen_at_the_next(student: Any) -> None:
    job = services.submit_job(demo="counting", params={}, actor=student)
    (run,) = claim("training")
    services.stop_job(job=job)
    eventlog.close(fresh(run))
    with Care([run], lambda: False) as care, pytest.raises(Stopped):
        care.reporters[run].progress(1, 2)
