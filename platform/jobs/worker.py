"""What a worker does when it is woken: take Runs from Postgres, compute them, write down how they ended."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import redis
from django.db import DatabaseError

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
INTERRUPTED = (redis.RedisError, DatabaseError)


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
    if len(runs) > 1 and _compute_batch(demo, runs, is_draining):
        return
    for run in runs:
        _compute_one(demo, run, is_draining)


def _compute_one(demo: Demo, run: Run, is_draining: Callable[[], bool]) -> None:
    with Care([run], is_draining) as care:
        reporter = care.reporters[run]
        try:
            params = demo.Params.model_validate(run.params)
            result = demo.run(params, reporter)
            _finish(run, reporter, result)
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


def _compute_batch(demo: Demo, runs: list[Run], is_draining: Callable[[], bool]) -> bool:
    with Care(runs, is_draining) as care:
        reporters = [care.reporters[run] for run in runs]
        try:
            results = demo.run_batch([demo.Params.model_validate(run.params) for run in runs], reporters)
        except INTERRUPTED:
            raise
        except Exception:  # whichever of them it was will raise again alone
            log.warning("A batch of %d %s failed; computing them one by one.", len(runs), demo.slug, exc_info=True)
            return False
        for run, reporter, result in zip(runs, reporters, results, strict=True):
            try:
                _finish(run, reporter, result)
            except Released:
                release_run(run)
            except Stopped:
                pass
        return True


def _finish(run: Run, reporter: LiveReporter, result: dict[str, Any]) -> None:
    reporter.flush()
    if reporter.end is not None:
        raise reporter.end
    try:
        line = json.dumps(result, allow_nan=False)
        if "\\u0000" in line:
            raise ValueError("Postgres keeps no NUL in JSON")
    except (TypeError, ValueError):
        fail_run(run, FAILED, f"The result is not JSON.\n{traceback.format_exc()}")
        return
    if (size := len(line.encode())) > eventlog.MAX_EVENT_BYTES - 1024:
        fail_run(run, "The answer is too large to show. Ask for less at once.", f"The result has {size:,} bytes.")
        return
    succeed_run(run, result)
