"""Taking a quiz: what is kept, what is refused, and what happens when several do it at once."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.actors import Actor
from common.errors import AllowanceUsedUp, ApiError, Conflict, InvalidParams, NotFound
from courses.lesson_files import LessonContent
from courses.models import Lesson, Revision
from courses.services.revisions import publish_revision, save_revision
from quizzes.arrangement import arrange
from quizzes.models import Attempt, ExtraTime, QuizSettings, Response
from quizzes.questions import NO_WHY, Quiz
from quizzes.quiz_files import read_quiz
from quizzes.seeds import draw_seed
from quizzes.selectors.taking import attempt_view, attempts_of, open_attempt, quiz_of
from quizzes.services.taking import (
    AnswerKept,
    AttemptOver,
    check_answer,
    close_overdue_attempts,
    renew_limits,
    save_answer,
    start_attempt,
    submit_attempt,
)
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of, all_at_once, count_queries

pytestmark = pytest.mark.django_db

QUESTIONS = """
questions:
  - id: gate
    type: single
    prompt: Which gate forgets?
    choices:
      - {text: forget, correct: true, why: KEY-forget}
      - {text: input, why: KEY-input, misconception: gates}
      - {text: output, why: KEY-output}
  - id: word
    type: text
    prompt: Say it.
    points: 2
    accept: [KEY-word]
  - id: opinion
    type: poll
    prompt: How was it?
    choices: [{text: good}, {text: bad}]
