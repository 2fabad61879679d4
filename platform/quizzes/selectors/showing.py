"""A lesson's quiz as its page shows it to one reader: what they may do, and the questions as forms."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.crypto import salted_hmac

from accounts.actors import Actor
from courses.models import Lesson
from courses.selectors.lessons import LessonInCourse
from quizzes.arrangement import arrange, question_order
from quizzes.grading import grade
from quizzes.models import DemoAnswer
from quizzes.presentation import show_answer, show_question, tell_grade
from quizzes.question_forms import AskedQuestion
from quizzes.questions import DemoQuestion, Quiz
from quizzes.seeds import begins_by_itself, draw_seed
from quizzes.selectors.predictions import (
    predicted_answer,
    predicted_question,
    prediction_arrangement,
    predictions_of,
)
from quizzes.selectors.taking import (
    AttemptView,
    QuestionView,
    Standing,
    attempt_view,
    attempts_of,
    images_of,
    quiz_of,
    standing_of,
)

NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class QuizInView:
    place: LessonInCourse
    quiz: Quiz | None
    """None: the lesson has none, or nothing in it is left to take."""
    standing: Standing | None
    latest: AttemptView | None
    """The reader's last attempt, open or handed in."""
    nonce: str
    """Where the first answer begins the attempt: what the questions were arranged by."""
    asked: list[AskedQuestion]
    """What can be answered now."""
    arranged: str = ""
    """The same on all pages that show these questions in the same order and with the same numbers."""
    only: str = ""
    """The id of the one question that is shown."""

    @property
    def attempt(self) -> AttemptView | None:
        """The one that is open."""
        return self.latest if self.latest and self.latest.is_open else None

    @property
    def title(self) -> str:
        return (self.quiz.title if self.quiz else None) or "Quiz"

    @property
    def may_take_part(self) -> bool:
        return self.place.view.may_take_part

    @property
    def prefix(self) -> str:
        """Of ids: a lesson may show a question alone and among the others."""
        return "one-" if self.only else ""

    @property
    def minutes(self) -> float | None:
        """The time limit, with what this reader has more."""
        if self.standing is None or self.standing.rules.minutes is None:
            return None
        return self.standing.rules.minutes + self.standing.limits.extra_minutes


def quiz_in_view(actor: Actor, place: LessonInCourse, *, nonce: str = "", only: str = "") -> QuizInView:
    """The quiz of this lesson, or one question of it."""
    nonce = nonce if NONCE.fullmatch(nonce) else secrets.token_hex(16)
    quiz = quiz_of(place.revision)
    if quiz is None:
        return QuizInView(place, None, None, None, nonce, [])
    latest = attempts_of(actor, place.lesson).first()
    view = attempt_view(latest) if latest else None
    seed, asked = "", []
    if view and view.is_open:
        seed, asked = view.attempt.seed, asked_of(view.questions)
    elif view is None and begins_by_itself(quiz.rules) and place.view.may_take_part:
        seed = draw_seed(quiz, nonce)
        asked = fresh_questions(place.lesson, quiz, seed)
    if only:
        asked = [question for question in asked if question.id == only]
    standing = standing_of(actor, place.lesson, quiz)
    arranged = salted_hmac("quizzes.arranged", seed).hexdigest()[:16]  # the seed itself tells too much
    return QuizInView(place, quiz, standing, view, nonce, asked, arranged, only)


def asked_of(questions: Sequence[QuestionView], *, is_locked: bool = False) -> list[AskedQuestion]:
    return [
        AskedQuestion(
            shown=view.shown,
            number=number,
            answer=view.answer,
            version=view.version,
            is_locked=is_locked or view.checked,
            may_check=view.may_check,
            feedback=view.feedback,
            failed=view.failed,
        )
        for number, view in enumerate(questions, 1)
    ]


def fresh_questions(lesson: Lesson, quiz: Quiz, seed: str) -> list[AskedQuestion]:
    """The questions as an attempt of this seed will show them."""
    images = images_of(lesson)
    return [
        AskedQuestion(shown=show_question(question, arrange(question, seed), images), number=number, may_check=True)
        for number, question in enumerate(question_order(quiz, seed), 1)
    ]


def asked_prediction(actor: Actor, place: LessonInCourse, name: str, *, told: bool) -> AskedQuestion | None:
    """A prediction, to be made or made, and with `told` what is right once it is made. None: the lesson has no such."""
    question = predicted_question(place.revision, name)
    if question is None:
        return None
    images, arrangement = images_of(place.lesson), prediction_arrangement(question)
    made = predictions_of(actor, place.lesson).get(name)
    answer = predicted_answer(question, made) if made else None
    feedback = None
    if made and told:
        demo_answer = DemoAnswer.objects.filter(revision=place.revision, question=name).first()
        if demo_answer or not isinstance(question, DemoQuestion):
            graded = grade(
                question,
                answer,
                arrangement.numbers,
                demo_answer.value if demo_answer else None,
            )
            feedback = tell_grade(question, arrangement, graded, images)
    return AskedQuestion(
        shown=replace(show_question(question, arrangement, images), points=0.0),
        answer=show_answer(question, answer, arrangement),
        is_locked=made is not None,
        feedback=feedback,
    )
