"""Taking a quiz: attempts begin, answers are kept one by one, and all is graded when it is handed in.

Whoever changes an attempt or an answer holds the attempt's row, so that tabs, double clicks and replayed requests take
turns; the constraints of the database stand behind that.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import formats, timezone

from accounts.actors import Actor
from common.errors import Conflict, InvalidParams, NotFound
from courses.models import Lesson, Revision
from jobs.allowances import spend
from quizzes.grading import Answer, AnswerError, check_can_be_told, read_answer
from quizzes.keys import KeyedQuestion, most_points
from quizzes.models import Attempt, Response
from quizzes.presentation import show_answer
from quizzes.quiz_files import EMPTY
from quizzes.seeds import draw_seed
from quizzes.selectors.demo_answers import demo_answers_of, demo_questions, failed_answer
from quizzes.selectors.taking import (
    GRACE,
    NO_ATTEMPT,
    Standing,
    is_overdue,
    limits_of,
    open_attempt,
    owned_by,
    published_revision,
    questions_of,
    quiz_of,
    standing_of,
)
from quizzes.services.demo_answers import provide_demo_answers
from quizzes.services.grading import grade_attempt, grade_response, locked_attempt

MOST_SECONDS = 86_400.0
ATTEMPTS_OF_A_PERSON = 100
ATTEMPTS_OF_AN_ADDRESS = 3_000
"""In the time of `ALLOWANCES`; a class shares an address."""
MOST_TRIES = 5
STILL_COMPUTING = "The demo that knows the answer is still computing. Try again in a moment."
NOT_COMPUTED = (
    "The demo could not compute the answer. Those who teach this can see that; until it is there, the points of this "
    "question do not count."
)


class AnswerKept(Conflict):
    """Another answer is kept already; `kept` is that one with positions as shown, its version, and whether it was
    checked."""

    def __init__(self, code: str, message: str, one: KeyedQuestion, response: Response | None) -> None:
        super().__init__(message)
        self.code = code
        self.more = {"kept": kept_answer(one, response)}


class AttemptOver(Conflict):
    code = "attempt_over"


def kept_answer(one: KeyedQuestion, response: Response | None) -> dict[str, Any]:
    return {
        "answer": show_answer(one.seen, response.answer if response else None, one.arrangement),
        "version": response.version if response else 0,
        "checked": bool(response and response.checked),
    }


def start_attempt(*, actor: Actor, lesson: Lesson, nonce: str = "") -> Attempt:
    """Begin an attempt at the lesson's published quiz, or go on with the one that is open. Two at once begin one.
    `nonce` is that of a page which showed the questions before there was an attempt (`seeds.draw_seed`).

    Raises:
        NotFound: there is no quiz.
        Conflict: all attempts are used up, or the deadline is over.
        AllowanceUsedUp: that was too many in a short time.
    """
    revision = published_revision(lesson)
    quiz = quiz_of(revision) if revision else None
    if revision is None or quiz is None:
        raise NotFound("There are no questions in this lesson.")
    provide_demo_answers(revision=revision)
    for _ in range(MOST_TRIES):
        close_overdue_attempts(lesson=lesson, actor=actor)
        # In this order: an attempt that begins beside this one is either not counted, or is found open.
        standing = standing_of(actor, lesson, quiz)
        if attempt := open_attempt(actor, lesson):
            return attempt
        _check_may_start(standing)
        _spend_attempt(actor)
        # In a transaction of its own, for the one that comes second at the same moment goes on with the first.
        with suppress(IntegrityError), transaction.atomic():
            _insert_attempt(actor, lesson, revision, standing, draw_seed(quiz, nonce))
    raise Conflict("The quiz is being opened several times at once. Try again.")


def _spend_attempt(actor: Actor) -> None:
    """Nobody begins quizzes without end; whoever sends no cookie is a new guest each time, so their network counts too.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    sentence = "You have begun {amount} attempts in a short time. Go on with this quiz a little later."
    spend(key=f"attempts:{actor.key}", amount=ATTEMPTS_OF_A_PERSON, sentence=sentence)
    if actor.user is None:
        sentence = "Your network has begun {amount} attempts in a short time, as many as we keep for guests. Sign in."
        spend(key=f"attempts:{actor.address}", amount=ATTEMPTS_OF_AN_ADDRESS, sentence=sentence)