"""


def lesson_with(quiz: str = QUESTIONS, rules: str = "", body: str = "Text.\n", **course: Any) -> Lesson:
    """A published lesson with this quiz; `rules` as YAML in braces."""
    text = f"rules: {rules}\n{quiz}" if rules else quiz
    return LessonFactory(course=CourseFactory(**course), content__body=body, content__quiz=text)


def publish(lesson: Lesson, quiz: str) -> Revision:
    content = LessonContent.of(Revision.objects.get(pk=lesson.published_id))
    changed = LessonContent(content.title, content.summary, content.aims, content.body, quiz)
    revision = save_revision(lesson=lesson, content=changed, author=None, base=None)
    publish_revision(lesson=lesson, revision=revision)
    return revision


def as_shown(attempt: Attempt, question_id: str, written: int) -> int:
    quiz = quiz_of(attempt.revision)
    question = quiz.question(question_id) if quiz else None
    assert question
    return arrange(question, attempt.seed).shown(written)


def answer(actor: Actor, attempt: Attempt, question: str, raw: Any, **more: Any) -> Response:
    """`version` and `seconds` are 0 unless said."""
    return save_answer(actor=actor, attempt=attempt, question=question, raw=raw, **{"version": 0, "seconds": 0, **more})


@pytest.fixture
def ada() -> Actor:
    return actor_of(UserFactory())


def test_a_quiz_is_taken_and_graded_on_the_server(ada: Actor) -> None:
    lesson = lesson_with()
    attempt = start_attempt(actor=ada, lesson=lesson)
    assert (attempt.number, attempt.most_points, attempt.until) == (1, 3, None)
    answer(ada, attempt, "gate", as_shown(attempt, "gate", 0))
    answer(ada, attempt, "opinion", 1)
    done = submit_attempt(actor=ada, attempt=attempt)
    assert (done.points, done.score, done.submitted is not None) == (1, 1, True)
    assert {row.question: row.points for row in done.responses.all()} == {"gate": 1, "opinion": 0}
    view = attempt_view(attempts_of(ada, lesson).get())
    assert (view.points, view.is_open, view.answers_shown) == (1, False, True)
    assert [one.feedback.right_answer for one in view.questions if one.shown.id == "word" and one.feedback] == [
        "KEY-word"
    ]


def test_an_attempt_is_gone_on_with_and_the_next_one_counts_on(ada: Actor) -> None:
    lesson = lesson_with(rules="{attempts: 2}")
    first = start_attempt(actor=ada, lesson=lesson)
    assert start_attempt(actor=ada, lesson=lesson).pk == first.pk
    submit_attempt(actor=ada, attempt=first)
    second = start_attempt(actor=ada, lesson=lesson)
    assert (second.number, second.pk != first.pk) == (2, True)
    submit_attempt(actor=ada, attempt=second)
    with pytest.raises(Conflict, match="can be taken 2 times"):
        start_attempt(actor=ada, lesson=lesson)
    start_attempt(actor=actor_of(guest="another"), lesson=lesson)


@pytest.mark.parametrize("quiz", ["", "questions: []", "questions: [", "title: Nothing asked"])
def test_where_nothing_is_asked_nothing_begins(ada: Actor, quiz: str) -> None:
    lesson = LessonFactory(published=False, content__quiz=quiz)
    with pytest.raises(NotFound):
        start_attempt(actor=ada, lesson=lesson)
    Lesson.objects.filter(pk=lesson.pk).update(published=lesson.head)
    with pytest.raises(NotFound):
        start_attempt(actor=ada, lesson=Lesson.objects.get(pk=lesson.pk))


def test_a_predicted_question_is_not_in_the_quiz(ada: Actor) -> None:
    lesson = lesson_with(body=":::predict word\n")
    attempt = start_attempt(actor=ada, lesson=lesson)
    assert {one.shown.id for one in attempt_view(attempt).questions} == {"gate", "opinion"}
    assert attempt.most_points == 1


def test_what_a_student_began_stays_as_it_was_when_the_quiz_is_published_anew(ada: Actor) -> None:
    lesson = lesson_with()
    attempt = start_attempt(actor=ada, lesson=lesson)
    publish(lesson, QUESTIONS.replace("Which gate forgets?", "Which gate lets in?"))
    again = start_attempt(actor=ada, lesson=lesson)
    assert again.pk == attempt.pk
    assert "forgets" in attempt_view(again).questions[0].shown.prompt
    submit_attempt(actor=ada, attempt=again)
    assert "lets in" in attempt_view(start_attempt(actor=ada, lesson=lesson)).questions[0].shown.prompt


def test_the_answer_that_was_saved_first_is_kept_and_the_other_tab_is_told(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    first = answer(ada, attempt, "word", "one", version=0)
    second = answer(ada, attempt, "word", "two", version=first.version)
    assert (first.version, second.version) == (1, 2)
    for version in (0, 1, 3):
        with pytest.raises(AnswerKept) as told:
            answer(ada, attempt, "word", "three", version=version)
        assert told.value.code == "stale_answer"
        assert told.value.more == {"kept": {"answer": "two", "version": 2, "checked": False}}
    with pytest.raises(AnswerKept) as told:
        answer(ada, attempt, "gate", 0, version=4)
    assert told.value.more == {"kept": {"answer": None, "version": 0, "checked": False}}
    assert attempt.responses.get().answer == "two"


def test_a_replayed_answer_changes_nothing(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    for _ in range(3):
        response = answer(ada, attempt, "word", "one", version=0, seconds=2)
    assert response.version == 1
    submit_attempt(actor=ada, attempt=attempt)
    assert answer(ada, attempt, "word", "one", version=0).version == 1
    with pytest.raises(AttemptOver):
        answer(ada, attempt, "word", "two", version=1)


def test_an_attempt_is_shown_with_as_many_queries_however_long_it_is(ada: Actor) -> None:
    def queries(count: int) -> int:
        questions = "".join(f"  - {{id: q{n}, type: text, prompt: p, accept: [x]}}\n" for n in range(count))
        attempt = start_attempt(actor=ada, lesson=lesson_with(f"questions:\n{questions}"))
        for number in range(count):
            answer(ada, attempt, f"q{number}", "x")
        submit_attempt(actor=ada, attempt=attempt)
        found = attempts_of(ada, attempt.lesson).get()
        return count_queries(lambda: attempt_view(found))

    assert queries(12) == queries(2) <= 6


def test_an_answer_can_be_taken_back(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    answer(ada, attempt, "word", "KEY-word")
    answer(ada, attempt, "word", None, version=1)
    assert submit_attempt(actor=ada, attempt=attempt).points == 0


def test_time_spent_is_added_up_and_never_more_than_has_passed(ada: Actor) -> None:
    with time_machine.travel("2026-05-01 12:00Z", tick=False) as clock:
        attempt = start_attempt(actor=ada, lesson=lesson_with())
        clock.shift(60)
        answer(ada, attempt, "word", "a", version=0, seconds=20)
        answer(ada, attempt, "word", "b", version=1, seconds=10)
        assert attempt.responses.get().seconds == 30
        answer(ada, attempt, "word", "c", version=2, seconds=5_000)
        assert attempt.responses.get().seconds == 60


@pytest.mark.parametrize(("question", "raw"), [("gate", 3), ("gate", "forget"), ("word", 5 * [1]), ("word", "x" * 501)])
def test_what_is_no_answer_is_refused_in_words(ada: Actor, question: str, raw: Any) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    with pytest.raises(InvalidParams):
        answer(ada, attempt, question, raw)
    with pytest.raises(NotFound):
        answer(ada, attempt, "another", raw)
    assert not attempt.responses.exists()


def test_what_is_checked_is_told_and_stays(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    with pytest.raises(InvalidParams, match="Answer"):
        check_answer(actor=ada, attempt=attempt, question="word")
    answer(ada, attempt, "word", "")
    with pytest.raises(InvalidParams, match="Answer"):
        check_answer(actor=ada, attempt=attempt, question="word")
    wrong = as_shown(attempt, "gate", 1)
    answer(ada, attempt, "gate", wrong)
    checked = check_answer(actor=ada, attempt=attempt, question="gate")
    assert (checked.points, checked.misconceptions) == (0, ["gates"])
    assert check_answer(actor=ada, attempt=attempt, question="gate").checked == checked.checked
    with pytest.raises(AnswerKept) as told:
        answer(ada, attempt, "gate", as_shown(attempt, "gate", 0), version=1)
    assert (told.value.code, told.value.more["kept"]["answer"]) == ("answer_checked", wrong)
    view = attempt_view(attempt)
    assert [(one.shown.id, one.feedback is not None) for one in view.questions] == [
        ("gate", True),
        ("word", False),
        ("opinion", False),
    ]
    assert view.points is None


def test_a_text_without_a_number_is_kept_but_not_checked_where_a_number_is_asked_for(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with("questions: [{id: n, type: numeric, prompt: 2?, answer: 2}]"))
    answer(ada, attempt, "n", "cat")
    with pytest.raises(InvalidParams, match="there is none"):
        check_answer(actor=ada, attempt=attempt, question="n")
    answer(ada, attempt, "n", "2 cats", version=1)
    assert check_answer(actor=ada, attempt=attempt, question="n").checked


def test_what_an_import_has_no_explanation_for_is_not_explained_to_students(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with(QUESTIONS.replace("KEY-forget", NO_WHY)))
    answer(ada, attempt, "gate", as_shown(attempt, "gate", 0))
    check_answer(actor=ada, attempt=attempt, question="gate")
    (feedback, *_) = [one.feedback for one in attempt_view(attempt).questions]
    assert feedback
    assert sorted(remark.why for remark in feedback.remarks)[0] == ""
    assert sum(bool(remark.why) for remark in feedback.remarks) == 2


@pytest.mark.parametrize("show", ["after the attempt", "after the deadline"])
def test_a_quiz_that_tells_later_checks_nothing(ada: Actor, show: str) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with(rules=f"{{show: {show}}}"))
    answer(ada, attempt, "word", "KEY-word")
    with pytest.raises(Conflict, match=f"shown {show}"):
        check_answer(actor=ada, attempt=attempt, question="word")
    assert not attempt_view(attempt).questions[1].may_check


def test_after_the_deadline_means_the_deadline_of_this_person(ada: Actor) -> None:
    with time_machine.travel("2026-05-01 12:00Z", tick=False) as clock:
        now = timezone.now()
        lesson = lesson_with(rules="{show: after the deadline}")
        QuizSettings.objects.create(lesson=lesson, deadline=now + timedelta(hours=1))
        ExtraTime.objects.create(lesson=lesson, user=ada.user, deadline=now + timedelta(hours=2))
        bert = actor_of(UserFactory())
        attempts = {}
        for who in (ada, bert):
            attempts[who.key] = start_attempt(actor=who, lesson=lesson)
            submit_attempt(actor=who, attempt=attempts[who.key])

        def told(who: Actor) -> bool:
            view = attempt_view(Attempt.objects.get(pk=attempts[who.key].pk))
            assert (view.points is not None) == view.answers_shown
            assert all((one.feedback is not None) == view.answers_shown for one in view.questions)
            return view.answers_shown

        assert (told(ada), told(bert)) == (False, False)
        clock.shift(3_600)
        assert (told(ada), told(bert)) == (False, False), "an answer that was on the way still counts"
        clock.shift(6)
        assert (told(ada), told(bert)) == (False, True)
        with pytest.raises(Conflict, match="could be taken until 1 May 2026"):
            start_attempt(actor=bert, lesson=lesson)
        start_attempt(actor=ada, lesson=lesson)
        clock.shift(3_600)
        assert told(ada)


def test_time_is_up_after_the_minutes_of_the_quiz_and_ones_own_but_never_after_the_deadline(ada: Actor) -> None:
    lesson = lesson_with(rules="{minutes: 10}")
    ExtraTime.objects.create(lesson=lesson, user=ada.user, minutes=5)
    attempt = start_attempt(actor=ada, lesson=lesson)
    assert attempt.until == attempt.started + timedelta(minutes=15)
    QuizSettings.objects.create(lesson=lesson, deadline=attempt.started + timedelta(minutes=12))
    renew_limits(lesson=lesson)
    attempt.refresh_from_db()
    assert attempt.until == attempt.started + timedelta(minutes=12)
    other = start_attempt(actor=actor_of(UserFactory()), lesson=lesson)
    assert other.until == other.started + timedelta(minutes=10)


def test_an_answer_on_its_way_counts_and_a_later_one_does_not(ada: Actor) -> None:
    with time_machine.travel("2026-05-01 12:00Z", tick=False) as clock:
        lesson = lesson_with(rules="{minutes: 10}")
        attempt = start_attempt(actor=ada, lesson=lesson)
        clock.shift(604)
        answer(ada, attempt, "word", "KEY-word")
        assert attempt_view(attempt).seconds_left == 0
        clock.shift(2)
        with pytest.raises(AttemptOver, match="time was up at"):
            answer(ada, attempt, "gate", 0)
        assert open_attempt(ada, lesson) is None
        assert close_overdue_attempts() == 1
        attempt.refresh_from_db()
        assert (attempt.submitted, attempt.points) == (attempt.until, 2)
        assert close_overdue_attempts() == 0
        assert submit_attempt(actor=ada, attempt=attempt).submitted == attempt.until
        assert start_attempt(actor=ada, lesson=lesson).number == 2


def test_somebody_elses_attempt_is_not_there(ada: Actor) -> None:
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    staff = actor_of(UserFactory(role="staff"))
    for other in (actor_of(UserFactory()), actor_of(guest="g"), staff):
        for call in (
            lambda who=other: answer(who, attempt, "word", "x"),
            lambda who=other: check_answer(actor=who, attempt=attempt, question="word"),
            lambda who=other: submit_attempt(actor=who, attempt=attempt),
        ):
            with pytest.raises(NotFound):
                call()


def test_where_a_formula_has_no_value_other_numbers_are_drawn() -> None:
    quiz = read_quiz(
        """
