"""What has become of the questions of a file, item by item."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils.text import slugify
from pydantic import ValidationError

from common.errors import InvalidParams
from quizzes.questions import ANY_QUESTION, NO_WHY, AnyQuestion
from quizzes.quiz_files import words_of

LONGEST_FILE = 500_000
MOST_QUESTIONS = 200
LONGEST_ID = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class FileRefused(InvalidParams):
    """Why nothing of a file can be read, and what to do."""

    code = "file_refused"


@dataclass(frozen=True)
class Item:
    """Something of a file that did not come in, or not as it was."""

    number: int
    """Counts the file's questions from 1."""
    line: int
    reason: str


@dataclass
class Imported:
    questions: list[AnyQuestion] = field(default_factory=list)
    skipped: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)

    @property
    def without_why(self) -> int:
        """How many choices have no explanation yet."""
        return sum(missing_explanations(question) for question in self.questions)

    def take(self, value: dict[str, Any], number: int, line: int) -> None:
        """Keep this question under an id of its own, or say why it cannot be one."""
        if len(self.questions) == MOST_QUESTIONS:
            self.skip(number, line, f"{MOST_QUESTIONS} questions come in at once; this one is too many.")
            return
        wanted = name_of(value.get("id", ""), f"question-{number}")
        value["id"] = free_id(wanted, {question.id for question in self.questions})
        try:
            self.questions.append(ANY_QUESTION.validate_python(value))
        except ValidationError as error:
            self.skip(number, line, _reason(error))

    def skip(self, number: int, line: int, reason: str) -> None:
        self.skipped.append(Item(number, line, reason))

    def change(self, number: int, line: int, reason: str) -> None:
        self.changed.append(Item(number, line, reason))


def missing_explanations(question: AnyQuestion) -> int:
    """How many of the question's answers still say NO_WHY."""
    parts = [*getattr(question, "choices", ()), *getattr(question, "wrong", ())]
    return sum(getattr(part, "why", None) == NO_WHY for part in parts)


def name_of(words: str, otherwise: str) -> str:
    """An id or a tag made of words; they themselves where they are one."""
    if len(words) <= LONGEST_ID and _NAME.fullmatch(words):
        return words
    return slugify(words)[:LONGEST_ID].strip("-_") or otherwise


def free_id(wanted: str, taken: Container[str]) -> str:
    """`gates`; where that is taken, `gates-2`."""

    def numbered() -> Iterator[str]:
        yield wanted
        for number in count(2):
            yield f"{wanted[: LONGEST_ID - 5]}-{number}"

    return next(one for one in numbered() if one not in taken)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    path = ".".join(str(step + 1) if isinstance(step, int) else step for step in first["loc"][1:])
    return f"{path}: {words_of(first)}" if path else words_of(first)
