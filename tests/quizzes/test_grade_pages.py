"""Grades, one attempt, grading again and the analysis, as the instructors of a course meet them; and who does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson
from courses.services.revisions import save_revision, withdraw_lesson
from quizzes.models import Attempt, GradeChange
from quizzes.selectors.regrade import plan_regrade
from quizzes.services.grading import override_points, regrade
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of, count_queries
from tests.quizzes.classroom import QUIZ, publish_quiz, take

pytestmark = pytest.mark.django_db

CORRECTED = QUIZ.replace("The forget gate, correct: true,", "The forget gate,").replace(
    "The input gate,", "The input gate, correct: true,"
)
SHORTER = QUIZ.replace("      - {text: The output gate, why: It shows.}\n", "")


@pytest.fixture
def teacher() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR, name="Grace")


@pytest.fixture
def course(teacher: User) -> Course:
    return CourseFactory(slug="lstm", instructor=teacher)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, slug="gates", content__quiz=QUIZ, content__title="Gates")


@pytest.fixture
def client(teacher: User) -> Client:
    return signed_in(teacher)


def student(course: Course, name: str = "Ada") -> User:
    return MembershipFactory(course=course, user=UserFactory(name=name)).user


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return words_of(response)


def words_of(response: HttpResponse) -> str:
    """What the page says, without its tags."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


GRADES = "/author/courses/lstm/grades/"
REGRADE = "/author/courses/lstm/lessons/gates/regrade/"
ANALYSIS = "/author/courses/lstm/lessons/gates/analysis/"


def address_of(attempt: Attempt) -> str:
    return reverse("author-attempt", args=["lstm", attempt.pk])


# --- who gets in


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda course: None, 302),
        (lambda course: Attempt.objects.get().user, 403),
        (lambda course: student(course, "Peer"), 403),
        (lambda course: UserFactory(), 403),
        (lambda course: UserFactory(role=User.Role.INSTRUCTOR), 404),
        (lambda course: UserFactory(role=User.Role.STAFF), 404),
    ],
    ids=["signed out", "owner", "peer", "outsider", "other instructor", "staff"],
)
def test_nobody_but_its_instructors_sees_grades(
    course: Course, lesson: Lesson, who: Callable[[Course], User | None], status: int
) -> None:
    attempt = take(actor_of(student(course)), lesson, gate=1)
    user = who(course)
    client = signed_in(user) if user else Client()
    member = course.memberships.get(user=attempt.user)
    for address in (GRADES, f"{GRADES}export/", f"{GRADES}{member.pk}/", REGRADE, ANALYSIS, address_of(attempt)):
        assert client.get(address).status_code == status, address
    for address in (REGRADE, address_of(attempt)):
        assert client.post(address, {"points": 4, "reason": "Because."}).status_code == status, address
    assert not GradeChange.objects.exists()


def test_another_courses_attempts_and_members_are_not_there(client: Client, course: Course, lesson: Lesson) -> None:
    other = CourseFactory()
    stranger = student(other)
    attempt = take(actor_of(stranger), LessonFactory(course=other, content__quiz=QUIZ), gate=0)
    page(client, address_of(attempt), 404)
    page(client, f"{GRADES}{other.memberships.get().pk}/", 404)
    assert client.post(address_of(attempt), {"points": 4, "reason": "Mine."}).status_code == 404


# --- the gradebook


def test_the_gradebook_says_what_each_got_and_leads_to_it(client: Client, course: Course, lesson: Lesson) -> None:
    best = take(actor_of(student(course)), lesson, word="memory")
    said = page(client, GRADES)
    assert "75 % 1 attempt" in said
    html = client.get(GRADES).content.decode()
    assert address_of(best) in html
    assert f"{GRADES}{course.memberships.get(user=best.user).pk}/" in html


def test_a_course_without_a_quiz_says_so(client: Client, course: Course) -> None:
    assert "No lesson that students read has a quiz yet." in page(client, GRADES)


