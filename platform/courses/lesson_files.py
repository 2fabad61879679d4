"""A lesson as a file: `lesson.md`, front matter and text; the form in which lessons are written, moved and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from common.markdown import FrontMatterError, split_front_matter
from common.yaml_text import dump_yaml
from courses.models import Revision

KNOWN = ("title", "order", "summary", "aims")
LONGEST_TITLE = 120
LONGEST_TEXT = 400_000
MOST_ORDER = 32_767


class LessonFileError(ValueError):
    """What is wrong with a lesson's file, for its author."""


@dataclass(frozen=True)
class LessonContent:
    """What an author writes."""

    title: str
    summary: str = ""
    aims: tuple[str, ...] = ()
    body: str = ""
    quiz: str = ""

    @classmethod
    def of(cls, revision: Revision) -> LessonContent:
        return cls(revision.title, revision.summary, tuple(revision.aims), revision.body, revision.quiz)

    def storable(self) -> LessonContent:
        """The same with lines that end in one way, whichever system or form they came from, and without the characters
        that Postgres cannot keep."""
        return LessonContent(
            title=_storable(self.title).strip(),
            summary=_storable(self.summary).strip(),
            aims=tuple(_storable(aim).strip() for aim in self.aims),
            body=_storable(self.body),
            quiz=_storable(self.quiz),
        )


@dataclass(frozen=True)
class LessonFile:
    content: LessonContent
    order: int | None
    first_line: int
    """The file's line on which the text begins."""
    unknown: tuple[str, ...]
    """Settings that mean nothing here."""


def read_lesson(text: str, *, quiz: str = "") -> LessonFile:
    """
    Raises:
        LessonFileError: a setting cannot be read; a title is missing.
    """
    try:
        parts = split_front_matter(text)
    except FrontMatterError as error:
        raise LessonFileError(str(error)) from error
    settings = parts.settings
    aims = settings.get("aims") or []
    if not isinstance(aims, list) or not all(isinstance(aim, str) for aim in aims):
        raise LessonFileError("“aims” must be a list of sentences")
    order = settings.get("order")
    if order is not None and (type(order) is not int or not 0 <= order <= MOST_ORDER):
        raise LessonFileError(f"“order” must be a number from 0 to {MOST_ORDER}")
    title = text_setting(settings, "title")
    if len(title) > LONGEST_TITLE:
        raise LessonFileError(f"“title” has {len(title)} characters; {LONGEST_TITLE} fit")
    if len(parts.body) > LONGEST_TEXT or len(quiz) > LONGEST_TEXT:
        raise LessonFileError(f"The text is too long: {LONGEST_TEXT:,} characters fit")
    summary = settings.get("summary") or ""
    return LessonFile(
        content=LessonContent(
            title=title,
            summary=text_setting(settings, "summary") if summary else "",
            aims=tuple(aim.strip() for aim in aims if aim.strip()),
            body=parts.body.lstrip("\n"),
            quiz=quiz,
        ),
        order=order,
        first_line=parts.first_line + _blank_lines(parts.body),
        unknown=tuple(str(name) for name in settings if name not in KNOWN),
    )


def write_lesson(content: LessonContent, *, order: int) -> str:
    """The file of which `read_lesson` makes the same again."""
    settings: dict[str, Any] = {"title": content.title, "order": order}
    if content.summary:
        settings["summary"] = content.summary
    if content.aims:
        settings["aims"] = list(content.aims)
    return f"---\n{dump_yaml(settings)}---\n\n{content.body}"


def text_setting(settings: Any, name: str) -> str:
    """
    Raises:
        LessonFileError: it is missing, or no text.
    """
    value = settings.get(name) if isinstance(settings, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise LessonFileError(f"“{name}” is missing")
    return value.strip()


def _storable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _blank_lines(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))
