"""What keeps a quiz from being published: what is wrong in `quiz.yaml`, and what it cannot know itself, because it
depends on the lesson's pictures and on the demos there are."""

from __future__ import annotations

from collections.abc import Iterator

from common.markdown import BlockError, Problem, render_fragment
from courses.extensions import LessonSource
from mlcore import registry
from quizzes.formulas import FILLED_IN
from quizzes.questions import (
    AnyQuestion,
    BlanksQuestion,
    DemoQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    PollQuestion,
    SingleQuestion,
    TextQuestion,
    links_of,
)
from quizzes.quiz_files import read_quiz
from quizzes.selectors.demo_answers import DemoRunError, runnable


def quiz_problems(source: LessonSource) -> list[Problem]:
    """All that is wrong with the questions. They stand in another file than the text, so each says where."""
    file = read_quiz(source.quiz)
    if file.quiz is None:
        return [_problem(f"line {problem.line}: {problem.message}") for problem in file.problems]
    images = dict(source.images)
    return [
        _problem(f"question “{question.id}”: {words}")
        for question in file.quiz.questions
        for words in dict.fromkeys(wrong_with(question, images))
    ]


def _problem(words: str) -> Problem:
    return Problem(1, f"In the questions (quiz.yaml), {words}")


def wrong_with(question: AnyQuestion, images: dict[str, str]) -> Iterator[str]:
    """What keeps one question from being published, in words."""
    for name in pictures_of(question):
        if name not in images:
            yield f"There is no picture “{name}” in this lesson. Upload it first."
    for text in texts_of(question):
        # Without variables the braces are TeX's.
        for name in FILLED_IN.findall(text) if question.variables else ():
            if name not in question.variables:
                yield f"“{{{{ {name} }}}}” is none of its variables: {', '.join(question.variables)}."
        try:
            render_fragment(text, images)
        except BlockError as error:
            yield str(error)
    for see in links_of(question):
        yield from _wrong_with_link(see)
    if isinstance(question, DemoQuestion):
        try:
            runnable(question.demo)
        except DemoRunError as error:
            yield str(error)


def _wrong_with_link(see: str) -> Iterator[str]:
    slug, _, preset = see.partition("/")
    demo = registry.demos().get(slug)
    if demo is None:
        yield f"“see” names the demo “{slug}”, which does not exist."
    elif preset and preset not in demo.presets:
        known = ", ".join(demo.presets)
        yield f"“see” names the preset “{preset}”, which the demo “{slug}” does not have." + (
            f" It has {known}." if known else ""
        )


def pictures_of(question: AnyQuestion) -> list[str]:
    """The names of the pictures beside its texts."""
    choices = question.choices if isinstance(question, SingleQuestion | MultipleQuestion | PollQuestion) else ()
    return [name for name in (question.image, *(choice.image for choice in choices)) if name]


def texts_of(question: AnyQuestion) -> list[str]:
    """Everything in it that is Markdown."""
    texts: list[str | None] = [question.prompt, question.hint, question.why]
    match question:
        case SingleQuestion() | MultipleQuestion():
            texts += [text for choice in question.choices for text in (choice.text, choice.why)]
        case PollQuestion():
            texts += [choice.text for choice in question.choices]
        case NumericQuestion() | TextQuestion():
            texts += [wrong.why for wrong in question.wrong]
        case OrderingQuestion():
            texts += question.items
        case MatchingQuestion():
            texts += [text for pair in question.pairs for text in (pair.left, pair.right, pair.why)]
            texts += question.extra
        case BlanksQuestion():
            texts += [question.text, *(blank.why for blank in question.blanks.values())]
    return [text for text in texts if text]
