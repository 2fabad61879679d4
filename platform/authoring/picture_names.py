"""Where the texts of a lesson name its pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from courses.lesson_files import LessonContent

_IN_TEXT: Final = (
    re.compile(r"^(:::[ \t]*figure[ \t]+)(\S+)", re.MULTILINE),
    re.compile(r"(!\[[^\]\n]{0,1000}\]\()(<[^>\n]{1,255}>|[^\s()<>]{1,255})"),
    re.compile(r"^( {0,3}\[[^\]\n]+\]:[ \t]*)(<[^>\n]{1,255}>|[^\s<>]{1,255})", re.MULTILINE),
)
_IN_QUESTIONS: Final = (
    re.compile(r"(\bimage:[ \t]+)(\"[^\"\n]{1,255}\"|'[^'\n]{1,255}'|[^\s,{}\[\]#\"'][^,{}\[\]#\"'\n]{0,254})"),
)


def rename_pictures(content: LessonContent, names: Mapping[str, str]) -> LessonContent:
    """The content with the new names where its text and its questions show these pictures."""
    if not names:
        return content
    return replace(
        content,
        body=_renamed(content.body, names, _IN_TEXT),
        quiz=_renamed(content.quiz, names, (*_IN_TEXT, *_IN_QUESTIONS)),
    )


def _renamed(text: str, names: Mapping[str, str], patterns: tuple[re.Pattern[str], ...]) -> str:
    def rename(match: re.Match[str]) -> str:
        name = unquote(match[2].strip(" \t<>\"'"))
        return f"{match[1]}{names[name]}" if name in names else match[0]

    for pattern in patterns:
        text = pattern.sub(rename, text)
    return text
