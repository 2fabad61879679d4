"""Refuses bodies that are too large while they come in: Django would first write all of them to disk."""

from __future__ import annotations

import json
import re
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie

from common.errors import error_body

_MESSAGE = "This is more than can be sent at once. Send less."


class BodyLimitMiddleware:
    """ASGI. 413 for a Content-Length over `settings.MAX_BODY_BYTES`, or what `MAX_GUEST_UPLOAD_BYTES` says of the
    address, and for somebody with a session `MAX_UPLOAD_BYTES`; a body without one is cut off there."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        limit = _limit_of(scope["path"], settings.MAX_GUEST_UPLOAD_BYTES) or int(settings.MAX_BODY_BYTES)
        more = _limit_of(scope["path"], settings.MAX_UPLOAD_BYTES)
        if more and await _has_session(headers.get(b"cookie", b"")):
            limit = more
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > limit:
            await _refuse(send)
            return
        received = 0

        async def receive_some() -> Any:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return {"type": "http.disconnect"} if received > limit else message

        await self.app(scope, receive_some, send)


def _limit_of(path: str, limits: dict[str, int]) -> int | None:
    return next((limit for pattern, limit in limits.items() if re.search(pattern, path)), None)


async def _has_session(cookies: bytes) -> bool:
    """Whether this is somebody's we know, and not just any cookie of that name."""
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    return key.isalnum() and await database_sync_to_async(SessionStore().exists)(key)


async def _refuse(send: Any) -> None:
    body = json.dumps(error_body("too_large", _MESSAGE)).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
