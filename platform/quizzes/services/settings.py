"""What belongs to a course's use of a quiz: deadline, weight, and more time for single students."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import InvalidParams
from courses.models import Lesson
from quizzes.models import ExtraTime, QuizSettings
from quizzes.services.taking import renew_limits


@transaction.atomic
def change_settings(*, lesson: Lesson, deadline: datetime | None, weight: float) -> QuizSettings:
    """Attempts that are open get the new deadline."""
    settings, _ = QuizSettings.objects.update_or_create(
        lesson=lesson, defaults={"deadline": deadline, "weight": weight}
    )
    renew_limits(lesson=lesson)
    return settings


@transaction.atomic
def give_extra_time(*, lesson: Lesson, user: User, minutes: int, deadline: datetime | None) -> ExtraTime:
    """In place of what this student was given before; it holds for an attempt that is open, too.

    Raises:
        InvalidParams: neither minutes nor a deadline; or not a member of the course.
    """
    if not minutes and deadline is None:
        raise InvalidParams("Give more minutes, or a later deadline, or both.")
    if not lesson.course.memberships.filter(user=user).exists():
        raise InvalidParams(f"{user.name} is not in this course any more.")
    extra, _ = ExtraTime.objects.update_or_create(
        lesson=lesson, user=user, defaults={"minutes": minutes, "deadline": deadline}
    )
    renew_limits(lesson=lesson)
    return extra


@transaction.atomic
def take_back_extra_time(*, lesson: Lesson, user: User) -> None:
    ExtraTime.objects.filter(lesson=lesson, user=user).delete()
    renew_limits(lesson=lesson)
