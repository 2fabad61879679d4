"""What happens elsewhere and concerns courses."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import guest_became_user, user_about_to_be_deleted
from courses.personal_data import let_go_of
from courses.services.enrolment import accept_invitations
from courses.services.handover import hand_over_progress
from courses.services.progress import prune_progress
from jobs.signals import pruning


@receiver(guest_became_user)
def hand_over_guests_progress(sender: Any, guest: str, user: User, **_: Any) -> None:
    hand_over_progress(guest=guest, user=user)


@receiver(user_logged_in)
def accept_invitations_at_sign_in(sender: Any, user: User, **_: Any) -> None:
    """Signing up ends in signing in, so this one moment covers both."""
    accept_invitations(user=user)


@receiver(email_confirmed)
def accept_invitations_of_a_new_address(sender: Any, email_address: EmailAddress, **_: Any) -> None:
    accept_invitations(user=email_address.user)


@receiver(pruning)
def prune_guests_progress(sender: Any, **_: Any) -> None:
    prune_progress()


@receiver(user_about_to_be_deleted)
def let_go_of_account(user: User, **_: Any) -> None:
    let_go_of(user=user)
