"""The staff's page about people: who may use it, and what it does."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import selectors, services, views
from accounts.models import AuditEntry, User
from common.errors import Conflict
from tests.accounts.conftest import signed_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/staff/people/"}
ACTIONS = ["role", "deactivate", "reactivate", "reset-link"]


def act(client: Client, action: str, user: User, *, htmx: bool = False, **data: str) -> Any:
    headers = HTMX if htmx else {}
    return client.post(reverse(f"staff-person-{action}", args=[user.pk]), data, headers=headers)


@pytest.mark.parametrize(("role", "status"), [("student", 403), ("instructor", 403), ("staff", 200)])
def test_only_staff_see_people(role: str, status: int) -> None:
    response = signed_in(UserFactory(role=role)).get(reverse("staff-people"))
    assert response.status_code == status
    assert ("This page is for staff." in response.content.decode()) == (status == 403)


def test_a_guest_who_wants_to_see_people_is_sent_to_sign_in(client: Client) -> None:
    response = client.get(reverse("staff-people"))
    assert response.headers["Location"] == f"{reverse('account_login')}?next=/staff/people/"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ["guest", "student", "instructor"])
def test_nobody_but_staff_changes_people(role: str, action: str) -> None:
    somebody = UserFactory()
    client = Client() if role == "guest" else signed_in(UserFactory(role=role))
    response = act(client, action, somebody, role="staff")
    assert response.status_code == (302 if role == "guest" else 403)
    somebody.refresh_from_db()
    assert (somebody.role, somebody.is_active) == ("student", True)
    assert not AuditEntry.objects.exists()


def test_nobody_changes_their_own_role() -> None:
    student = UserFactory()
    assert act(signed_in(student), "role", student, role="staff").status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_changing_people_takes_a_post(staff_client: Client, action: str) -> None:
    assert staff_client.get(reverse(f"staff-person-{action}", args=[UserFactory().pk])).status_code == 405


def test_a_signed_out_htmx_request_sends_the_whole_page_to_sign_in(client: Client) -> None:
    response = act(client, "role", UserFactory(), htmx=True, role="staff")
    assert response.headers["HX-Redirect"] == f"{reverse('account_login')}?next=/staff/people/"


def test_staff_change_a_role_and_it_is_written_down(staff: User, staff_client: Client) -> None:
    ada = UserFactory(name="Ada")
    response = act(staff_client, "role", ada, htmx=True, role="instructor")
    assert response.templates[0].name == "accounts/person_row.html"
    assert "Saved" in response.content.decode()
    ada.refresh_from_db()
    assert ada.role == "instructor"
    entry = AuditEntry.objects.get()
    assert (entry.about, entry.by, entry.detail) == (ada, staff, "Student to Instructor")
    assert "Student to Instructor" in staff_client.get(reverse("staff-people")).content.decode()


def test_the_same_role_again_writes_nothing_down(staff_client: Client) -> None:
    act(staff_client, "role", UserFactory(), role="student")
    assert not AuditEntry.objects.exists()


def test_an_unknown_role_is_refused(staff_client: Client) -> None:
    assert act(staff_client, "role", UserFactory(), role="king").status_code == 400


def test_an_unknown_person_is_not_found(staff_client: Client) -> None:
    assert staff_client.post(reverse("staff-person-role", args=[10**6]), {"role": "staff"}).status_code == 404


@pytest.mark.parametrize(("action", "data"), [("role", {"role": "student"}), ("deactivate", {})])
@pytest.mark.parametrize("htmx", [True, False])
def test_the_last_staff_account_stays(
    staff: User, staff_client: Client, action: str, data: dict[str, str], htmx: bool
) -> None:
    UserFactory(role="staff", is_active=False)
    response = act(staff_client, action, staff, htmx=htmx, **data)
    page = response if htmx else staff_client.get(reverse("staff-people"))
    assert "This is the only staff account." in page.content.decode()
    staff.refresh_from_db()
    assert (staff.role, staff.is_active) == ("staff", True)


def test_one_of_two_staff_may_step_down(staff: User, staff_client: Client) -> None:
    UserFactory(role="staff")
    act(staff_client, "role", staff, role="student")
    staff.refresh_from_db()
    assert staff.role == "student"


@pytest.mark.django_db(transaction=True)
def test_two_staff_who_demote_each_other_at_once_leave_one() -> None:
    both = [UserFactory(role="staff"), UserFactory(role="staff")]
    start, refused = threading.Barrier(2), []

    def demote(user: User) -> None:
        start.wait()
        try:
            services.change_role(user=user, role=User.Role.STUDENT, by=None)
        except Conflict:
            refused.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=[user]) for user in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.get(role="staff") == refused[0]


def test_a_deactivated_person_is_signed_out_and_comes_back_with_a_one_time_link(staff_client: Client) -> None:
    ada = UserFactory()
    client, elsewhere = signed_in(ada), signed_in(ada)
    act(staff_client, "deactivate", ada)
    assert client.get(reverse("account")).status_code == 302
    row = act(staff_client, "reactivate", ada, htmx=True).content.decode()
    assert "Has no password: give them a one-time link" in row
    for old in (client, elsewhere):
        assert old.get(reverse("account")).status_code == 302
    again = Client()
    again.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    assert again.get(reverse("account")).status_code == 302
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["deactivated", "reactivated"]


def test_without_a_mail_server_the_page_says_that_emails_are_not_checked(
    staff_client: Client, settings: Settings
) -> None:
    words = "ask that person face to face"
    assert words in staff_client.get(reverse("staff-people")).content.decode()
    settings.HAS_MAIL = True
    assert words not in staff_client.get(reverse("staff-people")).content.decode()


def test_people_are_found_by_name_email_and_role() -> None:
    ada = UserFactory(name="Ada Lovelace", email="countess@example.org")
    emmy = UserFactory(name="Emmy Nöther", email="emmy@uni.example", role="instructor")
    assert list(selectors.find_people()) == [emmy, ada]
    assert list(selectors.find_people(words="lovel")) == [ada]
    assert list(selectors.find_people(words="NÖTHER")) == [emmy]
    assert list(selectors.find_people(words="ada COUNTESS")) == [ada]
    assert list(selectors.find_people(words="uni.example")) == [emmy]
    assert list(selectors.find_people(role="instructor")) == [emmy]
    assert list(selectors.find_people(words="ada", role="instructor")) == []
    assert list(selectors.find_people(words="%")) == []


def test_many_people_come_in_pages(staff_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PEOPLE_ON_A_PAGE", 2)
    for name in ("Ada", "Emmy", "Sofya"):
        UserFactory(name=name, role="instructor")
    first = staff_client.get(reverse("staff-people"), {"role": "instructor"}).content.decode()
    second = staff_client.get(reverse("staff-people"), {"role": "instructor", "page": "2"}).content.decode()
    assert "Sofya" in first
    assert "Emmy" in first
    assert "Ada" not in first
    assert "Ada" in second
    assert "role=instructor" in first


def test_a_name_cannot_carry_markup_into_the_page(staff_client: Client) -> None:
    UserFactory(name="<script>alert(1)</script>")
    page = staff_client.get(reverse("staff-people")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
