"""Editing the words that a course explains."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from authoring.services.glossary import save_term
from common.errors import InvalidParams
from courses.models import Course, GlossaryTerm
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, MembershipFactory, UserFactory
from tests.helpers import all_at_once

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/grammar/glossary/"


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="grammar", instructor=UserFactory(role=User.Role.INSTRUCTOR), is_public=False)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course.memberships.get().user)


def add(client: Client, term: str, also: str = "", definition: str = "A *word*.") -> str:
    response = client.post(PAGE, {"term": term, "also": also, "definition": definition}, follow=True)
    return str(response.content.decode())


def test_a_term_is_added_with_its_other_forms(client: Client, course: Course) -> None:
    html = add(client, "token", "tokens, Token,, tokens ")
    term = GlossaryTerm.objects.get()
    assert (term.course, term.term, term.also) == (course, "token", ["tokens"])
    assert "A <em>word</em>." in html


@pytest.mark.parametrize(
    ("term", "also"), [("TOKEN", ""), ("tokens", ""), ("piece", "Token"), ("piece", "parts, Tokens")]
)
def test_what_is_explained_already_is_refused_in_words(client: Client, course: Course, term: str, also: str) -> None:
    add(client, "token", "tokens")
    assert "is explained already, under “token”" in add(client, term, also)
    assert GlossaryTerm.objects.count() == 1


def test_another_course_may_explain_the_same_word(client: Client, course: Course) -> None:
    save_term(course=CourseFactory(), term="token", also=[], definition="…")
    add(client, "token")
    assert GlossaryTerm.objects.count() == 2


def test_a_term_is_changed_and_deleted(client: Client, course: Course) -> None:
    add(client, "token", "tokens")
    term = GlossaryTerm.objects.get()
    path = f"{PAGE}{term.pk}/"
    assert 'value="tokens"' in client.get(path).content.decode()
    client.post(path, {"term": "Token", "also": "tokens, piece", "definition": "Else."})
    term.refresh_from_db()
    assert (term.term, term.also, term.definition) == ("Token", ["tokens", "piece"], "Else.")
    client.post(f"{path}delete/")
    assert not GlossaryTerm.objects.exists()


def test_a_term_cannot_take_the_place_of_another(client: Client, course: Course) -> None:
    add(client, "token")
    add(client, "word")
    word = GlossaryTerm.objects.get(term="word")
    html = client.post(f"{PAGE}{word.pk}/", {"term": "Token", "also": "", "definition": "…"}).content.decode()
    assert "is explained already" in html
    word.refresh_from_db()
    assert word.term == "word"


@pytest.mark.parametrize(("term", "also"), [("", ""), ("x" * 81, ""), ("x", "y" * 81)])
def test_one_that_is_empty_or_too_long_is_refused(client: Client, course: Course, term: str, also: str) -> None:
    add(client, term, also)
    assert not GlossaryTerm.objects.exists()


@pytest.mark.parametrize("who", ["guest", "student", "other instructor", "staff"])
def test_nobody_but_its_instructors_edits_the_glossary(client: Client, course: Course, who: str) -> None:
    add(client, "token")
    term = GlossaryTerm.objects.get()
    people = {
        "student": MembershipFactory(course=course).user,
        "other instructor": UserFactory(role=User.Role.INSTRUCTOR),
        "staff": UserFactory(role=User.Role.STAFF),
    }
    other = signed_in(people[who]) if who in people else Client()
    status = {"guest": 302, "student": 403}.get(who, 404)
    for path in (PAGE, f"{PAGE}{term.pk}/", f"{PAGE}{term.pk}/delete/"):
        assert other.post(path, {"term": "changed", "also": "", "definition": "…"}).status_code == status
    assert GlossaryTerm.objects.get().term == "token"


def test_a_term_is_changed_from_its_own_course_only(client: Client, course: Course) -> None:
    other = save_term(course=CourseFactory(), term="token", also=[], definition="…")
    assert client.post(f"{PAGE}{other.pk}/", {"term": "x", "also": "", "definition": "…"}).status_code == 404
    assert client.post(f"{PAGE}{other.pk}/delete/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_equal_terms_of_one_moment_one_is_kept() -> None:
    course = CourseFactory()

    def save(n: int) -> str:
        try:
            save_term(course=course, term=f"term {n}", also=["token"], definition="…")
        except InvalidParams:
            return "refused"
        return "kept"

    assert sorted(all_at_once(4, save)) == ["kept", "refused", "refused", "refused"]
