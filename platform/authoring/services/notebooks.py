"""A Jupyter notebook becomes a lesson: its text, its code as code to read, and what the code had printed and drawn.

Nothing is run, and nothing in the file is trusted to have the form that the format promises.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from typing import Any, Final

from django.utils.text import slugify
from markdown_it import MarkdownIt

from authoring.services.images import MOST_IN_A_LESSON
from common.errors import InvalidParams
from courses.lesson_files import LONGEST_TEXT, LONGEST_TITLE, LessonContent

LONGEST_OUTPUT: Final = 4_000
MOST_OUTPUT_LINES: Final = 60
LONGEST_RAW_OUTPUT: Final = 20 * LONGEST_OUTPUT
"""Of which what is shown is made: colours go away, and lines that were written over."""
IMAGE_TYPES: Final = {"image/png": "png", "image/jpeg": "jpg"}


class NotebookRefused(InvalidParams):
    """Why a file is not taken as a notebook."""

    code = "notebook_refused"


@dataclass(frozen=True)
class Notebook:
    content: LessonContent
    pictures: tuple[tuple[str, bytes], ...]
    """Name in the text, and the file."""
    left_out: tuple[str, ...]
    """What did not come along, in sentences."""


def read_notebook(data: bytes, *, name: str) -> Notebook:
    """
    Raises:
        NotebookRefused: it is no notebook, or too long for a lesson.
    """
    import nbformat  # with its schemas it is heavy, and seldom needed

    try:
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    except Exception as error:  # the conversion of older versions raises whatever it stumbles over
        raise NotebookRefused(
            "This is no Jupyter notebook that we can read. Save it in Jupyter, then try again."
        ) from error
    if sum(len(_joined(cell.get("source"))) for cell in cells) > LONGEST_TEXT:
        raise _too_long()
    conversion = _Conversion(language=_language(notebook.get("metadata")))
    for number, cell in enumerate(cells, start=1):
        conversion.add_cell(number, cell)
    title, texts = _take_title(conversion.texts)
    body = "\n\n".join(text for text in texts if text.strip()) + "\n"
    if len(body) > LONGEST_TEXT:
        raise _too_long()
    title = (title or name.replace("_", " ").replace("-", " ").strip() or "Notebook")[:LONGEST_TITLE]
    return Notebook(
        content=LessonContent(title=title, body=body).storable(),
        pictures=tuple(conversion.pictures.items()),
        left_out=tuple(
            f"{what} ({count} times)." if count > 1 else f"{what}." for what, count in conversion.left_out.items()
        ),
    )


def _too_long() -> NotebookRefused:
    return NotebookRefused(f"This notebook is too long for a lesson: {LONGEST_TEXT:,} characters fit. Divide it.")


@dataclass(frozen=True)
class _Text:
    """A piece of the lesson; the author's own words may have headings."""

    text: str
    is_prose: bool = False


