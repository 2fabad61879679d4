"""A course and the people in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

BUILT_IN = "sequence-models"
"""The slug of the course that comes with Unroll."""


class Course(models.Model):
    """Lessons in order. Everybody reads a public course, its members read any other.

    Who teaches it says a Membership; nobody teaches the built-in course, for it is written in files.
    """

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField()
    is_public = models.BooleanField(default=False)
    opens = models.DateTimeField(null=True, blank=True, help_text="Before it only instructors read the lessons.")
    closes = models.DateTimeField(
        null=True, blank=True, help_text="After it nobody joins, and who has joined still reads."
    )
    join_code = models.CharField(
        max_length=12, null=True, unique=True, help_text="Typed in by a class; none: no way in."
    )
    join_token = models.CharField(max_length=32, null=True, unique=True, help_text="In the link that lets people join.")
    origin = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies", help_text="Copied from."
    )
    created = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Put away by its instructors; nothing is lost.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(closes__gt=F("opens")),
                name="course_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.slug])

    @property
    def is_built_in(self) -> bool:
        return self.slug == BUILT_IN

    @property
    def has_opened(self) -> bool:
        return self.opens is None or self.opens <= timezone.now()

    @property
    def has_closed(self) -> bool:
        return self.closes is not None and self.closes <= timezone.now()


class Membership(models.Model):
    """Somebody belongs to a course."""

    class Role(models.TextChoices):
        STUDENT = "student", "Student"
        INSTRUCTOR = "instructor", "Instructor"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.STUDENT)
    joined = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="membership_once_in_a_course"),
            models.CheckConstraint(condition=Q(role__in=["student", "instructor"]), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course}"


class Invitation(models.Model):
    """Whoever has this address becomes a member as soon as they have an account."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "email"], name="invitation_once_in_a_course"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.course}"


class Announcement(models.Model):
    """Something an instructor tells everybody in a course; Markdown."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="announcements")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title
