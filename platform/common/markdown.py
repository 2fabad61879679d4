"""Lesson text to safe HTML: Markdown with $math$, tables, footnotes, and blocks that an app hands in.

A block is a line `:::name arguments`, and where a line `:::` follows before the next block, what stands between is its
body:

    :::demo explorer capitals

    :::note Why cosine?
    Length says how often a word occurs, direction what it means.
    :::

Text is never trusted: raw HTML is shown as written, and what the parser makes of the rest goes through nh3. The HTML of
a block's handler is ours; it takes its place afterwards, by a placeholder that carries a random number the text cannot
know. Sanitising and placing are safe together because no text can put a placeholder anywhere but between two blocks.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from common.markdown_rules import heading_ids, keep_in_proportion
from common.terms import Forms, link_terms
from common.yaml_text import YamlTextError, read_yaml

LONGEST_SLUG = 100
NO_WORDS = {"softbreak": " ", "hardbreak": " ", "math_inline": "…"}
"""What stands in a text that is words only for a piece that is none."""

BlockHandler = Callable[[str, str, int], str]
"""`handler(arguments, body, line)` returns safe HTML, or raises `BlockError`."""


class BlockError(Exception):
    """What is wrong with a block, in a sentence for the author."""


class FrontMatterError(ValueError):
    """What is wrong with the settings at the top of a text."""


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Problem:
    line: int
    message: str


@dataclass(frozen=True)
class BlockUse:
    """A block as it is written: `:::name arguments`."""

    name: str
    arguments: str
    line: int


@dataclass(frozen=True)
class Rendered:
    html: SafeString
    headings: tuple[Heading, ...]
    problems: tuple[Problem, ...]
    blocks: tuple[BlockUse, ...]
    terms: tuple[str, ...] = ()
    """The addresses of the terms that the text leads to."""


def render(
    text: str, blocks: Mapping[str, BlockHandler], images: Mapping[str, str] | None = None, terms: Forms = ()
) -> Rendered:
    """The whole of a lesson's text. Whatever the text, it raises nothing: what cannot be shown stands in the page as a
    note with its line number, and in `problems`. `images` are the addresses of the pictures that `![…](name)` names;
    the first use of each of the `terms` outside of headings, links and blocks becomes a link."""
    images = images or {}
    return _render(text, {"note": partial(_note, images), **blocks}, _parser(), images, terms)


def render_fragment(text: str, images: Mapping[str, str] | None = None, *, place: str = "") -> SafeString:
    """A piece of text: everything but blocks, headings with an address and, unless `images` names them, pictures.
    `place` goes into the ids of its footnotes where the page has others.

    Raises:
        BlockError: there is no such picture among `images`.
    """
    # The plugin for footnotes knows this name.
    rendered = _render(text, {}, _fragment_parser(), images or {}, docId=place or None)
    if rendered.problems and images is not None:
        raise BlockError(rendered.problems[0].message)
    return rendered.html


@dataclass(frozen=True)
class PlainText:
    text: str
    headings: tuple[str, ...]


def plain_text(text: str, blocks: Mapping[str, Callable[[str], str]] | None = None) -> PlainText:
    """The words of a text, without its markup and formulas: for a search. Of blocks only notes and those that `blocks`
    names have words: their bodies, and what is made of their arguments."""
    worded: dict[str, Callable[[str], str]] = {"note": str, **(blocks or {})}
    tokens = _tokens(_parser(), text)
    words: list[str] = []
    for token in tokens:
        if token.type == "inline":
            words.append(_inline_words(token))
        elif token.type == "block" and (of_arguments := worded.get(token.meta["name"])):
            words.append(of_arguments(token.info))
            words += [_inline_words(inner) for inner in _tokens(_fragment_parser(), token.content)]
    # Postgres takes no U+0000; the parser has replaced those of the text.
    return PlainText("\n".join(filter(None, words)), tuple(heading.text for heading in _headings(tokens)))


def blocks_of(text: str) -> tuple[BlockUse, ...]:
    """Which blocks a text has, as `render` says it, without rendering any."""
    return _uses(token for token in _tokens(_parser(), text) if token.type == "block")


def _uses(tokens: Iterable[Token]) -> tuple[BlockUse, ...]:
    return tuple(
        BlockUse(token.meta["name"], token.info, token.map[0] + 1)
        for token in tokens
        if token.map and token.meta["name"]
    )


def _tokens(parser: MarkdownIt, text: str) -> list[Token]:
    return parser.parse(_storable(text), {"nonce": "", "blocks": [], "images": {}, "problems": [], "terms": ()})


def _inline_words(token: Token) -> str:
    return "".join(NO_WORDS.get(child.type, child.content) for child in token.children or [])


@dataclass(frozen=True)
class FrontMatter:
    """A file in two: the settings at its top, between two lines `---`, and the text, which begins at `first_line`."""

    settings: dict[str, Any]
    body: str
    first_line: int


def split_front_matter(text: str) -> FrontMatter:
    """
    Raises:
        FrontMatterError: the settings are not a YAML mapping; the message names the line.
    """
    parser = MarkdownIt("zero").use(front_matter_plugin)
    text = _storable(text)
    token = next((token for token in parser.parse(text) if token.type == "front_matter"), None)
    if token is None:
        return FrontMatter({}, text, 1)
    assert token.map is not None
    lines = text.splitlines(keepends=True)
    return FrontMatter(_settings(token), "".join(lines[token.map[1] :]), token.map[1] + 1)


def _settings(token: Token) -> dict[str, Any]:
    try:
        _, values = read_yaml(token.content)
    except YamlTextError as error:
        raise FrontMatterError(f"line {error.line + 1}: {error.message}") from error
    if not isinstance(values, dict):
        raise FrontMatterError("the front matter must be lines of the form “name: value”")
    return values


def _render(
    text: str,
    blocks: Mapping[str, BlockHandler],
    parser: MarkdownIt,
    images: Mapping[str, str],
    terms: Forms = (),
    **more: Any,
) -> Rendered:
    nonce = secrets.token_hex(16)
    env: dict[str, Any] = {"nonce": nonce, "blocks": [], "images": images, "problems": [], "terms": terms, "used": []}
    env |= more
    tokens = parser.parse(_storable(text), env)
    safe = _sanitise(parser.renderer.render(tokens, parser.options, env))

    problems: list[Problem] = env["problems"]
    pieces: list[str] = []
    for token in env["blocks"]:
        line = token.map[0] + 1
        try:
            pieces.append(_block_html(token, line, blocks))
        except BlockError as error:
            problems.append(Problem(line, str(error)))
            pieces.append(_problem_html(line, str(error)))
    html = re.sub(rf"{nonce}-(\d+);", lambda match: pieces[int(match[1])], safe)
    # Safe: nh3 has cleaned the text, and the pieces come from our own handlers.
    return Rendered(
        html=mark_safe(html),  # noqa: S308
        headings=tuple(_headings(tokens)),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        blocks=_uses(env["blocks"]),
        terms=tuple(env["used"]),
    )


def _storable(text: str) -> str:
    """Without lone surrogates, which neither the sanitiser nor the database can take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _block_html(token: Token, line: int, blocks: Mapping[str, BlockHandler]) -> str:
    name = token.meta["name"]
    if not name:
        raise BlockError("This “:::” closes nothing.")
    if name not in blocks:
        known = ", ".join(f":::{known}" for known in sorted(blocks))
        raise BlockError(f"There is no block “:::{name}”." + (f" There are {known}." if known else ""))
    return blocks[name](token.info, token.content, line)


