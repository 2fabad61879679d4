"""A lesson for paper and for reading offline: formulas as MathML, each demo as the picture of its recorded run."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import nh3
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert

from common.markdown import BlockError, Rendered, render
from courses import extensions
from courses.extensions import LessonSource
from courses.models.lesson import IMAGE_FOLDER
from jobs.templatetags.runs import settings_in_words
from mlcore import registry

_MATH = re.compile(r'<(span|div) class="math (inline|block)">([^<]*)</\1>')
# fmt: off
_MATH_TAGS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder",
    "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts",
}
_MATH_ATTRIBUTES = {"*": {
    "display", "stretchy", "fence", "separator", "form", "lspace", "rspace", "minsize", "maxsize", "largeop",
    "movablelimits", "mathvariant", "accent", "accentunder", "linethickness", "columnalign", "rowspacing",
    "columnspacing", "columnlines", "rowlines", "displaystyle", "scriptlevel", "width", "height", "depth", "notation",
}}
# fmt: on
_UNKNOWN = "\\"
_IMAGE = re.compile(r'(<img [^>]*?src=")([^"]+)(")')
_OWN_LINK = re.compile(r'(<a [^>]*?href=")/(?!/)')


@lru_cache(maxsize=64)
def printable(source: LessonSource) -> Rendered:
    """The lesson's text for a page without scripts. Terms lead to `#term-…` on the same page."""
    terms = tuple((form, address[address.index("#") :]) for form, address in source.terms)
    handlers = {name: partial(handler, source) for name, handler in extensions.printed_blocks().items()}
    rendered = render(source.body, {**handlers, "demo": _demo}, dict(source.images), terms)
    # A lazy picture that nobody has scrolled to would be missing on paper.
    return replace(rendered, html=with_mathml(mark_safe(rendered.html.replace(' loading="lazy"', ""))))  # noqa: S308


def with_mathml(text: SafeString) -> SafeString:
    """Formulas as MathML; what cannot be translated stays as TeX."""
    return mark_safe(_MATH.sub(_formula, text))  # noqa: S308 - safe before, and what is put in was cleaned


def self_contained(page: str) -> str:
    """The page as one file: pictures inside, links to this site with its name."""
    page = _IMAGE.sub(lambda match: f"{match[1]}{_data_uri(match[2])}{match[3]}", page)
    return _OWN_LINK.sub(rf"\g<1>{settings.PUBLIC_URL}/", page)


def stylesheet() -> SafeString:
    """The print style, to be put into the page."""
    path = finders.find("css/print.css")
    assert isinstance(path, str)
    return mark_safe(Path(path).read_text(encoding="utf-8"))  # noqa: S308 - our own file


def _formula(match: re.Match[str]) -> str:
    tex = html.unescape(match[3])
    for name in ("{aligned}", "{split}"):  # the same to look at, and the only one that the library knows
        tex = tex.replace(name, "{align*}")
    try:
        mathml = convert(tex, display=match[2])
    except Exception:  # it raises whatever it stumbles over, also what Python's own parts raise
        mathml = _UNKNOWN
    # The library puts some of the TeX into its answer as it is: commands that it does not know, and worse.
    cleaned = nh3.clean(mathml, tags=_MATH_TAGS, attributes=_MATH_ATTRIBUTES)
    return f'<code class="tex">{match[3]}</code>' if _UNKNOWN in cleaned or "&amp;" in cleaned else cleaned


def _demo(arguments: str, body: str, line: int) -> str:
    slug, _, preset = arguments.partition(" ")
    demo = registry.demos().get(slug)
    if demo is None:
        raise BlockError(f"There is no demo “{slug}”.")
    name = f"{demo.lesson}/{slug}.sample.png"
    picture = ""
    if finders.find(name):
        picture = format_html('<img src="{}" alt="{}">', static(name), f"A recorded run of the demo “{demo.title}”.")
    address = f"{settings.PUBLIC_URL}{reverse('demo', args=[slug])}"
    recorded = settings_in_words(demo, demo.Params().model_dump(mode="json")) or "its own settings"
    if chosen := demo.presets.get(preset.strip()):
        address += f"?preset={preset.strip()}"
        recorded += f", the demo's usual settings; the text speaks of the example “{chosen.title}”"
    return format_html(
        '<figure class="demo-picture">{}<figcaption><strong>{}</strong> {} Recorded with {}. '
        'Run it yourself: <a href="{}">{}</a></figcaption></figure>',
        picture,
        f"{demo.title}.",
        demo.summary,
        recorded,
        address,
        address,
    )


def _data_uri(address: str) -> str:
    """The picture at one of our own addresses; the address as it is where it is none of them."""
    address = html.unescape(address)
    data = _read(address)
    if data is None:
        return html.escape(address)
    kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _read(address: str) -> bytes | None:
    images = reverse("lesson-image", args=["0" * 32 + ".png"]).rpartition("/")[0] + "/"
    if address.startswith(images):
        path = f"{IMAGE_FOLDER}/{address.removeprefix(images)}"
        if not default_storage.exists(path):
            return None
        with default_storage.open(path, "rb") as file:
            return bytes(file.read())
    found = finders.find(address.removeprefix(static(""))) if address.startswith(static("")) else None
    return Path(found).read_bytes() if isinstance(found, str) else None
