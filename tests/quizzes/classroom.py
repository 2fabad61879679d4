"""A quiz that students have taken, through the services."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from courses.lesson_files import LessonContent
from courses.models import Lesson
from courses.services.revisions import publish_revision, save_revision
from quizzes.models import Attempt
from quizzes.presentation import show_answer
from quizzes.selectors.taking import questions_of
from quizzes.services.taking import save_answer, start_attempt, submit_attempt

QUIZ = """
rules: {show: after the attempt}
questions:
  - id: gate
    type: single
    prompt: Which gate forgets?
    choices:
      - {text: The forget gate, correct: true, why: It does.}
      - {text: The input gate, why: It writes., misconception: all-gates-are-one, see: explorer/capitals}
      - {text: The output gate, why: It shows.}
  - id: word
    type: text
    prompt: Say it.
    points: 3
    accept: [memory]
"""


def take(actor: Actor, lesson: Lesson, *, hand_in: bool = True, seconds: float = 0, **answers: Any) -> Attempt:
    """Answer these questions, with positions as in quiz.yaml, and hand in."""
    attempt = start_attempt(actor=actor, lesson=lesson)
    keyed = {one.seen.id: one for one in questions_of(attempt)}
    for question, answer in answers.items():
        raw = show_answer(keyed[question].seen, answer, keyed[question].arrangement)
        save_answer(actor=actor, attempt=attempt, question=question, raw=raw, version=0, seconds=seconds)
    return submit_attempt(actor=actor, attempt=attempt) if hand_in else attempt


def publish_quiz(lesson: Lesson, quiz: str) -> None:
    """Let the lesson have this quiz from now on."""
    lesson.refresh_from_db()
    assert lesson.published
    old = LessonContent.of(lesson.published)
    content = LessonContent(old.title, old.summary, old.aims, old.body, quiz)
    revision = save_revision(lesson=lesson, content=content, author=None, base=None)
    publish_revision(lesson=lesson, revision=revision)
