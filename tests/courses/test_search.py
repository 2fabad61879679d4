from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, GlossaryTerm, Membership
from courses.selectors.access import course_in_view, readable_courses, visible_courses
from courses.selectors.search import Search, find_lessons, find_terms
from courses.services.search import index_lesson
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of

pytestmark = pytest.mark.django_db
GUEST = actor_of(guest="somebody")


def found(text: str, actor: Actor = GUEST) -> list[str]:
    search = Search.of(text)
    return [lesson.slug for lesson in find_lessons(actor, search)] if search else []


@pytest.fixture
def course() -> Course:
    course = CourseFactory(slug="a-course", title="A course")
    LessonFactory(
        course=course,
        slug="recurrence",
        order=1,
        content__title="Recurrent networks",
        content__body="## Loops\n\nA network with a loop & a <b>state</b>. Its gates are learned.\n",
    )
    LessonFactory(
        course=course,
        slug="vectors",
        order=2,
        content__title="Words as vectors",
        content__body="Every word becomes a vector. Recurrence comes later.\n",
    )
    return course


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("recurrent", ["recurrence", "vectors"]),
        ("recurr", ["recurrence", "vectors"]),
        ("recurren", ["recurrence", "vectors"]),
        ("vec", ["vectors"]),
        ("learned gat", ["recurrence"]),
        ("gate", ["recurrence"]),
        ("LOOPS", ["recurrence"]),
        ('"becomes a vector"', ["vectors"]),
        ('"vector becomes"', []),
        ("gates or words", ["recurrence", "vectors"]),
        ("recurrence -gates", ["vectors"]),
        ("the", []),
        ("nothing of this kind", []),
        ("", []),
    ],
)
def test_words_their_forms_and_beginnings_are_found(course: Course, text: str, slugs: list[str]) -> None:
    assert sorted(found(text)) == sorted(slugs)


def test_the_lesson_that_is_about_it_comes_first(course: Course) -> None:
    assert found("recurrent") == ["recurrence", "vectors"]


def test_only_what_is_published_is_found(course: Course) -> None:
    LessonFactory(course=course, slug="draft", content__title="Recurrent draft", published=False)
    LessonFactory(course=course, slug="gone", content__title="Recurrent and gone", removed_at=timezone.now())
    assert set(found("recurrent")) == {"recurrence", "vectors"}


@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize(
    ("opens", "closes"), [(None, None), (-2, None), (1, None), (None, 2), (None, -1), (-2, -1), (-2, 2), (1, 2)]
)
def test_exactly_those_who_may_read_a_lesson_find_it(is_public: bool, opens: int | None, closes: int | None) -> None:
    now = timezone.now()
    instructor, student, other, staff = UserFactory.create_batch(4, role=User.Role.INSTRUCTOR)
    staff.role = User.Role.STAFF
    staff.save()
    course = CourseFactory(
        is_public=is_public,
        opens=now + timedelta(days=opens) if opens else None,
        closes=now + timedelta(days=closes) if closes else None,
        student=student,
    )
    MembershipFactory(course=course, user=instructor, role=Membership.Role.INSTRUCTOR)
    LessonFactory(course=course, slug="it", content__title="Perceptron")
    GlossaryTerm.objects.create(course=course, term="perceptron", definition="One neuron.")
    search = Search.of("perceptron")
    assert search
    for actor in (GUEST, *map(actor_of, (instructor, student, other, staff))):
        may = (
            visible_courses(actor).filter(pk=course.pk).exists() and course_in_view(actor, course.slug).may_read_lessons
        )
        assert readable_courses(actor).filter(pk=course.pk).exists() == may
        assert bool(found("perceptron", actor)) == may
        assert bool(find_terms(actor, search)) == may


def test_the_page_shows_where_it_stands_and_only_our_marks(client: Client, course: Course) -> None:
    html = client.get("/search/", {"q": "gates"}).content.decode()
    assert '<a href="/courses/a-course/recurrence/">Recurrent networks</a>' in html
    assert "<mark>gates</mark>" in html
    assert "loop &amp; a" in html
    assert "<b>" not in html


def test_a_search_that_finds_nothing_says_so(client: Client, course: Course) -> None:
    assert "No lesson that you can read says “zebra”." in client.get("/search/", {"q": "zebra"}).content.decode()
    assert "No lesson that you can read" not in client.get("/search/").content.decode()


def test_of_a_formula_nothing_is_found_or_shown() -> None:
    lesson = LessonFactory(content__body="The perceptron adds $\\sum_i w_i x_i$ up.\n")
    lesson.refresh_from_db()
    assert lesson.search_text == "The perceptron adds … up."


def test_terms_are_found_by_their_name_their_forms_and_what_they_mean(client: Client, course: Course) -> None:
    GlossaryTerm.objects.create(course=course, term="GRU", also=["gated unit"], definition="A small *LSTM*.")
    for text in ("gru", "gated", "lstm"):
        html = client.get("/search/", {"q": text}).content.decode()
        assert "In the glossary" in html
        assert "<em>LSTM</em>" in html


def test_many_lessons_come_in_pages(client: Client) -> None:
    course = CourseFactory()
    for number in range(12):
        LessonFactory(course=course, slug=f"l-{number}", content__title=f"Perceptron {number}")
    first = client.get("/search/", {"q": "perceptron"}).content.decode()
    second = client.get("/search/", {"q": "perceptron", "page": "2"}).content.decode()
    assert (first.count("<h3>"), second.count("<h3>")) == (10, 2)
    assert client.get("/search/", {"q": "perceptron", "page": "nonsense"}).status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(st.one_of(st.text(max_size=400), st.text(alphabet="ab'\"\\:*&|!()<>-% or", max_size=60)))
def test_no_text_breaks_the_search(client: Client, course: Course, text: str) -> None:
    assert client.get("/search/", {"q": text.replace("\0", "")}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "'",
        '"',
        "-",
        "!",
        "a:*",
        ":*",
        "\\",
        "or",
        "or or",
        "-x",
        "x" * 5000,
        "ä ß 漢字",
        "a & | b",
        "%00",
        "1 <-> 2",
    ],
)
def test_what_is_no_search_is_answered_all_the_same(client: Client, course: Course, text: str) -> None:
    assert client.get("/search/", {"q": text}).status_code == 200


def test_a_nul_is_refused_in_words(client: Client) -> None:
    assert client.get("/search/?q=%00").status_code == 400


def test_what_stands_in_a_note_and_below_a_figure_is_found() -> None:
    body = ":::note Perceptrons\nNeurons of old.\n:::\n\n:::figure plane.png An ellipse\nThe principal axes.\n:::\n"
    lesson = LessonFactory(slug="noted", course=CourseFactory())
    lesson.published.body = body
    index_lesson(lesson=lesson)
    assert [found(word) for word in ("perceptron", "neurons", "ellipse", "axes")] == [["noted"]] * 4
