"""The built-in course's files become rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from common.yaml_text import YamlTextError, read_yaml
from courses.lesson_files import LessonFile, LessonFileError, read_lesson, text_setting
from courses.models import Course, Lesson
from courses.models.course import BUILT_IN
from courses.services.glossary import GlossaryFileError, Term, read_glossary, replace_glossary
from courses.services.revisions import create_lesson, save_revision, show_revision


class CourseFilesError(Exception):
    """What is wrong with the files of a course, naming the file."""


@dataclass(frozen=True)
class Synced:
    course: Course
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class LessonFolder:
    """A folder under `lessons/` as it was read."""

    slug: str
    folder: str
    file: LessonFile
    sha: str


def sync_course(*, folder: Path, slug: str = BUILT_IN) -> Synced:
    """Bring the course's rows to what its files say: `course.yaml`, `glossary.yaml` if there is one, and `lesson.md`
    (with `quiz.yaml`, where there is one) in each lesson's folder. What changed becomes a revision, published at once.

    Rows are found by slug only, so it may run as often as one likes; two that run at once take turns. A lesson whose
    folder is gone keeps its row, for students' work hangs on it.

    Raises:
        CourseFilesError: a file cannot be read. Nothing is changed then.
    """
    settings = _course_settings(folder / "course.yaml")
    terms = _terms(folder / "glossary.yaml")
    folders = [read_folder(path) for path in sorted(folder.glob("*/lesson.md"))]
    with transaction.atomic():
        Course.objects.bulk_create(
            [Course(slug=slug, is_public=True, **settings)],
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=["title", "summary", "is_public"],
        )
        # The upsert has locked the course's row: whoever else syncs it waits here until we are done.
        course = Course.objects.get(slug=slug)
        lessons = {lesson.slug: lesson for lesson in course.lessons.select_related("head")}
        new = [read for read in folders if read.slug not in lessons]
        changed = [read for read in folders if read.slug in lessons and lessons[read.slug].source_sha != read.sha]
        for read in [*new, *changed]:
            _write(course, lessons.get(read.slug), read)
        if terms is not None:
            replace_glossary(course=course, terms=terms)
    touched = {read.slug for read in [*new, *changed]}
    return Synced(
        course=course,
        new=tuple(sorted(read.slug for read in new)),
        changed=tuple(sorted(read.slug for read in changed)),
        unchanged=tuple(sorted({read.slug for read in folders} - touched)),
    )


def read_folder(path: Path) -> LessonFolder:
    """The lesson whose `lesson.md` this is.

    Raises:
        CourseFilesError: a file of it cannot be read.
    """
    quiz_path = path.with_name("quiz.yaml")
    try:
        text = path.read_text(encoding="utf-8")
        quiz = quiz_path.read_text(encoding="utf-8") if quiz_path.is_file() else ""
        file = read_lesson(text, quiz=quiz)
        if file.order is None:
            raise LessonFileError("“order” is missing")
    except (UnicodeDecodeError, LessonFileError) as error:
        raise CourseFilesError(f"{path}: {error}") from error
    sha = hashlib.sha256(f"{text}\0{quiz}".encode()).hexdigest()
    return LessonFolder(slug=path.parent.name.replace("_", "-"), folder=path.parent.name, file=file, sha=sha)


def _write(course: Course, lesson: Lesson | None, read: LessonFolder) -> None:
    content, order = read.file.content, read.file.order or 0
    if lesson is None:
        lesson = create_lesson(course=course, slug=read.slug, order=order, content=content, author=None)
    else:
        save_revision(lesson=lesson, content=content, author=None, base=None)
    lesson.order, lesson.folder, lesson.source_sha = order, read.folder, read.sha
    lesson.save(update_fields=["order", "folder", "source_sha"])
    assert lesson.head is not None
    show_revision(lesson=lesson, revision=lesson.head)


def _terms(path: Path) -> list[Term] | None:
    if not path.is_file():
        return None
    try:
        return read_glossary(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, GlossaryFileError) as error:
        raise CourseFilesError(f"{path}: {error}") from error


def _course_settings(path: Path) -> dict[str, str]:
    try:
        _, settings = read_yaml(path.read_text(encoding="utf-8"))
        return {name: text_setting(settings, name) for name in ("title", "summary")}
    except (OSError, UnicodeDecodeError, YamlTextError, LessonFileError) as error:
        raise CourseFilesError(f"{path}: {error}") from error
