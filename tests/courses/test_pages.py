from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.blocks import render_lesson, rendered_lesson
from courses.extensions import LessonSource
from courses.lesson_files import LessonContent
from courses.models import Course, GlossaryTerm, Lesson
from courses.services.progress import note_position
from courses.services.revisions import publish_revision, save_revision
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of

pytestmark = pytest.mark.django_db

BODY = """## The first part

Let $x$ be a word.

:::demo explorer capitals

### A detail

:::quiz

:::note Mind this
It is **important**.
:::
"""


@pytest.fixture
def course() -> Course:
    course = CourseFactory(slug="sequence-models", title="Sequence models", summary="All about sequences.")
    for number in range(1, 6):
        LessonFactory(
            course=course,
            slug=f"lesson-{number}",
            order=number,
            folder="word_vectors",
            content__title=f"Lesson title {number}",
            content__summary=f"Summary {number}.",
            content__aims=(f"do thing {number}",),
            content__body=BODY,
        )
    return course


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_shows_the_course_its_lessons_and_a_demo(client: Client, course: Course) -> None:
    html = page(client, "/")
    assert "All about sequences." in html
    assert 'href="/courses/sequence-models/lesson-1/"' in html
    assert 'data-demo="explorer"' in html


def test_the_front_page_can_be_seen_before_the_first_sync(client: Client) -> None:
    assert "The lessons have not been loaded yet." in page(client, "/")


def test_the_course_page_lists_its_lessons_in_order(client: Client, course: Course) -> None:
    html = page(client, "/courses/sequence-models/")
    places = [html.index(f"Lesson title {number}") for number in range(1, 6)]
    assert places == sorted(places)
    assert "do thing 3" in html


def test_a_lesson_shows_its_text_its_rails_and_its_neighbours(client: Client, course: Course) -> None:
    html = page(client, "/courses/sequence-models/lesson-2/")
    assert "<h1>Lesson title 2</h1>" in html
    assert "do thing 2" in html
    assert '<span class="math inline">x</span>' in html
    assert 'data-demo="explorer"' in html
    assert 'data-preset="capitals"' in html
    assert 'href="#the-first-part"' in html
    assert 'href="#a-detail"' in html
    assert ":::" not in html
    assert 'rel="prev" href="/courses/sequence-models/lesson-1/"' in html
    assert 'rel="next" href="/courses/sequence-models/lesson-3/"' in html
    assert html.count('aria-current="page"') == 1


def test_the_first_lesson_has_none_before_and_the_last_leads_back_to_the_course(client: Client, course: Course) -> None:
    assert 'rel="prev"' not in page(client, "/courses/sequence-models/lesson-1/")
    last = page(client, "/courses/sequence-models/lesson-5/")
    assert 'rel="next"' not in last
    assert 'rel="up"' in last


@pytest.mark.parametrize(
    "path", ["/courses/nothing/", "/courses/nothing/lesson-1/", "/courses/sequence-models/nothing/"]
)
def test_what_is_not_there_is_not_found(client: Client, course: Course, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/courses/",
        "/courses/sequence-models/",
        "/courses/sequence-models/lesson-3/",
        "/courses/sequence-models/lesson-3/print/",
        "/courses/sequence-models/glossary/",
        "/my/",
        "/search/?q=detail",
    ],
)
def test_a_page_takes_the_same_number_of_queries_however_long_the_course(
    client: Client, course: Course, path: str, ada: User, django_assert_num_queries: Any
) -> None:
    client.force_login(ada)
    for lesson in course.lessons.all():
        note_position(actor=actor_of(ada), lesson=lesson, position="a-detail")
    MembershipFactory(course=course, user=ada)
    GlossaryTerm.objects.create(course=course, term="word", definition="A *string*.")
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    expected = len(before)
    for number in range(6, 12):
        lesson = LessonFactory(course=course, slug=f"lesson-{number}", order=number, content__body=BODY)
        note_position(actor=actor_of(ada), lesson=lesson, position="a-detail")
        GlossaryTerm.objects.create(course=course, term=f"detail {number}", definition="More.")
    other = CourseFactory(student=ada)
    note_position(actor=actor_of(ada), lesson=LessonFactory(course=other, content__body=BODY), position="a-detail")
    client.get(path)
    with django_assert_num_queries(expected):
        client.get(path)


def test_reading_leaves_no_cookie(client: Client, course: Course) -> None:
    assert not client.get("/courses/sequence-models/lesson-1/").cookies
    assert not client.get("/").cookies


def test_a_text_is_rendered_once_for_each_revision(client: Client, course: Course) -> None:
    rendered_lesson.cache_clear()
    page(client, "/courses/sequence-models/lesson-1/")
    page(client, "/courses/sequence-models/lesson-1/")
    assert rendered_lesson.cache_info().misses == 1
    lesson = Lesson.objects.get(slug="lesson-1")
    content = replace(LessonContent.of(lesson.head), body="Another text.")
    publish_revision(lesson=lesson, revision=save_revision(lesson=lesson, content=content, author=None, base=1))
    assert "Another text." in page(client, "/courses/sequence-models/lesson-1/")


def test_a_signed_in_reader_sees_the_same_lesson(client: Client, course: Course) -> None:
    client.force_login(UserFactory())
    assert "Lesson title 1" in page(client, "/courses/sequence-models/lesson-1/")


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (":::figure nothing.svg A map", "There is no picture “nothing.svg”"),
        (":::figure ../demos/explorer.py x", "There is no picture"),
        (":::figure", "There is no picture “”"),
    ],
)
def test_a_figure_that_cannot_be_shown_says_why_in_its_place(block: str, words: str) -> None:
    rendered = render_lesson(LessonSource(f"Text.\n\n{block}\n", folder="word_vectors"))
    assert words in rendered.html
    assert rendered.problems[0].line == 3


def test_a_figure_has_a_description_and_a_caption(tmp_path: Any, settings: Any) -> None:
    (tmp_path / "map.svg").write_text("<svg/>")
    settings.STATICFILES_DIRS = [("some_lesson", tmp_path)]
    text = ":::figure map.svg A map of “words”\nWords that *go together*.\n:::\n"
    html = render_lesson(LessonSource(text, folder="some_lesson")).html
    assert 'src="/static/' in html
    assert 'some_lesson/map.svg" alt="A map of “words”"' in html
    assert "<figcaption><p>Words that <em>go together</em>.</p>" in html
    assert "Say what is to be seen" in render_lesson(LessonSource(":::figure map.svg\n", folder="some_lesson")).html
