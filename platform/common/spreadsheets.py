"""What goes into tables that people open in a spreadsheet."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Not taken for a formula by a spreadsheet, which would run it on the reader's computer."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
