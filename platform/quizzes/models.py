"""Attempts at a lesson's quiz and their answers, and whatever changes a grade afterwards.

The questions themselves stand in the lesson's revision (`quiz.yaml`), so an attempt names the revision it was made on.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import Lesson, Revision


class QuizSettings(models.Model):
    """What belongs to this course's use of a quiz and not to the quiz."""

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="quiz_settings")
    deadline = models.DateTimeField(null=True, blank=True)
    weight = models.FloatField(default=1.0, help_text="How much it counts in the gradebook; 0: not at all.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__gte=0), name="quiz_weight_not_negative")]
        verbose_name_plural = "quiz settings"

    def __str__(self) -> str:
        return f"quiz of {self.lesson_id}"


class ExtraTime(models.Model):
    """More minutes, and a later deadline, for one student."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="extra_times")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Added to the time limit.")
    deadline = models.DateTimeField(null=True, blank=True, help_text="In place of the quiz's.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "user"], name="extra_time_once_for_a_student")]

    def __str__(self) -> str:
        return f"{self.minutes} min more for {self.user_id}"


class DemoAnswer(models.Model):
    """What the run of a demo gave for a question, computed when the lesson was published."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="demo_answers")
    question = models.CharField(max_length=60)
    value = models.JSONField()
    demo_version = models.CharField(max_length=32, help_text="Of the demo's code and weights (their checksum).")
    run = models.UUIDField(help_text="The Run that gave it.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "question"], name="demo_answer_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class Attempt(models.Model):
    """One go at a lesson's quiz, by one person or guest.

    `revision` is what was seen, `key` the revision whose key it is graded with: another one after a regrade.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="attempts")
    guest = models.CharField(max_length=64, default="", blank=True)
    number = models.PositiveSmallIntegerField(help_text="Counts from 1 for each person and lesson.")
    seed = models.CharField(max_length=32)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    started = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, help_text="When its time is up; none: never.")
    submitted = models.DateTimeField(null=True)
    points = models.FloatField(default=0, help_text="Of all its answers, as graded.")
    most_points = models.FloatField(help_text="What could be had.")
    override = models.FloatField(null=True, help_text="An instructor's points in place of these.")

    class Meta:
        ordering = ("-started",)
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest="") | (Q(user__isnull=True) & ~Q(guest="")),
                name="attempt_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["user", "lesson", "number"], condition=Q(user__isnull=False), name="attempt_number_of_a_user"
            ),
            models.UniqueConstraint(
                fields=["guest", "lesson", "number"], condition=~Q(guest=""), name="attempt_number_of_a_guest"
            ),
            models.UniqueConstraint(
                fields=["user", "lesson"],
                condition=Q(user__isnull=False, submitted__isnull=True),
                name="one_open_attempt_of_a_user",
            ),
            models.UniqueConstraint(
                fields=["guest", "lesson"],
                condition=Q(submitted__isnull=True) & ~Q(guest=""),
                name="one_open_attempt_of_a_guest",
            ),
        ]
        indexes = [models.Index(fields=["lesson", "submitted"], name="attempt_of_lesson")]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.lesson_id}"

    @property
    def score(self) -> float:
        """The points that count."""
        return self.points if self.override is None else self.override


class Response(models.Model):
    """The answer to one question of an attempt: one row, whatever number of tabs sends it.

    `version` counts the saves; whoever saves on top of an old one is told. Once it is `checked` the reader has seen
    what is right, and it stays.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question = models.CharField(max_length=60)
    answer = models.JSONField(null=True, help_text="As grading.read_answer gives it: positions of quiz.yaml.")
    version = models.PositiveIntegerField(default=1)
    saved = models.DateTimeField(default=timezone.now)
    checked = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0, help_text="How long the question was looked at, as the page tells.")
    points = models.FloatField(default=0)
    share = models.FloatField(default=0)
    misconceptions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="one_answer_to_a_question"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="share_from_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Prediction(models.Model):
    """What somebody expected of a demo before they ran it (`:::predict`). Locked, and not graded."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="predictions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="predictions")
    guest = models.CharField(max_length=64, default="", blank=True)
    question = models.CharField(max_length=60)
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose question was answered; none: from before this was kept.",
    )
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest="") | (Q(user__isnull=True) & ~Q(guest="")),
                name="prediction_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["user", "lesson", "question"], condition=Q(user__isnull=False), name="prediction_once_by_a_user"
            ),
            models.UniqueConstraint(
                fields=["guest", "lesson", "question"], condition=~Q(guest=""), name="prediction_once_by_a_guest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class GradeChange(models.Model):
    """Why the points of an attempt are not what they were. Written by services, never changed."""

    class Kind(models.TextChoices):
        OVERRIDE = "override", "Changed by hand"
        REGRADE = "regrade", "Graded again with a corrected key"

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.FloatField()
    after = models.FloatField()
    most_before = models.FloatField(null=True, help_text="What could be had; none: from before this was kept.")
    most_after = models.FloatField(null=True)
    reason = models.CharField(max_length=300)
    questions = models.JSONField(default=list, help_text="Whose points changed: [id, before, after].")

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
