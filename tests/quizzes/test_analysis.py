"""What the answers to a quiz say about its questions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Lesson
from quizzes.distribution import Bar
from quizzes.selectors.analysis import Analysis, QuestionAnalysis, Which, analyse_quiz
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of, count_queries
from tests.quizzes.classroom import QUIZ, publish_quiz, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return CourseFactory()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return LessonFactory(course=course, content__quiz=QUIZ)


def somebody() -> Actor:
    return actor_of(UserFactory())


def analysed(lesson: Lesson, which: Which = "all") -> Analysis:
    lesson.refresh_from_db()
    return analyse_quiz(lesson, which)


def question(lesson: Lesson, place: int = 0, which: Which = "all") -> QuestionAnalysis:
    return analysed(lesson, which).questions[place]


def bars(lesson: Lesson, place: int = 0) -> list[tuple[str, int, bool | None]]:
    return [(str(bar.label), bar.count, bar.right) for bar in question(lesson, place).spread.bars]


def one_question(text: str) -> Lesson:
    return LessonFactory(content__quiz=f"questions:\n  - id: it\n    prompt: What?\n{text}")


# --- which answers count


def test_nobody_has_answered_yet(lesson: Lesson) -> None:
    take(somebody(), lesson, hand_in=False, gate=0)
    found = analysed(lesson)
    assert (found.attempts, found.people, found.mean, found.repeated) == (0, 0, None, None)
    assert found.questions[0].difficulty is None
    assert found.questions[0].spread.bars == tuple(
        Bar(bar.label, 0, 0.0, bar.right) for bar in found.questions[0].spread.bars
    )


def test_guests_count_and_instructors_of_the_course_do_not(course: Course, lesson: Lesson) -> None:
    teacher = UserFactory(role=User.Role.INSTRUCTOR)
    course.memberships.create(user=teacher, role="instructor")
    take(actor_of(teacher), lesson, gate=0)
    take(actor_of(guest="somebody"), lesson, gate=0)
    take(somebody(), lesson, gate=0)
    assert (analysed(lesson).attempts, analysed(lesson).people) == (2, 2)


@pytest.mark.parametrize(("which", "attempts", "share"), [("first", 2, 0.0), ("all", 4, 0.5), ("last", 2, 0.5)])
def test_first_all_or_last_attempts_are_looked_at(lesson: Lesson, which: Which, attempts: int, share: float) -> None:
    often = somebody()
    for place in (1, 0, 0):
        take(often, lesson, gate=place)
    take(somebody(), lesson, gate=2)
    found = analysed(lesson, which)
    assert (found.attempts, found.people, found.questions[0].difficulty) == (attempts, 2, share)


def test_those_who_tried_again_are_compared_with_themselves(lesson: Lesson) -> None:
    often = somebody()
    take(often, lesson, gate=1)
    take(often, lesson, gate=0, word="memory")
    take(somebody(), lesson, gate=0)
    found = analysed(lesson, "first")
    assert found.repeated
    assert (found.repeated.people, found.repeated.first, found.repeated.last) == (1, 0.0, 1.0)
    again = found.questions[0].repeated
    assert again
    assert (again.people, again.first, again.last) == (1, 0.0, 1.0)


# --- figures


def test_what_is_not_answered_counts_0_and_is_said(lesson: Lesson) -> None:
    take(somebody(), lesson, gate=0)
    take(somebody(), lesson)
    found = question(lesson)
    assert (found.difficulty, found.spread.bars[-1]) == (0.5, Bar("No answer", 1, 0.5))


def test_a_question_that_tells_the_strong_from_the_weak(lesson: Lesson) -> None:
    for _ in range(2):
        take(somebody(), lesson, gate=0, word="memory")
        take(somebody(), lesson, gate=1, word="no")
    found = question(lesson)
    assert (found.discrimination, found.correlation) == (1.0, pytest.approx(1.0))


def test_the_figures_are_those_of_numpy_for_a_class(lesson: Lesson) -> None:
    three = QUIZ + "  - {id: last, type: ordering, prompt: Order., points: 2, items: [a, b, c]}\n"
    publish_quiz(lesson, three)
    orders = ([0, 1, 2], [1, 0, 2], [2, 1, 0])
    rows = [(place % 3, "memory" if place % 4 else "no", orders[(place // 2) % 3]) for place in range(12)]
    for gate, word, last in rows:
        take(somebody(), lesson, gate=gate, word=word, last=last)
    got = np.array([[gate == 0, 3 * (word == "memory"), 2 - orders.index(last)] for gate, word, last in rows], float)
    found = analysed(lesson)
    assert found.mean == pytest.approx(got.sum() / (6 * len(rows)))
    for place, one in enumerate(found.questions):
        rest = got.sum(axis=1) - got[:, place]
        assert one.difficulty == pytest.approx(got[:, place].mean() / got[:, place].max())
        assert one.correlation == pytest.approx(np.corrcoef(got[:, place], rest)[0, 1], abs=1e-6)


def test_attempts_at_an_earlier_quiz_are_compared_by_what_they_could_have_had(lesson: Lesson) -> None:
    """Who was asked one question and answered it is as strong as who was asked two and answered both."""
    one, word = QUIZ.split("  - id: word")
    publish_quiz(lesson, one)
    take(somebody(), lesson, gate=0)
    take(somebody(), lesson, gate=1)
    publish_quiz(lesson, f"{one}  - id: word{word}")
    for _ in range(2):
        take(somebody(), lesson, gate=0, word="memory")
        take(somebody(), lesson, gate=1, word="memory")
    found = question(lesson)
    assert (found.attempts, found.discrimination) == (6, 1.0)
    assert found.correlation is None  # the rest was had by all who were asked it


def test_the_time_is_the_median_of_those_who_were_timed(lesson: Lesson) -> None:
    for seconds in (10.0, 20.0, 400.0, 0.0):
        attempt = take(somebody(), lesson, gate=0)
        attempt.responses.update(seconds=seconds)
    assert question(lesson).seconds == 20


def test_misconceptions_come_with_their_demo_those_met_most_first(lesson: Lesson) -> None:
    for _ in range(2):
        take(somebody(), lesson, gate=1)
    (met,) = analysed(lesson).misconceptions
    assert (met.words, met.count, met.see) == ("all gates are one", 2, "/demos/explorer/?preset=capitals")
    assert question(lesson).misconceptions == (met,)


def test_ten_attempts_are_not_few(lesson: Lesson) -> None:
    for _ in range(9):
        take(somebody(), lesson, gate=0)
    assert analysed(lesson).is_few
    take(somebody(), lesson, gate=0)
    assert not analysed(lesson).is_few


def test_the_number_of_queries_does_not_grow(lesson: Lesson) -> None:
    take(somebody(), lesson, gate=0)
    few = count_queries(lambda: analyse_quiz(lesson, "all"))
    for _ in range(3):
        take(somebody(), lesson, gate=1, word="no")
    assert count_queries(lambda: analyse_quiz(lesson, "all")) == few


# --- distributions


def test_choices_are_counted_in_the_order_of_their_author(lesson: Lesson) -> None:
    for place in (0, 2, 2):
        take(somebody(), lesson, gate=place)
    assert bars(lesson) == [("The forget gate", 1, True), ("The input gate", 0, False), ("The output gate", 2, False)]


def test_words_are_counted_whatever_their_capitals(lesson: Lesson) -> None:
    for word in ("memory", "Memory", "memory", "<b>no</b>"):
        take(somebody(), lesson, word=word)
    assert bars(lesson, 1) == [("memory", 3, True), ("<b>no</b>", 1, False)]


def test_rare_words_are_put_together(lesson: Lesson) -> None:
    for number in range(10):
        take(somebody(), lesson, word=f"word {number}")
    assert len(bars(lesson, 1)) == 9
    assert bars(lesson, 1)[-1] == ("Other answers", 2, None)


def test_each_choice_of_several_is_counted() -> None:
    lesson = one_question(
        "    type: multiple\n    choices:\n      - {text: a, correct: true, why: x}\n"
        "      - {text: b, correct: true, why: x}\n      - {text: c, why: x}"
    )
    take(somebody(), lesson, it=[0, 2])
    take(somebody(), lesson, it=[0])
    assert bars(lesson) == [("a", 2, True), ("b", 0, True), ("c", 1, False)]


def test_items_pairs_and_blanks_are_counted_where_they_are_found() -> None:
    ordering = one_question("    type: ordering\n    items: [one, two, three]")
    take(somebody(), ordering, it=[0, 2, 1])
    assert bars(ordering) == [("one", 1, None), ("two", 0, None), ("three", 0, None)]

    matching = one_question("    type: matching\n    pairs: [{left: a, right: A}, {left: b, right: B}]\n    extra: [C]")
    take(somebody(), matching, it=[0, 2])
    assert bars(matching) == [("a → A", 1, None), ("b → B", 0, None)]

    blanks = one_question("    type: blanks\n    text: '[[x]] [[y]]'\n    blanks: {x: {accept: [a]}, y: {accept: [b]}}")
    take(somebody(), blanks, it={"x": "A", "y": "no"})
    assert bars(blanks) == [("x", 1, None), ("y", 0, None)]


def test_where_everybody_sees_other_numbers_the_outcomes_are_counted() -> None:
    lesson = one_question(
        "    type: numeric\n    variables: {n: {from: 2, to: 2}}\n    answer: n * 2\n"
        "    wrong: [{answer: n + 100, why: You added., misconception: adds}]"
    )
    for answer in ("4", "102", "0", "7"):
        take(somebody(), lesson, it=answer)
    assert bars(lesson) == [("Right", 1, True), ("adds", 1, False), ("Other answers", 2, False)]


def test_a_poll_has_bars_and_no_figures() -> None:
    lesson = one_question("    type: poll\n    choices: [{text: good}, {text: bad}]")
    take(somebody(), lesson, it=1)
    found = question(lesson)
    assert bars(lesson) == [("good", 0, None), ("bad", 1, None)]
    assert (found.difficulty, found.discrimination, found.correlation, found.repeated) == (None, None, None, None)
    assert analysed(lesson).mean is None


# --- earlier versions of a question


def test_answers_follow_a_choice_that_was_moved(lesson: Lesson) -> None:
    take(somebody(), lesson, gate=1)
    choices: list[Any] = QUIZ.split("choices:\n")[1].split("  - id: word")[0].splitlines(keepends=True)
    publish_quiz(lesson, QUIZ.replace("".join(choices), "".join(reversed(choices))))
    assert bars(lesson) == [("The output gate", 0, False), ("The input gate", 1, False), ("The forget gate", 0, True)]
    take(somebody(), lesson, gate=0)
    assert bars(lesson)[0] == ("The output gate", 1, False)


def test_answers_to_another_question_of_the_same_name_do_not_count(lesson: Lesson) -> None:
    take(somebody(), lesson, gate=1, word="memory")
    publish_quiz(lesson, QUIZ.replace("      - {text: The output gate, why: It shows.}\n", ""))
    assert [one.attempts for one in analysed(lesson).questions] == [0, 1]
