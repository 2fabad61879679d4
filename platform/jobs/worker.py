"""What a worker does when it is woken: take Runs from Postgres, compute them, write down how they ended."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import redis
from django.db import InterfaceError, OperationalError

from jobs import eventlog
from jobs.keeper import Care
from jobs.leases import claim_runs, fail_run, release_run, succeed_run
from jobs.models import Run
from jobs.reporter import LiveReporter, Released
from mlcore import registry
from mlcore.contracts import Demo, DemoError, Stopped

log = logging.getLogger(__name__)

FAILED = (
    "Something went wrong in this demo, and it is not your doing. Try again; if it happens twice, tell your instructor."
)
INTERRUPTED = (redis.RedisError, OperationalError, InterfaceError)


def work_off(queue: str, *, worker: str, device: str, is_draining: Callable[[], bool] = lambda: False) -> int:
    """Take and compute Runs of the queue until none may start; how many Runs that were."""
    count = 0
    while not is_draining() and (runs := claim_runs(queue=queue, worker=worker, device=device)):
        compute(runs, is_draining)
        count += len(runs)
    return count


def compute(runs: list[Run], is_draining: Callable[[], bool] = lambda: False) -> None:
    """Compute Runs that were claimed together; a batch that raises is computed again one by one."""
    demo = registry.get(runs[0].demo)
    with Care(runs, is_draining) as care:
        if len(runs) > 1 and _compute_batch(demo, care.reporters):
            return
        for run, reporter in care.reporters.items():
            reporter.raising = True
            _end_attempt(run, reporter, partial(demo.run, demo.Params.model_validate(run.params), reporter))


def _compute_batch(demo: Demo, reporters: dict[Run, LiveReporter]) -> bool:
    runs = list(reporters)
    try:
        params = [demo.Params.model_validate(run.params) for run in runs]
        results = demo.run_batch(params, list(reporters.values()))
        answers = list(zip(runs, results, strict=True))
    except INTERRUPTED:
        raise
    except Exception:  # whichever of them it was will raise again alone
        log.warning("A batch of %d %s failed; computing them one by one.", len(runs), demo.slug, exc_info=True)
        return False
    for run, result in answers:
        _end_attempt(run, reporters[run], partial(dict, result))
    return True


def _end_attempt(run: Run, reporter: LiveReporter, answer: Callable[[], dict[str, Any]]) -> None:
    """Get the answer, and write down how this attempt ended: the one place where that is decided."""
    try:
        result = answer()
        reporter.flush()
        if reporter.end is not None:
            raise reporter.end
        _succeed(run, result)
    except Released:
        release_run(run)
    except Stopped:
        pass  # its row already says so, or another attempt has it
    except DemoError as error:
        reporter.flush()
        fail_run(run, str(error))
    except INTERRUPTED:
        # Neither the demo's fault nor the student's: the lease runs out and the Run is taken up again.
        log.warning("Lost touch with the servers during %s.", run, exc_info=True)
    except Exception:  # a demo may raise anything; the worker lives on, staff get the traceback
        log.warning("%s failed.", run, exc_info=True)
        fail_run(run, FAILED, traceback.format_exc())


def _succeed(run: Run, result: dict[str, Any]) -> None:
    """Keep the result, if it is JSON as Postgres keeps it: no NaN, no NUL, no half of a surrogate pair."""
    line = json.dumps(result, allow_nan=False, ensure_ascii=False)
    if "\\u0000" in line:
        raise ValueError("Postgres keeps no NUL in JSON")
    if (size := len(line.encode())) > eventlog.MAX_EVENT_BYTES - 1024:
        fail_run(run, "The answer is too large to show. Ask for less at once.", f"The result has {size:,} bytes.")
        return
    succeed_run(run, result)