def _check_may_start(standing: Standing) -> None:
    if standing.limits.is_over:
        raise Conflict(f"This quiz could be taken until {_in_words(standing.limits.deadline)}. It is closed now.")
    if standing.attempts_left == 0:
        times = "once" if standing.rules.attempts == 1 else f"{standing.rules.attempts} times"
        raise Conflict(f"This quiz can be taken {times}, and you have done so.")


def _in_words(moment: datetime | None) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")


def _insert_attempt(actor: Actor, lesson: Lesson, revision: Revision, standing: Standing, seed: str) -> None:
    started = timezone.now()
    attempt = Attempt(
        lesson=lesson,
        **owned_by(actor),
        # Taken by now if another one was begun, and perhaps handed in, since they were counted.
        number=standing.last + 1,
        seed=seed,
        revision=revision,
        key=revision,
        started=started,
        until=standing.limits.until(standing.rules, started),
        most_points=0,
    )
    keyed = questions_of(attempt)
    attempt.most_points = most_points(keyed, demo_answers_of(attempt, keyed))
    attempt.save(force_insert=True)


def save_answer(*, actor: Actor, attempt: Attempt, question: str, raw: Any, version: int, seconds: float) -> Response:
    """Keep an answer. `raw` names positions as shown, None takes the answer back; `version` is the one that the page
    saw last (0: none), `seconds` how long it has shown the question since then.

    What is kept already can be sent again, at any time; it changes nothing.

    Raises:
        NotFound: there is no such attempt or question, or the attempt is somebody else's.
        InvalidParams: it is no answer to this question.
        AnswerKept: `stale_answer`: another tab or device has saved since; `answer_checked`: what is right was told.
        AttemptOver: it is handed in, or its time is up.
    """
    with transaction.atomic():
        attempt = _locked_own(actor, attempt)
        one = _question(attempt, question)
        answer = _read(one, raw)
        response = attempt.responses.filter(question=question).first()
        if response is not None and response.answer == answer:
            return response
        _check_open(attempt)
        if response is not None and response.checked:
            raise AnswerKept("answer_checked", "You have checked this answer, so it stays.", one, response)
        if version != (response.version if response else 0):
            words = "This question was answered in another tab or on another device. That answer is kept."
            raise AnswerKept("stale_answer", words, one, response)
        response = response or Response(attempt=attempt, question=question, version=0)
        now = timezone.now()
        response.answer, response.version, response.saved = answer, response.version + 1, now
        looked_at = response.seconds + min(max(seconds, 0.0), MOST_SECONDS)
        response.seconds = min(looked_at, (now - attempt.started).total_seconds())
        response.save()
    return response


def check_answer(*, actor: Actor, attempt: Attempt, question: str) -> Response:
    """Grade one answer and tell what is right: from then on the answer stays. Checking again changes nothing.

    Raises:
        NotFound: there is no such attempt or question, or the attempt is somebody else's.
        InvalidParams: the question is not answered yet, or not with a number where one is asked for.
        AttemptOver: it is handed in, or its time is up.
        Conflict: this quiz tells what is right later, or a demo still computes it, or cannot.
    """
    provide_demo_answers(revision=attempt.key)
    with transaction.atomic():
        attempt = _locked_own(actor, attempt)
        one = _question(attempt, question)
        response = attempt.responses.filter(question=question).first()
        if response is not None and response.checked:
            return response
        _check_open(attempt)
        rules = (quiz_of(attempt.revision) or EMPTY).rules
        if rules.show != "at once":
            raise Conflict(f"What is right is shown {rules.show}.")
        if response is None or is_blank(response.answer):
            raise InvalidParams("Answer the question first.")
        demo_answers = demo_answers_of(attempt, [one])
        if one.needs_demo and question not in demo_answers:
            raise Conflict(NOT_COMPUTED if failed_answer(one) else STILL_COMPUTING)
        try:
            check_can_be_told(one.key, response.answer, demo_answers.get(question))
        except AnswerError as error:
            raise InvalidParams(str(error), fields={"answer": [str(error)]}) from error
        response.checked = timezone.now()
        response.save(update_fields=["checked"])
        grade_response(one, response, demo_answers)
    return response


