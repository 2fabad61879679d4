"""People and what they may do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The form in which an email is kept and looked up: nobody remembers which letters they typed in capitals."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser):
    """Somebody with an account. The role alone says what they may do; there are no further permissions."""

    class Role(models.TextChoices):
        STUDENT = "student", "Student"
        INSTRUCTOR = "instructor", "Instructor"
        STAFF = "staff", "Staff"

    email = models.EmailField(unique=True, error_messages={"unique": "There is already an account with this email."})
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=12, choices=Role, default=Role.STUDENT)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            # With the unique index this makes emails unique whatever their case, and lookups use that index.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=["student", "instructor", "staff"]), name="user_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return self.role == self.Role.STAFF

    @property
    def is_instructor(self) -> bool:
        """May author courses and run rooms; staff may do whatever an instructor may."""
        return self.role in (self.Role.INSTRUCTOR, self.Role.STAFF)


class AuditEntry(models.Model):
    """Something that was done to an account, by whom and when. Written by services, never changed."""

    class Action(models.TextChoices):
        ROLE_CHANGED = "role_changed", "Role changed"
        RESET_LINK_MADE = "reset_link_made", "One-time link made"
        DEACTIVATED = "deactivated", "Deactivated"
        REACTIVATED = "reactivated", "Reactivated"
        COURSE_GIVEN = "course_given", "Made instructor of a course"

    about = models.ForeignKey(User, on_delete=models.CASCADE, related_name="audit_entries")
    # Empty when it was done on the command line, or by somebody whose account is gone.
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=20, choices=Action)
    detail = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.about}"
