"""What our flow adds to Celery's: a Job (rows, claim, lease, event log) against a bare task, in one run, interleaved.

    .venv/bin/python bench/dispatch.py --rounds 400

Both are timed from the call until the answer can be read in Valkey. The aim is at most 5 ms more than the bare task.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from django.core.management import call_command

    from bench import _dispatch_app

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryFile() as log:
        worker = start_worker(log)
        try:
            wait_until_ready()
            bare, job = [], []
            for number in range(rounds):
                bare.append(timed(bare_round, _dispatch_app.bare, number))
                job.append(timed(job_round, number))
        finally:
            worker.terminate()
            worker.wait(30)
    report("bare Celery task", bare)
    report("our Job", job)
    more = (statistics.median(job) - statistics.median(bare)) * 1000
    ratio = statistics.median(job) / statistics.median(bare)
    print(f"a Job takes {more:.1f} ms more (median; aim: at most 5), {ratio:.2f} times the bare task")


def start_worker(log: Any) -> subprocess.Popen[bytes]:
    from django.conf import settings

    env = {
        **os.environ,
        "DATABASE_URL": settings.DATABASE_URL,
        "VALKEY_URL": settings.VALKEY_URL,
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
    }
    command = [
        "celery",
        "-A",
        "bench._dispatch_app",
        "worker",
        "-Q",
        "inference",
        "--concurrency",
        "1",
        "-n",
        "bench@bench",
    ]
    return subprocess.Popen([sys.executable, "-m", *command], env=env, cwd=ROOT, stdout=log, stderr=log)


def wait_until_ready() -> None:
    from jobs import workers

    deadline = time.monotonic() + 120
    while not workers.alive("inference"):
        if time.monotonic() > deadline:
            raise SystemExit("The worker did not start.")
        time.sleep(0.2)
    for number in range(30):  # warm both paths
        job_round(1_000_000 + number)


def bare_round(task: Any, number: int) -> None:
    from common.valkey import client

    task.apply_async(args=[number], queue="inference")
    client().blpop([f"bench:{number}"], timeout=30)


def job_round(number: int) -> None:
    from accounts.actors import Actor
    from common.valkey import client
    from jobs import eventlog, services

    actor = Actor(user=None, guest=f"guest{number}", address=f"address{number}")
    job = services.submit_job(demo="nothing", params={"number": number}, actor=actor)
    key, last = eventlog.log_key(job.run_id), "0"
    while True:
        answer: Any = client().xread({key: last}, block=30_000)
        for _, entries in answer:
            last = entries[-1][0]
            if eventlog.is_final(eventlog.entries_to_events(entries)):
                return


def timed(call: Any, *args: Any) -> float:
    began = time.perf_counter()
    call(*args)
    return time.perf_counter() - began


def report(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{name:18} median {statistics.median(ordered) * 1000:5.1f} ms   p95 {p95 * 1000:5.1f} ms")


if __name__ == "__main__":
    main()
