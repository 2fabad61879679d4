"""Letting people into a course, seeing how far they are, and removing them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import User
from authoring.services import members as services
from authoring.services.members import MOST_AT_ONCE, read_emails
from common.errors import InvalidParams
from courses.models import Course, Invitation, Membership
from courses.services.enrolment import CODE_LETTERS, accept_invitations
from courses.services.progress import note_position, record_progress
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import count_queries

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/grammar/members/"


@pytest.fixture
def ada() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR, name="Ada", email="ada@example.org")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def course(ada: User) -> Course:
    return CourseFactory(slug="grammar", title="Grammar", instructor=ada, is_public=False)


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def invite(client: Client, emails: str = "", file: bytes | None = None) -> str:
    data: dict[str, Any] = {"emails": emails}
    if file is not None:
        data["file"] = SimpleUploadedFile("class.csv", file)
    return str(client.post(f"{PAGE}invite/", data).content.decode())


def students(course: Course) -> list[str]:
    found = course.memberships.filter(role="student").values_list("user__email", flat=True)
    return sorted(found)


# --- code and link


def test_a_code_is_made_renewed_and_switched_off(client: Client, course: Course) -> None:
    codes = []
    for _ in range(2):
        client.post("/author/courses/grammar/ways-in/code/renew/")
        course.refresh_from_db()
        assert course.join_code
        assert len(course.join_code) == 8
        assert set(course.join_code) <= set(CODE_LETTERS)
        assert f"{course.join_code[:4]} {course.join_code[4:]}" in page(client)
        codes.append(course.join_code)
    assert codes[0] != codes[1]
    client.post("/author/courses/grammar/ways-in/code/close/")
    course.refresh_from_db()
    assert course.join_code is None


def test_a_link_is_made_renewed_and_switched_off(client: Client, course: Course) -> None:
    links = []
    for _ in range(2):
        client.post("/author/courses/grammar/ways-in/link/renew/")
        link = re.search(r'value="http[^"]+(/enrol/[^"]+)"', page(client))
        assert link
        links.append(link[1])
    assert Client().get(links[0]).status_code == 404
    assert "Grammar" in page(Client(), links[1])
    client.post("/author/courses/grammar/ways-in/link/close/")
    assert Client().get(links[1]).status_code == 404


def test_there_are_no_other_ways_in(client: Client, course: Course) -> None:
    for do in ("renew", "close"):
        assert client.post(f"/author/courses/grammar/ways-in/window/{do}/").status_code == 404


# --- lists of emails


def test_who_has_an_account_comes_in_at_once_and_others_are_invited(client: Client, course: Course, ada: User) -> None:
    UserFactory(email="grace@example.org")
    html = invite(client, "grace@example.org\nNew@Example.org\n")
    assert "1 came in, 1 is invited" in html
    assert students(course) == ["grace@example.org"]
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by) == ("new@example.org", ada)


def test_a_csv_file_may_have_a_heading_and_the_emails_anywhere(client: Client, course: Course) -> None:
    file = "\ufeffName;Mail;Group\r\nGrace;grace@example.org;1\r\n\r\nÉmilie;emilie@example.org;2\r\n".encode()
    assert "0 came in, 2 are invited" in invite(client, file=file)
    invite(client, file="Émilie,emmy@example.org\n".encode("latin-1"))
    assert list(Invitation.objects.order_by("email").values_list("email", flat=True)) == [
        "emilie@example.org",
        "emmy@example.org",
        "grace@example.org",
    ]


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("a@b.org, c@d.org", ["a@b.org", "c@d.org"]),
        ("Ada Lovelace <Ada@Example.org>", ["ada@example.org"]),
        ('"Lovelace, Ada",ada@example.org', ["ada@example.org"]),
        ('"Ada, L" <ada@example.org>', ["ada@example.org"]),
        ("name,email\nTwo,b@x.org;c@x.org", ["b@x.org", "c@x.org"]),
        ("a@b.org c@d.org", ["a@b.org", "c@d.org"]),
        ('Name;Mail\nA;"b@x.org, c@x.org"', ["b@x.org", "c@x.org"]),
        ("a@b.org\na@b.org\nA@B.org", ["a@b.org"]),
        ("email\n\n  a@b.org  \n", ["a@b.org"]),
        ("name\tmail\nAda\ta@b.org", ["a@b.org"]),
    ],
)
def test_lists_are_read_as_people_write_them(text: str, emails: list[str]) -> None:
    read = read_emails(text)
    assert (list(read.emails), read.bad) == (emails, ())


@given(
    st.lists(st.sampled_from(["a@b.org", "c@d.org", "@", ",", ";", '"', " ", "<", ">", "\n", "x", "\t"]), max_size=12)
)
def test_every_at_sign_is_taken_or_told(pieces: list[str]) -> None:
    try:
        read = read_emails("email\n" + "".join(pieces))
    except InvalidParams:
        return
    text = "\n".join([*read.emails, *(line.text for line in read.bad)])
    for line in "".join(pieces).splitlines():
        for piece in re.split(r'[\s,;<>"]+', line):
            assert "@" not in piece or piece in text


@pytest.mark.parametrize("state", [{"closes": timezone.now()}, {"removed_at": timezone.now()}])
def test_nobody_is_let_into_a_course_that_has_ended(
    client: Client, course: Course, ada: User, state: dict[str, Any]
) -> None:
    grace = UserFactory(email="grace@example.org")
    invited = Invitation.objects.create(course=course, email="new@example.org")
    Course.objects.filter(pk=course.pk).update(**state)
    html = invite(client, "grace@example.org\nlate@example.org")
    assert "Nobody can join this course any more" in html
    accept_invitations(user=UserFactory(email="new@example.org"))
    assert not course.memberships.filter(role="student").exists()
    assert list(Invitation.objects.all()) == [invited], "It counts again if the course is opened once more."
    assert grace


def test_one_person_lets_in_so_many_a_day(client: Client, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is in at once has an account: a list of a whole town would tell who has."""
    monkeypatch.setattr(services, "MOST_A_DAY", 3)
    invite(client, "a@example.org\nb@example.org")
    assert "as many as one person may" in invite(client, "c@example.org\nd@example.org")
    assert "0 came in, 1 is invited" in invite(client, "c@example.org")
    assert Invitation.objects.count() == 3