def test_a_course_without_students_says_so(client: Client, lesson: Lesson) -> None:
    assert "There is no student in this course yet." in page(client, GRADES)


def test_students_are_found_by_name_and_quizzes_by_lesson(client: Client, course: Course, lesson: Lesson) -> None:
    LessonFactory(course=course, slug="states", content__quiz=QUIZ, content__title="States")
    student(course, "Ada Lovelace")
    student(course, "Alan Turing")
    html = client.get(f"{GRADES}?q=lov&lesson=states").content.decode()
    assert ("Ada Lovelace" in html, "Alan Turing" in html) == (True, False)
    assert re.findall(r'<th scope="col"[^>]*>\s*<a [^>]*>(.*?)</a>', html) == ["Name", "Mean", "Attempts", "States"]
    assert "Nobody fits." in page(client, f"{GRADES}?q=nobody")


def test_a_column_is_sorted_one_way_and_then_the_other(client: Client, course: Course, lesson: Lesson) -> None:
    for name, answer in (("Ada", 1), ("Bob", 0)):
        take(actor_of(student(course, name)), lesson, gate=answer)

    def names(query: str) -> list[str]:
        html = client.get(GRADES + query).content.decode()
        return re.findall(rf'<a href="{GRADES}\d+/">(\w+)</a>', html)

    html = client.get(GRADES).content.decode()
    assert re.findall(r'aria-sort="(\w+)"', html) == ["ascending"]
    (way,) = re.findall(r'<a href="(\?sort=[^"]+)">Gates</a>', html)
    assert names(way) == ["Bob", "Ada"]
    html = client.get(GRADES + way).content.decode()
    assert re.findall(r'aria-sort="(\w+)"', html) == ["descending"]
    (back,) = re.findall(r'<a href="(\?sort=[^"]+)">Gates</a>', html)
    assert names(back) == ["Ada", "Bob"]


def test_many_students_are_on_several_pages_at_the_same_cost(client: Client, course: Course, lesson: Lesson) -> None:
    def queries() -> int:
        return count_queries(lambda: page(client, GRADES))

    take(actor_of(student(course, "Ada 0")), lesson, gate=0)
    few = queries()
    for number in range(1, 51):
        student(course, f"Ada {number}")
    assert "Page 1 of 2" in page(client, GRADES)
    assert "Page 2 of 2" in page(client, f"{GRADES}?page=2")
    # One more: the next page makes the list longer than what is shown.
    assert queries() == few


def test_one_students_attempts_are_listed(client: Client, course: Course, lesson: Lesson) -> None:
    ada = student(course)
    take(actor_of(ada), lesson, gate=0)
    take(actor_of(ada), lesson, hand_in=False)
    take(actor_of(student(course, "Bob")), lesson, gate=0, word="memory")
    said = page(client, f"{GRADES}{course.memberships.get(user=ada).pk}/")
    assert "Attempt 1 at Gates 1 of 4 25 %" in said
    assert "Attempt 2 at Gates – –" in said
    assert "Bob" not in said


# --- one attempt


def test_an_attempt_shows_each_answer_with_what_is_right(client: Client, course: Course, lesson: Lesson) -> None:
    attempt = take(actor_of(student(course)), lesson, gate=1, seconds=0)
    attempt.responses.update(seconds=75)
    html = client.get(address_of(attempt)).content.decode()
    said = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Attempt 1 of Ada." in said
    assert "The forget gate This is right" in said
    assert "The input gate Not right" in said
    assert "Looked at for 1:15 min." in said
    assert "/demos/explorer/?preset=capitals" in html
    assert "The right answer: memory" in said


