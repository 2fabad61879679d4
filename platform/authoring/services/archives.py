"""Lessons and courses as zip files, in exactly the form of the folders under `lessons/`.

    course.yaml                   title and summary
    glossary.yaml                 the words that it explains, if any
    <lesson>/lesson.md            settings and text; the folder is the lesson's slug with “_”
    <lesson>/quiz.yaml            its questions, if any
    <lesson>/static/<picture>

The same content always gives the same bytes.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage

from common.yaml_text import dump_yaml
from courses.lesson_files import LessonContent, write_lesson
from courses.models import Course, GlossaryTerm, Lesson
from courses.models.lesson import IMAGE_FOLDER

logger = logging.getLogger(__name__)
LESSON = "lesson.md"
QUIZ = "quiz.yaml"
STATIC = "static"
COURSE = "course.yaml"
GLOSSARY = "glossary.yaml"


def write_lesson_archive(lesson: Lesson, to: IO[bytes]) -> None:
    """The lesson as its authors see it: with what was saved last."""
    with zipfile.ZipFile(to, "w") as archive:
        _add_lesson(archive, lesson, _folder(lesson, set()))


def write_course_archive(course: Course, to: IO[bytes]) -> None:
    """The course with all lessons that are not put away, drafts among them."""
    lessons = course.lessons.filter(removed_at=None).select_related("head").prefetch_related("images")
    terms = list(course.terms.all())
    folders: set[str] = set()
    with zipfile.ZipFile(to, "w") as archive:
        _add(archive, COURSE, dump_yaml({"title": course.title, "summary": course.summary}).encode())
        if terms:
            _add(archive, GLOSSARY, write_glossary(terms).encode())
        for lesson in lessons.order_by("slug"):
            _add_lesson(archive, lesson, _folder(lesson, folders))


def write_glossary(terms: Iterable[GlossaryTerm]) -> str:
    """A list of `term`, `also` (where there are other forms) and `definition`."""
    return dump_yaml(
        [
            {"term": term.term, **({"also": term.also} if term.also else {}), "definition": term.definition}
            for term in terms
        ]
    )


def _folder(lesson: Lesson, taken: set[str]) -> str:
    folder = lesson.slug.replace("-", "_")
    while folder in taken:
        folder += "_2"
    taken.add(folder)
    return folder


def _add_lesson(archive: zipfile.ZipFile, lesson: Lesson, folder: str) -> None:
    assert lesson.head, "A lesson is made together with its first revision."
    content = LessonContent.of(lesson.head)
    _add(archive, f"{folder}/{LESSON}", write_lesson(content, order=lesson.order).encode())
    if content.quiz:
        _add(archive, f"{folder}/{QUIZ}", content.quiz.encode())
    pictures = {image.name for image in lesson.images.all()}
    for image in lesson.images.all():
        kept_at = f"{IMAGE_FOLDER}/{image.file}"
        if not default_storage.exists(kept_at):  # the rest is not lost with it
            logger.error("picture_missing lesson=%s name=%s file=%s", lesson.pk, image.name, kept_at)
            continue
        with default_storage.open(kept_at) as file:
            _add(archive, f"{folder}/{STATIC}/{image.name}", file.read())
    for name, path in _built_in_pictures(lesson):
        if name not in pictures:
            _add(archive, f"{folder}/{STATIC}/{name}", path.read_bytes())


def _built_in_pictures(lesson: Lesson) -> list[tuple[str, Path]]:
    """Those of the built-in lesson that this one was copied from, as far as its text shows them."""
    assert lesson.head
    names = {arguments.partition(" ")[0] for block, arguments in lesson.head.blocks if block == "figure"}
    if not lesson.folder:
        return []
    found = {name: finders.find(f"{lesson.folder}/{name}") for name in sorted(names) if name and ".." not in name}
    return [(name, Path(str(path))) for name, path in found.items() if path]


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # The time of day, the system and its permissions are not the lesson's.
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_STORED if f"/{STATIC}/" in name else zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)
