"""The questions of a lesson as their authors see them. For a course's own instructors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from common.markdown import Problem, plain_text
from courses.models import Lesson
from quizzes.arrangement import arrange
from quizzes.checks import wrong_with
from quizzes.exchange.report import missing_explanations
from quizzes.forms import TITLES
from quizzes.grading import AnswerError, grade, read_answer
from quizzes.presentation import Images, show_question, tell_grade
from quizzes.question_forms import AskedQuestion, is_nothing, read_form
from quizzes.questions import AnyQuestion, DemoQuestion
from quizzes.quiz_files import line_of_question, read_quiz
from quizzes.selectors.taking import images_of
from quizzes.services.writing import has_comments

LONGEST_EXCERPT = 160


@dataclass(frozen=True)
class WrittenQuestion:
    """A line of the list."""

    question: AnyQuestion
    problems: list[str]
    """What keeps it from being published."""

    @property
    def title(self) -> str:
        return TITLES[self.question.type]

    @property
    def excerpt(self) -> str:
        return excerpt_of(self.question)

    @property
    def without_why(self) -> int:
        return missing_explanations(self.question)


@dataclass(frozen=True)
class WrittenQuiz:
    questions: list[WrittenQuestion] | None
    """None where the text has errors."""
    problems: tuple[Problem, ...]
    """Of the text, with their lines."""
    has_comments: bool


def written_quiz(lesson: Lesson) -> WrittenQuiz:
    """The questions of the revision that was saved last. One query, for the pictures."""
    assert lesson.head
    file = read_quiz(lesson.head.quiz)
    if file.quiz is None:
        return WrittenQuiz(None, file.problems, has_comments=False)
    images = images_of(lesson)
    questions = [
        WrittenQuestion(question, list(dict.fromkeys(wrong_with(question, images)))) for question in file.quiz.questions
    ]
    problems = [
        Problem(line_of_question(lesson.head.quiz, place), f"questions[{place}]: {words}")
        for place, one in enumerate(questions)
        for words in one.problems
    ]
    return WrittenQuiz(questions, tuple(problems), has_comments(lesson.head.quiz))


def excerpt_of(question: AnyQuestion) -> str:
    """The beginning of the question, without markup."""
    text = " ".join(plain_text(question.prompt).text.split()) or question.prompt
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"


def new_seed() -> str:
    """Of numbers and an order for a preview."""
    return secrets.token_hex(4)


def try_question(question: AnyQuestion, images: Images, seed: str, sent: QueryDict | None = None) -> AskedQuestion:
    """The question as students see it; with the answer that was `sent`, also what they are told about it.

    What a demo gives is computed when the lesson is published, so an answer to that is not graded here.
    """
    arrangement = arrange(question, seed)
    shown = show_question(question, arrangement, images)
    if sent is None or isinstance(question, DemoQuestion):
        return AskedQuestion(shown)
    raw: Any = read_form(shown, sent)
    try:
        answer = None if is_nothing(raw) else read_answer(question, raw, arrangement)
    except AnswerError:
        answer = raw = None
    feedback = tell_grade(question, arrangement, grade(question, answer, arrangement.numbers), images)
    return AskedQuestion(shown, answer=raw, feedback=feedback)
