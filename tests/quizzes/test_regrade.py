"""A corrected key, points changed by hand, and what is written down about both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import User
from common.errors import Conflict, InvalidParams
from courses.lesson_files import LessonContent
from courses.models import Lesson
from courses.services.revisions import publish_revision, save_revision
from quizzes.keys import follow
from quizzes.models import Attempt, GradeChange
from quizzes.selectors.regrade import plan_regrade
from quizzes.selectors.taking import attempt_view
from quizzes.services.grading import grade_attempt, override_points, questions_left_alone, regrade
from quizzes.services.taking import save_answer, start_attempt, submit_attempt
from tests.factories import LessonFactory, UserFactory
from tests.helpers import actor_of, all_at_once
from tests.quizzes.test_taking import as_shown, publish

pytestmark = pytest.mark.django_db

QUIZ = """
questions:
  - id: gate
    type: single
    prompt: Which gate forgets?
    choices:
      - {text: forget, why: a}
      - {text: input, correct: true, why: b}
      - {text: output, why: c}
  - id: word
    type: text
    prompt: Say it.
    points: 2
    accept: [cell]
  - id: order
    type: ordering
    prompt: Order them.
    items: [one, two]
"""
CORRECTED = QUIZ.replace("forget, why: a", "forget, correct: true, why: a").replace(
    "input, correct: true, why: b", "input, why: b"
)


@pytest.fixture
def lesson() -> Lesson:
    return LessonFactory(content__quiz=QUIZ)


@pytest.fixture
def instructor() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR)


def taken(lesson: Lesson, answers: dict[str, Any], *, hand_in: bool = True, actor: Actor | None = None) -> Attempt:
    """A new student's attempt; a choice is given as in quiz.yaml."""
    actor = actor or actor_of(UserFactory())
    attempt = start_attempt(actor=actor, lesson=lesson)
    for question, given in answers.items():
        raw = given if isinstance(given, str) else as_shown(attempt, question, given)
        save_answer(actor=actor, attempt=attempt, question=question, raw=raw, version=0, seconds=0)
    return submit_attempt(actor=actor, attempt=attempt) if hand_in else attempt


def points(attempt: Attempt) -> float:
    return Attempt.objects.get(pk=attempt.pk).points


def test_a_corrected_key_changes_the_points_of_those_it_concerns_and_says_so(lesson: Lesson, instructor: User) -> None:
    right = taken(lesson, {"gate": 0, "word": "cell"})
    wrong = taken(lesson, {"gate": 1, "word": "cell"})
    neither = taken(lesson, {"gate": 2})
    under_way = taken(lesson, {"gate": 0}, hand_in=False)
    assert [points(one) for one in (right, wrong, neither)] == [2, 3, 0]
    publish(lesson, CORRECTED)
    changes = regrade(lesson=lesson, by=instructor, reason=" The key was wrong. ")
    assert [points(one) for one in (right, wrong, neither)] == [3, 2, 0]
    assert [(change.attempt_id, change.before, change.after, change.questions) for change in changes] == [
        (right.pk, 2, 3, [["gate", 0, 1]]),
        (wrong.pk, 3, 2, [["gate", 1, 0]]),
    ]
    assert {(change.by, change.reason, change.kind) for change in changes} == {
        (instructor, "The key was wrong.", "regrade")
    }
    assert regrade(lesson=lesson, by=instructor, reason="Once more.") == []
    assert GradeChange.objects.count() == 2
    told = attempt_view(Attempt.objects.get(pk=right.pk)).questions[0].feedback
    assert told
    assert told.is_right
    actor = actor_of(under_way.user)
    assert submit_attempt(actor=actor, attempt=under_way).points == 1


