"""What a guest has answered becomes the account's, and guests who do not come back are forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.actors import GUEST_COOKIE_SECONDS, Actor
from accounts.models import User
from quizzes.models import Attempt, Prediction, Response
from quizzes.selectors.taking import published_revision, quiz_of
from quizzes.services.taking import submit_attempt


@transaction.atomic
def hand_over_attempts(*, guest: str, user: User) -> None:
    """The guest's attempts come after those of the account. Where both have one open, the account's goes on, and the
    guest's is handed in as it is. One without an answer is dropped then, and so is what is more than the quiz allows:
    else whoever signs out could take it once more."""
    # Held until the end, so that two sign-ins at once do not number the same.
    User.objects.select_for_update().get(pk=user.pk)
    for attempt in Attempt.objects.select_for_update().filter(guest=guest).order_by("lesson", "number"):
        mine = Attempt.objects.filter(user=user, lesson=attempt.lesson_id)
        if _are_used_up(attempt, mine.count()):
            attempt.delete()
            continue
        if attempt.submitted is None and mine.filter(submitted=None).exists():
            if not attempt.responses.exists():
                attempt.delete()
                continue
            attempt = submit_attempt(actor=Actor(user=None, guest=guest, address=""), attempt=attempt)  # noqa: PLW2901
        last = mine.order_by("-number").values_list("number", flat=True).first()
        Attempt.objects.filter(pk=attempt.pk).update(user=user, guest="", number=(last or 0) + 1)


def _are_used_up(attempt: Attempt, used: int) -> bool:
    quiz = quiz_of(published_revision(attempt.lesson) or attempt.revision)
    return quiz is not None and quiz.rules.attempts is not None and used >= quiz.rules.attempts


@transaction.atomic
def hand_over_predictions(*, guest: str, user: User) -> None:
    """What the account itself has predicted stays."""
    own = Prediction.objects.filter(user=user, lesson=OuterRef("lesson"), question=OuterRef("question"))
    guests = Prediction.objects.filter(guest=guest)
    guests.filter(~Exists(own)).update(user=user, guest="")
    guests.delete()


@transaction.atomic
def forget_guests() -> None:
    """Forget the attempts and predictions of guests who have not come back for as long as their cookie lasts."""
    before = timezone.now() - timedelta(seconds=GUEST_COOKIE_SECONDS)
    lately = Response.objects.filter(attempt=OuterRef("pk"), saved__gte=before)
    Attempt.objects.exclude(guest="").filter(~Exists(lately), started__lt=before).delete()
    Prediction.objects.exclude(guest="").filter(at__lt=before).delete()
