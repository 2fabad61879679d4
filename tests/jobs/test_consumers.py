from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async

from accounts.actors import sign_guest
from config.asgi import application
from jobs import eventlog, services
from jobs.leases import claim_runs
from jobs.models import Job
from tests.jobs.conftest import guest, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demos")]

submit = database_sync_to_async(services.submit_job)
stop = database_sync_to_async(services.stop_job)
work_async = database_sync_to_async(work)


class Socket(ApplicationCommunicator):
    """A browser's end of a socket, straight into the ASGI application."""

    async def open(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(timeout=20))["type"] == "websocket.accept"

    async def event(self) -> dict[str, Any]:
        message = await self.receive_output(timeout=20)
        if message["type"] == "websocket.close":
            return {"kind": "closed", "code": message.get("code", 1000)}
        return json.loads(message["text"])


def socket(job: Any, who: str = "g1", origin: bytes | None = b"http://testserver", **query: Any) -> Socket:
    headers = [(b"host", b"testserver"), (b"cookie", f"guest={sign_guest(who)}".encode())]
    if origin is not None:
        headers.append((b"origin", origin))
    scope = {
        "type": "websocket",
        "path": f"/ws/jobs/{job.id}/",
        "query_string": "&".join(f"{name}={value}" for name, value in query.items()).encode(),
        "headers": headers,
        "client": ("192.0.2.1", 5000),
        "subprotocols": [],
    }
    return Socket(application, scope)


async def listen(ws: Socket, until: str = "closed") -> list[dict[str, Any]]:
    """Everything the server says until an event of this kind."""
    assert await ws.open()
    events = [await ws.event()]
    while events[-1]["kind"] not in (until, "closed"):
        events.append(await ws.event())
    return events


async def ask(number: int = 4) -> Job:
    return await submit(demo="doubling", params={"number": number}, actor=guest())


async def test_a_socket_sends_every_event_in_order_and_closes_after_the_last() -> None:
    job = await ask()
    await work_async()
    events = await listen(socket(job))
    assert [e["kind"] for e in events] == ["started", "progress", "result", "closed"]
    assert [e["seq"] for e in events[:-1]] == [1, 2, 3]
    assert events[-1]["code"] == 1000


async def test_a_browser_that_comes_back_gets_the_rest_once() -> None:
    job = await ask()
    await work_async()
    assert [e.get("seq") for e in await listen(socket(job, after=1))] == [2, 3, None]


async def test_a_browser_that_has_everything_is_told_so_by_the_close() -> None:
    job = await ask()
    await work_async()
    for after in (3, 99):
        assert await listen(socket(job, after=after)) == [{"kind": "closed", "code": 1000}]


async def test_a_waiting_job_hears_its_place_and_then_what_happens() -> None:
    job = await ask()
    ws = socket(job)
    waiting = await listen(ws, until="queued")
    assert waiting[0]["seq"] == 0
    assert waiting[0]["data"] == {"place": 1, "estimate": None, "workers": 0, "held": ""}
    await work_async()
    kinds = []
    while "result" not in kinds:
        kinds.append((await ws.event())["kind"])
    assert [kind for kind in kinds if kind != "queued"] == ["started", "progress", "result"]


async def test_a_stopped_job_hears_stopped_at_once_while_the_run_goes_on_for_another() -> None:
    mine = await ask()
    await submit(demo="doubling", params={"number": 4}, actor=guest("g2"))
    ws = socket(mine)
    await listen(ws, until="queued")
    await stop(job=mine)
    event = await ws.event()
    assert (event["kind"], event["seq"]) == ("stopped", 1)
    await mine.arefresh_from_db()
    run = await database_sync_to_async(lambda: Job.objects.get(pk=mine.pk).run)()
    assert run.state == "queued"


async def test_news_are_found_even_when_every_hint_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "hint", lambda kind: b"\xc0")  # None in MessagePack: no consumer handles it
    job = await ask()
    (run,) = await database_sync_to_async(claim_runs)(queue="inference", worker="w", device="cpu")
    ws = socket(job)
    await listen(ws, until="started")
    line = eventlog.encode(run, 1, "log", {"text": "psst"})
    await database_sync_to_async(partial(eventlog.append, last=1))(run.id, 1, [line])
    assert (await ws.event())["data"] == {"text": "psst"}


async def test_outsiders_and_unknown_jobs_look_alike() -> None:
    job = await ask()
    for ws in (socket(job, who="outsider"), socket(job, who="outsider", share="guess")):
        assert await listen(ws) == [{"kind": "closed", "code": 4404}]
    job.id = "00000000-0000-4000-8000-000000000000"  # type: ignore[assignment]
    assert await listen(socket(job)) == [{"kind": "closed", "code": 4404}]


async def test_a_share_link_lets_anybody_look() -> None:
    job = await ask()
    await work_async()
    shared = await database_sync_to_async(services.share_job)(job=job)
    assert [e["kind"] for e in await listen(socket(job, who="outsider", share=shared.share_token))][-2] == "result"


@pytest.mark.parametrize("origin", [b"http://evil.example", b"http://testserver:9999", b"null", b"http://localhost"])
async def test_another_sites_page_is_refused(origin: bytes) -> None:
    job = await ask()
    assert not await socket(job, origin=origin).open()


async def test_a_nonsensical_number_reads_from_the_beginning() -> None:
    job = await ask()
    await work_async()
    for after in ("x", "-1", "9" * 30, "²"):
        assert (await listen(socket(job, after=after)))[0]["seq"] == 1
