"""What happens elsewhere and concerns quizzes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import guest_became_user
from courses.models import Revision
from courses.signals import lesson_published
from jobs.signals import pruning
from quizzes.services.demo_answers import care_for_demo_answers, provide_demo_answers
from quizzes.services.handover import forget_guests, hand_over_attempts, hand_over_predictions
from quizzes.services.taking import close_overdue_attempts


@receiver(lesson_published)
def ask_the_demos(sender: Any, revision: Revision, **_: Any) -> None:
    provide_demo_answers(revision=revision, again=True)


@receiver(guest_became_user)
def hand_over_guests_answers(sender: Any, guest: str, user: User, **_: Any) -> None:
    hand_over_attempts(guest=guest, user=user)
    hand_over_predictions(guest=guest, user=user)


@receiver(pruning)
def close_what_is_overdue(sender: Any, **_: Any) -> None:
    close_overdue_attempts()


@receiver(pruning)
def ask_the_demos_again(sender: Any, **_: Any) -> None:
    care_for_demo_answers()


@receiver(pruning)
def forget_guests_answers(sender: Any, **_: Any) -> None:
    forget_guests()
