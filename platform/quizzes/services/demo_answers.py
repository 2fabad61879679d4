"""The right answers that only a run of a demo knows. Publishing waits for no worker: the demo is asked when a lesson is
published, and its answer is taken up by whoever looks at the quiz next, or by the hourly care. Until then such a
question can be answered, but neither checked nor graded; attempts that were handed in meanwhile are completed then.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Q

from accounts.actors import Actor
from common.errors import ApiError
from courses.models import Lesson, Revision
from jobs.models import Run, State
from jobs.services import submit_job
from quizzes.models import Attempt, DemoAnswer
from quizzes.questions import DemoQuestion, DemoRun
from quizzes.selectors.demo_answers import (
    MOST_VALUES,
    DemoRunError,
    DemoTrial,
    latest_run,
    missing_demo_answers,
    read_value,
    runnable,
    values_in,
)
from quizzes.services.grading import grade_attempt

log = logging.getLogger(__name__)
ASKER = "quizzes"
"""The guest in whose name a lesson that nobody wrote (the built-in course) asks. It is nobody's cookie."""


def provide_demo_answers(*, revision: Revision, again: bool = False) -> None:
    """Keep what demos have answered meanwhile, and ask what nobody has asked yet; `again`: also what has failed.

    What cannot be answered is told to the author by `demo_answer_states`.
    """
    kept = [_provide(revision, question, again) for question in missing_demo_answers(revision)]
    if any(kept):
        _complete_grades(revision)


def try_demo(*, asked: DemoRun, actor: Actor) -> DemoTrial:
    """What the demo gives, for whoever writes the question; it is run where that is not known yet. `asked.read` may
    still be empty."""
    try:
        _, params = runnable(asked)
        run = latest_run(asked) or submit_job(demo=asked.slug, params=asked.params, actor=actor).run
    except DemoRunError as error:
        return DemoTrial(str(error))
    except ApiError as error:
        return DemoTrial(error.message)
    settings = tuple(params.items())
    if run.state in (State.FAILED, State.STOPPED):
        return DemoTrial(f"The demo gave no answer: {run.error or 'The run was stopped.'}", settings)
    if run.state != State.SUCCEEDED:
        return DemoTrial("The demo is being run. Choose Preview again in a moment.", settings)
    try:
        words = f"Right is: {read_value(run.result, asked.read)}" if asked.read else "Say where the answer stands."
    except DemoRunError as error:
        words = str(error)
    values = sorted(values_in(run.result), key=lambda value: value[0].count("."))
    return DemoTrial(words, settings, tuple(values[:MOST_VALUES]))


def _provide(revision: Revision, question: DemoQuestion, again: bool) -> bool:
    """Whether the answer came."""
    try:
        run = latest_run(question.demo)
        if run is None or (again and run.state in (State.FAILED, State.STOPPED)):
            # Never in a student's name: the answer would stand among their runs.
            job = submit_job(demo=question.demo.slug, params=question.demo.params, actor=_asker(revision))
            run = job.run
        if run.state != State.SUCCEEDED:
            return False
        value = read_value(run.result, question.demo.read)
    except DemoRunError:
        return False
    except ApiError as error:  # the author has used up their runs, say
        log.warning("No demo can be asked for “%s” of %s: %s", question.id, revision, error.message)
        return False
    return _keep(revision, question, run, value)


def _keep(revision: Revision, question: DemoQuestion, run: Run, value: Any) -> bool:
    _, new = DemoAnswer.objects.get_or_create(
        revision=revision,
        question=question.id,
        defaults={"value": value, "demo_version": run.version, "run": run.pk},
    )
    return new


def _asker(revision: Revision) -> Actor:
    author = revision.author
    if author is not None and author.is_active:
        return Actor(user=author, guest="", address="")
    return Actor(user=None, guest=ASKER, address="")


def _complete_grades(revision: Revision) -> None:
    waiting = Attempt.objects.filter(Q(revision=revision) | Q(key=revision), submitted__isnull=False)
    for attempt in waiting.order_by("pk"):
        grade_attempt(attempt)


def care_for_demo_answers() -> None:
    """Every hour: take up the answers of published quizzes that nobody has looked at, and ask again what failed."""
    quizzes = Lesson.objects.filter(removed_at=None, published__isnull=False).exclude(published__quiz="")
    for lesson in quizzes.select_related("published__author").iterator(chunk_size=100):
        assert lesson.published is not None
        provide_demo_answers(revision=lesson.published, again=True)
