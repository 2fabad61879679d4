"""Slips of the pen in a lesson's text: what is shown, but surely not as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from common.markdown import Problem
from courses import extensions
from courses.extensions import LessonSource

NOWHERE = ("", "http://", "https://")
"""Addresses of a link that was begun: the editor's button writes the last of them."""
_LATE_BLOCK = re.compile(r"\S[ \t]*:::[ \t]*([a-z][a-z0-9_-]*)\b")


def slips_in(source: LessonSource) -> list[Problem]:
    """Links that lead nowhere, and blocks that begin in the middle of a line, where they are words like others."""
    names = {"note", *extensions.blocks()}
    found = []
    for token in _parser().parse(source.body):
        for line, piece in _pieces(token):
            if piece.type == "link_open" and piece.attrs["href"] in NOWHERE:
                found.append(
                    Problem(line, "This link leads nowhere. Write its address: “[words](https://example.org)”.")
                )
            elif piece.type == "text" and (late := _LATE_BLOCK.search(piece.content)) and late[1] in names:
                name = late[1]
                found.append(Problem(line, f"“:::{name}” stands in the middle of a line. Begin a new line with it."))
    return found


def _pieces(token: Token) -> Iterator[tuple[int, Token]]:
    """What a paragraph, heading or cell is made of, each with its line, from 1."""
    line = token.map[0] + 1 if token.map else 1
    for piece in token.children or []:
        if piece.type in ("softbreak", "hardbreak"):
            line += 1
        yield line, piece


@cache
def _parser() -> MarkdownIt:
    """Knows no blocks: so their lines stay where they are, and what stands in them is looked at too."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")
