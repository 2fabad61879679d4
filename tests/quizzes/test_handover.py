"""What a guest has answered becomes the account's; what is kept about a person, and what becomes of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import time_machine

from accounts.deletion import delete_user
from accounts.models import User
from accounts.personal_data import write_personal_data
from accounts.signals import guest_became_user
from common.errors import InvalidParams, NotFound
from courses.models import Lesson
from jobs.signals import pruning
from quizzes.models import Attempt, GradeChange, Prediction, Response
from quizzes.selectors.predictions import predictions_of
from quizzes.selectors.taking import attempts_of
from quizzes.services.grading import override_points
from quizzes.services.predictions import PredictionKept, predict
from quizzes.services.taking import save_answer, start_attempt, submit_attempt
from tests.factories import LessonFactory, UserFactory
from tests.helpers import actor_of, all_at_once

pytestmark = pytest.mark.django_db

QUIZ = """
rules: {show: after the attempt}
questions:
  - {id: word, type: text, prompt: Say it., accept: [cell]}
  - {id: guess, type: numeric, prompt: How much?, answer: 2}
"""
GUEST = actor_of(guest="g" * 32)


@pytest.fixture
def lesson() -> Lesson:
    return LessonFactory(content__quiz=QUIZ, content__body=":::predict guess\n")


@pytest.fixture
def ada() -> User:
    return UserFactory()


def sign_up(user: User) -> None:
    guest_became_user.send(sender=None, guest=GUEST.guest, user=user)


def answered(actor: Any, lesson: Lesson, word: str) -> Attempt:
    attempt = start_attempt(actor=actor, lesson=lesson)
    save_answer(actor=actor, attempt=attempt, question="word", raw=word, version=0, seconds=3)
    return attempt


def test_a_guest_who_signs_up_goes_on_with_the_open_attempt(lesson: Lesson, ada: User) -> None:
    attempt = answered(GUEST, lesson, "cell")
    sign_up(ada)
    mine = start_attempt(actor=actor_of(ada), lesson=lesson)
    assert (mine.pk, mine.number, mine.guest) == (attempt.pk, 1, "")
    assert submit_attempt(actor=actor_of(ada), attempt=mine).points == 1
    assert start_attempt(actor=GUEST, lesson=lesson).number == 1


def test_where_both_have_an_attempt_open_the_accounts_goes_on(lesson: Lesson, ada: User) -> None:
    guests_first = submit_attempt(actor=GUEST, attempt=answered(GUEST, lesson, "cell"))
    guests_second = answered(GUEST, lesson, "cell")
    own = answered(actor_of(ada), lesson, "gate")
    sign_up(ada)
    rows = {row.pk: row for row in attempts_of(actor_of(ada), lesson)}
    assert {pk: row.number for pk, row in rows.items()} == {own.pk: 1, guests_first.pk: 2, guests_second.pk: 3}
    assert [rows[pk].submitted is None for pk in (own.pk, guests_first.pk, guests_second.pk)] == [True, False, False]
    assert rows[guests_second.pk].points == 1
    assert not Attempt.objects.exclude(guest="").exists()


def test_an_open_attempt_without_an_answer_is_dropped_for_the_accounts(lesson: Lesson, ada: User) -> None:
    start_attempt(actor=GUEST, lesson=lesson)
    own = start_attempt(actor=actor_of(ada), lesson=lesson)
    sign_up(ada)
    assert Attempt.objects.get().pk == own.pk


def test_nobody_takes_a_quiz_once_more_by_signing_out(ada: User) -> None:
    lesson = LessonFactory(content__quiz=QUIZ.replace("{show:", "{attempts: 1, show:"), content__body="Text.\n")
    own = submit_attempt(actor=actor_of(ada), attempt=answered(actor_of(ada), lesson, "?"))
    answered(GUEST, lesson, "cell")
    sign_up(ada)
    assert [(row.pk, row.score) for row in Attempt.objects.all()] == [(own.pk, 0)]


def test_a_quiz_that_can_be_taken_once_is_taken_along_by_whoever_signs_up(ada: User) -> None:
    lesson = LessonFactory(content__quiz=QUIZ.replace("{show:", "{attempts: 1, show:"), content__body="Text.\n")
    attempt = submit_attempt(actor=GUEST, attempt=answered(GUEST, lesson, "cell"))
    sign_up(ada)
    assert [(row.pk, row.user, row.score) for row in Attempt.objects.all()] == [(attempt.pk, ada, 1)]


def test_a_prediction_is_kept_once_and_moves_with_the_guest(lesson: Lesson, ada: User) -> None:
    first = predict(actor=GUEST, lesson=lesson, question="guess", raw="3")
    assert predict(actor=GUEST, lesson=lesson, question="guess", raw="3").pk == first.pk
    with pytest.raises(PredictionKept) as told:
        predict(actor=GUEST, lesson=lesson, question="guess", raw="2")
    assert told.value.more == {"kept": {"answer": "3"}}
    sign_up(ada)
    assert predictions_of(actor_of(ada), lesson)["guess"].answer == "3"
    predict(actor=GUEST, lesson=lesson, question="guess", raw="5")
    sign_up(ada)
    assert Prediction.objects.get().answer == "3"


def test_only_what_is_asked_can_be_predicted(lesson: Lesson) -> None:
    for question in ("word", "another"):
        with pytest.raises(NotFound):
            predict(actor=GUEST, lesson=lesson, question=question, raw="2")
    for raw in ("", None, [2], " ", "cat"):
        with pytest.raises(InvalidParams):
            predict(actor=GUEST, lesson=lesson, question="guess", raw=raw)


@pytest.mark.django_db(transaction=True)
def test_of_two_predictions_at_once_one_is_kept() -> None:
    lesson = LessonFactory(content__quiz=QUIZ, content__body=":::predict guess\n")

    def one(number: int) -> str:
        try:
            return str(predict(actor=GUEST, lesson=lesson, question="guess", raw=str(number)).answer)
        except PredictionKept as told:
            return f"told {told.more['kept']['answer']}"

    said = all_at_once(5, one)
    kept = Prediction.objects.get().answer
    assert sorted(said) == sorted([kept, *[f"told {kept}"] * 4])


def test_a_person_can_take_all_of_it_along(lesson: Lesson, ada: User) -> None:
    attempt = answered(actor_of(ada), lesson, "cell")
    predict(actor=actor_of(ada), lesson=lesson, question="guess", raw="3")
    assert exported(ada)["quiz_attempts"][0]["points"] is None
    submit_attempt(actor=actor_of(ada), attempt=attempt)
    override_points(attempt=attempt, points=0.5, by=UserFactory(), reason="Copied.")
    data = exported(ada)
    (mine,) = data["quiz_attempts"]
    assert (mine["lesson"], mine["points"], mine["most_points"]) == (lesson.slug, 0.5, 1)
    assert [(row["question"], row["answer"], row["points"]) for row in mine["answers"]] == [("word", "cell", 1)]
    assert [row["reason"] for row in mine["changes"]] == ["Copied."]
    assert [row["answer"] for row in data["predictions"]] == ["3"]
    assert data["extra_time"] == []


ORDERED = """
questions:
  - {id: row, type: ordering, prompt: Sort., items: [a, b, c, d]}
  - {id: both, type: matching, prompt: Match., pairs: [{left: a, right: A}, {left: b, right: B}, {left: c, right: C}]}
