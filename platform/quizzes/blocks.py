"""The blocks of a lesson's text that ask something: `:::quiz`, `:::quiz <id>` and `:::predict <id>`.

Readers get a shell, the same for all of them; js/quiz/ fills it with their own state. An author's preview shows the
questions themselves, which cannot be answered there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from common.markdown import BlockError, blocks_of
from courses.extensions import LessonSource
from courses.models import Lesson
from quizzes.arrangement import arrange
from quizzes.presentation import show_question
from quizzes.question_forms import AskedQuestion
from quizzes.questions import AnyQuestion, PollQuestion
from quizzes.quiz_files import EMPTY, QuizFile, read_quiz

PREVIEW = "preview"
"""The seed by which an author sees the questions."""


def quiz_block(source: LessonSource, arguments: str, body: str, line: int) -> str:
    """All questions of the lesson that are not predicted, or the one that is named.

    Raises:
        BlockError: there is none of this name, or the block has a body.
    """
    _check_empty("A quiz", body)
    file = read_quiz(source.quiz)
    only = arguments.strip()
    if file.quiz is None:
        return _unreadable(source, file)
    predicted = _predicted(source)
    if only and only in predicted:
        raise BlockError(f"“{only}” is predicted (“:::predict {only}”), so it cannot be asked in the quiz as well.")
    asked = [question for question in file.quiz.questions if question.id not in predicted]
    if only:
        asked = [_question(file, only)]
    if source.for_author:
        return _preview(source, "Quiz", asked)
    if not asked:
        return ""
    if source.is_preview:
        return _preview(source, "Quiz", asked)
    return _shell("quizzes/quiz_block.html", source, only)


def predict_block(source: LessonSource, arguments: str, body: str, line: int) -> str:
    """A question about the demo that follows, answered before it can be run.

    Raises:
        BlockError: there is no such question, or nothing is right in it, or the block has a body.
    """
    _check_empty("A prediction", body)
    file = read_quiz(source.quiz)
    name = arguments.strip()
    if not name:
        raise BlockError("Say what is to be predicted: “:::predict <id of a question>”.")
    if file.quiz is None:
        return _unreadable(source, file)
    question = _question(file, name)
    if isinstance(question, PollQuestion):
        raise BlockError("In a poll nothing is right, so a demo cannot show it. Ask a question of another type.")
    if source.for_author or source.is_preview:
        return _preview(source, "Prediction", [question])
    return _shell("quizzes/predict_block.html", source, name)


def printed_quiz(source: LessonSource, arguments: str, body: str, line: int) -> str:
    """On paper: how many questions there are, and where they are answered."""
    quiz = read_quiz(source.quiz).quiz or EMPTY
    count = 1 if arguments.strip() else len(quiz.questions) - len(_predicted(source))
    if source.lesson_id is None or count <= 0:
        return ""
    lesson = Lesson.objects.select_related("course").get(pk=source.lesson_id)
    address = f"{settings.PUBLIC_URL}{reverse('quiz', args=[lesson.course.slug, lesson.slug])}"
    what = "A question waits" if count == 1 else f"{count} questions wait"
    return format_html(
        '<aside class="note"><p class="note-title">Quiz</p><p>{} for you: <a href="{}">{}</a></p></aside>',
        what,
        address,
        address,
    )


def printed_prediction(source: LessonSource, arguments: str, body: str, line: int) -> str:
    """On paper: what to think about before one looks at the picture of the demo."""
    question = (read_quiz(source.quiz).quiz or EMPTY).question(arguments.strip())
    if question is None:
        return ""
    shown = show_question(question, arrange(question, PREVIEW), dict(source.images))
    choices = format_html_join("", "<li>{}</li>", ((choice.text,) for choice in shown.choices))
    return format_html(
        '<aside class="note"><p class="note-title">What do you expect?</p>{}{}</aside>',
        shown.prompt,
        format_html("<ul>{}</ul>", choices) if choices else "",
    )


def _check_empty(what: str, body: str) -> None:
    if body:
        raise BlockError(f"{what} has no text inside. Take away the “:::” that closes it.")


def _predicted(source: LessonSource) -> set[str]:
    """The questions that the text has predicted. `selectors.taking.predicted_questions` says it of a revision."""
    return {block.arguments.strip() for block in blocks_of(source.body) if block.name == "predict"}


def _question(file: QuizFile, name: str) -> AnyQuestion:
    question = (file.quiz or EMPTY).question(name)
    if question is None:
        known = ", ".join(question.id for question in (file.quiz or EMPTY).questions)
        raise BlockError(f"There is no question “{name}”." + (f" There are {known}." if known else ""))
    return question


def _unreadable(source: LessonSource, file: QuizFile) -> str:
    """What is wrong with the questions, for their author; a reader sees nothing of it."""
    if not source.for_author:
        return ""
    return render_to_string("quizzes/problems.html", {"problems": file.problems})


def _preview(source: LessonSource, title: str, questions: Sequence[AnyQuestion]) -> str:
    images = dict(source.images)
    asked = [
        AskedQuestion(show_question(question, arrange(question, PREVIEW), images), number, is_locked=True)
        for number, question in enumerate(questions, 1)
    ]
    return render_to_string("quizzes/author_preview.html", {"title": title, "questions": asked})


def _shell(template: str, source: LessonSource, only: str) -> str:
    if source.lesson_id is None:
        return ""
    lesson = Lesson.objects.select_related("course").get(pk=source.lesson_id)
    return render_to_string(template, {"lesson": lesson, "only": only})
