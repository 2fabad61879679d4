"""The points of attempts: graded, graded again with a corrected key, changed by hand. Each change that follows the
first grade leaves a `GradeChange`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from common.errors import Conflict, InvalidParams
from courses.models import Lesson, Revision
from quizzes.keys import KeyedQuestion, difference, most_points
from quizzes.models import Attempt, GradeChange, Response
from quizzes.quiz_files import EMPTY, read_quiz
from quizzes.selectors.demo_answers import demo_answers_of, missing_demo_answers
from quizzes.selectors.taking import published_revision, questions_of, quiz_of

LONGEST_REASON = 300


@dataclass(frozen=True)
class LeftAlone:
    """A question that a regrade does not touch, in attempts at an earlier revision."""

    question: str
    revision: int
    """The number of the revision that was seen."""
    why: str


@transaction.atomic
def grade_attempt(attempt: Attempt) -> Attempt:
    """Grade all answers of an attempt with its key. What is not answered has no points; what a demo has not answered
    yet does not count at all. Doing it again changes nothing."""
    attempt = locked_attempt(attempt)
    _grade(attempt)
    return attempt


def locked_attempt(attempt: Attempt, **owner: Any) -> Attempt:
    """The row as it is now, held until the transaction ends: whoever changes an attempt or its answers holds it.

    Raises:
        Attempt.DoesNotExist: it is not this owner's.
    """
    # Without joins: whoever has waited for the row would look in vain for one that is joined to an earlier key.
    return Attempt.objects.select_for_update().get(pk=attempt.pk, **owner)


def _grade(attempt: Attempt) -> list[tuple[str, float, float]]:
    """Grade a locked attempt; the questions whose points changed, with those before and after."""
    keyed = questions_of(attempt)
    demo_answers = demo_answers_of(attempt, keyed)
    responses = {response.question: response for response in attempt.responses.all()}
    changed = []
    for one in keyed:
        response = responses.get(one.seen.id)
        if response is None:
            continue
        before = response.points
        grade_response(one, response, demo_answers)
        if response.points != before:
            changed.append((response.question, before, response.points))
    attempt.points = round(sum(response.points for response in responses.values()), 6)
    attempt.most_points = most_points(keyed, demo_answers)
    attempt.save(update_fields=["points", "most_points"])
    return changed


def grade_response(one: KeyedQuestion, response: Response, demo_answers: Mapping[str, object]) -> None:
    """Grade one answer of a locked attempt."""
    grade = one.grade(response.answer, demo_answers.get(one.seen.id))
    response.points, response.share = grade.points, grade.share
    response.misconceptions = list(grade.misconceptions)
    response.save(update_fields=["points", "share", "misconceptions"])


def regrade(*, lesson: Lesson, by: User | None, reason: str) -> list[GradeChange]:
    """Grade all attempts at a lesson's quiz with the key of its published revision; the changes that came of it.

    A question is found again by its id. Where it is gone or has become another question, its points stay
    (`questions_left_alone` says which). Attempts under way get the new key too. Each attempt is a transaction of its
    own; doing it again changes nothing.

    Raises:
        InvalidParams: there is no reason.
        Conflict: nothing is published, or a demo still computes what is right.
    """
    reason = _reason(reason)
    key = _published_key(lesson)
    if missing_demo_answers(key):
        raise Conflict("A demo is still computing what is right for one of the questions. Try again in a moment.")
    changes = [
        _regrade(attempt, key, by, reason)
        for attempt in Attempt.objects.filter(lesson=lesson).order_by("started", "pk")
    ]
    return [change for change in changes if change is not None]


@transaction.atomic
def _regrade(attempt: Attempt, key: Revision, by: User | None, reason: str) -> GradeChange | None:
    attempt = locked_attempt(attempt)
    before, most_before = attempt.points, attempt.most_points
    attempt.key = key
    attempt.save(update_fields=["key"])
    if attempt.submitted is None:
        return None
    questions = _grade(attempt)
    if not questions and attempt.most_points == most_before:
        return None
    return GradeChange.objects.create(
        attempt=attempt,
        kind=GradeChange.Kind.REGRADE,
        by=by,
        before=before,
        after=attempt.points,
        most_before=most_before,
        most_after=attempt.most_points,
        reason=reason,
        questions=[list(change) for change in questions],
    )


def questions_left_alone(*, lesson: Lesson) -> list[LeftAlone]:
    """What a regrade with the published revision cannot carry over to attempts at earlier ones."""
    revision = _published_key(lesson)
    earlier = Attempt.objects.filter(lesson=lesson).exclude(revision=revision)
    found = {}
    for attempt in earlier.select_related("revision").defer("revision__body").order_by("pk"):
        attempt.key = revision
        for one in questions_of(attempt):
            if not one.is_current:
                question = (read_quiz(revision.quiz).quiz or EMPTY).question(one.seen.id)
                found[attempt.revision.number, one.seen.id] = difference(one.seen, question)
    return [LeftAlone(question, revision, why) for (revision, question), why in sorted(found.items())]


def override_points(*, attempt: Attempt, points: float | None, by: User, reason: str) -> GradeChange | None:
    """Let other points count than those that were computed; None: the computed ones again. The change, if it is one.

    Raises:
        InvalidParams: there is no reason, or these are no points of this quiz.
        Conflict: the attempt is not handed in yet.
    """
    reason = _reason(reason)
    with transaction.atomic():
        attempt = locked_attempt(attempt)
        if attempt.submitted is None:
            raise Conflict("This attempt is not handed in yet. Its points can be changed afterwards.")
        if points is not None and not (math.isfinite(points) and 0 <= points <= attempt.most_points):
            words = f"Give from 0 to {attempt.most_points:g} points."
            raise InvalidParams(words, fields={"points": [words]})
        if points == attempt.override:
            return None
        before, attempt.override = attempt.score, points
        attempt.save(update_fields=["override"])
        return GradeChange.objects.create(
            attempt=attempt,
            kind=GradeChange.Kind.OVERRIDE,
            by=by,
            before=before,
            after=attempt.score,
            most_before=attempt.most_points,
            most_after=attempt.most_points,
            reason=reason,
        )


def _reason(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        words = f"Say why, in {LONGEST_REASON} characters at most: students read it beside their points."
        raise InvalidParams(words, fields={"reason": [words]})
    return reason


def _published_key(lesson: Lesson) -> Revision:
    key = published_revision(lesson)
    if key is None or quiz_of(key) is None:
        raise Conflict("There is no published quiz with a key to grade with. Publish the corrected one first.")
    return key
