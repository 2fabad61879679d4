"""What happens elsewhere and concerns Jobs, and what happens here and concerns others."""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal, receiver

from accounts.models import User
from accounts.signals import guest_became_user, user_about_to_be_deleted
from jobs.personal_data import delete_jobs_of
from jobs.services import adopt_guest_jobs
from jobs.uploads import delete_uploads_of

pruning = Signal()
"""Every hour: time to delete what nobody comes back for."""


@receiver(guest_became_user)
def move_jobs_to_account(guest: str, user: Any, **_: Any) -> None:
    adopt_guest_jobs(guest=guest, user=user)


@receiver(user_about_to_be_deleted)
def delete_jobs_of_account(user: User, **_: Any) -> None:
    delete_jobs_of(user=user)
    delete_uploads_of(user=user)
