from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_database_refuses_an_email_that_differs_only_in_case() -> None:
    UserFactory(email="ada@example.org")
    with pytest.raises(IntegrityError, match="user_email_lower_case"):
        User(email="Ada@Example.org", name="Ada").save()


def test_the_database_refuses_the_same_email_twice() -> None:
    UserFactory(email="ada@example.org")
    with pytest.raises(IntegrityError, match="email"):
        UserFactory(email="ADA@example.org")


def test_the_database_refuses_an_unknown_role() -> None:
    with pytest.raises(IntegrityError, match="user_role_known"):
        UserFactory(role="king")


@pytest.mark.parametrize(
    ("role", "is_instructor", "is_staff"),
    [("student", False, False), ("instructor", True, False), ("staff", True, True)],
)
def test_a_role_says_what_somebody_may_do(role: str, is_instructor: bool, is_staff: bool) -> None:
    user = UserFactory(role=role)
    assert (user.is_instructor, user.is_staff) == (is_instructor, is_staff)
