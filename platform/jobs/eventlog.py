"""The event log: what a Run says, in order, numbered from 1, in one Valkey stream a Run.

Every write names its attempt and is refused, inside Valkey, when that is not the current one or the log is closed. So
a worker that slept past its lease cannot add a word. The number of an event is the id of its stream entry (`17-0`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.valkey import client, group_channel, hint
from jobs.models import Run
from mlcore.contracts import FINAL_KINDS, Event

MAX_EVENT_BYTES = 256 * 1024
MAX_LOG_BYTES = 64 * 1024 * 1024
KEPT_SECONDS = 24 * 3600
READ_COUNT = 500
NEWS = "run.news"

FENCED, CLOSED, FULL = -1, -2, -3

# KEYS: meta, log.  ARGV: attempt, mode, most bytes, seconds to keep, hint's channel, hint, last number, event, …
# Modes: "open" begins a new attempt, "append" adds to the current one, "close" adds the final event, once.
# The client sends a script again when its answer was lost. An attempt that appends is the log's only writer and names
# the last number it knows, so a second time is seen by its number and writes nothing.
_WRITE = """
local current = tonumber(redis.call('HGET', KEYS[1], 'attempt') or '0')
local attempt, mode = tonumber(ARGV[1]), ARGV[2]
if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return -2 end
if mode == 'open' then
  if attempt <= current then return -1 end
  redis.call('HSET', KEYS[1], 'attempt', attempt)
elseif mode == 'append' then
  if attempt ~= current then return -1 end
  local last = tonumber(redis.call('HGET', KEYS[1], 'seq'))
  if last ~= tonumber(ARGV[7]) then return last end
end
local bytes = 0
for i = 8, #ARGV do bytes = bytes + #ARGV[i] end
if mode ~= 'close' and redis.call('HINCRBY', KEYS[1], 'bytes', bytes) > tonumber(ARGV[3]) then return -3 end
local seq = 0
for i = 8, #ARGV do
  seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
  redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[i])
end
if mode == 'close' then
  redis.call('HSET', KEYS[1], 'closed', 1)
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return seq
"""


class EventTooLarge(ValueError):
    """One event is over `MAX_EVENT_BYTES`."""


@cache
def _script() -> Any:
    return client().register_script(_WRITE)


def group(run_id: UUID) -> str:
    return f"run.{run_id}"


def log_key(run_id: UUID) -> str:
    return f"run:{run_id}:log"


def _meta_key(run_id: UUID) -> str:
    return f"run:{run_id}:meta"


def encode(run: Run, attempt: int, kind: str, data: dict[str, Any]) -> bytes:
    """An event as it is stored: all but its number.

    Raises:
        EventTooLarge: over 256 KB.
        ValueError: not JSON (a NaN, say).
    """
    t = round((timezone.now() - run.created).total_seconds(), 3)
    event = {"attempt": attempt, "t": t, "kind": kind, "data": data}
    line = json.dumps(event, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    if len(line) > MAX_EVENT_BYTES:
        raise EventTooLarge(f"a {kind} event of {len(line):,} bytes")
    return line


def decode(seq: int, line: bytes) -> Event:
    return cast(Event, {"seq": seq, **json.loads(line)})


def _write(run_id: UUID, attempt: int, mode: str, lines: list[bytes], last: int = 0) -> int:
    args = [attempt, mode, MAX_LOG_BYTES, KEPT_SECONDS, group_channel(group(run_id)), hint(NEWS), last, *lines]
    return int(_script()(keys=[_meta_key(run_id), log_key(run_id)], args=args))


def open_attempt(run: Run, kind: str, data: dict[str, Any]) -> int:
    """Begin `run.attempt`: from here on older attempts are fenced. The number of its first event, or FENCED, CLOSED."""
    return _write(run.id, run.attempt, "open", [encode(run, run.attempt, kind, data)])


def append(run_id: UUID, attempt: int, lines: list[bytes], *, last: int) -> int:
    """Add encoded events after number `last` of the current attempt. The new last number, or FENCED, CLOSED, FULL."""
    return _write(run_id, attempt, "append", lines, last)


def close(run: Run) -> None:
    """Add the final event that the Run's row tells of, if the log lacks it. Anybody may call this, and again."""
    if not run.is_ended:
        raise ValueError(f"{run} has not ended")
    kind, data = final_event(run)
    _write(run.id, run.attempt, "close", [encode(run, run.attempt, kind, data)])


def close_on_commit(run: Run) -> None:
    """Close the log when the transaction is committed. Should Valkey be away then, whoever looks next does it."""
    transaction.on_commit(lambda: close(run), robust=True)


def final_event(run: Run) -> tuple[str, dict[str, Any]]:
    if run.state == "succeeded":
        return "result", {"result": run.result}
    if run.state == "failed":
        return "failed", {"message": run.error}
    return "stopped", {"message": run.error} if run.error else {}


def last_seq(run_id: UUID) -> int:
    return int(client().hget(_meta_key(run_id), "seq") or 0)


def read(run_id: UUID, after: int, count: int | None = None) -> list[Event]:
    """The events with a number over `after`, in order."""
    entries: Any = client().xrange(log_key(run_id), min=f"({after}-0", count=count)
    return entries_to_events(entries)


def entries_to_events(entries: Iterable[tuple[bytes, dict[bytes, bytes]]]) -> list[Event]:
    return [decode(int(entry_id.split(b"-")[0]), fields[b"e"]) for entry_id, fields in entries]


def is_final(events: list[Event]) -> bool:
    return bool(events) and events[-1]["kind"] in FINAL_KINDS


def pack(events: list[Event]) -> bytes:
    """A whole log as the artifact that outlives it: gzipped lines of JSON."""
    lines = (json.dumps(event, separators=(",", ":"), ensure_ascii=False) + "\n" for event in events)
    return gzip.compress("".join(lines).encode(), mtime=0)


def unpack(data: bytes) -> list[Event]:
    # Not splitlines(): it also splits at U+0085 and its like, which JSON leaves inside strings as they are.
    return [cast(Event, json.loads(line)) for line in gzip.decompress(data).decode().split("\n") if line]


def forget(run_ids: Iterable[UUID]) -> None:
    keys = [key for run_id in run_ids for key in (log_key(run_id), _meta_key(run_id))]
    if keys:
        client().delete(*keys)