def submit_attempt(*, actor: Actor, attempt: Attempt) -> Attempt:
    """Hand in: everything is graded, and what is not answered has no points. Doing it again changes nothing.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
    """
    with transaction.atomic():
        attempt = _locked_own(actor, attempt)
        if attempt.submitted is None:
            _hand_in(attempt)
    return _completed(attempt)


def close_overdue_attempts(*, lesson: Lesson | None = None, actor: Actor | None = None) -> int:
    """Hand in the open attempts whose time is up, as they are: all of them, those of a lesson, or one's own; how many
    there were. Whoever shows attempts calls this first."""
    overdue = Attempt.objects.filter(submitted=None, until__lt=timezone.now() - GRACE)
    if lesson is not None:
        overdue = overdue.filter(lesson=lesson)
    if actor is not None:
        overdue = overdue.filter(**owned_by(actor))
    closed = [_close(attempt) for attempt in overdue.order_by("pk")]
    return sum(closed)


def close_if_overdue(*, attempt: Attempt) -> Attempt:
    """The same for one attempt."""
    if not is_overdue(attempt):
        return attempt
    _close(attempt)
    return Attempt.objects.select_related("lesson__course", "revision", "key").get(pk=attempt.pk)


def _close(attempt: Attempt) -> bool:
    with transaction.atomic():
        attempt = locked_attempt(attempt)
        if not is_overdue(attempt):
            return False
        _hand_in(attempt)
    _completed(attempt)
    return True


def renew_limits(*, lesson: Lesson) -> None:
    """Give the open attempts of a lesson the deadline and the extra time that hold now. Whoever changes these calls
    it."""
    for found in Attempt.objects.filter(lesson=lesson, submitted=None).order_by("pk"):
        with transaction.atomic():
            attempt = locked_attempt(found)
            if attempt.submitted is None and not is_overdue(attempt):
                rules = (quiz_of(attempt.revision) or EMPTY).rules
                attempt.until = limits_of(lesson, attempt.user_id).until(rules, attempt.started)
                attempt.save(update_fields=["until"])


def _hand_in(attempt: Attempt) -> None:
    """Hand in and grade a locked attempt. One that is late was handed in when its time was up."""
    now = timezone.now()
    attempt.submitted = min(now, attempt.until) if attempt.until else now
    attempt.save(update_fields=["submitted"])
    graded = grade_attempt(attempt)
    attempt.points, attempt.most_points = graded.points, graded.most_points


def _completed(attempt: Attempt) -> Attempt:
    """Whoever keeps a demo's answer completes the attempts that are handed in by then. It may have come while this one
    was graded without it, and so was not seen."""
    if not demo_questions(attempt.key):
        return attempt
    provide_demo_answers(revision=attempt.key)
    return grade_attempt(attempt)


def _locked_own(actor: Actor, attempt: Attempt) -> Attempt:
    try:
        return locked_attempt(attempt, **owned_by(actor))
    except Attempt.DoesNotExist:
        raise NotFound(NO_ATTEMPT) from None


def _question(attempt: Attempt, question: str) -> KeyedQuestion:
    one = next((one for one in questions_of(attempt) if one.seen.id == question), None)
    if one is None:
        raise NotFound("There is no such question in this quiz.")
    return one


def _read(one: KeyedQuestion, raw: Any) -> Answer | None:
    if raw is None:
        return None
    try:
        return read_answer(one.seen, raw, one.arrangement)
    except AnswerError as error:
        raise InvalidParams(str(error), fields={"answer": [str(error)]}) from error


def _check_open(attempt: Attempt) -> None:
    if attempt.submitted is not None:
        raise AttemptOver("This attempt is handed in. Its answers stay as they are.")
    if is_overdue(attempt):
        raise AttemptOver(f"The time was up at {_in_words(attempt.until)}. What was saved until then counts.")


def is_blank(answer: Answer | None) -> bool:
    """Nothing is filled in: no text, no choice, no partner, no blank."""
    if isinstance(answer, dict):
        return not any(answer.values())
    if isinstance(answer, list):
        return all(place is None for place in answer)
    return answer is None or answer == ""
