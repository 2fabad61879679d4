"""Regular expressions of authors. RE2 answers in time linear in the text, whatever the expression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 20


def check_pattern(pattern: str, *, case: bool) -> None:
    """Raises ValueError, in words, where it is no regular expression; without capitals some are too large."""
    _compiled(pattern, case=case)


def matches(pattern: str, text: str, *, case: bool) -> bool:
    """Whether the pattern describes the whole text."""
    return _compiled(pattern, case=case).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str, *, case: bool) -> Any:
    try:
        return re2.compile(pattern if case else f"(?i){pattern}", _OPTIONS)
    except re2.error as error:
        raise ValueError(f"“{pattern}” is not a regular expression that can be used here: {_words(error)}") from error


def _words(error: Any) -> str:
    words = error.args[0] if error.args else ""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
