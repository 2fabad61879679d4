"""Questions under a lesson, their answers, reports of both, and who has not seen what is new."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Lesson

TITLE_LENGTH = 120
TEXT_LENGTH = 10_000
REASON_LENGTH = 300

Kind = Literal["question", "answer"]


class Post(models.Model):
    """What a question and an answer have in common. `text` is Markdown.

    `form_key` is made with the form, so that a form that is sent twice makes one post.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="%(class)ss",
        help_text="None: somebody who has left.",
    )
    text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    form_key = models.UUIDField()
    created = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    hidden_reason = models.CharField(max_length=REASON_LENGTH, default="", blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="%(class)s_once_from_a_form"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="%(class)s_hidden_with_a_reason",
            ),
        ]

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def anchor(self) -> str:
        """Its id in a page."""
        return f"{self.kind}-{self.pk}"

    @property
    def kind(self) -> Kind:
        raise NotImplementedError

    @property
    def in_question(self) -> Question:
        """The question it belongs to, or is."""
        raise NotImplementedError


class Question(Post):
    """Asked under a lesson. Whoever withdraws one that others have answered takes its words away, not the answers."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="questions")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    active_at = models.DateTimeField(default=timezone.now, help_text="When it was asked, or answered last.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(Post.Meta):
        ordering = ["-active_at", "-pk"]
        constraints = [
            *Post.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) & ~Q(title="") & ~Q(text="")
                | Q(withdrawn_at__isnull=False, title="", text=""),
                name="question_has_words_until_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["lesson", "-active_at"], name="question_latest_of_lesson")]

    def __str__(self) -> str:
        return self.title or "A question that was withdrawn"

    def get_absolute_url(self) -> str:
        return reverse("discussion-question", args=[self.lesson.course.slug, self.lesson.slug, self.pk])

    @property
    def kind(self) -> Kind:
        return "question"

    @property
    def in_question(self) -> Question:
        return self


class Answer(Post):
    """At most one of a question's answers is the accepted one, and it can be no other question's: it says so itself."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(Post.Meta):
        ordering = [models.F("accepted_at").asc(nulls_last=True), "created", "pk"]
        constraints = [
            *Post.Meta.constraints,
            models.UniqueConstraint(
                fields=["question"], condition=Q(accepted_at__isnull=False), name="question_has_one_accepted_answer"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="answer_has_words"),
        ]

    def __str__(self) -> str:
        return f"Answer to “{self.question}”"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}?post={self.anchor}#{self.anchor}"

    @property
    def kind(self) -> Kind:
        return "answer"

    @property
    def in_question(self) -> Question:
        return self.question


class Report(models.Model):
    """Somebody thinks that a post should not be there."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, related_name="reports")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="post_reports"
    )
    reason = models.CharField(max_length=REASON_LENGTH)
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, answer__isnull=True)
                | Q(question__isnull=True, answer__isnull=False),
                name="report_is_of_one_post",
            ),
            # Until it is dealt with: the post may be changed after that, and be worth another report.
            models.UniqueConstraint(
                fields=["reporter", "question"], condition=Q(resolved_at=None), name="report_waits_once_of_a_question"
            ),
            models.UniqueConstraint(
                fields=["reporter", "answer"], condition=Q(resolved_at=None), name="report_waits_once_of_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(resolved_by__isnull=True), name="report_resolved_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Unseen(models.Model):
    """Something in a question is new to somebody. The row goes when they open the question.

    It is written in the transaction of whatever is new, and locked there; so no news falls between a look and the next.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unseen_questions")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="unseen")
    at = models.DateTimeField(default=timezone.now, help_text="Of the latest news.")

    class Meta:
        verbose_name_plural = "unseen"
        constraints = [models.UniqueConstraint(fields=["user", "question"], name="unseen_once_for_a_question")]

    def __str__(self) -> str:
        return f"{self.question_id} to {self.user_id}"


class Muted(models.Model):
    """An instructor wants no mail about this course's questions."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_courses")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="muted_by")

    class Meta:
        verbose_name_plural = "muted"
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.course_id} by {self.user_id}"
