"""One's own account: name, email, two-step sign-in."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail as sent
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@example.org", name="Ada")


@pytest.fixture
def ada_client(ada: User) -> Client:
    """Signed in, and has just given the password again, as what changes the way to sign in asks for."""
    client = signed_in(ada)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_guest_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(reverse("account")).headers["Location"] == f"{reverse('account_login')}?next=/account/"


def test_somebody_changes_their_name(ada: User, ada_client: Client) -> None:
    response = ada_client.post(reverse("account"), {"name": " Ada Lovelace ", "role": "staff"}, follow=True)
    assert "Your name is saved." in response.content.decode()
    ada.refresh_from_db()
    assert (ada.name, ada.role) == ("Ada Lovelace", "student")


def test_an_empty_name_is_refused(ada: User, ada_client: Client) -> None:
    assert "name" in ada_client.post(reverse("account"), {"name": "  "}).context["form"].errors
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_without_a_mail_server_an_email_stays(ada: User, ada_client: Client) -> None:
    response = ada_client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert "You keep the one you have." in response.content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_a_new_email_is_taken_over_with_the_code_sent_there(ada: User, ada_client: Client, mail: None) -> None:
    ada_client.post(reverse("account_email"), {"email": "New@example.org", "action_add": ""})
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    code = re.search(r"^[A-Z0-9-]{6,9}$", sent.outbox[-1].body, re.MULTILINE)
    assert code
    ada_client.post(reverse("account_email_verification_sent"), {"code": code[0]})
    ada.refresh_from_db()
    assert ada.email == "new@example.org"


@pytest.mark.parametrize("email", ["a@\ua7dc.com", "ada@exämple.org"])
def test_a_new_email_has_plain_letters_only(ada_client: Client, mail: None, email: str) -> None:
    response = ada_client.post(reverse("account_email"), {"email": email, "action_add": ""})
    assert "letters a to z" in response.content.decode()
    assert sent.outbox == []


@pytest.mark.parametrize("name", ["Ada\u202eevil", "A\u200bda", "A\x1b[31mda"])
def test_a_name_with_invisible_characters_is_refused(ada: User, ada_client: Client, name: str) -> None:
    assert "invisible characters" in ada_client.post(reverse("account"), {"name": name}).content.decode()
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_without_a_mail_server_who_signed_up_can_turn_on_two_steps(client: Client) -> None:
    form = {"name": "Emmy", "email": "emmy@example.org", "password1": "analytical engine 1843"}
    client.post(reverse("account_signup"), form)
    client.post(reverse("account_reauthenticate"), {"password": form["password1"]})
    url = reverse("mfa_activate_totp")
    page = client.get(url)
    assert page.status_code == 200
    client.post(url, {"code": totp_code(page.context["form"].secret)})
    assert client.get(reverse("account")).context["has_two_steps"]


def test_two_step_sign_in_asks_for_the_code_after_the_password(ada: User, ada_client: Client) -> None:
    url = reverse("mfa_activate_totp")
    secret = ada_client.get(url).context["form"].secret
    ada_client.post(url, {"code": totp_code(secret)})

    client = Client()
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 302
    codes = ada_client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_activate_totp", "account_change_password", "account_email", "account_logout", "account"]
)
def test_every_page_of_ones_account_is_drawn(ada_client: Client, name: str) -> None:
    response = ada_client.get(reverse(name))
    assert response.status_code == 200
    assert 'href="/account/"' in response.content.decode() or name == "account"


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "account_inactive"])
def test_every_page_of_the_entrance_is_drawn(client: Client, name: str) -> None:
    assert "<h1>" in client.get(reverse(name)).content.decode()


def test_what_changes_how_one_signs_in_wants_a_recent_proof(ada: User, client: Client) -> None:
    client.force_login(ada)
    response = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "Is it still you?" in response.content.decode()
