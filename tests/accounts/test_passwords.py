"""Changing and resetting a password, by mail and by a link from staff."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AuditEntry, User
from tests.accounts.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "a new horse 43"


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@example.org")


def set_password(client: Client, link: str, password: str = NEW) -> Any:
    path = re.sub(r"^https?://[^/]+", "", link)
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def link_from_staff(staff_client: Client, user: User) -> str:
    response = staff_client.post(reverse("staff-person-reset-link", args=[user.pk]))
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    link: str = response.context["link"]
    assert link in response.content.decode()
    return link


def has_password(user: User, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)


def test_changing_a_password_takes_the_old_one_and_ends_other_sessions(ada: User) -> None:
    here, elsewhere = Client(), signed_in(ada)
    here.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    url = reverse("account_change_password")
    here.post(url, {"oldpassword": "not it", "password1": NEW, "password2": NEW})
    assert has_password(ada, PASSWORD)
    here.post(url, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert has_password(ada, NEW)
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302


def test_without_a_mail_server_the_reset_page_says_whom_to_ask(client: Client, ada: User) -> None:
    url = reverse("account_reset_password")
    for response in (client.get(url), client.post(url, {"email": ada.email})):
        assert "Ask your instructor or staff for a one-time link" in response.content.decode()
        assert "<form" not in response.content.decode().split("<main", 1)[1]
    assert sent.outbox == []


def test_a_password_is_reset_by_mail_once(client: Client, ada: User, mail: None) -> None:
    client.post(reverse("account_reset_password"), {"email": "ADA@example.org"})
    assert sent.outbox[0].to == [ada.email]
    found = re.search(r"http\S+", sent.outbox[0].body)
    assert found
    set_password(client, found[0])
    assert has_password(ada, NEW)
    assert "This link no longer works" in Client().get(found[0], follow=True).content.decode()


def test_resetting_by_mail_does_not_tell_who_has_an_account(client: Client, ada: User, mail: None) -> None:
    url = reverse("account_reset_password")
    known = client.post(url, {"email": ada.email}, follow=True)
    unknown = Client().post(url, {"email": "eve@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    without_token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert without_token.sub("", known.content.decode()) == without_token.sub("", unknown.content.decode())


def test_a_link_from_staff_sets_a_password_once_and_signs_in(staff: User, staff_client: Client, ada: User) -> None:
    link = link_from_staff(staff_client, ada)
    client = Client()
    set_password(client, link)
    assert has_password(ada, NEW)
    assert client.get(reverse("account")).status_code == 200
    response = set_password(Client(), link, "a third horse 44")
    assert "This link no longer works" in response.content.decode()
    assert has_password(ada, NEW)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.about) == ("reset_link_made", staff, ada)


def test_a_link_from_staff_works_for_a_day(staff_client: Client, ada: User) -> None:
    link = link_from_staff(staff_client, ada)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert "This link no longer works" in set_password(Client(), link).content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        set_password(Client(), link)
    assert has_password(ada, NEW)


def test_a_link_for_one_person_is_no_link_for_another(staff_client: Client, ada: User) -> None:
    other = UserFactory()
    token = link_from_staff(staff_client, ada).rstrip("/").rsplit("/", 1)[1].split("-", 1)[1]
    forged = link_from_staff(staff_client, other).rstrip("/").rsplit("/", 1)[1].split("-", 1)[0] + "-" + token
    set_password(Client(), f"/accounts/password/reset/key/{forged}/")
    assert has_password(other, PASSWORD)


def test_there_is_no_link_for_a_deactivated_account(staff_client: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    response = staff_client.post(reverse("staff-person-reset-link", args=[ada.pk]), follow=True)
    assert "Reactivate it first." in response.content.decode()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("form_is_open", [False, True])
@pytest.mark.parametrize("reactivated", [False, True])
def test_a_link_ends_when_its_account_is_deactivated(
    staff_client: Client, ada: User, form_is_open: bool, reactivated: bool
) -> None:
    link, client = link_from_staff(staff_client, ada), Client()
    path = re.sub(r"^https?://[^/]+", "", link)
    if form_is_open:
        path = client.get(path, follow=True).request["PATH_INFO"]
    services.deactivate_user(user=ada, by=None)
    if reactivated:
        services.reactivate_user(user=ada, by=None)
    response = client.post(path, {"password1": NEW, "password2": NEW}, follow=True)
    assert "This link no longer works" in response.content.decode()
    assert not has_password(ada, NEW)


def test_the_link_asks_for_a_good_password(staff_client: Client, ada: User) -> None:
    response = set_password(Client(), link_from_staff(staff_client, ada), "12345678")
    assert "password1" in response.context["form"].errors
    assert has_password(ada, PASSWORD)
