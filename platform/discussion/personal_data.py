"""What discussions keep about a person. When they leave, their posts stay, without a name."""

from __future__ import annotations

from django.db.models import F

from accounts.models import User
from accounts.personal_data import Rows, register


def _questions(user: User) -> Rows:
    return user.questions.order_by("pk").values(
        "title",
        "text",
        "created",
        "edited_at",
        "withdrawn_at",
        "hidden_at",
        "hidden_reason",
        course=F("lesson__course__title"),
        under=F("lesson__slug"),
    )


def _answers(user: User) -> Rows:
    return user.answers.order_by("pk").values(
        "text",
        "created",
        "edited_at",
        "accepted_at",
        "hidden_at",
        "hidden_reason",
        course=F("question__lesson__course__title"),
        under=F("question__lesson__slug"),
        to=F("question__title"),
    )


def _reports(user: User) -> Rows:
    return user.post_reports.order_by("pk").values(
        "reason", "at", "resolved_at", of_question=F("question_id"), of_answer=F("answer_id")
    )


def _unseen(user: User) -> Rows:
    return user.unseen_questions.order_by("pk").values("at", of_question=F("question_id"))


def _muted(user: User) -> Rows:
    return user.muted_courses.order_by("pk").values(about=F("course__title"))


def register_personal_data() -> None:
    register("questions", _questions)
    register("answers", _answers)
    register("reports_of_posts", _reports)
    register("new_in_discussions", _unseen)
    register("courses_without_mail", _muted)
