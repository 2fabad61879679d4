"""What happens to courses when somebody signs in."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import guest_became_user
from courses.services.handover import hand_over_progress


@receiver(guest_became_user)
def hand_over_guests_progress(sender: Any, guest: str, user: User, **_: Any) -> None:
    hand_over_progress(guest=guest, user=user)
