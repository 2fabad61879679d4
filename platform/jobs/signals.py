"""What happens elsewhere and concerns Jobs, and what happens here and concerns others."""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal, receiver

from accounts.signals import guest_became_user
from jobs.services import adopt_guest_jobs

pruning = Signal()
"""Every hour: time to delete what nobody comes back for."""


@receiver(guest_became_user)
def move_jobs_to_account(guest: str, user: Any, **_: Any) -> None:
    adopt_guest_jobs(guest=guest, user=user)
