"""What happens in this app when somebody signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actors import read_guest
from accounts.models import User
from accounts.signals import guest_became_user


@receiver(user_logged_in)
def hand_over_guests_work(sender: Any, request: HttpRequest | None, user: User, **_: Any) -> None:
    """Signing up ends in signing in, so this one moment covers both. (No request: a sign-in inside a socket.)"""
    if request and (guest := read_guest(request.COOKIES)):
        guest_became_user.send(sender=User, guest=guest, user=user)
