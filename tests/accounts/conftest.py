from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import UserFactory


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(role=User.Role.STAFF, name="Grace Hopper", email="grace@example.org")


@pytest.fixture
def staff_client(staff: User) -> Client:
    return signed_in(staff)


@pytest.fixture
def mail(settings: Settings) -> None:
    """As if EMAIL_URL were set; the tests' mail goes to `django.core.mail.outbox`."""
    settings.HAS_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
