"""Who is asking: somebody signed in, or a guest known only by a cookie.

A guest's id is made up when they first come and kept in a signed cookie once it stands for something (a job).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from accounts.models import User

GUEST_COOKIE: Final = "guest"
GUEST_COOKIE_SECONDS: Final = 30 * 24 * 3600
_signer = signing.TimestampSigner(salt="accounts.guest")


@dataclass(frozen=True)
class Actor:
    """Exactly one of `user` and `guest` is there; `address` is the client's, for what a whole class shares.

    Raises ValueError where both or neither are given: a guest without an id would be every guest at once.
    """

    user: User | None
    guest: str
    address: str

    def __post_init__(self) -> None:
        if (self.user is None) != bool(self.__dict__["guest"]):
            raise ValueError("An actor is either signed in or a guest with an id.")

    @property
    def key(self) -> str:
        return f"guest:{self.guest}" if self.user is None else f"user:{self.user.pk}"

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_staff


class ActorRequest(HttpRequest):
    """What a view is given once `ActorMiddleware` has run."""

    actor: Actor


def new_guest() -> str:
    return uuid.uuid4().hex


def read_guest(cookies: Mapping[str, str]) -> str:
    """The guest's id in these cookies; empty where there is none, or it is too old or not of our making."""
    try:
        return _signer.unsign(cookies.get(GUEST_COOKIE, ""), max_age=GUEST_COOKIE_SECONDS)
    except signing.BadSignature:
        return ""


def sign_guest(guest: str) -> str:
    return _signer.sign(guest)


def client_address(peer: str, forwarded_for: str) -> str:
    """The client's address: `peer`, or what the outermost of our own `TRUSTED_PROXIES` wrote into X-Forwarded-For.

    Anything further left in that header comes from the client and could say what it likes.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted = min(settings.TRUSTED_PROXIES, len(hops))
    return hops[-trusted] if trusted else peer
