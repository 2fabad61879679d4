"""Where two people changed the same lines: both versions stand in the text, between marks, until somebody decides."""

from __future__ import annotations

YOURS, ORIGINAL = "yours", "original"
BEGIN, END = f"<<<<<<< {YOURS}", f">>>>>>> {ORIGINAL}"
MIDDLE = "======= or"
"""Not “=======” alone, which is how Markdown writes a heading, and so may stand in any text."""


def conflict_lines(text: str) -> list[int]:
    """The lines (from 1) on which such a place begins, has its middle, or ends."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if line.rstrip() in (BEGIN, MIDDLE, END)]
