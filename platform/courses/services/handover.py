"""What a guest has done becomes the account's."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from courses.models import LessonProgress, ProgressItem


@transaction.atomic
def hand_over_progress(*, guest: str, user: User) -> None:
    """Where the account has begun the same lesson, both are put together; where it stopped last is kept."""
    mine = LessonProgress.objects.select_for_update()
    for progress in LessonProgress.objects.select_for_update().filter(guest=guest):
        # Not moved but made anew: the account may begin the same lesson in another tab at this very moment.
        begun = {"began": progress.began, "last_seen": progress.last_seen, "position": progress.position}
        own, _ = mine.get_or_create(user=user, lesson_id=progress.lesson_id, defaults=begun)
        ProgressItem.objects.bulk_create(
            [ProgressItem(progress=own, kind=item.kind, key=item.key, at=item.at) for item in progress.items.all()],
            ignore_conflicts=True,
        )
        if progress.last_seen > own.last_seen:
            own.position, own.last_seen = progress.position, progress.last_seen
        own.began = min(own.began, progress.began)
        own.save()
        progress.delete()
