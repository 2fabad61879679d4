"""`manage.py createstaff`."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.accounts.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "a new horse 43"


def createstaff(*args: str) -> str:
    out = io.StringIO()
    call_command("createstaff", *args, stdout=out)
    return out.getvalue()


def test_it_makes_a_staff_account_that_can_sign_in_with_mail_too(monkeypatch: pytest.MonkeyPatch, mail: None) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", PASSWORD)
    assert "Made a staff account for grace@example.org." in createstaff("Grace@Example.org", "--name", "Grace Hopper")
    grace = User.objects.get()
    assert (grace.name, grace.is_staff) == ("Grace Hopper", True)
    client = Client()
    client.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    assert client.get(reverse("staff-people")).status_code == 200


def test_it_reads_the_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    createstaff("grace@example.org", "--password-stdin")
    grace = User.objects.get()
    assert grace.check_password(PASSWORD)
    assert grace.name == "grace"


def test_it_asks_for_the_password_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    createstaff("grace@example.org")
    assert User.objects.get().check_password(PASSWORD)


def test_two_different_passwords_make_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, "another"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        createstaff("grace@example.org")
    assert not User.objects.exists()


def test_a_weak_password_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", "12345")
    with pytest.raises(CommandError, match="too short"):
        createstaff("grace@example.org")
    assert not User.objects.exists()


def test_what_is_no_email_is_refused() -> None:
    with pytest.raises(CommandError, match="not an email"):
        createstaff("grace")


@pytest.mark.parametrize("email", ["a@\ua7dc.com", "ada@exämple.org"])
def test_an_email_with_other_letters_than_a_to_z_is_refused(email: str) -> None:
    with pytest.raises(CommandError, match="letters a to z"):
        createstaff(email)


def test_a_name_with_invisible_characters_is_refused() -> None:
    with pytest.raises(CommandError, match="invisible"):
        createstaff("grace@example.org", "--name", "Grace\u202e")


def test_an_address_that_somebody_registered_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", NEW)
    joined = datetime(2026, 5, 3, 12, tzinfo=UTC)
    somebody = UserFactory(email="grace@example.org", name="Mallory", joined=joined)
    with pytest.raises(CommandError, match=r"Mallory, who joined on 03 May 2026.*--promote"):
        createstaff("GRACE@example.org")
    somebody.refresh_from_db()
    assert (somebody.is_staff, somebody.check_password(PASSWORD)) == (False, True)


def test_promoting_gives_a_new_password_and_ends_all_that_let_somebody_in(
    monkeypatch: pytest.MonkeyPatch, mail: None
) -> None:
    grace = UserFactory(email="grace@example.org", is_active=False)
    EmailAddress.objects.create(user=grace, email="mallory@example.org", verified=True)
    Authenticator.objects.create(user=grace, type=Authenticator.Type.TOTP, data={})
    old = signed_in(grace)
    monkeypatch.setenv("STAFF_PASSWORD", NEW)
    assert "is staff now" in createstaff("GRACE@example.org", "--promote")
    grace.refresh_from_db()
    assert (grace.is_staff, grace.is_active) == (True, True)
    assert AuditEntry.objects.filter(about=grace, by=None, detail="Student to Staff").exists()
    assert old.get(reverse("account")).status_code == 302
    assert [address.email for address in EmailAddress.objects.all()] == ["grace@example.org"]
    for password, status in ((PASSWORD, 302), (NEW, 200)):
        client = Client()
        client.post(reverse("account_login"), {"login": "grace@example.org", "password": password})
        assert client.get(reverse("staff-people")).status_code == status


def test_promoting_asks_for_the_new_password_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    grace = UserFactory(email="grace@example.org")
    answers = iter([NEW, "another"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        createstaff("grace@example.org", "--promote")
    grace.refresh_from_db()
    assert (grace.is_staff, grace.check_password(PASSWORD)) == (False, True)


@pytest.mark.parametrize("more", [[], ["--promote"]])
def test_a_second_time_it_says_that_nothing_changed(more: list[str]) -> None:
    grace = UserFactory(email="grace@example.org", role="staff")
    assert "is staff already" in createstaff("grace@example.org", *more)
    grace.refresh_from_db()
    assert grace.check_password(PASSWORD)
    assert not AuditEntry.objects.exists()
