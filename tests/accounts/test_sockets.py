"""The actor of a WebSocket is the one of the page that opened it."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.auth import AuthMiddlewareStack
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from accounts.actors import GUEST_COOKIE, Actor, sign_guest
from accounts.middleware import ActorSocketMiddleware
from accounts.models import User
from tests.accounts.conftest import signed_in
from tests.factories import UserFactory

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def actor_of_socket(cookie: str = "", forwarded: str = "") -> Actor:
    seen: list[Actor] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope["actor"])

    headers = [(b"cookie", cookie.encode()), (b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "websocket", "path": "/", "headers": headers, "client": ("10.0.0.1", 4711)}
    await ApplicationCommunicator(AuthMiddlewareStack(ActorSocketMiddleware(app)), scope).wait()
    return seen[0]


def session_cookie(client: Client) -> str:
    return f"{project.SESSION_COOKIE_NAME}={client.cookies[project.SESSION_COOKIE_NAME].value}"


async def test_a_signed_in_person_is_the_actor_of_their_socket() -> None:
    user = await sync_to_async(UserFactory)()
    client = await sync_to_async(signed_in)(user)
    session = client.cookies[project.SESSION_COOKIE_NAME].value
    actor = await actor_of_socket(f"{project.SESSION_COOKIE_NAME}={session}; {GUEST_COOKIE}={sign_guest('abc')}")
    assert (actor.key, actor.guest) == (f"user:{user.pk}", "")


async def test_a_deactivated_person_is_a_guest_on_a_socket() -> None:
    user = await sync_to_async(UserFactory)()
    client = await sync_to_async(signed_in)(user)
    await User.objects.filter(pk=user.pk).aupdate(is_active=False)
    actor = await actor_of_socket(session_cookie(client))
    assert actor.user is None


async def test_a_guest_with_a_cookie_is_the_same_guest_on_a_socket() -> None:
    assert (await actor_of_socket(f"{GUEST_COOKIE}={sign_guest('abc')}")).key == "guest:abc"


async def test_a_tampered_cookie_makes_a_new_guest_on_a_socket() -> None:
    actor = await actor_of_socket(f"{GUEST_COOKIE}=abc:1xVJ98:forged")
    assert actor.guest
    assert actor.guest != "abc"


async def test_a_sockets_address_is_the_clients(settings: Settings) -> None:
    assert (await actor_of_socket(forwarded="203.0.113.9")).address == "10.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert (await actor_of_socket(forwarded="6.6.6.6, 203.0.113.9")).address == "203.0.113.9"
