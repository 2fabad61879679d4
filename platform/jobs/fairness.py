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
      AND (ended IS NULL OR ended > now() - interval '1 hour' OR (%(queue)s = 'training' AND ended > %(midnight)s))
    GROUP BY payer
)
"""
_HELD = """
    CASE WHEN %(queue)s <> 'training' THEN ''
         WHEN usage.trained_today >= %(a_day)s THEN 'day'
         WHEN usage.running >= %(at_once)s THEN 'others'
         ELSE '' END
"""

NEXT = (
    _WAITING
    + """
SELECT r.id FROM jobs_run r JOIN usage ON usage.payer = r.payer
WHERE r.state = 'queued' AND r.queue = %(queue)s AND (r.demo || ' ' || r.version) = ANY(%(here)s) AND """
    + _HELD
    + """ = ''
ORDER BY usage.running, usage.used, r.created, r.id
LIMIT 1
FOR UPDATE OF r SKIP LOCKED
"""
)

_LIST = (
    _WAITING
    + "SELECT waiting.id, waiting.payer, usage.running, usage.used, "
    + _HELD
    + """ AS held
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


Row = tuple[UUID, str, int, float, str]
"""A waiting Run: id, payer, how many the payer has running, seconds the payer used, and what holds it back:
`""` nothing, `"others"` the payer's trainings under way, `"day"` the payer's training seconds of today."""


def waiting_rows(queue: str) -> list[Row]:
    """All waiting Runs of the queue, first come first."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, query_args(queue))
        rows: list[Row] = cursor.fetchall()
        return rows


def queue_order(rows: Iterable[Row]) -> list[UUID]:
    """The ids of these Runs in the order in which claims would take them if nothing else came or ended.

    Taking one raises its payer's running count, so that a person with ten waiting does not hold the first ten places.
    Those that are held back come last.
    """
    waiting: dict[str, deque[tuple[int, UUID]]] = defaultdict(deque)
    heap: list[tuple[int, float, int, str]] = []
    blocked: list[UUID] = []
    for arrival, (run_id, payer, running, used, held) in enumerate(rows):
        if held:
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