"""


def test_what_a_person_takes_along_does_not_tell_what_is_right(ada: User) -> None:
    attempt = start_attempt(actor=actor_of(ada), lesson=LessonFactory(content__quiz=ORDERED))
    for question, raw in (("row", [0, 1, 2, 3]), ("both", [0, 1, 2])):
        save_answer(actor=actor_of(ada), attempt=attempt, question=question, raw=raw, version=0, seconds=0)
    assert attempt.responses.get(question="row").answer != [0, 1, 2, 3], "Items are never shown in the right order."
    ((*rows,),) = [one["answers"] for one in exported(ada)["quiz_attempts"]]
    assert {row["question"]: row["answer"] for row in rows} == {"row": [0, 1, 2, 3], "both": [0, 1, 2]}


def exported(user: User) -> dict[str, Any]:
    file = io.BytesIO()
    write_personal_data(user, file)
    with zipfile.ZipFile(file) as archive:
        names = ("quiz_attempts", "predictions", "extra_time")
        return {name: json.loads(archive.read(f"{name}.json")) for name in names}


def test_all_of_it_goes_with_the_account_and_nothing_of_others(lesson: Lesson, ada: User) -> None:
    bert = UserFactory()
    for user in (ada, bert):
        submit_attempt(actor=actor_of(user), attempt=answered(actor_of(user), lesson, "cell"))
    predict(actor=actor_of(ada), lesson=lesson, question="guess", raw="3")
    override_points(attempt=Attempt.objects.get(user=bert), points=0, by=ada, reason="By somebody who leaves.")
    delete_user(user=ada)
    assert Attempt.objects.get().user == bert
    assert GradeChange.objects.get().by is None
    assert (Prediction.objects.count(), Response.objects.count()) == (0, 1)


def test_guests_who_do_not_come_back_are_forgotten(lesson: Lesson, ada: User) -> None:
    with time_machine.travel("2026-05-01 12:00Z", tick=False) as clock:
        gone, there = GUEST, actor_of(guest="h" * 32)
        for actor in (gone, there, actor_of(ada)):
            answered(actor, lesson, "gate")
            predict(actor=actor, lesson=lesson, question="guess", raw="3")
        clock.shift(20 * 86_400)
        attempt = attempts_of(there, lesson).get()
        save_answer(actor=there, attempt=attempt, question="word", raw="cell", version=1, seconds=3)
        clock.shift(20 * 86_400)
        pruning.send(sender=None)
        assert {row.guest for row in Attempt.objects.all()} == {there.guest, ""}
        assert Prediction.objects.get().user == ada
