"""Writes of courses and lessons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from common.markdown import FrontMatterError, front_matter
from courses.models import Course, Lesson

BUILT_IN = "sequence-models"
"""The slug of the course that comes with Unroll."""


class CourseFilesError(Exception):
    """What is wrong with the files of a course, naming the file."""


@dataclass(frozen=True)
class Synced:
    course: Course
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def sync_course(*, folder: Path, slug: str = BUILT_IN) -> Synced:
    """Bring the course's rows to what its files say: `course.yaml`, and `lesson.md` in each lesson's folder.

    Rows are found by slug only, so it may run as often as one likes; two that run at once take turns. A lesson whose
    folder is gone keeps its row, for students' work hangs on it.

    Raises:
        CourseFilesError: a file cannot be read. Nothing is changed then.
    """
    settings = _course_settings(folder / "course.yaml")
    lessons = [_lesson(path) for path in sorted(folder.glob("*/lesson.md"))]
    with transaction.atomic():
        Course.objects.bulk_create(
            [Course(slug=slug, **settings)],
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=["title", "summary"],
        )
        # The upsert has locked the course's row: whoever else syncs it waits here until we are done.
        course = Course.objects.get(slug=slug)
        before = dict(course.lessons.values_list("slug", "source_sha"))
        differing = [lesson for lesson in lessons if before.get(lesson.slug) != lesson.source_sha]
        for lesson in differing:
            lesson.course = course
        Lesson.objects.bulk_create(
            differing,
            update_conflicts=True,
            unique_fields=["course", "slug"],
            update_fields=["title", "order", "summary", "aims", "body", "folder", "source_sha"],
        )
    slugs = {lesson.slug for lesson in differing}
    return Synced(
        course=course,
        new=tuple(sorted(slugs - before.keys())),
        changed=tuple(sorted(slugs & before.keys())),
        unchanged=tuple(sorted({lesson.slug for lesson in lessons} - slugs)),
    )


def _course_settings(path: Path) -> dict[str, str]:
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CourseFilesError(f"{path}: {error}") from error
    return {name: _text(settings, name, path) for name in ("title", "summary")}


def _lesson(path: Path) -> Lesson:
    source = path.read_bytes()
    try:
        body = source.decode("utf-8")
        settings = front_matter(body)
    except (UnicodeDecodeError, FrontMatterError) as error:
        raise CourseFilesError(f"{path}: {error}") from error
    aims = settings.get("aims", [])
    if not isinstance(aims, list) or not all(isinstance(aim, str) for aim in aims):
        raise CourseFilesError(f"{path}: “aims” must be a list of sentences")
    order = settings.get("order")
    if not isinstance(order, int) or not 0 <= order <= 32767:
        raise CourseFilesError(f"{path}: “order” must be a number from 0 to 32767")
    return Lesson(
        slug=path.parent.name.replace("_", "-"),
        title=_text(settings, "title", path),
        order=order,
        summary=_text(settings, "summary", path),
        aims=aims,
        body=body,
        folder=path.parent.name,
        source_sha=hashlib.sha256(source).hexdigest(),
    )


def _text(settings: Any, name: str, path: Path) -> str:
    value = settings.get(name) if isinstance(settings, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise CourseFilesError(f"{path}: “{name}” is missing")
    return value.strip()
