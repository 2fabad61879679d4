"""What every request must be, and every answer says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from common.body_limit import BodyLimitMiddleware
from config.asgi import application
from tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/?q=%00", "/courses/%00/", "/staff/people/?role=%00"])
def test_nul_in_an_address_makes_no_sense(path: str) -> None:
    assert Client().get(path).status_code == 400


@pytest.mark.django_db
def test_nul_in_a_cookie_makes_no_sense() -> None:
    client = Client()
    client.cookies["sessionid"] = "\0aaaa"
    assert client.get("/").status_code == 400


@pytest.mark.django_db
def test_what_belongs_to_one_person_is_kept_out_of_caches() -> None:
    client = Client()
    assert "no-store" in client.get("/my/")["Cache-Control"]
    assert "no-store" not in client.get("/").get("Cache-Control", "")
    client.force_login(UserFactory())
    for path in ("/", "/my/", "/my/runs/", "/account/", "/api/jobs/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


@pytest.mark.django_db
def test_a_request_of_the_api_is_small() -> None:
    body = json.dumps({"params": {"word": "x" * 70_000}})
    answer = Client().post("/api/demos/explorer/jobs/", body, content_type="application/json")
    assert answer.status_code == 413
    assert answer.json()["error"]["code"]


async def swallow(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads all it is sent, and says how much that was."""
    size = 0
    while (message := await receive())["type"] == "http.request":
        size += len(message["body"])
        if not message.get("more_body"):
            break
    await send({"type": "done", "size": size, "end": message["type"]})


async def send_body(headers: list[tuple[bytes, bytes]], *chunks: int, path: str = "/") -> dict[str, Any]:
    visit = ApplicationCommunicator(BodyLimitMiddleware(swallow), {"type": "http", "path": path, "headers": headers})
    for chunk in chunks:
        await visit.send_input({"type": "http.request", "body": b"x" * chunk, "more_body": True})
    await visit.send_input({"type": "http.request", "body": b"", "more_body": False})
    return dict(await visit.receive_output(timeout=10))


async def test_a_body_that_says_it_is_too_large_is_not_read(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 100
    for length in (b"101", b"50000000000", b"-1", b"x"):
        assert (await send_body([(b"content-length", length)]))["status"] == 413
    assert (await send_body([(b"content-length", b"100")], 100))["size"] == 100


async def test_a_guest_may_send_a_file_where_files_of_guests_are_taken(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 100
    settings.MAX_GUEST_UPLOAD_BYTES = {"^/api/uploads/$": 200}
    for path, size, taken in (("/api/uploads/", 200, True), ("/api/uploads/", 201, False), ("/api/jobs/", 200, False)):
        answer = await send_body([(b"content-length", str(size).encode())], size, path=path)
        assert (answer.get("size") == size) is taken


async def test_a_body_that_does_not_say_is_cut_off(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 100
    assert (await send_body([], 60, 40))["size"] == 100
    assert (await send_body([], 60, 41, 60))["end"] == "http.disconnect"


@pytest.mark.django_db(transaction=True)
async def test_only_somebody_with_a_session_uploads_more_and_only_where_there_are_uploads(settings: Any) -> None:
    settings.MAX_BODY_BYTES = 100
    session = SessionStore()
    await session.acreate()
    known, made_up = f"sessionid={session.session_key}".encode(), b"sessionid=" + b"a" * 32
    for path in (reverse("author-import", args=["own"]), reverse("author-lesson-images", args=["own", "first"])):
        assert (await send_body([(b"cookie", known)], 60, 60, path=path))["size"] == 120
        for headers in ([], [(b"cookie", made_up)]):
            assert (await send_body(headers, 60, 60, path=path))["end"] == "http.disconnect"
    assert (await send_body([(b"cookie", known)], 60, 60, path="/author/x/import/"))["end"] == "http.disconnect"


@pytest.mark.parametrize(("path", "origin"), [("/ws/nothing/", b"http://testserver"), ("/ws/jobs/x/", b"http://[")])
async def test_a_socket_to_nowhere_is_refused_without_an_error(path: str, origin: bytes) -> None:
    headers = [(b"host", b"testserver"), (b"origin", origin)]
    visit = ApplicationCommunicator(
        application, {"type": "websocket", "path": path, "query_string": b"", "headers": headers}
    )
    await visit.send_input({"type": "websocket.connect"})
    assert (await visit.receive_output(timeout=10))["type"] == "websocket.close"
