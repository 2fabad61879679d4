"""The blocks of a lesson's text, and the text as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.markdown import BlockError, BlockHandler, Rendered, render, render_fragment
from demos.blocks import demo_block


def lesson_blocks(folder: str) -> Mapping[str, BlockHandler]:
    """What may stand in the lesson kept in `lessons/<folder>/`. Questions show nothing until there are quizzes."""
    return {
        "demo": demo_block,
        "figure": partial(_figure, folder),
        "quiz": _nothing,
        "predict": _nothing,
    }


@lru_cache(maxsize=256)
def render_lesson(text: str, folder: str) -> Rendered:
    """The lesson's text as HTML. Everything it depends on is in its arguments and in the code, so it is done once a
    process for each revision."""
    return render(text, lesson_blocks(folder))


def _figure(folder: str, arguments: str, body: str, line: int) -> SafeString:
    """`:::figure <file> <what is to be seen>`, its body the caption; the file is one of the lesson's `static/`."""
    name, _, description = arguments.partition(" ")
    path = f"{folder}/{name}"
    if not name or ".." in name or finders.find(path) is None:
        raise BlockError(f"There is no file “{name}” in the lesson's static folder.")
    if not description.strip():
        raise BlockError(f"Say what is to be seen, for those who do not see it: “:::figure {name} <words>”.")
    caption = format_html("<figcaption>{}</figcaption>", render_fragment(body)) if body.strip() else ""
    return format_html(
        '<figure><img src="{}" alt="{}" loading="lazy">{}</figure>', static(path), description.strip(), caption
    )


def _nothing(arguments: str, body: str, line: int) -> str:
    return ""
