"""Rules that keep what the parser does, and what comes out, in proportion to the text, whatever somebody writes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore

MORE_CELLS = 4
MORE_CELLS_AT_LEAST = 400
"""A table may have so many times the cells that are written in it, or so many: short rows are filled up with empty
ones."""
MORE_ADDRESSES = 4
MORE_ADDRESSES_AT_LEAST = 20_000
"""All addresses of links together may have so many times the characters of the text, or so many: a text names one once,
and may refer to it at every word."""


def keep_in_proportion(parser: MarkdownIt) -> None:
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.push("addresses", _addresses)


def heading_ids(parser: MarkdownIt, slug: Callable[[str], str], levels: tuple[str, ...] = ("h2", "h3")) -> None:
    """Each heading of these levels has an id, made of its words and, where they come again, a number."""

    def give_ids(state: StateCore) -> None:
        taken: set[str] = set()
        last: dict[str, int] = {}
        for token, inline in pairwise(state.tokens):
            if token.type != "heading_open" or token.tag not in levels:
                continue
            words = "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))
            name = address = slug(words)
            while address in taken:
                last[name] = last.get(name, 0) + 1
                address = f"{name}-{last[name]}"
            taken.add(address)
            token.attrSet("id", address)

    parser.core.ruler.push("heading_ids", give_ids)


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The usual rule, but for a table of next to nothing but empty cells, which stays text."""
    if "lines" not in state.env:
        state.env["lines"] = _Lines(state.src)
    rows, written = state.env["lines"].passage(start_line)
    columns = state.src.count("|", state.bMarks[start_line], state.eMarks[start_line]) + 1
    if columns * rows > max(MORE_CELLS * written, MORE_CELLS_AT_LEAST):
        return False
    return table(state, start_line, end_line, silent)


class _Lines:
    """What is asked of the lines of a text again and again, counted once."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        cells = [line.count("|") + 1 for line in lines]
        self._before = [0, *accumulate(cells)]
        self._end = [len(lines)] * len(lines)
        for number in range(len(lines) - 1, -1, -1):
            if not lines[number].strip(" \t>"):
                self._end[number] = number
            elif number + 1 < len(lines):
                self._end[number] = self._end[number + 1]

    def passage(self, start: int) -> tuple[int, int]:
        """How many lines follow from here to the next empty one, and how many cells they would make as they stand."""
        end = self._end[start]
        return end - start, self._before[end] - self._before[start]


def _addresses(state: StateCore) -> None:
    """Links lose their addresses from where these have become too many."""
    left = max(MORE_ADDRESSES * len(state.src), MORE_ADDRESSES_AT_LEAST)
    for token in state.tokens:
        for child in token.children or []:
            left -= sum(len(str(value)) for value in child.attrs.values())
            if left < 0:
                child.attrs = _without_addresses(child.attrs)


def _without_addresses(attrs: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if name == "src" else "#" for name in attrs if name in ("href", "src")}
