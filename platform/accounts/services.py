"""What changes an account. Whatever is done to somebody else's leaves an audit entry."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import AuditEntry, User
from common.errors import Conflict

Action = AuditEntry.Action


@transaction.atomic
def change_role(*, user: User, role: User.Role, by: User | None) -> User:
    """Raises Conflict where nobody would be left as staff."""
    user, other_staff = lock_with_other_staff(user)
    if user.role == role:
        return user
    if user.is_staff and user.is_active and not other_staff:
        raise Conflict("This is the only staff account. Make somebody else staff first.")
    before, user.role = User.Role(user.role), role
    user.save(update_fields=["role"])
    AuditEntry.objects.create(about=user, by=by, action=Action.ROLE_CHANGED, detail=f"{before.label} to {role.label}")
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: User | None) -> User:
    """Sign the person out everywhere and keep them out. Raises Conflict where nobody would be left as staff.

    The password goes: with it end, for good, all sessions and all one-time links that are still open.
    """
    user, other_staff = lock_with_other_staff(user)
    if not user.is_active:
        return user
    if user.is_staff and not other_staff:
        raise Conflict("This is the only staff account. Make somebody else staff first.")
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    AuditEntry.objects.create(about=user, by=by, action=Action.DEACTIVATED)
    return user


@transaction.atomic
def reactivate_user(*, user: User, by: User | None) -> User:
    """Let the person in again, once they have set a new password (`make_reset_link`, or by mail)."""
    user, _ = lock_with_other_staff(user)
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    AuditEntry.objects.create(about=user, by=by, action=Action.REACTIVATED)
    return user


def lock_with_other_staff(user: User) -> tuple[User, list[User]]:
    """The account and all other active staff, locked in one order, so that two of them cannot demote each other."""
    staff = Q(role=User.Role.STAFF, is_active=True)
    locked = list(User.objects.select_for_update().filter(Q(pk=user.pk) | staff).order_by("pk"))
    return next(one for one in locked if one.pk == user.pk), [one for one in locked if one.pk != user.pk]


@transaction.atomic
def make_reset_link(*, user: User, by: User) -> str:
    """A link with which the person sets a new password: once, and within `PASSWORD_RESET_TIMEOUT`.

    It is the same key that goes out by mail, and is kept nowhere. Raises Conflict for a deactivated account.
    """
    user, _ = lock_with_other_staff(user)
    if not user.is_active:
        raise Conflict("This account is deactivated. Reactivate it first.")
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    AuditEntry.objects.create(about=user, by=by, action=Action.RESET_LINK_MADE)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def create_staff(*, email: str, name: str, password: str) -> User:
    """A staff account that can sign in at once. Raises IntegrityError where the email has an account."""
    user = User.objects.create_user(email, password, name=name, role=User.Role.STAFF)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def promote_to_staff(*, user: User, password: str) -> User:
    """Make an existing account staff, with a new password.

    Somebody else may have registered the address, so whatever let them in goes: the password, and with it sessions and
    one-time links, the second step of signing in, and further addresses, to which a new password could be mailed.
    """
    user = reactivate_user(user=user, by=None)
    user = change_role(user=user, role=User.Role.STAFF, by=None)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