questions:
  - id: half
    type: numeric
    prompt: "{{ a }}"
    variables: {a: {from: 0, to: 400}}
    answer: 1 / (a - 7)
"""
    ).quiz
    assert quiz

    def first(nonce: str) -> float:
        """The number that would be drawn if it had not to work out."""
        return arrange(quiz.questions[0], draw_seed(Quiz(questions=()), nonce)).numbers["a"]

    bad = next(nonce for nonce in map(str, itertools.count()) if first(nonce) == 7)
    assert arrange(quiz.questions[0], draw_seed(quiz, bad)).numbers["a"] != 7
    assert draw_seed(quiz, bad) == draw_seed(quiz, bad)


# --- several at once


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_begin_one_attempt() -> None:
    lesson, ada = lesson_with(rules="{attempts: 1}"), actor_of(UserFactory())
    attempts = all_at_once(6, lambda n: start_attempt(actor=ada, lesson=lesson).pk)
    assert len(set(attempts)) == 1
    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_different_answers_at_once_one_is_kept_and_the_rest_are_told() -> None:
    ada = actor_of(UserFactory())
    attempt = start_attempt(actor=ada, lesson=lesson_with())

    def save(number: int) -> str:
        try:
            return str(answer(ada, attempt, "word", f"answer {number}").answer)
        except AnswerKept as told:
            return f"told {told.more['kept']['answer']}"

    said = all_at_once(6, save)
    kept = attempt.responses.get()
    assert kept.version == 1
    assert sorted(said) == sorted([kept.answer, *[f"told {kept.answer}"] * 5])


@pytest.mark.django_db(transaction=True)
def test_a_double_click_saves_and_hands_in_once() -> None:
    ada = actor_of(UserFactory())
    attempt = start_attempt(actor=ada, lesson=lesson_with())
    assert {response.version for response in all_at_once(6, lambda n: answer(ada, attempt, "word", "KEY-word"))} == {1}
    handed_in = all_at_once(6, lambda n: submit_attempt(actor=ada, attempt=attempt))
    assert len({(done.submitted, done.points) for done in handed_in}) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_end_of_the_attempt_take_turns() -> None:
    ada = actor_of(UserFactory())
    for _ in range(5):
        lesson = lesson_with()
        attempt = start_attempt(actor=ada, lesson=lesson)

        def act(number: int, attempt: Attempt = attempt) -> str:
            if number == 0:
                return f"{submit_attempt(actor=ada, attempt=attempt).points:g}"
            try:
                answer(ada, attempt, "word", "KEY-word")
                return "saved"
            except ApiError as told:
                return told.code

        points, saved = all_at_once(2, act)
        assert (points, saved) in {("2", "saved"), ("0", "attempt_over")}
        assert f"{Attempt.objects.get(pk=attempt.pk).points:g}" == points


def test_an_attempt_that_is_handed_in_while_another_begins_is_counted(
    ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = lesson_with(rules="{attempts: 1}")

    def take_it_meanwhile(**_: Any) -> None:
        monkeypatch.undo()
        submit_attempt(actor=ada, attempt=start_attempt(actor=ada, lesson=lesson))

    monkeypatch.setattr("quizzes.services.taking.spend", take_it_meanwhile)
    with pytest.raises(Conflict, match="can be taken once, and you have done so"):
        start_attempt(actor=ada, lesson=lesson)
    assert attempts_of(ada, lesson).count() == 1


def test_nobody_begins_attempts_without_end(ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizzes.services.taking.ATTEMPTS_OF_A_PERSON", 2)
    lesson = lesson_with()
    for _ in range(2):
        submit_attempt(actor=ada, attempt=start_attempt(actor=ada, lesson=lesson))
    with pytest.raises(AllowanceUsedUp, match="2 attempts"):
        start_attempt(actor=ada, lesson=lesson)
    assert attempts_of(ada, lesson).count() == 2
