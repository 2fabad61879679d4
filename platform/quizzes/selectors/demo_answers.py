"""What demos have answered to the questions of a lesson, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from common.errors import InvalidParams
from courses.models import Lesson, Revision
from jobs.models import Run, State
from jobs.services import run_key, validate_params
from mlcore import registry
from mlcore.contracts import Demo
from quizzes.keys import KeyedQuestion
from quizzes.models import Attempt, DemoAnswer
from quizzes.questions import DemoQuestion, DemoRun
from quizzes.quiz_files import EMPTY, read_quiz

MOST_OF_A_PART, MOST_VALUES = 3, 40
"""Of a long list in a result one needs to see only how it begins."""


class DemoRunError(Exception):
    """Why a question gets no answer from a demo, in words for its author."""


@dataclass(frozen=True)
class DemoAnswerState:
    """How far the answer to one question has come: `message` says it to its author."""

    question: str
    state: Literal["ready", "waiting", "failed"]
    message: str


@dataclass(frozen=True)
class DemoTrial:
    """What a demo says to a question that is being written."""

    message: str
    settings: tuple[tuple[str, Any], ...] = ()
    """All of them, with those that the question leaves as they are."""
    values: tuple[tuple[str, Any], ...] = ()
    """What the run gave, each with its path."""


def demo_questions(revision: Revision) -> list[DemoQuestion]:
    questions = (read_quiz(revision.quiz).quiz or EMPTY).questions
    return [question for question in questions if isinstance(question, DemoQuestion)]


def failed_answer(one: KeyedQuestion) -> bool:
    """Whether a demo could not compute what is right, for a question whose answer is not there."""
    return isinstance(one.key, DemoQuestion) and state_of_run(one.key).state == "failed"


def missing_demo_answers(revision: Revision) -> list[DemoQuestion]:
    """The questions whose answer is not there yet. No query where no demo is asked."""
    asked = demo_questions(revision)
    if not asked:
        return []
    there = set(DemoAnswer.objects.filter(revision=revision).values_list("question", flat=True))
    return [question for question in asked if question.id not in there]


def demo_answers_of(attempt: Attempt, keyed: list[KeyedQuestion]) -> dict[str, Any]:
    """What demos gave for the attempt's questions, by question: each from the revision whose key holds for it. No query
    where no demo is asked."""
    asked = {one.seen.id: attempt.key_id if one.is_current else attempt.revision_id for one in keyed if one.needs_demo}
    if not asked:
        return {}
    rows = DemoAnswer.objects.filter(revision__in=asked.values(), question__in=asked)
    return {row.question: row.value for row in rows if asked[row.question] == row.revision_id}


def demo_answer_states(revision: Revision) -> list[DemoAnswerState]:
    """For the author of a published quiz: what its demos have answered, and why one has not."""
    there = {row.question: row.value for row in DemoAnswer.objects.filter(revision=revision)}
    states = []
    for question in demo_questions(revision):
        if question.id in there:
            states.append(DemoAnswerState(question.id, "ready", f"The demo answered: {there[question.id]}"))
        else:
            states.append(state_of_run(question))
    return states


def lessons_without_demo_answers(lessons: Iterable[Lesson]) -> set[int]:
    """Those whose published quiz still waits for a demo, by their keys. One query, and none where no demo is asked."""
    asked = {
        (lesson.published.pk, question.id): lesson.pk
        for lesson in lessons
        if lesson.published
        for question in demo_questions(lesson.published)
    }
    if not asked:
        return set()
    rows = DemoAnswer.objects.filter(revision__in={revision for revision, _ in asked})
    there = set(rows.values_list("revision_id", "question"))
    return {lesson for key, lesson in asked.items() if key not in there}


def state_of_run(question: DemoQuestion) -> DemoAnswerState:
    """How far the run has come for a question whose answer is not there."""
    try:
        run = latest_run(question.demo)
        if run is not None and run.state == State.SUCCEEDED:
            read_value(run.result, question.demo.read)
    except DemoRunError as error:
        return DemoAnswerState(question.id, "failed", str(error))
    if run is not None and run.state in (State.FAILED, State.STOPPED):
        words = run.error or "The run was stopped."
        return DemoAnswerState(question.id, "failed", f"The demo gave no answer: {words} We try again every hour.")
    return DemoAnswerState(question.id, "waiting", "The demo is being run.")


def latest_run(asked: DemoRun) -> Run | None:
    """The latest Run of just this question.

    Raises:
        DemoRunError: it cannot be run.
    """
    demo, params = runnable(asked)
    return Run.objects.filter(key=run_key(demo, params)).order_by("-created").first()


def runnable(asked: DemoRun) -> tuple[Demo, dict[str, Any]]:
    """The demo, and its params with all defaults filled in.

    Raises:
        DemoRunError: there is no such demo, its answers differ from run to run, or it does not take these params.
    """
    demo = registry.demos().get(asked.slug)
    if demo is None:
        raise DemoRunError(f"There is no demo “{asked.slug}”.")
    if demo.queue != "inference" or not demo.deterministic:
        raise DemoRunError(f"“{asked.slug}” trains, or answers differently each time. Ask a demo that answers at once.")
    try:
        return demo, validate_params(demo, asked.params).model_dump(mode="json")
    except InvalidParams as error:
        fields = "; ".join(f"{name}: {' '.join(words)}" for name, words in error.fields.items())
        raise DemoRunError(f"“{asked.slug}” does not take these params. {fields}") from error


def read_value(result: Any, path: str) -> Any:
    """What stands at “neighbours.0.word” in the result of a run: a number, a text, or true or false.

    Raises:
        DemoRunError: nothing, or more than one value.
    """
    value = result
    for step in path.split("."):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise DemoRunError(f"The run's result has no “{path}”: “{step}” is not there.{_there_is(value)}")
    if not isinstance(value, (str, int, float)) or value == "":
        raise DemoRunError(f"“{path}” of the run's result is not one value.{_there_is(value)}")
    return value


def values_in(result: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The single values of a run's result, each with the path by which `read_value` finds it."""
    if isinstance(result, (dict, list)):
        steps: Iterable[tuple[Any, Any]] = result.items() if isinstance(result, dict) else enumerate(result)
        for step, value in islice(steps, None if isinstance(result, dict) else MOST_OF_A_PART):
            if "." not in str(step):
                yield from values_in(value, f"{path}.{step}" if path else str(step))
    elif isinstance(result, (str, int, float)) and result != "":
        yield path, result


def _there_is(value: Any) -> str:
    if isinstance(value, dict) and value:
        return f" There are {', '.join(list(value)[:20])}."
    if isinstance(value, list) and value:
        return f" There are 0 to {len(value) - 1}."
    return ""
