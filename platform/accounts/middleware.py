"""Put the actor on requests and sockets, and keep the guest's cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from accounts.actors import (
    GUEST_COOKIE,
    GUEST_COOKIE_SECONDS,
    Actor,
    ActorRequest,
    client_address,
    new_guest,
    read_guest,
    sign_guest,
)

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class _RequestActor(Actor):
    """An actor that remembers whether its guest's id was asked for: a guest who leaves no trace gets no cookie."""

    def __getattribute__(self, name: str) -> Any:
        if name == "guest":
            self.__dict__["guest_used"] = True
        return super().__getattribute__(name)

    @property
    def needs_cookie(self) -> bool:
        return self.user is None and "guest_used" in self.__dict__


class ActorMiddleware:
    """Sets `request.actor`, made when it is first looked at.

    The guest's cookie goes out with the answer to a request that changed something in the guest's name. It is dropped
    once the guest has signed in, so that whoever uses the browser next starts afresh. A page that asked for the id of a
    guest we know may show something of theirs, and no cache keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made: list[_RequestActor] = []

        def make_actor() -> Actor:
            made.append(_actor_of_request(request))
            return made[0]

        cast(ActorRequest, request).actor = cast(Actor, SimpleLazyObject(make_actor))
        response = self.get_response(request)
        if GUEST_COOKIE in request.COOKIES and request.user.is_authenticated:
            response.delete_cookie(GUEST_COOKIE, samesite="Lax")
        elif made and made[0].needs_cookie and request.method not in READING:
            response.set_cookie(
                GUEST_COOKIE,
                sign_guest(made[0].guest),
                max_age=GUEST_COOKIE_SECONDS,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        if made and made[0].needs_cookie and GUEST_COOKIE in request.COOKIES and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _actor_of_request(request: HttpRequest) -> _RequestActor:
    user = request.user if request.user.is_authenticated else None
    return _RequestActor(
        user=user,
        guest="" if user else read_guest(request.COOKIES) or new_guest(),
        address=client_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")),
    )


Scope = dict[str, Any]
SocketApp = Callable[[Scope, Any, Any], Awaitable[Any]]


class ActorSocketMiddleware:
    """Sets `scope["actor"]`; goes inside channels' `AuthMiddlewareStack`, which has read the cookies and the user."""

    def __init__(self, app: SocketApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> Any:
        user = scope["user"] if scope["user"].is_authenticated else None
        peer, _port = scope.get("client") or ("", 0)
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin1")
        actor = Actor(
            user=user,
            guest="" if user else read_guest(scope["cookies"]) or new_guest(),
            address=client_address(peer, forwarded),
        )
        return await self.app({**scope, "actor": actor}, receive, send)
