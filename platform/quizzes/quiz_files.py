"""`quiz.yaml` to a quiz and back. What is wrong in it is told with its path and its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from common import problems
from common.markdown import Problem
from common.yaml_text import YamlTextError, dump_yaml, read_yaml
from quizzes.questions import Quiz

LONGEST_FILE = 400_000
EMPTY = Quiz()
_UNIONS = frozenset({"single", "multiple", "numeric", "text", "ordering", "matching", "blanks", "poll", "demo"})


@dataclass(frozen=True)
class QuizFile:
    """What a file says. `quiz` is None where there are problems."""

    quiz: Quiz | None
    problems: tuple[Problem, ...]


@lru_cache(maxsize=128)
def read_quiz(text: str) -> QuizFile:
    """Raises nothing, whatever the text. No text at all is a quiz without questions."""
    if not text.strip():
        return QuizFile(EMPTY, ())
    if len(text) > LONGEST_FILE:
        return _wrong(1, f"This is too long: {LONGEST_FILE:,} characters fit.")
    try:
        node, value = read_yaml(text)
        if not isinstance(value, dict):
            return _wrong(1, "A quiz begins with “questions:”.")
        return QuizFile(Quiz.model_validate(value), ())
    except YamlTextError as error:
        return _wrong(error.line, f"{error.message[0].upper()}{error.message[1:]}.")
    except ValidationError as error:
        return QuizFile(None, tuple(_problem(node, one) for one in error.errors()))


def line_of_question(text: str, place: int) -> int:
    """On which line of a text without errors this one of its questions begins."""
    node, _ = read_yaml(text)
    return _find(node, ["questions", place])[1]


def write_quiz(quiz: Quiz) -> str:
    """The file of which `read_quiz` makes the same quiz again; what is not said is left out."""
    value = quiz.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for written, question in zip(value.get("questions", []), quiz.questions, strict=True):
        written["type"] = question.type
        # The id first, then the type: so one finds a question.
        rest = {name: written.pop(name) for name in list(written) if name not in ("id", "type")}
        written.update({"id": written.pop("id"), "type": written.pop("type"), **rest})
    return dump_yaml(value) if value else ""


def _wrong(line: int, message: str) -> QuizFile:
    return QuizFile(None, (Problem(line, message),))


def _problem(node: yaml.Node | None, error: Any) -> Problem:
    steps = list(error["loc"])
    if steps[:1] == ["questions"] and len(steps) > 2:
        del steps[2]  # pydantic names the type of the question on the way
    elif error["type"] == "union_tag_invalid":
        steps.append("type")
    path, line = _find(node, steps)
    return Problem(line, f"{path}: {words_of(error)}" if path else words_of(error))


def _find(node: yaml.Node | None, steps: Sequence[int | str]) -> tuple[str, int]:
    """The path of a value in words (“questions[2].choices[0].text”), and its line: that of the innermost part that is
    written."""
    path, line = "", node.start_mark.line + 1 if node else 1
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            path += f"[{step}]"
        elif isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            path += f".{step}" if path else str(step)
            if found is None:
                node = None
                continue
            key, node = found
            line = key.start_mark.line + 1
            continue
        else:
            continue
        line = node.start_mark.line + 1
    return path, line


def words_of(error: Any) -> str:
    """What one of pydantic's errors says, for an author of questions."""
    match error["type"]:
        case "union_tag_invalid" | "union_tag_not_found":
            return f"“type” must be one of {', '.join(sorted(_UNIONS))}."
        case "string_pattern_mismatch":
            return "Use small letters, digits, “-” and “_”."
        case _:
            return problems.words_of(error)