def test_bad_lines_are_told_one_by_one_and_the_rest_comes_in(client: Client, course: Course) -> None:
    html = invite(client, "email\ngood@example.org\nnobody\nbad@\nü@example.org\nalso@example.org, =1+1@\n")
    told = re.findall(r"Line (\d+)", html)
    assert told == ["3", "4", "5", "6"]
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["also@example.org", "good@example.org"]


def test_the_same_list_again_changes_nothing(client: Client, course: Course, ada: User) -> None:
    UserFactory(email="grace@example.org")
    for _ in range(2):
        html = invite(client, "grace@example.org\nnew@example.org\nada@example.org")
    assert "0 came in, 0 are invited; 3 were there already" in html
    assert (students(course), Invitation.objects.count()) == (["grace@example.org"], 1)
    assert Membership.objects.get(user=ada).role == "instructor"


@pytest.mark.parametrize("text", ["", "\n\n", "heading only"])
def test_a_list_without_an_email_is_refused_in_words(client: Client, course: Course, text: str) -> None:
    assert "There is no email in this list." in invite(client, text)


def test_a_list_that_is_no_list_is_refused_in_words(client: Client, course: Course) -> None:
    assert "This list cannot be read." in invite(client, file=b'"' + b"x" * 200_000)
    assert "This is no email that works here." in invite(client, file=b"a\0b@example.org")
    emails = "\n".join(f"p{n}@example.org" for n in range(MOST_AT_ONCE + 1))
    assert "Bring them in parts." in invite(client, emails)
    assert not Invitation.objects.exists()


