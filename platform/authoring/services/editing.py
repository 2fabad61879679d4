"""What an author does with a lesson's text: the rest of courses/services/revisions.py, for the editor."""

from __future__ import annotations

import secrets

from django.db import transaction

from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Lesson, Revision
from courses.services.revisions import EditConflict, publish_revision, save_revision
from jobs.allowances import spend

SAVES = 300
"""In the time of `ALLOWANCES`."""


@transaction.atomic
def publish_head(*, lesson: Lesson, base: int) -> Lesson:
    """Publish what was saved last. `base` is the revision that the author looks at.

    Raises:
        EditConflict: somebody has saved since `base`, so the author does not know what they would publish.
        NotPublishable: with the list of what is wrong.
    """
    now = Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    assert now.head
    if now.head.number != base:
        raise EditConflict(now.head)
    return publish_revision(lesson=now, revision=now.head)


def spend_save(user: User) -> None:
    """Every save is kept for ever, so nobody makes them without end.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    sentence = "You have saved {amount} times in a short time. Your text is still here: save it again a little later."
    spend(key=f"saves:{user.pk}", amount=SAVES, sentence=sentence)


def restore_revision(*, lesson: Lesson, revision: Revision, by: User) -> Revision:
    """Make what an old revision says the newest one. What lies between stays in the history."""
    return save_revision(
        lesson=lesson,
        content=LessonContent.of(revision),
        author=by,
        base=None,
        message=f"Back to revision {revision.number}",
    )


@transaction.atomic
def make_preview_link(*, lesson: Lesson) -> str:
    """A new secret for the page that shows the newest revision to whoever has it; the link of before leads nowhere."""
    lesson.preview_token = secrets.token_urlsafe(16)
    lesson.save(update_fields=["preview_token"])
    return lesson.preview_token


@transaction.atomic
def switch_off_preview_link(*, lesson: Lesson) -> None:
    lesson.preview_token = None
    lesson.save(update_fields=["preview_token"])
