"""The web process that bench/pages.py measures: ours, and beside it Django with nothing but a view that says hello."""

from __future__ import annotations

from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from config.asgi import application as unroll

HELLO = "/bench-hello/"


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


class Bare(ASGIHandler):
    """Django without middleware and with one address."""

    def __init__(self) -> None:
        with override_settings(MIDDLEWARE=[]):
            super().__init__()

    def resolve_request(self, request: HttpRequest) -> Any:
        match = path(HELLO[1:], hello).resolve(request.path_info[1:])
        assert match
        request.resolver_match = match
        return match


bare = Bare()


async def application(scope: Any, receive: Any, send: Any) -> None:
    app = bare if scope.get("path") == HELLO else unroll
    await app(scope, receive, send)
