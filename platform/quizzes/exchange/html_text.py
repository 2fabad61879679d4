"""HTML of other systems as Markdown: paragraphs, emphasis, code, lists. Everything else leaves its words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_OPEN = re.compile(r"<(?!!--|[^<>]*>)")
"""A tag that never ends: whoever looks for its end looks through the rest of the text, for each."""
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`"}
_PARAGRAPHS = frozenset({"p", "div", "ul", "ol", "table", "tr", "pre", "h1", "h2", "h3", "h4", "blockquote"})
_SILENT = frozenset({"script", "style"})


def as_markdown(text: str) -> str:
    r"""The text itself where it holds no HTML; `\(…\)` and `\[…\]` become $…$ and $$…$$ in any case."""
    if _TAG.search(text):
        reader = _Reader()
        reader.feed(_OPEN.sub("&lt;", text))
        reader.close()
        text = re.sub(r"\n{3,}", "\n\n", "".join(reader.pieces)).strip()
    text = re.sub(r"\\\(((?:(?!\\\().)+?)\\\)", r"$\1$", text, flags=re.DOTALL)
    return re.sub(r"\\\[((?:(?!\\\[).)+?)\\\]", r"$$\1$$", text, flags=re.DOTALL)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        else:
            self.pieces.append(_AROUND.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        else:
            self.pieces.append(_AROUND.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))
