"""How far a reader has come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models.lesson import Lesson


class LessonProgress(models.Model):
    """Somebody, or a guest, has opened a lesson. `position` is where they stopped."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="progress")
    guest = models.CharField(max_length=64, default="", blank=True)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="progress")
    began = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    position = models.CharField(max_length=120, default="", blank=True, help_text="The id of the heading read last.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest="") | (Q(user__isnull=True) & ~Q(guest="")),
                name="progress_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["user", "lesson"], condition=Q(user__isnull=False), name="progress_once_for_a_user"
            ),
            models.UniqueConstraint(
                fields=["guest", "lesson"], condition=~Q(guest=""), name="progress_once_for_a_guest"
            ),
        ]
        indexes = [models.Index(fields=["last_seen"], condition=~Q(guest=""), name="progress_of_guests")]

    def __str__(self) -> str:
        return f"{self.user or 'a guest'} in {self.lesson_id}"


class ProgressItem(models.Model):
    """One thing that is done in a lesson: its text is read, a demo was run, or what another app registers."""

    progress = models.ForeignKey(LessonProgress, on_delete=models.CASCADE, related_name="items")
    kind = models.SlugField(max_length=20)
    key = models.CharField(
        max_length=80, default="", blank=True, help_text="Which one of this kind, such as a demo's slug."
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["progress", "kind", "key"], name="progress_item_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
