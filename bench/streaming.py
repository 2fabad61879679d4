"""What streaming costs a training: the same word2vec told live, and told to nobody, in one run, interleaved.

    .venv/bin/python bench/streaming.py --rounds 7

Live means what a worker does: the event log in Valkey, leases and checkpoints in PostgreSQL. The aim is at most 2 %
slower. Of each round the two trainings are compared with each other, and the median of these ratios counts; where other
programs disturb (the ratios then lie far apart), the quickest training of each kind says more. Reading the text is not
counted, which would only flatter the ratio.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

# Long enough for a few hundred writes, several checkpoints and renewals of the lease. The demo looks at its model 150
# times however long it trains: a shorter training than this would say more in a second than a student ever sees.
TRAINING = {"text": "encyclopedia", "epochs": 4, "dimensions": 64}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    owner = make_owner()
    silent_training()  # files, caches and the servers are warm from here on
    silent, live = [], []
    for number in range(rounds):
        # Each goes first as often as the other.
        for kind in ("silent", "live") if number % 2 else ("live", "silent"):
            if kind == "silent":
                silent.append(silent_training())
            else:
                seconds, events = live_training(owner)
                live.append(seconds)
    ratios = sorted(told / untold for told, untold in zip(live, silent, strict=True))
    print(f"silent  {min(silent):6.2f} s at best, median {statistics.median(silent):6.2f} s")
    print(f"live    {min(live):6.2f} s at best, median {statistics.median(live):6.2f} s, {events} events")
    print(
        f"streaming takes {statistics.median(ratios):.3f} times as long (median of {rounds} rounds, {ratios[0]:.3f} to "
        f"{ratios[-1]:.3f}); {min(live) / min(silent):.3f} of the best ones (aim: at most 1.02)"
    )


def silent_training() -> float:
    """Seconds of the training with a reporter that drops everything."""
    from mlcore.recording import Silent

    return timed(Silent())


def live_training(owner: Any) -> tuple[float, int]:
    """Seconds of the training as a worker does it, and how many events its log has."""
    from accounts.actors import Actor
    from jobs import eventlog, leases, services
    from jobs.keeper import Care

    actor = Actor(user=owner, guest="", address="127.0.0.1")
    services.submit_job(demo="train_vectors", params=TRAINING, actor=actor)
    (run,) = leases.claim_runs(queue="training", worker="bench", device="cpu")
    with Care([run], is_draining=lambda: False) as care:
        seconds = timed(care.reporters[run])
        care.reporters[run].flush()
    events = eventlog.last_seq(run.id)
    leases.fail_run(run, "Only a measurement.")  # what has succeeded would answer the next round
    return seconds, events


def timed(report: Any) -> float:
    from mlcore import registry

    demo: Any = registry.get("train_vectors")
    training = demo.training(demo.Params(**TRAINING), report)
    began = time.perf_counter()
    training.run()
    return time.perf_counter() - began


def make_owner() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_user(email="bench@example.org", name="Bench", password=None)


if __name__ == "__main__":
    main()