def _note(images: Mapping[str, str], arguments: str, body: str, line: int) -> str:
    if not body.strip():
        raise BlockError("A note needs its text below it, and a line “:::” to close it.")
    title = format_html('<p class="note-title">{}</p>', arguments) if arguments else ""
    return format_html('<aside class="note">{}{}</aside>', title, render_fragment(body, images, place=f"line-{line}"))


def _problem_html(line: int, message: str) -> str:
    return format_html('<p class="problem" role="note"><strong>Line {}:</strong> {}</p>', line, message)


# --- parsing


@cache
def _parser() -> MarkdownIt:
    parser = _new_parser()
    parser.use(heading_ids, _slug)
    return parser


def _slug(title: str) -> str:
    """A heading's id: short, as it is kept where a reader stopped, and not that of the page's main part."""
    slug = slugify(title, True)[:LONGEST_SLUG] or "section"
    return "section-main" if slug == "main" else slug


@cache
def _fragment_parser() -> MarkdownIt:
    return _new_parser().disable("lesson_block")


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    parser.use(footnote_plugin, inline=False)
    parser.block.ruler.before(
        "fence", "lesson_block", _block_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.use(keep_in_proportion)
    parser.core.ruler.push("table_cells", _table_cells)
    parser.core.ruler.push("images", _images)
    parser.core.ruler.push("terms", _terms)
    parser.add_render_rule("block", _placeholder)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


_OPENING = re.compile(r":::[ \t]*([a-z][a-z0-9_-]*)(?:[ \t]+(.*))?$")


def _block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line) or not _line(state, start_line).startswith(":::"):
        return False
    line = _line(state, start_line)
    opening = _OPENING.match(line)
    if opening is None and line.strip(":"):
        return False
    if silent:
        return True
    closing = _closing_line(state, start_line, end_line) if opening else None
    token = state.push("block", "", 0)
    token.meta = {"name": opening[1] if opening else ""}
    token.info = (opening[2] or "").strip() if opening else ""
    token.block = True
    state.line = start_line + 1
    if closing is not None:
        token.content = state.getLines(start_line + 1, closing, state.sCount[start_line], False)
        state.line = closing + 1
    token.map = [start_line, state.line]
    return True