def test_other_points_need_a_reason_and_leave_a_record(
    client: Client, course: Course, lesson: Lesson, teacher: User
) -> None:
    attempt = take(actor_of(student(course)), lesson, gate=1)
    refused = client.post(address_of(attempt), {"points": 3, "reason": " "})
    assert refused.status_code == 422
    attempt.refresh_from_db()
    assert attempt.override is None

    done = client.post(address_of(attempt), {"points": "2.5", "reason": "The microphone failed."}, follow=True)
    attempt.refresh_from_db()
    assert (attempt.points, attempt.score) == (0, 2.5)
    assert "0 of 4 → 2.5 of 4" in words_of(done)
    assert "The microphone failed. Grace" in words_of(done)

    client.post(address_of(attempt), {"points": "", "reason": "It did not."})
    attempt.refresh_from_db()
    assert attempt.score == 0
    changes = attempt.changes.values_list("before", "after", "reason", "by")
    assert list(changes) == [(2.5, 0, "It did not.", teacher.pk), (0, 2.5, "The microphone failed.", teacher.pk)]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("5", "Give from 0 to 4 points."),
        ("-1", "greater than or equal to 0."),
        ("nan", "Enter a number."),
        ("inf", "Enter a number."),
        ("many", "Enter a number."),
    ],
)
def test_points_that_cannot_be_given_are_refused_in_words(
    client: Client, course: Course, lesson: Lesson, points: str, words: str
) -> None:
    attempt = take(actor_of(student(course)), lesson)
    response = client.post(address_of(attempt), {"points": points, "reason": "Because."})
    assert response.status_code == 422
    assert words in words_of(response)
    assert not attempt.changes.exists()


def test_an_open_attempt_can_be_read_but_not_marked(client: Client, course: Course, lesson: Lesson) -> None:
    attempt = take(actor_of(student(course)), lesson, hand_in=False, gate=0)
    said = page(client, address_of(attempt))
    assert "not handed in yet" in said
    assert "Give other points" not in said
    refused = client.post(address_of(attempt), {"points": 1, "reason": "Because."})
    assert refused.status_code == 422


# --- grading again


def changes_of(lesson: Lesson) -> list[tuple[Any, ...]]:
    lesson.refresh_from_db()
    return [(one.attempt.pk, one.before, one.after, one.questions) for one in plan_regrade(lesson).changes]


def test_the_plan_is_what_a_regrade_then_does(course: Course, lesson: Lesson, teacher: User) -> None:
    for name, answer in (("Ada", 0), ("Bob", 1), ("Cem", 2)):
        take(actor_of(student(course, name)), lesson, gate=answer, word="memory")
    take(actor_of(guest="somebody"), lesson, gate=1)
    take(actor_of(student(course, "Dot")), lesson, hand_in=False, gate=1)
    publish_quiz(lesson, CORRECTED.replace("points: 3", "points: 2"))
    planned = changes_of(lesson)
    assert len(planned) == 4
    assert not GradeChange.objects.exists()
    done = regrade(lesson=lesson, by=teacher, reason="The key was wrong.")
    made = [(one.attempt_id, one.before, one.after, tuple(map(tuple, one.questions))) for one in done]
    assert sorted(planned) == sorted(made)
    assert changes_of(lesson) == []


def test_a_question_that_became_another_keeps_its_points_in_the_plan_too(
    client: Client, course: Course, lesson: Lesson
) -> None:
    take(actor_of(student(course)), lesson, gate=0, word="memory")
    publish_quiz(lesson, SHORTER)
    assert changes_of(lesson) == []
    said = page(client, REGRADE)
    assert "1 attempt, 0 change." in said
    assert "“gate”, in attempts at revision 1" in said


def test_the_plan_costs_the_same_however_many_attempts_there_are(course: Course, lesson: Lesson) -> None:
    take(actor_of(student(course)), lesson, gate=0)
    publish_quiz(lesson, CORRECTED)
    few = count_queries(lambda: plan_regrade(lesson))
    for _ in range(3):
        take(actor_of(student(course)), lesson, gate=0)
    assert count_queries(lambda: plan_regrade(lesson)) == few


