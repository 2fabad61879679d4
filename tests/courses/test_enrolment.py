"""Coming into a course and leaving it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as sent
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from common.errors import Conflict
from courses.models import Course, Invitation, Membership
from courses.services import enrolment
from tests.accounts.conftest import mail, signed_in  # noqa: F401 - a fixture
from tests.factories import PASSWORD, CourseFactory, MembershipFactory, UserFactory
from tests.helpers import all_at_once

pytestmark = pytest.mark.django_db
CODE, TOKEN = "ABCD2345", "the-link"


@pytest.fixture
def course() -> Course:
    return CourseFactory(
        title="Grammar",
        is_public=False,
        join_code=CODE,
        join_token=TOKEN,
        instructor=UserFactory(role=User.Role.INSTRUCTOR),
    )


def is_in(user: User, course: Course) -> bool:
    return Membership.objects.filter(course=course, user=user).exists()


def enter(client: Client, code: str) -> Any:
    return client.post("/enrol/", {"code": code})


@pytest.mark.parametrize("typed", [CODE, "abcd 2345", " ABCD-2345 "])
def test_the_code_lets_somebody_in_however_it_is_typed(course: Course, typed: str) -> None:
    ada = UserFactory()
    response = enter(signed_in(ada), typed)
    assert response.headers["Location"] == course.get_absolute_url()
    assert is_in(ada, course)


@pytest.mark.parametrize("typed", ["ABCD2346", "----", "0"])
def test_a_code_of_no_course_lets_nobody_in(course: Course, typed: str) -> None:
    CourseFactory(join_code=None)
    ada = UserFactory()
    assert "No course has this code." in enter(signed_in(ada), typed).content.decode()
    assert not Membership.objects.filter(user=ada).exists()


def test_whoever_is_signed_out_signs_in_first_and_comes_back(course: Course, client: Client) -> None:
    assert client.get("/enrol/").headers["Location"] == "/accounts/login/?next=/enrol/"
    assert enter(client, CODE).headers["Location"].startswith("/accounts/login/")


def test_guessing_codes_ends_after_some_tries(course: Course) -> None:
    ada = UserFactory()
    client = signed_in(ada)
    for _ in range(enrolment.TRIES_OF_ONE):
        assert enter(client, "ABCD2346").status_code == 422
    response = enter(client, CODE)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert not is_in(ada, course)
    grace = UserFactory()
    enter(signed_in(grace), CODE)
    assert is_in(grace, course), "Somebody else in the same room was kept out."


def test_the_link_shows_the_course_to_everybody_and_lets_in_who_is_signed_in(course: Course, client: Client) -> None:
    shown = client.get(f"/enrol/{TOKEN}/").content.decode()
    assert "Grammar" in shown
    assert f"/accounts/signup/?next=/enrol/{TOKEN}/" in shown
    client.post(f"/enrol/{TOKEN}/")
    assert Membership.objects.filter(role="student").count() == 0
    ada = UserFactory()
    response = signed_in(ada).post(f"/enrol/{TOKEN}/")
    assert response.headers["Location"] == course.get_absolute_url()
    assert is_in(ada, course)


def test_somebody_signs_up_on_the_way_and_comes_back_to_the_link(course: Course, client: Client) -> None:
    data = {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD, "next": f"/enrol/{TOKEN}/"}
    assert client.post("/accounts/signup/", data).headers["Location"] == f"/enrol/{TOKEN}/"


def test_a_link_that_was_switched_off_leads_nowhere(course: Course) -> None:
    Course.objects.update(join_token=None)
    client = signed_in(UserFactory())
    assert client.get(f"/enrol/{TOKEN}/").status_code == 404
    assert client.get("/enrol/None/").status_code == 404


def test_a_course_that_is_put_away_takes_nobody(course: Course) -> None:
    Course.objects.update(removed_at=timezone.now())
    ada = UserFactory()
    assert signed_in(ada).post(f"/enrol/{TOKEN}/").status_code == 404
    enter(signed_in(ada), CODE)
    assert not is_in(ada, course)


def test_a_closed_course_says_so_and_takes_nobody_new(course: Course) -> None:
    member = MembershipFactory(course=course).user
    Course.objects.update(closes=timezone.now() - timedelta(days=1))
    ada = UserFactory()
    assert "has closed" in signed_in(ada).get(f"/enrol/{TOKEN}/").content.decode()
    assert "has closed" in enter(signed_in(ada), CODE).content.decode()
    signed_in(ada).post(f"/enrol/{TOKEN}/")
    assert not is_in(ada, course)
    assert enter(signed_in(member), CODE).status_code == 302, "Who is in a course may always come again."


def test_a_course_that_has_not_opened_takes_people_and_says_when_it_opens(course: Course) -> None:
    Course.objects.update(opens=timezone.now() + timedelta(days=1))
    ada = UserFactory()
    assert "opens on" in signed_in(ada).get(f"/enrol/{TOKEN}/").content.decode()
    signed_in(ada).post(f"/enrol/{TOKEN}/")
    assert is_in(ada, course)


def test_joining_twice_changes_nothing_and_keeps_an_instructor_an_instructor(course: Course) -> None:
    teacher = Membership.objects.get(course=course).user
    for _ in range(2):
        enter(signed_in(teacher), CODE)
    assert Membership.objects.get(course=course).role == "instructor"


def test_nobody_is_in_a_course_twice(course: Course) -> None:
    ada = UserFactory()
    MembershipFactory(course=course, user=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(course=course, user=ada)


def test_somebody_leaves_and_does_not_read_the_course_any_more(course: Course) -> None:
    ada = MembershipFactory(course=course).user
    client = signed_in(ada)
    assert client.get(course.get_absolute_url()).status_code == 200
    client.post(f"/courses/{course.slug}/leave/")
    assert not is_in(ada, course)
    assert client.get(course.get_absolute_url()).status_code == 404


def test_leaving_takes_a_post_and_an_account(course: Course, client: Client) -> None:
    member = MembershipFactory(course=course).user
    assert signed_in(member).get(f"/courses/{course.slug}/leave/").status_code == 405
    assert client.post(f"/courses/{course.slug}/leave/").headers["Location"].startswith("/accounts/login/")
    assert signed_in(UserFactory()).post(f"/courses/{course.slug}/leave/").status_code == 404
    assert is_in(member, course)


def test_the_last_instructor_cannot_leave(course: Course) -> None:
    teacher = Membership.objects.get(course=course).user
    response = signed_in(teacher).post(f"/courses/{course.slug}/leave/", follow=True)
    assert "A course needs an instructor." in response.content.decode()
    assert is_in(teacher, course)


def test_whoever_may_not_teach_any_more_does_not_count_as_the_instructor_who_stays(course: Course) -> None:
    teacher = Membership.objects.get(course=course).user
    for lost in ({"role": User.Role.STUDENT}, {"role": User.Role.INSTRUCTOR, "is_active": False}):
        MembershipFactory(course=course, user=UserFactory(**lost), role="instructor")
    with pytest.raises(Conflict):
        enrolment.end_membership(course=course, user=teacher)


# --- invitations


def invited(course: Course, email: str = "ada@example.org") -> Invitation:
    return Invitation.objects.create(course=course, email=email)


def test_an_invitation_makes_a_member_at_sign_up(course: Course, client: Client) -> None:
    invited(course)
    client.post("/accounts/signup/", {"name": "Ada", "email": "Ada@Example.org", "password1": PASSWORD})
    assert is_in(User.objects.get(email="ada@example.org"), course)
    assert not Invitation.objects.exists()


def test_an_invitation_of_an_account_that_was_there_counts_at_the_next_sign_in(course: Course, client: Client) -> None:
    ada = UserFactory(email="ada@example.org")
    invited(course)
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert is_in(ada, course)


def test_an_invitation_of_somebody_else_changes_nothing(course: Course) -> None:
    invited(course)
    grace = UserFactory()
    enrolment.accept_invitations(user=grace)
    assert not is_in(grace, course)
    assert Invitation.objects.exists()


@pytest.mark.usefixtures("mail")
def test_where_there_is_mail_only_a_verified_address_counts(course: Course, client: Client) -> None:
    invited(course)
    ada = UserFactory(email="ada@example.org")
    address = EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=False)
    client.force_login(ada)
    assert not is_in(ada, course)
    address.set_verified()
    enrolment.accept_invitations(user=ada)
    assert is_in(ada, course)


@pytest.mark.usefixtures("mail")
def test_verifying_the_address_by_mail_makes_a_member(course: Course, client: Client) -> None:
    invited(course)
    data = {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD}
    client.post("/accounts/signup/", data)
    ada = User.objects.get(email="ada@example.org")
    assert not is_in(ada, course)
    code = re.search(r"^[A-Z0-9-]{6,9}$", sent.outbox[-1].body, re.MULTILINE)
    assert code
    client.post(reverse("account_email_verification_sent"), {"code": code[0]})
    assert is_in(ada, course)


def test_whose_an_address_is_depends_on_whether_there_is_mail(settings: Settings) -> None:
    ada = UserFactory(email="ada@example.org")
    UserFactory(email="gone@example.org", is_active=False)
    asked = ["ada@example.org", "gone@example.org", "new@example.org"]
    assert enrolment.owners_of(asked) == {"ada@example.org": ada.pk}
    settings.HAS_MAIL = True
    assert enrolment.owners_of(asked) == {}
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True)
    assert enrolment.owners_of(asked) == {"ada@example.org": ada.pk}


# --- at once


@pytest.mark.django_db(transaction=True)
def test_of_two_instructors_who_leave_at_once_one_stays() -> None:
    teachers = [UserFactory(role=User.Role.INSTRUCTOR) for _ in range(2)]
    for _ in range(5):
        course = CourseFactory()
        for teacher in teachers:
            MembershipFactory(course=course, user=teacher, role="instructor")

        def leave(n: int, course: Course = course) -> str:
            try:
                enrolment.end_membership(course=course, user=teachers[n])
            except Conflict:
                return "stays"
            return "left"

        assert sorted(all_at_once(2, leave)) == ["left", "stays"]
        assert Membership.objects.filter(course=course).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_join_makes_one_member() -> None:
    course, ada = CourseFactory(), UserFactory()
    all_at_once(4, lambda _: enrolment.join_course(user=ada, course=course))
    assert Membership.objects.filter(course=course, user=ada).count() == 1