def _closing_line(state: StateBlock, start_line: int, end_line: int) -> int | None:
    """The line `:::` that closes this block: the next such line, unless another block opens first."""
    for number in range(start_line + 1, end_line):
        line = _line(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return None
        if line.startswith(":::"):
            return None if line.strip(":") else number
    return None


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _table_cells(state: Any) -> None:
    """A column aligned to the right is one of numbers: a class says so, for no style attribute survives."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            if "right" in str(token.attrs.pop("style", "")):
                token.attrSet("class", "num")
            if token.type == "th_open":
                token.attrSet("scope", "col")


def _images(state: Any) -> None:
    """Gives each picture its address. One that is not there, or lies on another site, leaves its words."""
    for token in state.tokens:
        for image in token.children or []:
            if image.type != "image":
                continue
            name = unquote(str(image.attrs["src"]))
            address = state.env["images"].get(name)
            if address is None:
                known = "Upload it first." if "/" not in name else "Pictures of other sites are not shown: upload it."
                message = f"There is no picture “{name}” in this lesson. {known}"
                state.env["problems"].append(Problem(token.map[0] + 1, message))
                image.type, image.tag, image.content = "text", "", image.content or name
            else:
                image.attrs["src"] = address
                image.attrs["loading"] = "lazy"


def _terms(state: Any) -> None:
    """Leads from the words of the text to where they are explained. A heading stays as it is."""
    if not state.env["terms"]:
        return
    for before, token in pairwise(state.tokens):
        if token.type == "inline" and before.type != "heading_open":
            token.children = link_terms(token.children or [], state.env["terms"], state.env["used"])


def _placeholder(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    env["blocks"].append(tokens[index])
    return f"{env['nonce']}-{len(env['blocks']) - 1};\n"


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    found = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and (address := token.attrGet("id")):
            text = "".join(child.content for child in inline.children or [])
            found.append(Heading(int(token.tag[1]), str(address), text))
    return found


# --- sanitising

_TAGS = nh3.ALLOWED_TAGS | {"section"}
_ADDRESSED = {tag: {"id"} for tag in ("h2", "h3", "li", "a", "sup")}
_ATTRIBUTES = {
    tag: nh3.ALLOWED_ATTRIBUTES.get(tag, set()) | _ADDRESSED.get(tag, set())
    for tag in {*nh3.ALLOWED_ATTRIBUTES, *_ADDRESSED}
} | {"a": {"href", "title", "id"}, "img": {"src", "alt", "title", "loading"}}
_CLASSES = {
    "span": {"math", "inline"},
    "div": {"math", "block", "table-scroll"},
    "th": {"num"},
    "td": {"num"},
    "section": {"footnotes"},
    "hr": {"footnotes-sep"},
    "ol": {"footnotes-list"},
    "li": {"footnote-item"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref", "term"},
}


def _sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
