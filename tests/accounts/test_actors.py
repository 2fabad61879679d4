"""The actor of a request, the guest's cookie, and where a client's address comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.actors import GUEST_COOKIE, Actor, client_address, read_guest, sign_guest
from accounts.middleware import ActorMiddleware
from tests.factories import UserFactory


def ask(request: HttpRequest, *, reads: str) -> tuple[object, HttpResponse]:
    """Send a request through the middleware to a view that reads one thing of the actor."""
    seen: list[object] = []
    if not hasattr(request, "user"):
        request.user = AnonymousUser()

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(getattr(request.actor, reads) if reads else None)  # type: ignore[attr-defined]
        return HttpResponse()

    response = ActorMiddleware(view)(request)
    return seen[0], response


def test_a_guest_whose_id_was_used_gets_it_back_in_a_cookie() -> None:
    key, response = ask(RequestFactory().post("/"), reads="key")
    cookie = response.cookies[GUEST_COOKIE]
    assert key == f"guest:{read_guest({GUEST_COOKIE: cookie.value})}"
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["secure"] == ""


def test_the_cookie_is_secure_where_sessions_are(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    _, response = ask(RequestFactory().post("/"), reads="key")
    assert response.cookies[GUEST_COOKIE]["secure"] is True


@pytest.mark.parametrize("reads", ["", "address", "is_staff", "user"])
def test_a_request_that_does_not_use_the_guests_id_sets_no_cookie(reads: str) -> None:
    _, response = ask(RequestFactory().post("/"), reads=reads)
    assert not response.cookies


def test_reading_a_page_sets_no_cookie() -> None:
    _, response = ask(RequestFactory().get("/"), reads="guest")
    assert not response.cookies


def test_a_guest_comes_back_as_the_same_guest() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[GUEST_COOKIE] = sign_guest("abc")
    assert ask(request, reads="guest")[0] == "abc"


@pytest.mark.parametrize(
    "cookie",
    ["", "abc", "abc:1xVJ98:forged", sign_guest("abc")[:-1], f"x{sign_guest('abc')}"],
    ids=["empty", "unsigned", "forged", "cut", "another's"],  # a signature has the time in it
)
def test_a_cookie_we_did_not_sign_makes_a_new_guest(cookie: str) -> None:
    request = RequestFactory().post("/")
    request.COOKIES[GUEST_COOKIE] = cookie
    guest, response = ask(request, reads="guest")
    assert guest
    assert guest not in ("abc", "xabc")
    assert read_guest({GUEST_COOKIE: response.cookies[GUEST_COOKIE].value}) == guest


def test_a_guest_is_forgotten_after_thirty_days() -> None:
    cookies = {GUEST_COOKIE: sign_guest("abc")}
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert read_guest(cookies) == "abc"
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert read_guest(cookies) == ""


def test_each_use_of_the_guests_id_counts_the_thirty_days_anew() -> None:
    request = RequestFactory().post("/")
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        request.COOKIES[GUEST_COOKIE] = sign_guest("abc")
    _, response = ask(request, reads="key")
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        assert read_guest({GUEST_COOKIE: response.cookies[GUEST_COOKIE].value}) == "abc"


@pytest.mark.django_db
def test_somebody_signed_in_is_no_guest_and_gets_rid_of_a_guests_cookie() -> None:
    request = RequestFactory().post("/")
    request.user = UserFactory()
    request.COOKIES[GUEST_COOKIE] = sign_guest("abc")
    key, response = ask(request, reads="key")
    assert key == f"user:{request.user.pk}"
    assert response.cookies[GUEST_COOKIE]["max-age"] == 0


def test_there_is_no_guest_without_an_id() -> None:
    with pytest.raises(ValueError, match="guest"):
        Actor(user=None, guest="", address="192.0.2.1")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
    ],
)
def test_a_client_cannot_make_up_its_address(settings: Settings, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address("10.0.0.1", forwarded) == address
