"""`manage.py createstaff`."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


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


def test_it_makes_an_existing_account_staff_and_keeps_its_password() -> None:
    grace = UserFactory(email="grace@example.org", is_active=False)
    assert "is staff now" in createstaff("GRACE@example.org")
    grace.refresh_from_db()
    assert grace.is_staff
    assert grace.is_active
    assert grace.check_password(PASSWORD)
    assert AuditEntry.objects.filter(about=grace, by=None, detail="Student to Staff").exists()


def test_a_second_time_it_says_that_nothing_changed() -> None:
    UserFactory(email="grace@example.org", role="staff")
    assert "is staff already" in createstaff("grace@example.org")
    assert not AuditEntry.objects.exists()
