"""Questions of a course are found in one list and copied with their pictures; files bring in some and take out some."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from authoring.services.images import store_image
from courses.models import Course, Lesson, LessonImage
from courses.models.course import BUILT_IN
from quizzes.quiz_files import read_quiz
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
BANK = "/author/courses/grammar/questions-bank/"
IMPORT = "/author/courses/grammar/quiz-import/"
EXPORT = "/author/courses/grammar/quiz-export/"
GATES = """
questions:
  - {id: one, type: text, prompt: What opens?, accept: [gate], tags: [gates]}
  - {id: two, type: poll, prompt: Which do you like?, choices: [{text: a}, {text: b}]}
"""


@pytest.fixture
def course() -> Course:
    return CourseFactory(slug="grammar", title="Grammar", instructor=UserFactory(role=User.Role.INSTRUCTOR))


@pytest.fixture
def gates(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="gates", content__title="Gates", content__quiz=GATES)


@pytest.fixture
def other(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="other", content__title="Other")


@pytest.fixture
def pictured(course: Course) -> Lesson:
    """Its poll shows a picture."""
    quiz = GATES.replace("{text: a}", "{text: a, image: map.png}")
    return LessonFactory(course=course, slug="pictured", content__quiz=quiz, published=False)


@pytest.fixture
def client(course: Course) -> Client:
    return signed_in(course.memberships.get().user)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def html(response: HttpResponse) -> str:
    return response.content.decode()


def questions(lesson: Lesson) -> list[Any]:
    lesson.refresh_from_db()
    assert lesson.head
    return list((read_quiz(lesson.head.quiz).quiz or pytest.fail("faulty")).questions)


def picture(lesson: Lesson, name: str, colour: str) -> LessonImage:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(file, "PNG")
    file.seek(0)
    return store_image(lesson=lesson, name=name, file=file, by=None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?q=OPENS+gate", 1),
        ("?type=poll", 1),
        ("?tag=gates", 1),
        ("?q=nothing", 0),
        ("?tag=gates&type=poll", 0),
    ],
)
def test_questions_are_found_by_words_type_and_tag(client: Client, gates: Lesson, query: str, found: int) -> None:
    assert f"{found} of 2 questions" in html(client.get(BANK + query))


def test_the_same_question_in_two_lessons_is_one_line_that_names_both(
    client: Client, gates: Lesson, course: Course
) -> None:
    LessonFactory(course=course, content__title="Twin", content__quiz=GATES.replace("id: one", "id: uno"))
    text = html(client.get(BANK))
    assert "2 of 2 questions" in text
    assert "Gates</a>" in text
    assert "Twin</a>" in text


def test_the_number_of_queries_is_constant(
    client: Client, gates: Lesson, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(BANK)
    with django_assert_num_queries(6):
        client.get(BANK)
    for number in range(5):
        LessonFactory(course=course, content__quiz=GATES.replace("opens", f"opens {number}"))
    with django_assert_num_queries(6):
        client.get(BANK)


def copy(client: Client, lesson: Lesson, question: str, into: Lesson, source: str = "") -> HttpResponse:
    address = f"{into.course.slug}/{into.slug}"
    data = {"source": source, "lesson": lesson.slug, "question": question, "into": address}
    return client.post(f"{BANK}copy/", data)


def test_a_copy_gets_a_free_id_and_its_pictures(client: Client, pictured: Lesson, other: Lesson) -> None:
    image = picture(pictured, "map.png", "red")
    picture(pictured, "unused.png", "blue")
    assert copy(client, pictured, "two", other).status_code == 302
    assert copy(client, pictured, "two", other).status_code == 302
    assert [question.id for question in questions(other)] == ["two", "two-2"]
    assert [(row.name, row.file) for row in other.images.all()] == [("map.png", image.file)]
    assert other.published != other.head


def test_after_a_copy_one_finds_oneself_where_one_looked(client: Client, gates: Lesson, other: Lesson) -> None:
    into = f"{other.course.slug}/{other.slug}"
    data = {"lesson": gates.slug, "question": "one", "into": into, "looked_for": "q=opens&type=single"}
    response = client.post(f"{BANK}copy/", data, follow=True)
    assert response.request["QUERY_STRING"] == f"q=opens&type=single&into={quote(into, safe='')}"
    assert reverse("author-quiz", args=[other.course.slug, other.slug]) in html(response)


def test_a_picture_whose_name_is_taken_gets_another_one(client: Client, pictured: Lesson, other: Lesson) -> None:
    image = picture(pictured, "map.png", "red")
    picture(other, "map.png", "green")
    copy(client, pictured, "two", other)
    assert questions(other)[0].choices[0].image == "map-2.png"
    assert other.images.get(name="map-2.png").file == image.file


def test_the_built_in_course_gives_what_is_published_there(client: Client, other: Lesson) -> None:
    course, _ = Course.objects.get_or_create(slug=BUILT_IN, defaults={"title": "Sequence models", "is_public": True})
    draft = GATES.replace("opens", "is a draft")
    lesson = LessonFactory(course=course, slug="of-the-built-in", content__quiz=GATES)
    LessonFactory(course=course, slug="draft", content__quiz=draft, published=False)
    text = html(client.get(f"{BANK}?source=built-in"))
    assert "What opens?" in text
    assert "is a draft" not in text
    copy(client, lesson, "one", other, source="built-in")
    assert [question.id for question in questions(other)] == ["one"]
    draft_lesson = Lesson.objects.get(slug="draft")
    assert copy(client, draft_lesson, "one", other, source="built-in").status_code == 404


def test_nothing_goes_into_a_lesson_of_somebody_else_or_comes_from_one(client: Client, gates: Lesson) -> None:
    foreign = LessonFactory(content__quiz=GATES)
    assert copy(client, gates, "one", foreign).status_code == 404
    assert copy(client, foreign, "one", gates).status_code == 404
    MembershipFactory(course=foreign.course, user=gates.course.memberships.get().user, role="instructor")
    assert copy(client, gates, "one", foreign).status_code == 302


# In and out ------------------------------------------------------------------------------------------------------


def bring(client: Client, lesson: Lesson, data: bytes, name: str = "quiz.gift") -> HttpResponse:
    return client.post(IMPORT, {"lesson": lesson.slug, "file": SimpleUploadedFile(name, data)})


def test_what_can_be_read_comes_in_as_one_draft_and_the_rest_is_told(client: Client, gates: Lesson) -> None:
    assert gates.head
    before = gates.head.number
    text = html(bring(client, gates, b"::one::Which?{=a ~b#No.}\n\nAn essay{}\n\n::new::Two?{=2}\n"))
    assert "2 questions came into “Gates”" in text
    assert "Question 2, line 3: This is an essay" in text
    assert "1 choice has no explanation yet" in text
    assert [question.id for question in questions(gates)] == ["one", "two", "one-2", "new"]
    assert gates.head.number == before + 1
    assert "1 without an explanation" in html(client.get("/author/courses/grammar/lessons/gates/quiz/"))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("quiz.gift", b"\n" * 600_000, "larger than"),
        ("quiz.xlsx", b"PK no zip", "not an xlsx file"),
        ("quiz.pdf", b"%PDF", "Choose a file that ends"),
        ("quiz.csv", b"a,b\n1,2", "must name the columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    client: Client, gates: Lesson, name: str, data: bytes, said: str
) -> None:
    response = bring(client, gates, data, name)
    assert response.status_code == 422
    assert said in html(response)
    assert len(questions(gates)) == 2


def test_a_file_without_a_question_changes_nothing(client: Client, gates: Lesson) -> None:
    assert gates.head
    before = gates.head.number
    assert "nothing has changed" in html(bring(client, gates, b"An essay{}"))
    gates.refresh_from_db()
    assert gates.head.number == before


def test_faulty_questions_are_mended_before_others_come(client: Client, course: Course) -> None:
    faulty = LessonFactory(course=course, content__quiz="questions: [{id: 1}]", published=False)
    assert "Mend them there first" in html(bring(client, faulty, b"Two?{=2}"))


@pytest.mark.parametrize("kind", ["gift", "csv", "xlsx"])
def test_what_goes_out_of_one_lesson_comes_into_another(
    client: Client, gates: Lesson, other: Lesson, kind: str
) -> None:
    file = client.get(EXPORT, {"lesson": "gates", "format": kind})
    assert f"gates-questions.{kind}" in file.headers["Content-Disposition"]
    text = html(bring(client, other, file.content, f"quiz.{kind}"))
    assert "came into “Other”" in text
    assert questions(other)[0] == questions(gates)[0]


@pytest.mark.parametrize("query", [{}, {"format": "pdf"}, {"format": "csv", "lesson": "none"}, {"format": "x" * 999}])
def test_an_export_of_nothing_known_leads_back_in_words(client: Client, gates: Lesson, query: dict[str, str]) -> None:
    assert "Choose a lesson" in html(client.get(EXPORT, query, follow=True))
