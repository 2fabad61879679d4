"""What happens elsewhere and concerns Jobs."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.signals import guest_became_user
from jobs.services import adopt_guest_jobs


@receiver(guest_became_user)
def move_jobs_to_account(guest: str, user: Any, **_: Any) -> None:
    adopt_guest_jobs(guest=guest, user=user)