@pytest.mark.parametrize(
    ("change", "given", "points_then"),
    [
        # The author has moved the choices about, and corrected the key.
        (
            {
                "      - {text: forget, why: a}\n      - {text: input, correct: true, why: b}\n": (
                    "      - {text: input, why: b}\n      - {text: forget, correct: true, why: a}\n"
                )
            },
            {"gate": 0},
            (0, 1),
        ),
        # A slip of the pen mended in the words of a choice.
        (
            {"text: forget, why": "text: forgets, correct: true, why", "input, correct: true,": "input,"},
            {"gate": 0},
            (0, 1),
        ),
        ({"[cell]": "[cell, state]"}, {"word": "state"}, (0, 2)),
        ({"points: 2": "points: 4"}, {"word": "cell"}, (2, 4)),
        ({"[one, two]": "[two, one]"}, {}, (0, 0)),
    ],
)
def test_a_question_is_found_again_by_its_id_and_a_choice_by_its_words(
    lesson: Lesson, instructor: User, change: dict[str, str], given: dict[str, Any], points_then: tuple[float, float]
) -> None:
    attempt = taken(lesson, given)
    quiz = QUIZ
    for old, new in change.items():
        assert old in quiz
        quiz = quiz.replace(old, new)
    publish(lesson, quiz)
    before = points(attempt)
    regrade(lesson=lesson, by=instructor, reason="Mended.")
    assert (before, points(attempt)) == points_then
    assert questions_left_alone(lesson=lesson) == []


def test_a_question_that_is_predicted_now_is_regraded_where_it_was_asked(lesson: Lesson, instructor: User) -> None:
    attempt = taken(lesson, {"gate": 0})
    assert lesson.published
    content = replace(LessonContent.of(lesson.published), quiz=CORRECTED, body=":::predict gate\n")
    publish_revision(
        lesson=lesson, revision=save_revision(lesson=lesson, content=content, author=instructor, base=None)
    )
    regrade(lesson=lesson, by=instructor, reason="Mended.")
    assert points(attempt) == 1
    assert questions_left_alone(lesson=lesson) == []


def test_a_corrected_order_is_graded_by_the_items_that_were_put_in_order(lesson: Lesson, instructor: User) -> None:
    actor = actor_of(UserFactory())
    attempt = start_attempt(actor=actor, lesson=lesson)
    two_one = [as_shown(attempt, "order", 1), as_shown(attempt, "order", 0)]
    save_answer(actor=actor, attempt=attempt, question="order", raw=two_one, version=0, seconds=0)
    assert submit_attempt(actor=actor, attempt=attempt).points == 0
    publish(lesson, QUIZ.replace("[one, two]", "[two, one]"))
    regrade(lesson=lesson, by=instructor, reason="The other way round.")
    assert points(attempt) == 1
    told = next(one for one in attempt_view(Attempt.objects.get(pk=attempt.pk)).questions if one.shown.id == "order")
    assert told.feedback
    assert told.answer == told.feedback.right_answer == two_one


COMPUTED = """
questions:
  - id: sum
    type: numeric
    prompt: How much is {{ a }} and its half, {{ half }}?
    variables: {a: [4], half: a / 2, right: a - half}
    answer: right
"""


@pytest.mark.parametrize(
    ("old", "new", "points_then"),
    [
        ("right: a - half", "right: a + half", 1),
        ("half: a / 2, right: a - half", "half: a / 4, right: a + half", 1),  # 2 was seen, whatever is right now
        ("a: [4]", "a: [6]", 0),  # 4 was seen
    ],
)
def test_a_mistake_in_what_is_computed_is_corrected_for_the_numbers_that_were_seen(
    instructor: User, old: str, new: str, points_then: float
) -> None:
    lesson = LessonFactory(content__quiz=COMPUTED)
    attempt = taken(lesson, {"sum": "6"})
    assert attempt.points == 0
    publish(lesson, COMPUTED.replace(old, new))
    regrade(lesson=lesson, by=instructor, reason="Mended.")
    assert points(attempt) == points_then
    assert questions_left_alone(lesson=lesson) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("      - {text: output, why: c}\n", "", "It had 3 parts to choose from, and now has 2."),
        ("type: single", "type: multiple", "It was of the type “single”, and now is “multiple”."),
        ("id: gate", "id: door", "It is not in the quiz any more."),
    ],
)
def test_what_has_become_another_question_keeps_its_points_and_is_named(
    lesson: Lesson, instructor: User, old: str, new: str, why: str
) -> None:
    attempt = taken(lesson, {"gate": 1, "word": "cell"})
    publish(lesson, QUIZ.replace(old, new).replace("[cell]", "[other]"))
    (change,) = regrade(lesson=lesson, by=instructor, reason="Mended.")
    assert (change.before, change.after, change.questions) == (3, 1, [["word", 2, 0]])
    assert [(left.question, left.revision, left.why) for left in questions_left_alone(lesson=lesson)] == [
        ("gate", 1, why)
    ]
    assert points(attempt) == 1


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (["a", "b", "c"], ["a", "b", "c"], [0, 1, 2]),
        (["a", "b", "c"], ["c", "a", "b"], [1, 2, 0]),
        (["a", "b", "c"], ["a", "x", "c"], [0, 1, 2]),
        (["a", "b", "c"], ["b", "x", "c"], [1, 0, 2]),
        (["a", "b", "c"], ["x", "y", "z"], [0, 1, 2]),
        (["a", "b", "c", "d"], ["b", "x", "y", "d"], None),
        (["a", "a"], ["a", "a"], [0, 1]),
        (["a"], ["a", "b"], None),
        ([], [], []),
    ],
)
def test_texts_are_followed_to_where_they_went(old: list[str], new: list[str], places: list[int] | None) -> None:
    assert follow(old, new) == places


