"""What an author sends to be imported, whatever form it has, as lessons with their pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, Final

from django.conf import settings

from authoring.services.archive_reading import Archive, open_archive
from authoring.services.archives import COURSE, GLOSSARY, LESSON, QUIZ, STATIC
from authoring.services.notebooks import NotebookRefused, read_notebook
from common.errors import InvalidParams
from common.yaml_text import YamlTextError, read_yaml
from courses.lesson_files import LONGEST_TEXT, LessonContent, LessonFile, LessonFileError, read_lesson, text_setting
from courses.services.glossary import MOST_TERMS, GlossaryFileError, Term, read_term

LONGEST_FILE: Final = LONGEST_TEXT * 4
PICTURES: Final = (".png", ".jpg", ".jpeg", ".jpe", ".webp", ".gif", ".svg", ".bmp", ".tif", ".tiff", ".heic", ".avif")
MOST_LESSONS: Final = 200
LEFT_BY_SYSTEMS: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__", ".ipynb_checkpoints")


class NothingToImport(InvalidParams):
    """The file holds no lesson."""

    code = "nothing_to_import"


@dataclass(frozen=True)
class PictureFile:
    path: str
    """Where it was found, for the report."""
    name: str
    """As the text calls it."""
    read: Callable[[], bytes]


@dataclass(frozen=True)
class LessonBundle:
    path: str
    """Where it was found, for the report."""
    slug: str
    """Empty: its title makes one."""
    content: LessonContent
    order: int | None = None
    pictures: tuple[PictureFile, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """Something that does not come in, and why."""

    path: str
    reason: str


@dataclass
class Bundle:
    """All that one file brings."""

    lessons: list[LessonBundle] = field(default_factory=list)
    title: str = ""
    summary: str = ""
    terms: list[Term] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, path: str, reason: str) -> None:
        self.skipped.append(Skipped(path, reason))


def read_bundle(file: IO[bytes], name: str) -> Bundle:
    """What is in the file: a zip of a lesson or a course, a `lesson.md`, or a notebook. Its contents say which it is.

    Raises:
        ArchiveRefused: a zip file that is damaged or made to do harm.
        NothingToImport: there is no lesson in it.
    """
    file.seek(0)
    begin = file.read(4)
    file.seek(0)
    bundle = Bundle()
    if begin.startswith(b"PK"):
        _read_archive(open_archive(file), bundle)
    else:
        _read_one_file(file.read(settings.MAX_ARCHIVE_BYTES), name, bundle)
    if not (bundle.lessons or bundle.terms or bundle.title or bundle.skipped):
        raise NothingToImport(f"There is no lesson in this zip file. A lesson is a folder with a file “{LESSON}”.")
    return bundle


def _read_one_file(data: bytes, name: str, bundle: Bundle) -> None:
    if data.lstrip().startswith(b"{"):
        try:
            notebook = read_notebook(data, name=PurePosixPath(name).stem)
        except NotebookRefused as error:
            raise NothingToImport(error.message) from error
        pictures = tuple(PictureFile(picture, picture, partial(bytes, data)) for picture, data in notebook.pictures)
        bundle.lessons.append(LessonBundle(name, "", notebook.content, pictures=pictures))
        for reason in notebook.left_out:
            bundle.skip(name, reason)
        return
    try:
        found = read_lesson_text(_decode(data))
    except (LessonFileError, UnicodeDecodeError) as error:
        raise NothingToImport(
            f"This is no zip file, no notebook, and no “{LESSON}” that we can read: {_words(error)}."
        ) from error
    _add_lesson(bundle, name, "", found, ())


def _read_archive(archive: Archive, bundle: Bundle) -> None:
    names = [name for name in archive.names if not set(PurePosixPath(name).parts) & set(LEFT_BY_SYSTEMS)]
    folders = _lesson_folders(names)
    base = _base(names, folders)
    by_owner: dict[str | None, list[str]] = {}
    for name in names:
        by_owner.setdefault(_owner(name, folders), []).append(name)
    for number, folder in enumerate(sorted(folders), start=1):
        if number > MOST_LESSONS:
            bundle.skip(_join(folder, LESSON), f"One file brings {MOST_LESSONS} lessons. Bring the others in another.")
        else:
            _read_lesson_folder(archive, folder, by_owner[folder], bundle)
    for name in by_owner.get(None, []):
        if name == _join(base, COURSE):
            _read_course(archive, name, bundle)
        elif name == _join(base, GLOSSARY):
            _read_glossary(archive, name, bundle)
        else:
            bundle.skip(name, "It belongs to no lesson.")


def _lesson_folders(names: list[str]) -> set[str]:
    """Folders with a `lesson.md`, none inside another; “.” where the lesson was zipped without its folder."""
    found: set[str] = set()
    for name in sorted(names, key=lambda name: name.count("/")):
        path = PurePosixPath(name)
        if path.name == LESSON and not any(str(parent) in found for parent in path.parents):
            found.add(str(path.parent))
    return found


def _base(names: list[str], folders: set[str]) -> str:
    """The folder in which the lessons' folders lie, and with them what belongs to the course."""
    if folders:
        return str(PurePosixPath(min(sorted(folders), key=lambda folder: folder.count("/"))).parent)
    about = [PurePosixPath(name) for name in names if PurePosixPath(name).name in (COURSE, GLOSSARY)]
    return str(min(about, key=lambda path: len(path.parts)).parent) if about else "."


