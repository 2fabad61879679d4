"""The gradebook: whose grades are there, which attempt counts, and what the mean is of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson, Membership
from quizzes.models import ExtraTime, QuizSettings
from quizzes.selectors.gradebook import Cell, gradebook
from quizzes.services.grading import override_points
from quizzes.services.taking import start_attempt
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of, count_queries
from tests.quizzes.classroom import QUIZ, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR, name="Grace")


@pytest.fixture
def course(teacher: User) -> Course:
    return CourseFactory(instructor=teacher)


def student(course: Course, name: str = "Ada") -> User:
    return MembershipFactory(course=course, user=UserFactory(name=name)).user


def quiz(course: Course, **fields: Any) -> Lesson:
    return LessonFactory(course=course, content__quiz=QUIZ, **fields)


def only_cell(course: Course) -> Cell:
    return gradebook(course).rows[0].cells[0]


def close(lesson: Lesson) -> None:
    """The deadline is an hour ago."""
    QuizSettings.objects.update_or_create(lesson=lesson, defaults={"deadline": timezone.now() - timedelta(hours=1)})


def test_the_best_attempt_counts(course: Course) -> None:
    ada, lesson = actor_of(student(course)), quiz(course)
    take(ada, lesson, gate=1)
    best = take(ada, lesson, word="memory")
    take(ada, lesson, gate=0)
    cell = only_cell(course)
    assert (cell.best, cell.share, cell.points, cell.most_points, cell.attempts) == (best.pk, 0.75, 3, 4, 3)


def test_an_open_attempt_is_marked_and_does_not_count(course: Course) -> None:
    ada, lesson = actor_of(student(course)), quiz(course)
    take(ada, lesson, hand_in=False, gate=0)
    assert only_cell(course) == Cell(is_open=True)
    take(ada, lesson)
    start_attempt(actor=ada, lesson=lesson)
    cell = only_cell(course)
    assert (cell.is_open, cell.attempts, cell.share) == (True, 1, 0.25)


def test_points_given_by_hand_count_and_can_make_another_attempt_the_best(course: Course, teacher: User) -> None:
    ada, lesson = actor_of(student(course)), quiz(course)
    first = take(ada, lesson)
    take(ada, lesson, word="memory")
    override_points(attempt=first, points=4, by=teacher, reason="The microphone failed.")
    cell = only_cell(course)
    assert (cell.best, cell.share, cell.is_changed) == (first.pk, 1.0, True)


def test_only_students_of_the_course_are_listed(course: Course, teacher: User) -> None:
    lesson = quiz(course)
    ada = student(course)
    for actor in (actor_of(teacher), actor_of(UserFactory()), actor_of(guest="a-guest")):
        take(actor, lesson, gate=0)
    assert [row.membership.user for row in gradebook(course).rows] == [ada]
    assert only_cell(course) == Cell()


def test_lessons_without_a_quiz_and_drafts_have_no_column(course: Course) -> None:
    LessonFactory(course=course)
    quiz(course, published=False)
    quiz(course, removed_at=timezone.now())
    LessonFactory(
        course=course,
        content__quiz=QUIZ.replace("id: word", "id: later").split("  - id: later")[0],
        content__body=":::predict gate\n:::\n",
    )
    shown = quiz(course)
    assert [column.lesson for column in gradebook(course).columns] == [shown]


def test_the_mean_is_weighted(course: Course) -> None:
    ada = actor_of(student(course))
    for weight, answers in ((1, {"gate": 0}), (3, {"gate": 0, "word": "memory"}), (0, {})):
        lesson = quiz(course)
        QuizSettings.objects.create(lesson=lesson, weight=weight)
        take(ada, lesson, **answers)
    assert gradebook(course).rows[0].mean == pytest.approx((0.25 * 1 + 1.0 * 3) / 4)


def test_a_quiz_counts_nothing_before_its_deadline_and_0_after_it(course: Course) -> None:
    ada, taken, missed = actor_of(student(course)), quiz(course), quiz(course)
    take(ada, taken, gate=0, word="memory")
    assert gradebook(course).rows[0].mean == 1
    close(missed)
    row = gradebook(course).rows[0]
    assert (row.mean, row.cells[1]) == (0.5, Cell(is_missing=True))


def test_a_later_deadline_of_ones_own_holds(course: Course) -> None:
    ada, lesson = student(course), quiz(course)
    close(lesson)
    ExtraTime.objects.create(lesson=lesson, user=ada, deadline=timezone.now() + timedelta(days=1))
    assert only_cell(course) == Cell()


def test_what_was_handed_in_after_the_deadline_is_late(course: Course) -> None:
    ada, lesson = actor_of(student(course)), quiz(course)
    take(ada, lesson)
    assert not only_cell(course).is_late
    close(lesson)  # it was set earlier afterwards
    assert only_cell(course).is_late


def test_whoever_fits_the_words_is_found(course: Course) -> None:
    quiz(course)
    student(course, "Ada Lovelace")
    student(course, "Alan Turing")
    assert [row.membership.user.name for row in gradebook(course, words="lov").rows] == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("", ["Ada", "Bob", "Cem", "Dot"]),
        ("-name", ["Dot", "Cem", "Bob", "Ada"]),
        ("quiz:gates", ["Cem", "Ada", "Bob", "Dot"]),
        ("-quiz:gates", ["Ada", "Bob", "Cem", "Dot"]),
        ("mean", ["Cem", "Ada", "Bob", "Dot"]),
        ("-attempts", ["Cem", "Ada", "Bob", "Dot"]),
        ("quiz:nothing", ["Ada", "Bob", "Cem", "Dot"]),
        ("'; drop table", ["Ada", "Bob", "Cem", "Dot"]),
    ],
)
def test_it_is_sorted_by_any_column_with_nothing_at_the_end(course: Course, key: str, names: list[str]) -> None:
    lesson = quiz(course, slug="gates")
    people = {name: actor_of(student(course, name)) for name in ("Ada", "Bob", "Cem", "Dot")}
    take(people["Ada"], lesson, word="memory")
    take(people["Bob"], lesson, word="memory")
    take(people["Cem"], lesson, gate=0)
    take(people["Cem"], lesson)
    assert [row.membership.user.name for row in gradebook(course).sorted_by(key)] == names


def test_the_number_of_queries_does_not_grow(course: Course) -> None:
    lessons = [quiz(course) for _ in range(2)]
    take(actor_of(student(course)), lessons[0], gate=0)
    few = count_queries(lambda: gradebook(course))
    lessons.append(quiz(course))
    for _ in range(3):
        person = actor_of(student(course))
        for lesson in lessons:
            take(person, lesson, gate=0)
    assert count_queries(lambda: gradebook(course)) == few


def test_a_student_of_another_course_is_not_listed_with_what_they_did_here(course: Course) -> None:
    lesson, other = quiz(course), student(CourseFactory())
    take(actor_of(other), lesson, gate=0)
    assert gradebook(course).rows == ()
    Membership.objects.create(course=course, user=other)
    assert only_cell(course).attempts == 1
