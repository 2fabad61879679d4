"""What holds for every request and every answer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

PERSONAL = ("/my/", "/runs/", "/api/jobs/", "/api/uploads/")
"""Addresses that show a guest something of their own; where somebody is signed in, every page does."""


class NulMiddleware:
    """Refuses an address or a cookie with the character U+0000, which Postgres takes in no comparison."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in text for text in (unquote(request.get_full_path()), *request.COOKIES.values())):
            raise BadRequest("There is a character U+0000 in the address or in a cookie.")
        return self.get_response(request)


class PrivateCacheMiddleware:
    """Keeps what belongs to one person out of every cache, so that nobody finds it after them in the same browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and (request.path.startswith(PERSONAL) or request.user.is_authenticated):
            patch_cache_control(response, private=True, no_store=True)
        return response
