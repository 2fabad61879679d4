"""A course and its lessons. The files under `lessons/` are where the built-in course is written; these rows are what is
served."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Course(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.slug])


class Lesson(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()
    summary = models.TextField()
    aims = models.JSONField(default=list, help_text="What a student is able to do afterwards, one sentence each.")
    body = models.TextField(help_text="The whole text, front matter included, so that line numbers are the file's.")
    folder = models.CharField(max_length=60, default="", blank=True, help_text="Where it stands under lessons/.")
    source_sha = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering = ("order", "slug")
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="lesson_slug_unique_in_course")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.course.slug, self.slug])
