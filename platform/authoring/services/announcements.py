"""What instructors tell everybody in a course."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from courses.models import Announcement, Course


@transaction.atomic
def announce(*, course: Course, title: str, text: str, by: User) -> Announcement:
    return Announcement.objects.create(course=course, title=title, text=text, author=by)


@transaction.atomic
def change_announcement(*, announcement: Announcement, title: str, text: str) -> Announcement:
    announcement.title, announcement.text = title, text
    announcement.save(update_fields=["title", "text"])
    return announcement


@transaction.atomic
def delete_announcement(*, announcement: Announcement) -> None:
    announcement.delete()