def test_first_the_plan_then_the_regrade_then_the_record(client: Client, course: Course, lesson: Lesson) -> None:
    take(actor_of(student(course, "Ada")), lesson, gate=0, word="memory")
    take(actor_of(student(course, "Bob")), lesson, gate=1)
    take(actor_of(student(course, "Cem")), lesson, gate=2)
    assert "All 3 attempts are graded with the questions that students see now." in page(client, REGRADE)
    publish_quiz(lesson, CORRECTED)
    assert "key has changed" in page(client, GRADES)
    assert "3 attempts are graded with an earlier key." in page(client, ANALYSIS)
    said = page(client, REGRADE)
    assert "3 attempts, 2 change." in said
    assert "Ada, attempt 1 4 of 4 → 3 of 4 gate: 1 → 0" in said
    assert "Bob, attempt 1 0 of 4 → 1 of 4 gate: 0 → 1" in said
    assert "Cem" not in said

    assert client.post(REGRADE, {"reason": ""}).status_code == 422
    assert not GradeChange.objects.exists()
    done = words_of(client.post(REGRADE, {"reason": "The key was wrong."}, follow=True))
    assert "Done. 2 attempts have other points." in done
    assert "All 3 attempts are graded with the questions that students see now." in done
    assert re.search(r"Ada, attempt 1 4 of 4 → 3 of 4 gate: 1 → 0 The key was wrong. Grace", done)
    assert "key has changed" not in page(client, GRADES)
    assert "Graded with the corrected key." in page(client, address_of(Attempt.objects.get(user__name="Ada")))


def test_a_corrected_key_that_is_not_published_yet_is_pointed_out(client: Client, lesson: Lesson) -> None:
    assert "publish it first" not in page(client, REGRADE)
    content = replace(LessonContent.of(lesson.head), quiz=CORRECTED)
    save_revision(lesson=lesson, content=content, author=None, base=None)
    assert "The newest draft has other questions than those that students see." in page(client, REGRADE)


def test_points_by_hand_stay_and_are_shown_in_the_plan(
    client: Client, course: Course, lesson: Lesson, teacher: User
) -> None:
    attempt = take(actor_of(student(course)), lesson, gate=1)
    override_points(attempt=attempt, points=3.5, by=teacher, reason="Said it aloud.")
    publish_quiz(lesson, CORRECTED)
    assert "by hand: 3.5 0 of 4 → 1 of 4" in page(client, REGRADE)
    client.post(REGRADE, {"reason": "The key was wrong."})
    attempt.refresh_from_db()
    assert (attempt.points, attempt.score) == (1, 3.5)


def test_a_lesson_that_is_withdrawn_cannot_be_graded_again(client: Client, course: Course, lesson: Lesson) -> None:
    take(actor_of(student(course)), lesson, gate=0)
    withdraw_lesson(lesson=lesson)
    assert "This lesson is not published" in page(client, REGRADE)
    assert client.post(REGRADE, {"reason": "Because."}).status_code == 422
    assert "Students see no quiz in this lesson." in page(client, ANALYSIS)


# --- the analysis


def test_the_analysis_says_how_many_and_how_little_that_is(client: Client, course: Course, lesson: Lesson) -> None:
    assert "Nobody has handed in an attempt yet." in page(client, ANALYSIS)
    take(actor_of(student(course)), lesson, gate=1, word="memory")
    said = page(client, ANALYSIS)
    assert "Fewer than 10 attempts: do not read much into this." in said
    assert "The input gate 1 100 %" in said
    assert "All gates are one: 1 time · See the demo" in said
    page(client, f"{ANALYSIS}?attempts=none", 404)


def test_what_students_type_is_shown_as_they_typed_it(client: Client, course: Course, lesson: Lesson) -> None:
    take(actor_of(student(course)), lesson, word="<script>alert(1)</script>")
    html = client.get(ANALYSIS).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
