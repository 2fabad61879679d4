"""The order in which waiting Runs are taken: first whoever has fewest running, then whoever used the fewest seconds in
the last hour, then first come. The claim and the place shown to a student come from the same query."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs.allowances import midnight

# A payer's row is read once, however many Runs wait.
_WAITING = """
WITH waiting AS (
    SELECT id, payer, created FROM jobs_run WHERE state = 'queued' AND queue = %(queue)s
), usage AS (
    SELECT payer,
           count(*) FILTER (WHERE state = 'running' AND queue = %(queue)s) AS running,
           coalesce(sum(seconds) FILTER (WHERE ended > now() - interval '1 hour'), 0) AS used,
           coalesce(sum(CASE WHEN started < %(midnight)s OR queue <> 'training' THEN 0
                             WHEN state = 'running' THEN seconds + extract(epoch FROM now() - attempt_started)
                             ELSE seconds END), 0) AS trained_today
    FROM jobs_run
    WHERE payer IN (SELECT payer FROM waiting)
      AND (ended IS NULL OR ended > least(now() - interval '1 hour', %(midnight)s))
    GROUP BY payer
)
"""
_MAY_START = """
    (%(queue)s <> 'training' OR (usage.running < %(at_once)s AND usage.trained_today < %(a_day)s))
"""

NEXT = (
    _WAITING
    + """
SELECT r.id FROM jobs_run r JOIN usage ON usage.payer = r.payer
WHERE r.state = 'queued' AND r.queue = %(queue)s AND (r.demo || ' ' || r.version) = ANY(%(here)s) AND """
    + _MAY_START
    + """
ORDER BY usage.running, usage.used, r.created, r.id
LIMIT 1
FOR UPDATE OF r SKIP LOCKED
"""
)

_LIST = (
    _WAITING
    + "SELECT waiting.id, waiting.payer, usage.running, usage.used, "
    + _MAY_START
    + """ AS may_start
FROM waiting JOIN usage ON usage.payer = waiting.payer ORDER BY waiting.created, waiting.id
"""
)


def query_args(queue: str) -> dict[str, Any]:
    allowed = settings.ALLOWANCES
    return {
        "queue": queue,
        "midnight": midnight(),
        "at_once": allowed["training_at_once"],
        "a_day": allowed["training_seconds_a_day"],
    }


def queue_order(queue: str) -> list[UUID]:
    """The ids of all waiting Runs in the order in which they would be taken if nothing else came or ended."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, query_args(queue))
        return simulate(cursor.fetchall())


def simulate(rows: Iterable[tuple[UUID, str, int, float, bool]]) -> list[UUID]:
    """Take the rows (id, payer, running, seconds used, may start; first come first) one at a time, as claims would.

    Taking one raises its payer's running count, so that a person with ten waiting does not hold the first ten places.
    Those that may not start yet (two trainings under way, today's seconds used up) come last.
    """
    waiting: dict[str, deque[tuple[int, UUID]]] = defaultdict(deque)
    heap: list[tuple[int, float, int, str]] = []
    blocked: list[UUID] = []
    for arrival, (run_id, payer, running, used, may_start) in enumerate(rows):
        if not may_start:
            blocked.append(run_id)
            continue
        if not waiting[payer]:
            heap.append((running, used, arrival, payer))
        waiting[payer].append((arrival, run_id))
    heapq.heapify(heap)
    order = []
    while heap:
        running, used, _, payer = heapq.heappop(heap)
        order.append(waiting[payer].popleft()[1])
        if waiting[payer]:
            heapq.heappush(heap, (running + 1, used, waiting[payer][0][0], payer))
    return order + blocked
