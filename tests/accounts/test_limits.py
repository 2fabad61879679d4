from __future__ import annotations

from typing import Any

import pytest
from allauth.core import ratelimit
from django.test import Client, RequestFactory

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(number: int) -> Any:
    form = {"email": f"class{number}@example.org", "name": "A", "password1": PASSWORD, "password2": PASSWORD}
    return Client().post("/accounts/signup/", form)


def test_a_class_behind_one_address_can_sign_up_in_the_same_minute() -> None:
    assert [sign_up(n).status_code for n in range(60)] == [302] * 60
    assert User.objects.count() == 60


def test_guessing_one_accounts_password_ends_soon() -> None:
    user = UserFactory()
    for _ in range(20):
        Client().post("/accounts/login/", {"login": user.email, "password": "wrong guess"})
    answer = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "Too many" in answer.content.decode()


def test_one_student_who_sends_empty_forms_keeps_nobody_else_out() -> None:
    empty_form = RequestFactory().post("/accounts/login/")
    for _ in range(700):
        ratelimit.consume(empty_form, action="login")
    answer = Client().post("/accounts/login/", {"login": UserFactory().email, "password": PASSWORD})
    assert answer.status_code == 302


def test_too_often_is_told_with_the_time_when_it_is_possible_again(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    assert sign_up(1).status_code == 302
    answer = sign_up(2)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "in a minute" in answer.content.decode()
