"""What goes into tables that people open in a spreadsheet."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Not taken for a formula by a spreadsheet, which would run it on the reader's computer."""
    return f"'{text}" if _is_risky(text) else text


def as_written(text: str) -> str:
    """The text of which `harmless` made this one."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    """Also with the mark before it already, so that taking one away gives back what was there."""
    return text.lstrip("'").startswith(FORMULA_SIGNS)
