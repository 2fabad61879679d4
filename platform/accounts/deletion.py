"""The end of an account."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import lock_with_other_staff
from accounts.signals import user_about_to_be_deleted
from common.errors import Conflict


def delete_user(*, user: User) -> None:
    """Delete the account and all that is somebody's own. What they wrote for others stays, without a name.

    Other apps listen to `user_about_to_be_deleted`: they delete what no foreign key would, or object.

    Raises:
        Conflict: nobody would be left as staff, or another app objects. Nothing is changed then.
    """
    key = str(user.pk)
    with transaction.atomic():
        user, other_staff = lock_with_other_staff(user)
        if user.is_staff and user.is_active and not other_staff:
            raise Conflict("This is the only staff account. Make somebody else staff first.")
        user_about_to_be_deleted.send(sender=User, user=user)
        user.delete()
    _end_sessions(key)


def _end_sessions(key: str) -> None:
    """A session names its user inside its signed text only, so all that have not expired are looked at. Not while
    anything is locked: without the user they are worth nothing already."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    mine = [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == key
    ]
    Session.objects.filter(pk__in=mine).delete()
