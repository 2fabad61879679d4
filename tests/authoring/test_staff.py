"""Staff see all courses, and give one to somebody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from courses.models import Course, Membership
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import count_queries

pytestmark = pytest.mark.django_db
PAGE = "/staff/courses/"


@pytest.fixture
def staff() -> User:
    return UserFactory(role=User.Role.STAFF)


@pytest.fixture
def staff_client(staff: User) -> Client:
    return signed_in(staff)


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="grammar", title="Grammar", is_public=False)


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def give(client: Client, email: str, course: str = "grammar") -> str:
    return str(client.post(f"{PAGE}{course}/instructor/", {"email": email}, follow=True).content.decode())


@pytest.mark.parametrize(("role", "status"), [("student", 403), ("instructor", 403), ("staff", 200)])
def test_only_staff_see_all_courses(role: str, status: int, course: Course) -> None:
    client = signed_in(UserFactory(role=role))
    assert client.get(PAGE).status_code == status
    assert (PAGE in client.get("/").content.decode()) == (status == 200)


@pytest.mark.parametrize("role", ["guest", "student", "instructor"])
def test_nobody_but_staff_gives_a_course_away(role: str, course: Course) -> None:
    person = UserFactory(role=User.Role.INSTRUCTOR if role == "instructor" else User.Role.STUDENT)
    client = Client() if role == "guest" else signed_in(person)
    response = client.post(f"{PAGE}grammar/instructor/", {"email": person.email})
    assert response.status_code == (302 if role == "guest" else 403)
    assert not Membership.objects.exists()


def test_the_list_says_who_teaches_how_many_and_what_state(staff_client: Client, course: Course) -> None:
    MembershipFactory(course=course, user=UserFactory(role="instructor", name="Ada"), role="instructor")
    for _ in range(3):
        MembershipFactory(course=course)
    CourseFactory(title="Orphan", removed_at=timezone.now())
    orphan, grammar = (row for row in page(staff_client).split("<tr>")[2:])
    assert "nobody" in orphan
    assert "put away" in orphan
    assert "Ada" in grammar
    assert ">3<" in grammar
    assert "for members" in grammar


def test_courses_are_found_by_their_words(staff_client: Client, course: Course) -> None:
    CourseFactory(title="Poetry")
    html = page(staff_client, f"{PAGE}?q=gramm")
    assert "Grammar" in html
    assert "Poetry" not in html
    assert "No course fits." in page(staff_client, f"{PAGE}?q=zzz")


def test_the_list_takes_as_many_queries_for_many_courses(staff_client: Client) -> None:
    counts = []
    for number in (1, 5):
        for _ in range(number):
            MembershipFactory(course=CourseFactory(instructor=UserFactory(role="instructor")))
        counts.append(count_queries(lambda: staff_client.get(PAGE)))
    assert counts[0] == counts[1] <= 8


def test_staff_name_an_instructor_and_it_is_written_down(staff: User, staff_client: Client, course: Course) -> None:
    ada = UserFactory(role="instructor", name="Ada", email="ada@example.org")
    assert "Ada teaches “Grammar” now." in give(staff_client, "Ada@Example.org")
    assert Membership.objects.get(course=course).user == ada
    entry = AuditEntry.objects.get()
    assert (entry.about, entry.by, entry.action, entry.detail) == (ada, staff, "course_given", "Grammar")
    assert "Made instructor of a course: Grammar" in page(staff_client, "/staff/people/")


@pytest.mark.parametrize("email", ["nobody@example.org", "student@example.org", "no email"])
def test_only_an_instructor_is_given_a_course(staff_client: Client, course: Course, email: str) -> None:
    UserFactory(email="student@example.org")
    assert "no email" in give(staff_client, email) or "No instructor has this email." in give(staff_client, email)
    assert not Membership.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_course_that_comes_with_unroll_is_nobodys(staff_client: Client) -> None:
    CourseFactory(slug="sequence-models")
    UserFactory(role="instructor", email="ada@example.org")
    assert "An instructor can copy it." in give(staff_client, "ada@example.org", "sequence-models")
    assert not Membership.objects.exists()
    assert staff_client.post(f"{PAGE}nothing/instructor/", {"email": "ada@example.org"}).status_code == 404


def test_staff_see_the_course_and_neither_its_drafts_nor_its_members(staff_client: Client, course: Course) -> None:
    LessonFactory(course=course, slug="verbs", published=False)
    assert staff_client.get("/courses/grammar/").status_code == 200
    assert staff_client.get("/author/courses/grammar/").status_code == 404
    assert staff_client.get("/author/courses/grammar/members/").status_code == 404
