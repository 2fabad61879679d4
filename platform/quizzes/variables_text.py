"""Variables of a question as an author types them, one a line: `n = 2 to 9 step 0.5`, `m = 1, 2, 5`, `b = a * 2`."""

from __future__ import annotations

import re
from typing import Any

from quizzes.formulas import Range, Variables, in_digits

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s+to\s+({_NUMBER})(?:\s+step\s+({_NUMBER}))?")
_VALUES = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})+,?|{_NUMBER},")


def read_variables(text: str) -> dict[str, Any]:
    """What `quiz.yaml` says of the same.

    Raises:
        ValueError: in words.
    """
    found: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, equals, said = (part.strip() for part in line.partition("="))
        if not equals or not said or not name:
            raise ValueError(f"Line {number}: write a name, “=” and what it can be, such as n = 2 to 9.")
        if name in found:
            raise ValueError(f"Line {number}: “{name}” is there twice.")
        found[name] = _variable(said)
    return found


def write_variables(variables: Variables) -> str:
    return "\n".join(f"{name} = {_said(variable)}" for name, variable in variables.items())


def _variable(said: str) -> Any:
    if match := _RANGE.fullmatch(said):
        first, last, step = (float(part) if part else 1.0 for part in match.groups())
        return {"from": first, "to": last, "step": step}
    if _VALUES.fullmatch(said):
        return [float(part) for part in said.split(",") if part.strip()]
    return number_or_formula(said)


def number_or_formula(said: str) -> float | str:
    return float(said) if re.fullmatch(_NUMBER, said) else said


def _said(variable: Any) -> str:
    if isinstance(variable, Range):
        step = "" if variable.step == 1 else f" step {in_words(variable.step)}"
        return f"{in_words(variable.first)} to {in_words(variable.last)}{step}"
    if isinstance(variable, tuple):
        return ", ".join(in_words(value) for value in variable) + ("," if len(variable) == 1 else "")
    return in_words(variable)


def in_words(value: float | str) -> str:
    """A number with all its digits, as few as say it; a formula as it is."""
    if isinstance(value, str):
        return value
    short = in_digits(value)
    return short if float(short) == value else repr(value)
