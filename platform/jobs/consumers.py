"""The live stream of a Job: a hint says that there is news, the log says what it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from common.valkey import async_client
from jobs import eventlog, selectors
from jobs.models import Job
from jobs.services import job_group
from mlcore.contracts import FINAL_KINDS, Event

LOOK_SECONDS = 1.0
"""How long a dropped hint can go unnoticed."""
RECHECK_LOOKS = 5
"""At every fifth look without news the Job's row is read again, should its end have been missed."""
UNKNOWN = 4404
BROKEN = 1011

log = logging.getLogger(__name__)


class JobConsumer(AsyncJsonWebsocketConsumer):
    """`/ws/jobs/<id>/?after=<seq>`: every event after that number, in order, once; closes after the final one."""

    async def connect(self) -> None:
        self._news = asyncio.Event()
        self._stale = False
        self._pump: asyncio.Task[None] | None = None
        query = parse_qs(self.scope["query_string"].decode())
        after = query.get("after", ["0"])[0]
        self._sent = int(after) if after.isdecimal() and len(after) < 10 else 0
        await self.accept()
        try:
            self._job = await _visible_job(self.scope, query.get("share", [""])[0])
        except Job.DoesNotExist:
            await self.close(code=UNKNOWN)
            return
        # Join first, read then: what comes in between is announced.
        for group in (eventlog.group(self._job.run_id), job_group(self._job.id)):
            await self.channel_layer.group_add(group, self.channel_name)
            self.groups.append(group)
        self._pump = asyncio.create_task(self._send_all())

    async def disconnect(self, code: int) -> None:
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any) -> None:
        """A browser has nothing to say here."""

    async def run_news(self, message: dict[str, Any]) -> None:
        self._news.set()

    async def job_changed(self, message: dict[str, Any]) -> None:
        self._stale = True
        self._news.set()

    async def _send_all(self) -> None:
        try:
            await self._follow()
            await self.close()
        except Exception:  # a server that restarts, say: the browser comes back and goes on where it was
            log.exception("The stream of job %s broke off.", self._job.id)
            await self.close(code=BROKEN)

    async def _follow(self) -> None:
        looks = 0
        place: Any = None
        while not await self._send_news():
            if self._sent == 0:
                place = await self._send_place(place)
            try:
                await asyncio.wait_for(self._news.wait(), LOOK_SECONDS)
            except TimeoutError:
                looks += 1
                self._stale = self._stale or looks % RECHECK_LOOKS == 0
            self._news.clear()

    async def _send_news(self) -> bool:
        """Send what is new; True once the final event is out."""
        if self._stale:
            self._stale = False
            self._job = await database_sync_to_async(_reload)(self._job)
        if self._job.is_ended:
            events, final = await database_sync_to_async(selectors.read_events)(job=self._job, after=self._sent)
            await self._send_events(events)
            return bool(final)
        while events := await _read_shared(self._job.run_id, self._sent):
            if await self._send_events(events):
                return True
        return False

    async def _send_events(self, events: list[Event]) -> bool:
        for event in events:
            await self.send_json(event)
            self._sent = event["seq"]
        return bool(events) and events[-1]["kind"] in FINAL_KINDS

    async def _send_place(self, last: Any) -> Any:
        """Tell a waiting Job its place, when that has changed. Not in the log, hence number 0."""
        place = await database_sync_to_async(selectors.queue_place)(self._job.run)
        if place != last:
            await self.send_json({"seq": 0, "attempt": 0, "t": 0.0, "kind": "queued", "data": asdict(place)})
        return place


@database_sync_to_async
def _visible_job(scope: Any, share: str) -> Job:
    return selectors.visible_job(job_id=scope["url_route"]["kwargs"]["job_id"], actor=scope["actor"], share=share)


def _reload(job: Job) -> Job:
    return Job.objects.select_related("run").get(pk=job.pk)


_reads: dict[tuple[UUID, int], asyncio.Task[list[Event]]] = {}


async def _read_shared(run_id: UUID, after: int) -> list[Event]:
    """Read the log. A class that watches one Run is at the same place in it: their reads are one read."""
    key = (run_id, after)
    task = _reads.get(key)
    if task is None:
        task = _reads[key] = asyncio.create_task(_read(run_id, after))
        task.add_done_callback(lambda _: _reads.pop(key, None))
    # Shielded: one socket that closes must not take the others' read with it.
    return await asyncio.shield(task)


async def _read(run_id: UUID, after: int) -> list[Event]:
    key = eventlog.log_key(run_id)
    entries: Any = await async_client().xrange(key, min=f"({after}-0", count=eventlog.READ_COUNT)
    return eventlog.entries_to_events(entries)
