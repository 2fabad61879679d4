"""A lesson, its revisions and its pictures, and the words a course explains."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from courses.models.course import Course

IMAGE_FOLDER = "images"
"""Where pictures lie in the media storage."""


class Lesson(models.Model):
    """A place in a course. What stands there is a Revision: students read `published`, authors go on from `head`.

    The search fields are what the published revision says; whoever publishes writes them.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    slug = models.SlugField()
    order = models.PositiveSmallIntegerField()
    due = models.DateTimeField(null=True, blank=True)
    head = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    published = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    folder = models.CharField(
        max_length=60, default="", blank=True, help_text="Where it, or its origin, lies in lessons/."
    )
    source_sha = models.CharField(max_length=64, default="", blank=True, help_text="Of the files it was read from.")
    origin = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="copies")
    origin_revision = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The revision of the origin that was copied, or was looked at last.",
    )
    preview_token = models.CharField(
        max_length=32, null=True, unique=True, help_text="In the link that shows the head."
    )
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Put away by its instructors; nothing is lost.")
    search_text = models.TextField(default="", blank=True)
    search_vector = SearchVectorField(null=True)

    class Meta:
        ordering = ("order", "slug")
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="lesson_slug_unique_in_course")]
        indexes = [GinIndex(fields=["search_vector"], name="lesson_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.course.slug, self.slug])

    @property
    def shown(self) -> Revision:
        """The published revision; the head where nothing is published yet."""
        revision = self.published or self.head
        assert revision is not None, "A lesson is made together with its first revision."
        return revision

    @property
    def title(self) -> str:
        return self.shown.title

    @property
    def summary(self) -> str:
        return self.shown.summary

    @property
    def aims(self) -> list[str]:
        return self.shown.aims

    @property
    def has_draft(self) -> bool:
        """Whether something is written that students do not see."""
        return self.head_id != self.published_id


class Revision(models.Model):
    """A lesson as somebody saved it. Never changed afterwards."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(help_text="Counts from 1 in each lesson.")
    title = models.CharField(max_length=120)
    summary = models.TextField()
    aims = models.JSONField(default=list, help_text="What a student is able to do afterwards, one sentence each.")
    body = models.TextField(blank=True, help_text="Markdown with blocks; what follows the front matter in lesson.md.")
    quiz = models.TextField(default="", blank=True, help_text="quiz.yaml as it is written.")
    blocks = models.JSONField(default=list, help_text="The blocks of the body in order: [name, arguments].")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    message = models.CharField(
        max_length=200, default="", blank=True, help_text="What was changed, in its author's words."
    )

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="revision_number_unique_in_lesson"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_counts_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class LessonImage(models.Model):
    """A picture of a lesson, under the name that its text uses. Never changed: another picture has another name.

    Several rows may share one file, for a copied lesson shows the same pictures.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=100)
    file = models.CharField(
        max_length=60, help_text="The random name under which it lies in media/images/ and is served."
    )
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["lesson", "name"], name="image_name_unique_in_lesson")]
        indexes = [models.Index(fields=["file"], name="image_file")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return reverse("lesson-image", args=[self.file])


class GlossaryTerm(models.Model):
    """A word that a course explains. Its first use in each lesson's text leads here."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=80)
    also = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, help_text="Other forms: plural, short."
    )
    definition = models.TextField(max_length=2_000, help_text="Markdown, without blocks.")

    class Meta:
        ordering = (Lower("term"),)
        constraints = [
            models.UniqueConstraint("course", Lower("term"), name="term_unique_in_course"),
            models.CheckConstraint(condition=~Q(term=""), name="term_has_letters"),
        ]

    def __str__(self) -> str:
        return self.term
