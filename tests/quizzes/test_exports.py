"""Grades as files: what is in them, and that nothing in them runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from accounts.models import User
from courses.models import Course
from quizzes.models import Attempt
from quizzes.services.grading import override_points
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of, count_queries
from tests.quizzes.classroom import QUIZ, take

pytestmark = pytest.mark.django_db
ADDRESS = "/author/courses/gates/grades/export/"


@pytest.fixture
def teacher() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR)


@pytest.fixture
def course(teacher: User) -> Course:
    course = CourseFactory(slug="gates", instructor=teacher)
    LessonFactory(course=course, content__quiz=QUIZ, content__title="Gates")
    return course


@pytest.fixture
def client(teacher: User) -> Client:
    return signed_in(teacher)


def student(course: Course, name: str = "Ada", email: str = "ada@example.org") -> User:
    return MembershipFactory(course=course, user=UserFactory(name=name, email=email)).user


def fetched(client: Client, query: str) -> bytes:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(client: Client, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetched(client, query).decode("utf-8-sig"), newline="")))


def book_of(client: Client) -> Workbook:
    return load_workbook(io.BytesIO(fetched(client, "as=xlsx")))


def test_each_student_has_a_row_with_what_each_quiz_gave(client: Client, course: Course) -> None:
    ada = student(course)
    student(course, "Zoë", "zoe@example.org")
    lesson = course.lessons.get()
    take(actor_of(ada), lesson, gate=0)
    take(actor_of(ada), lesson, word="memory")
    assert rows_of(client, "as=csv") == [
        {
            "name": "Ada",
            "email": "ada@example.org",
            "mean %": "75.0",
            "attempts": "2",
            "Gates: points": "3.0",
            "Gates: of": "4.0",
            "Gates: attempts": "2",
        },
        {
            "name": "Zoë",
            "email": "zoe@example.org",
            "mean %": "",
            "attempts": "0",
            "Gates: points": "",
            "Gates: of": "",
            "Gates: attempts": "0",
        },
    ]


def test_each_attempt_has_a_row(client: Client, course: Course, teacher: User) -> None:
    ada = actor_of(student(course))
    first = take(ada, course.lessons.get(), gate=0)
    override_points(attempt=first, points=2.5, by=teacher, reason="Explained it aloud.")
    take(ada, course.lessons.get(), hand_in=False)
    one, two = rows_of(client, "as=csv&rows=attempts")
    assert (one["lesson"], one["attempt"], one["points"], one["of"], one["%"]) == ("Gates", "1", "2.5", "4.0", "62.5")
    assert one["points by hand"] == "2.5"
    assert timezone.datetime.fromisoformat(one["handed in"]) - first.submitted < timedelta(seconds=1)
    assert (two["attempt"], two["handed in"], two["points"], two["%"]) == ("2", "", "", "")


def test_excel_gets_both_tables_with_numbers_and_times_as_such(client: Client, course: Course) -> None:
    take(actor_of(student(course)), course.lessons.get(), gate=0)
    book = book_of(client)
    assert book.sheetnames == ["Students", "Attempts"]
    students = [[cell.value for cell in row] for row in book["Students"]]
    assert students[1] == ["Ada", "ada@example.org", 25, 1, 1, 4, 1]
    begun = book["Attempts"]["E2"].value
    assert begun - timezone.localtime(Attempt.objects.get().started).replace(tzinfo=None) < timedelta(seconds=1)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_no_name_is_a_formula(client: Client, course: Course, name: str) -> None:
    ada = student(course, name, "+1@example.org")
    take(actor_of(ada), course.lessons.get())
    for query in ("as=csv", "as=csv&rows=attempts"):
        (row,) = rows_of(client, query)
        assert (row["name"], row["email"]) == (f"'{name}", "'+1@example.org")
    for sheet in book_of(client):
        assert [cell.data_type for cell in sheet[2] if isinstance(cell.value, str)] == ["s"] * sum(
            isinstance(cell.value, str) for cell in sheet[2]
        )
        assert sheet["A2"].value.startswith("'")


def test_a_lesson_called_like_a_formula_is_none(client: Client, course: Course) -> None:
    LessonFactory(course=course, content__quiz=QUIZ, content__title="=1+1")
    student(course)
    assert "'=1+1: points" in rows_of(client, "as=csv")[0]
    assert all(cell.data_type == "s" for cell in book_of(client)["Students"][1])


def test_a_name_that_no_sheet_can_hold_is_cleaned(client: Client, course: Course) -> None:
    student(course, "A\x07da")
    assert book_of(client)["Students"]["A2"].value == "Ada"


def test_excel_knows_the_letters_and_the_file(client: Client, course: Course) -> None:
    response = client.get(f"{ADDRESS}?as=csv&rows=attempts")
    day = f"{timezone.localdate():%Y-%m-%d}"
    assert b"".join(response.streaming_content).startswith('\ufeff"name"'.encode())
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="gates-attempts-{day}.csv"'
    response = client.get(f"{ADDRESS}?as=xlsx")
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response["Content-Disposition"] == f'attachment; filename="gates-grades-{day}.xlsx"'


def test_guests_and_people_outside_are_in_no_file(client: Client, course: Course) -> None:
    for actor in (actor_of(guest="somebody"), actor_of(UserFactory())):
        take(actor, course.lessons.get(), gate=0)
    assert rows_of(client, "as=csv") == rows_of(client, "as=csv&rows=attempts") == []


@pytest.mark.parametrize("query", ["as=pdf", "as=csv&rows=keys", "as="])
def test_other_files_are_not_there(client: Client, course: Course, query: str) -> None:
    assert client.get(f"{ADDRESS}?{query}").status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, course: Course) -> None:
    take(actor_of(student(course)), course.lessons.get(), gate=0)
    few = count_queries(lambda: fetched(client, "as=xlsx"))
    for number in range(3):
        take(actor_of(student(course, "Bob", f"bob{number}@example.org")), course.lessons.get(), gate=0)
    assert count_queries(lambda: fetched(client, "as=xlsx")) == few