def test_grading_again_changes_nothing(lesson: Lesson) -> None:
    attempt = taken(lesson, {"gate": 1, "word": "cell"})
    rows = list(attempt.responses.order_by("pk").values())
    assert grade_attempt(attempt).points == 3
    assert list(attempt.responses.order_by("pk").values()) == rows


def test_a_change_keeps_what_could_be_had_before_and_after(lesson: Lesson, instructor: User) -> None:
    """Also where nobody's points are others: a wrong answer to a question that is worth more weighs more."""
    taken(lesson, {"gate": 0, "word": "cell"})
    publish(lesson, QUIZ.replace("type: single", "type: single\n    points: 5"))
    lesson.refresh_from_db()
    (planned,) = plan_regrade(lesson).changes
    (change,) = regrade(lesson=lesson, by=instructor, reason="It is hard.")
    for one in (planned, change):
        assert (one.before, one.most_before, one.after, one.most_after) == (2, 4, 2, 8)
    assert regrade(lesson=lesson, by=instructor, reason="Again.") == []


def test_points_are_changed_by_hand_with_a_reason(lesson: Lesson, instructor: User) -> None:
    attempt = taken(lesson, {"gate": 1})
    change = override_points(attempt=attempt, points=2.5, by=instructor, reason="A fair idea.")
    assert change
    assert (change.kind, change.before, change.after, change.by) == ("override", 1, 2.5, instructor)
    assert override_points(attempt=attempt, points=2.5, by=instructor, reason="Twice.") is None
    attempt.refresh_from_db()
    assert (attempt.points, attempt.score) == (1, 2.5)
    back = override_points(attempt=attempt, points=None, by=instructor, reason="Taken back.")
    assert back
    assert (back.before, back.after) == (2.5, 1)


@pytest.mark.parametrize(("given", "reason"), [(-1, "x"), (5, "x"), (float("nan"), "x"), (1, " "), (1, "x" * 301)])
def test_points_nobody_can_have_and_changes_without_a_reason_are_refused(
    lesson: Lesson, instructor: User, given: float, reason: str
) -> None:
    attempt = taken(lesson, {})
    with pytest.raises(InvalidParams):
        override_points(attempt=attempt, points=given, by=instructor, reason=reason)
    assert not GradeChange.objects.exists()


def test_what_is_not_handed_in_is_not_changed_by_hand(lesson: Lesson, instructor: User) -> None:
    attempt = taken(lesson, {}, hand_in=False)
    with pytest.raises(Conflict, match="not handed in"):
        override_points(attempt=attempt, points=1, by=instructor, reason="x")


def test_without_a_published_quiz_there_is_no_key_to_grade_with(lesson: Lesson, instructor: User) -> None:
    taken(lesson, {})
    Lesson.objects.filter(pk=lesson.pk).update(published=None)
    with pytest.raises(Conflict, match="no published quiz"):
        regrade(lesson=Lesson.objects.get(pk=lesson.pk), by=instructor, reason="x")


@pytest.mark.django_db(transaction=True)
def test_two_regrades_at_once_write_each_change_once() -> None:
    lesson, instructor = LessonFactory(content__quiz=QUIZ), UserFactory(role=User.Role.INSTRUCTOR)
    for _ in range(3):
        taken(lesson, {"gate": 0})
    publish(lesson, CORRECTED)
    changes = all_at_once(3, lambda n: len(regrade(lesson=lesson, by=instructor, reason="Twice.")))
    assert (sum(changes), GradeChange.objects.count()) == (3, 3)