@dataclass
class _Conversion:
    language: str
    texts: list[_Text] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def add_cell(self, number: int, cell: dict[str, Any]) -> None:
        source = _joined(cell.get("source"))
        kind = cell.get("cell_type")
        if kind == "markdown":
            self.texts.append(_Text(self._prose(source, cell.get("attachments")), is_prose=True))
        elif kind == "code":
            if source.strip():
                self.texts.append(_Text(_fenced(source, self.language)))
            outputs = cell.get("outputs")
            for output in outputs if isinstance(outputs, list) else []:
                if isinstance(output, dict):
                    self._add_output(number, output)
        elif source.strip():
            self.left_out["A raw cell, which is meant for other programs"] += 1

    def _prose(self, source: str, attachments: Any) -> str:
        names: dict[str, str] = {}
        for name, bundle in (attachments if isinstance(attachments, dict) else {}).items():
            kept = self._keep_picture(bundle, str(name))
            if kept:
                names[str(name)] = kept
            else:
                self.left_out[f"The attached picture “{str(name)[:60]}”, which is neither PNG nor JPEG"] += 1

        def attached(match: re.Match[str]) -> str:
            name = names.get(match[2].replace("%20", " "))
            return f"![{match[1]}]({name})" if name else match[0]

        source = source.replace("\r\n", "\n").replace("\r", "\n")
        source = re.sub(r"!\[([^\]\n]{0,300})\]\(attachment:([^)\n]{1,300}?)\)", attached, source)
        if re.search(r"<(img|div|table|span|center|font|br|a)\b", source, re.IGNORECASE):
            self.left_out["HTML in a text, which is shown as it is written"] += 1
        return _harmless(_with_dollars(source))

    def _keep_picture(self, data: Any, name: str) -> str | None:
        """Keeps the picture in a bundle of media types; its name in the text."""
        for media_type, extension in IMAGE_TYPES.items():
            encoded = _joined(data.get(media_type)) if isinstance(data, dict) else ""
            if not encoded:
                continue
            if len(self.pictures) >= MOST_IN_A_LESSON:
                self.left_out[f"A picture beyond the {MOST_IN_A_LESSON} that a lesson can have"] += 1
                return None
            try:
                picture = base64.b64decode("".join(encoded.split()), validate=True)
            except (binascii.Error, ValueError):
                return None
            stem, count = slugify(PurePosixPath(name).stem)[:80] or "picture", 1
            kept = f"{stem}.{extension}"
            while kept in self.pictures:
                count += 1
                kept = f"{stem}-{count}.{extension}"
            self.pictures[kept] = picture
            return kept
        return None

    def _add_output(self, number: int, output: dict[str, Any]) -> None:
        kind = output.get("output_type")
        if kind == "stream":
            self._add_printed(_joined(output.get("text")))
        elif kind == "error":
            self._add_printed("\n".join(_strings(output.get("traceback"))))
        else:
            self._add_shown(number, output.get("data"))

    def _add_shown(self, number: int, data: Any) -> None:
        data = data if isinstance(data, dict) else {}
        picture = self._keep_picture(data, f"output-{number}.png")
        if picture:
            # Closed at once: a later line “:::” in somebody's code must not become its end.
            self.texts.append(_Text(f":::figure {picture} What the code above has drawn\n:::"))
            return
        kinds = [str(kind) for kind in data if str(kind) != "text/plain"]
        if any("widget" in kind for kind in kinds):
            self.left_out["A widget, which lives in Jupyter only"] += 1
        elif text := _joined(data.get("text/plain")):
            self._add_printed(text)
            if "text/html" in kinds:
                self.left_out["An output in HTML; it is shown as text"] += 1
        elif kinds:
            self.left_out[f"An output of a kind that is not shown here ({kinds[0][:60]})"] += 1

    def _add_printed(self, text: str) -> None:
        is_cut = len(text) > LONGEST_RAW_OUTPUT
        text = _plain(text[:LONGEST_RAW_OUTPUT])
        if text.strip():
            lines = text.splitlines()
            short = "\n".join(lines[:MOST_OUTPUT_LINES])[:LONGEST_OUTPUT]
            if is_cut or short != "\n".join(lines):
                short += "\n… (the rest is left out)"
                self.left_out["The end of a long output"] += 1
            self.texts.append(_Text(_fenced(short, "text")))


# --- text


def _strings(value: Any) -> Iterator[str]:
    return (part for part in (value if isinstance(value, list) else []) if isinstance(part, str))


def _joined(value: Any) -> str:
    """Texts may be kept as lists of lines."""
    return value if isinstance(value, str) else "".join(_strings(value))


def _language(metadata: Any) -> str:
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        inner = metadata.get(part) if isinstance(metadata, dict) else None
        language = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(language, str) and re.fullmatch(r"[A-Za-z0-9+#._-]{1,30}", language):
            return language.lower()
    return "python"


def _plain(text: str) -> str:
    """Without a terminal's colours; of a line that was written over, what stood there last."""
    # No part of it reaches over the next escape, so that a text of nothing but beginnings is read once.
    text = re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)", "", text)
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return "\n".join(lines).rstrip()