def test_a_long_list_takes_as_many_queries_as_a_short_one(client: Client, course: Course, ada: User) -> None:
    for number in range(20):
        UserFactory(email=f"p{number}@example.org")
    emails = [f"p{number}@example.org" for number in range(200)]
    few = count_queries(lambda: services.invite(course=course, text="\n".join([*emails[:2], *emails[-2:]]), by=ada))
    many = count_queries(lambda: services.invite(course=course, text="\n".join(emails), by=ada))
    assert few == many
    assert (len(students(course)), Invitation.objects.count()) == (20, 180)


def test_the_page_says_that_addresses_are_not_checked_where_there_is_no_mail(
    client: Client, course: Course, settings: Settings
) -> None:
    assert "emails are not checked" in page(client)
    settings.HAS_MAIL = True
    assert "emails are not checked" not in page(client)


def test_an_unverified_address_makes_nobody_a_member_where_there_is_mail(
    client: Client, course: Course, settings: Settings
) -> None:
    settings.HAS_MAIL = True
    UserFactory(email="grace@example.org")
    assert "0 came in, 1 is invited" in invite(client, "grace@example.org")
    assert students(course) == []


def test_an_invitation_is_taken_back(client: Client, course: Course) -> None:
    invite(client, "new@example.org")
    assert "new@example.org" in page(client)
    invitation = Invitation.objects.get()
    client.post(f"/author/courses/grammar/invitations/{invitation.pk}/withdraw/")
    assert not Invitation.objects.exists()


# --- the list of members


def test_members_are_listed_with_how_far_they_are(client: Client, course: Course) -> None:
    grace = UserFactory(name="Grace")
    MembershipFactory(course=course, user=grace)
    lessons = [LessonFactory(course=course) for _ in range(2)]
    LessonFactory(course=course, published=False)
    assert "Never" in page(client)
    actor = Actor(user=grace, guest="", address="")
    note_position(actor=actor, lesson=lessons[0], position="")
    record_progress(actor=actor, lesson=lessons[0], kind="read")
    row = page(client).split("Grace", 1)[1].split("</tr>")[0]
    assert "1 of 2" in row
    assert "Never" not in row
    said = re.findall(r"<li>(.*?)</li>", re.sub(r"\s+", " ", row))
    assert [words.strip() for words in said] == [
        f"{lessons[0].head.title}: done",
        f"{lessons[1].head.title}: 0 of 1",
    ]


def test_the_list_takes_as_many_queries_for_many_members(client: Client, course: Course) -> None:
    lesson = LessonFactory(course=course)
    counts = []
    for number in (1, 5):
        for n in range(number):
            Invitation.objects.create(course=course, email=f"p{n}-{number}@example.org")
            user = MembershipFactory(course=course).user
            record_progress(actor=Actor(user=user, guest="", address=""), lesson=lesson, kind="read")
        counts.append(count_queries(lambda: client.get(PAGE)))
    assert counts[0] == counts[1] <= 12


def test_members_are_found_by_name_and_email(client: Client, course: Course) -> None:
    MembershipFactory(course=course, user=UserFactory(name="Grace Hopper", email="grace@example.org"))
    MembershipFactory(course=course, user=UserFactory(name="Emmy Noether", email="emmy@example.com"))
    for words in ("grace hop", "EXAMPLE.ORG hopper"):
        html = page(client, f"{PAGE}?q={words}")
        assert "Grace Hopper" in html
        assert "Emmy Noether" not in html
    assert "Nobody fits." in page(client, f"{PAGE}?q=zzz")


def test_the_list_comes_in_pages_of_fifty(client: Client, course: Course) -> None:
    for number in range(60):
        MembershipFactory(course=course, user=UserFactory(name=f"Student {number:02}"))
    first, second = page(client), page(client, f"{PAGE}?page=2")
    assert first.count('scope="row"') == 50
    assert second.count('scope="row"') == 11
    assert "Student 59" in second