def _owner(name: str, folders: set[str]) -> str | None:
    """The lesson's folder in which the file lies."""
    return next((str(parent) for parent in PurePosixPath(name).parents if str(parent) in folders), None)


def _join(folder: str, name: str) -> str:
    return str(PurePosixPath(folder) / name)


def _read_lesson_folder(archive: Archive, folder: str, names: list[str], bundle: Bundle) -> None:
    path = _join(folder, LESSON)
    try:
        quiz = _text(archive, _join(folder, QUIZ)) if _join(folder, QUIZ) in names else ""
        found = read_lesson_text(_text(archive, path), quiz=quiz)
    except (LessonFileError, UnicodeDecodeError) as error:
        bundle.skip(path, f"The lesson cannot be read: {_words(error)}.")
        return
    pictures = []
    for name in names:
        if name in (path, _join(folder, QUIZ)):
            continue
        if not name.lower().endswith(PICTURES):
            bundle.skip(name, "Only texts, questions and pictures come in.")
        elif archive.size(name) > settings.MAX_IMAGE_BYTES:
            bundle.skip(name, f"The picture is larger than {settings.MAX_IMAGE_BYTES // 1_000_000} MB.")
        else:
            within = PurePosixPath(name).relative_to(folder)
            inside = within.relative_to(STATIC) if within.parts[0] == STATIC else within
            pictures.append(PictureFile(name, str(inside), partial(archive.read, name)))
    _add_lesson(bundle, path, "" if folder == "." else PurePosixPath(folder).name, found, tuple(pictures))


def _add_lesson(bundle: Bundle, path: str, slug: str, found: LessonFile, pictures: tuple[PictureFile, ...]) -> None:
    for setting in found.unknown:
        bundle.skip(path, f"The setting “{setting[:60]}” means nothing here.")
    content = found.content.storable()
    if content.quiz:
        try:
            _load_yaml(content.quiz)
        except LessonFileError as error:
            bundle.skip(path, f"The questions came in as they are, but cannot be read: {error}.")
    bundle.lessons.append(LessonBundle(path, slug, content, found.order, pictures))


def read_lesson_text(text: str, *, quiz: str = "") -> LessonFile:
    found = read_lesson(text, quiz=quiz)
    if not found.content.storable().title:
        raise LessonFileError("“title” is missing")
    return found


def _read_course(archive: Archive, path: str, bundle: Bundle) -> None:
    try:
        found = _load_yaml(_text(archive, path))
        title, summary = text_setting(found, "title"), text_setting(found, "summary")
        if len(title) > 120:
            raise LessonFileError("“title” is too long: 120 characters fit")
    except (LessonFileError, UnicodeDecodeError) as error:
        bundle.skip(path, f"Title and summary of the course cannot be read: {_words(error)}.")
        return
    storable = LessonContent(title, summary).storable()
    bundle.title, bundle.summary = storable.title, storable.summary


def _read_glossary(archive: Archive, path: str, bundle: Bundle) -> None:
    try:
        found = _load_yaml(_text(archive, path))
        if not isinstance(found, list):
            raise LessonFileError("it must be a list")
    except (LessonFileError, UnicodeDecodeError) as error:
        bundle.skip(path, f"The glossary cannot be read: {_words(error)}.")
        return
    if len(found) > MOST_TERMS:
        bundle.skip(path, f"Only the first {MOST_TERMS:,} entries were looked at.")
    for number, entry in enumerate(found[:MOST_TERMS], start=1):
        try:
            bundle.terms.append(read_term(entry, number))
        except GlossaryFileError as error:
            bundle.skip(path, str(error))


def _text(archive: Archive, name: str) -> str:
    if archive.size(name) > LONGEST_FILE:
        raise LessonFileError(f"it is too long: {LONGEST_TEXT:,} characters fit")
    return _decode(archive.read(name))


def _decode(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _load_yaml(text: str) -> Any:
    try:
        return read_yaml(text)[1]
    except YamlTextError as error:
        raise LessonFileError(f"line {error.line}: {error.message}") from error


def _words(error: Exception) -> str:
    return "it is not in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error).removesuffix(".")
