"""Refuses sockets that another site's page opens with our visitor's cookies."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class SameOriginSocketMiddleware:
    """Lets a WebSocket through when its Origin names the very host and port it connects to, and that host is ours.

    Browsers always send an Origin; a client without one carries no visitor's cookies by itself and is let through.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin1").lower()
        origin = headers.get(b"origin", b"").decode("latin1").lower()
        try:
            origin_host = urlsplit(origin).netloc
        except ValueError:
            origin_host = "nonsense"
        ours = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
        if ours and (not origin or origin_host == host):
            return await self.app(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)