def test_a_member_is_removed_and_an_instructor_is_not(client: Client, course: Course, ada: User) -> None:
    membership = MembershipFactory(course=course)
    client.post(f"{PAGE}{membership.pk}/remove/")
    assert students(course) == []
    own = Membership.objects.get(user=ada)
    assert client.post(f"{PAGE}{own.pk}/remove/").status_code == 404
    assert Membership.objects.filter(pk=own.pk).exists()


def test_nobody_is_removed_from_another_course(client: Client, course: Course) -> None:
    other = MembershipFactory()
    invitation = Invitation.objects.create(course=other.course, email="a@b.org")
    assert client.post(f"{PAGE}{other.pk}/remove/").status_code == 404
    assert client.post(f"/author/courses/grammar/invitations/{invitation.pk}/withdraw/").status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()
    assert Invitation.objects.exists()


def test_the_csv_has_everybody_and_no_formulas(client: Client, course: Course) -> None:
    MembershipFactory(course=course, user=UserFactory(name='=HYPERLINK("http://x")', email="+grace@example.org"))
    LessonFactory(course=course)
    response = client.get(f"{PAGE}csv/")
    assert "grammar-members-" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Ada", '\'=HYPERLINK("http://x")']
    assert rows[1]["email"] == "'+grace@example.org"
    assert (rows[1]["lessons done"], rows[1]["lessons"], rows[1]["last seen"]) == ("0", "1", "")


def test_the_csv_has_a_column_for_each_lesson_that_students_see(client: Client, course: Course) -> None:
    grace = MembershipFactory(course=course, user=UserFactory(name="Grace")).user
    same = {"content__title": "Signs"}
    first, _ = (LessonFactory(course=course, slug=slug, order=n, **same) for n, slug in enumerate(["one", "two"]))
    LessonFactory(course=course, slug="draft", published=False, **same)
    record_progress(actor=Actor(user=grace, guest="", address=""), lesson=first, kind="read")
    text = client.get(f"{PAGE}csv/").content.decode("utf-8-sig")
    row = list(csv.DictReader(io.StringIO(text)))[1]
    assert list(row.items())[-2:] == [("Signs (one)", "1 of 1"), ("Signs (two)", "0 of 1")]


# --- who gets in

ADDRESSES = {
    "author-members": "get",
    "author-members-csv": "get",
    "author-invite": "post",
    "author-member-remove": "post",
    "author-invitation-withdraw": "post",
    "author-way-in-renew": "post",
    "author-way-in-close": "post",
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["guest", "student", "other instructor", "staff"])
def test_nobody_but_its_instructors_sees_or_changes_members(course: Course, who: str, address: str) -> None:
    Course.objects.update(join_code="ABCD2345", join_token="the-link")
    membership = MembershipFactory(course=course)
    invitation = Invitation.objects.create(course=course, email="new@example.org")
    people = {
        "student": membership.user,
        "other instructor": UserFactory(role=User.Role.INSTRUCTOR),
        "staff": UserFactory(role=User.Role.STAFF),
    }
    client = signed_in(people[who]) if who in people else Client()
    more: dict[str, Any] = {
        "author-member-remove": {"pk": membership.pk},
        "author-invitation-withdraw": {"pk": invitation.pk},
        "author-way-in-renew": {"way": "code"},
        "author-way-in-close": {"way": "code"},
    }
    path = reverse(address, kwargs={"course": course.slug, **more.get(address, {})})
    response = client.generic(ADDRESSES[address].upper(), path)
    assert response.status_code == {"guest": 302, "student": 403}.get(who, 404)
    assert "new@example.org" not in response.content.decode()
    course.refresh_from_db()
    assert (course.join_code, course.memberships.count(), Invitation.objects.count()) == ("ABCD2345", 2, 1)
    if ADDRESSES[address] == "post" and who == "other instructor":
        assert client.get(path).status_code == 405