def _fenced(text: str, language: str) -> str:
    """In a fence that is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


# Bounded, so that a text of nothing but openings costs no more than a moment.
_MATH: Final = re.compile(
    r"(?P<kept>(?P<ticks>`{1,4})[^`].{0,300}?(?P=ticks)|\$\$.{0,1000}?\$\$)"
    r"|\\\\?\((?P<inline>[^\n]{1,300}?)\\\\?\)"
    r"|\\\\?\[(?P<display>.{1,1000}?)\\\\?\]"
    r"|^\\begin\{(?P<which>equation|align|gather)(?P<star>\*?)\}(?P<inner>.{1,1000}?)\\end\{(?P=which)(?P=star)\}"
    r"|\$(?P<spaced> [^$\n]{0,300}?[\\^_=][^$\n]{0,300}|[^$\n ][^$\n]{0,300}[\\^_=][^$\n]{0,300} )\$",
    re.DOTALL | re.MULTILINE,
)
_INNER: Final = {
    "equation": "%s",
    "align": "\\begin{aligned}%s\\end{aligned}",
    "gather": "\\begin{gathered}%s\\end{gathered}",
}


def _with_dollars(text: str) -> str:
    """Formulas between the signs that lessons use: Jupyter knows more of them. Code stays as it is."""
    lines, prose = text.split("\n"), set(_prose_lines(text))
    runs = groupby(range(len(lines)), key=lambda number: number in prose)
    pieces = (("\n".join(lines[number] for number in run), is_prose) for is_prose, run in runs)
    return "\n".join(_MATH.sub(_dollars, piece) if is_prose else piece for piece, is_prose in pieces)


def _dollars(match: re.Match[str]) -> str:
    if match["kept"]:
        return match[0]
    if words := match["inline"] or match["spaced"]:
        return f"${words.strip()}$"
    inner = match["display"] or _INNER[match["which"]] % match["inner"].strip()
    # A formula has no empty lines here.
    return "$$" + "\n".join(line for line in inner.strip().split("\n") if line.strip()) + "$$"


def _harmless(text: str) -> str:
    """A line that would be a block of ours (`:::demo …`) by accident stays text."""
    lines = text.split("\n")
    for number in _prose_lines(text):
        lines[number] = re.sub(r"^([\s>*+\-0-9.)]*):::", r"\1\\:::", lines[number])
    return "\n".join(lines)


def _prose_lines(text: str) -> list[int]:
    """The lines that are not code."""
    code: set[int] = set()
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("fence", "code_block") and token.map:
            code.update(range(*token.map))
    return [number for number in range(text.count("\n") + 1) if number not in code]


def _take_title(pieces: list[_Text]) -> tuple[str, list[str]]:
    """The first heading of the first level becomes the title. Where others of that level are left, all go one down:
    the lesson's title is the page's only one."""
    headings = [_headings(piece.text) if piece.is_prose else [] for piece in pieces]
    firsts = [(place, heading) for place, found in enumerate(headings) for heading in found if heading.level == 1]
    texts: list[str] = []
    for place, (piece, found) in enumerate(zip(pieces, headings, strict=True)):
        lines = piece.text.split("\n")
        for heading in reversed(found):
            if (place, heading) in firsts[:1]:
                lines[heading.begin : heading.end] = []
            elif len(firsts) > 1:
                lines[heading.begin : heading.end] = [f"{'#' * min(heading.level + 1, 6)} {heading.source}"]
        texts.append("\n".join(lines).strip("\n"))
    return (firsts[0][1].words if firsts else ""), texts


@dataclass(frozen=True)
class _Heading:
    level: int
    begin: int
    end: int
    """The line after it."""
    source: str
    words: str


def _headings(text: str) -> list[_Heading]:
    """Those that stand by themselves, in no list and no quotation."""
    found = []
    for token, inline in pairwise(MarkdownIt("commonmark").parse(text)):
        if token.type == "heading_open" and token.level == 0 and token.map:
            words = " ".join("".join(child.content for child in inline.children or []).split())
            source, (begin, end) = " ".join(inline.content.split()), token.map
            found.append(_Heading(int(token.tag[1]), begin, end, source, words))
    return found
