"""Signing up, in and out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail as sent
from django.test import Client
from django.urls import reverse

from accounts.actors import GUEST_COOKIE, sign_guest
from accounts.models import User
from accounts.signals import guest_became_user
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Lovelace", "email": "Ada@Example.org", "password1": "analytical engine 1843"}


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_who_signs_up_is_signed_in_as_a_student(client: Client) -> None:
    response = client.post(reverse("account_signup"), ADA)
    assert response.status_code == 302
    assert is_signed_in(client)
    ada = User.objects.get()
    assert (ada.name, ada.email, ada.role) == ("Ada Lovelace", "ada@example.org", "student")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Ada\u202e"),
        ("name", "A\x07da"),
        ("email", ""),
        ("email", "ada"),
        ("email", "a@\ua7dc.com"),
        ("email", "ada@exämple.org"),
        ("password1", "12345678"),
    ],
)
def test_signing_up_says_what_does_not_fit(client: Client, field: str, value: str) -> None:
    response = client.post(reverse("account_signup"), {**ADA, field: value})
    assert field in response.context["form"].errors
    assert not User.objects.exists()


def test_nobody_gives_themselves_a_role(client: Client) -> None:
    client.post(reverse("account_signup"), {**ADA, "role": "staff"})
    assert User.objects.get().role == "student"


def test_signing_up_twice_with_one_email_in_another_case_is_refused(client: Client) -> None:
    UserFactory(email="ada@example.org")
    response = client.post(reverse("account_signup"), {**ADA, "email": "ADA@example.org"})
    assert "There is already an account with this email." in response.content.decode()
    assert User.objects.count() == 1


def test_with_mail_signing_up_takes_the_code_from_the_mail(client: Client, mail: None) -> None:
    client.post(reverse("account_signup"), ADA)
    assert not is_signed_in(client)
    code = _code()
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert is_signed_in(client)


def _code() -> str:
    found = re.search(r"^[A-Z0-9-]{6,9}$", sent.outbox[-1].body, re.MULTILINE)
    assert found
    return found[0]


def test_with_mail_signing_up_does_not_tell_who_has_an_account(client: Client, mail: None) -> None:
    UserFactory(email="taken@example.org")
    free = client.post(reverse("account_signup"), ADA)
    taken = Client().post(reverse("account_signup"), {**ADA, "email": "taken@example.org"})
    assert (taken.status_code, taken.headers["Location"]) == (free.status_code, free.headers["Location"])
    assert sent.outbox[-1].to == ["taken@example.org"]
    assert "already exists" in sent.outbox[-1].body


def test_somebody_signs_in_with_their_email_in_any_case(client: Client) -> None:
    UserFactory(email="ada@example.org")
    assert sign_in(client, "ADA@Example.ORG").status_code == 302
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(client: Client) -> None:
    UserFactory(email="ada@example.org")
    wrong = sign_in(client, "ada@example.org", "not it")
    unknown = sign_in(client, "eve@example.org", "not it")
    assert not is_signed_in(client)
    words = "This email and password do not go together."
    assert words in wrong.content.decode()
    assert words in unknown.content.decode()


def test_after_twenty_wrong_passwords_the_right_one_has_to_wait(client: Client) -> None:
    UserFactory(email="ada@example.org")
    for _ in range(20):
        sign_in(client, "ada@example.org", "not it")
    response = sign_in(client, "ada@example.org")
    assert "Too many tries with a wrong password." in response.content.decode()
    assert not is_signed_in(client)


def test_a_deactivated_person_does_not_get_in(client: Client) -> None:
    UserFactory(email="ada@example.org", is_active=False)
    sign_in(client, "ada@example.org")
    assert not is_signed_in(client)


def test_signing_out_takes_a_post(client: Client) -> None:
    client.force_login(UserFactory())
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("https://evil.example/", "/my/"),
        ("//evil.example/", "/my/"),
        ("http://localhost:9000/", "/my/"),
        ("http://127.0.0.1/", "/my/"),
        ("http://127.0.0.1:8001/my/", "/my/"),
        ("http://127.0.0.1:8000/courses/", "http://127.0.0.1:8000/courses/"),
        ("/courses/", "/courses/"),
        ("", "/my/"),
    ],
)
def test_signing_in_sends_people_nowhere_but_here(client: Client, target: str, lands: str) -> None:
    UserFactory(email="ada@example.org")
    form = {"login": "ada@example.org", "password": PASSWORD, "next": target}
    response = client.post(reverse("account_login"), form, headers={"host": "127.0.0.1:8000"})
    assert response.headers["Location"] == lands


def test_a_guests_work_is_handed_to_the_account_at_sign_up(client: Client, handed_over: list[tuple[str, User]]) -> None:
    client.cookies[GUEST_COOKIE] = sign_guest("abc")
    response = client.post(reverse("account_signup"), ADA)
    assert handed_over == [("abc", User.objects.get())]
    assert response.cookies[GUEST_COOKIE]["max-age"] == 0


def test_a_guests_work_is_handed_to_the_account_at_sign_in(client: Client, handed_over: list[tuple[str, User]]) -> None:
    ada = UserFactory(email="ada@example.org")
    client.cookies[GUEST_COOKIE] = sign_guest("abc")
    sign_in(client, "ada@example.org")
    assert handed_over == [("abc", ada)]


@pytest.mark.parametrize("cookie", [None, "abc:1xVJ98:forged"])
def test_without_a_guests_cookie_of_ours_nothing_is_handed_over(
    client: Client, handed_over: list[tuple[str, User]], cookie: str | None
) -> None:
    UserFactory(email="ada@example.org")
    if cookie:
        client.cookies[GUEST_COOKIE] = cookie
    sign_in(client, "ada@example.org")
    assert handed_over == []


def test_a_failed_sign_in_hands_nothing_over(client: Client, handed_over: list[tuple[str, User]]) -> None:
    UserFactory(email="ada@example.org")
    client.cookies[GUEST_COOKIE] = sign_guest("abc")
    response = sign_in(client, "ada@example.org", "not it")
    assert handed_over == []
    assert GUEST_COOKIE not in response.cookies


@pytest.fixture
def handed_over() -> Any:
    seen: list[tuple[str, User]] = []

    def listen(guest: str, user: User, **_: Any) -> None:
        seen.append((guest, user))

    guest_became_user.connect(listen)
    yield seen
    guest_became_user.disconnect(listen)
