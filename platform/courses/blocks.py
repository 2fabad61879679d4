"""The blocks of a lesson's text, and the text as a page shows it."""

from __future__ import annotations

from functools import lru_cache, partial

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.markdown import BlockError, Rendered, render, render_fragment
from courses import extensions
from courses.extensions import LessonSource
from courses.models import Course, Lesson, Revision
from demos.blocks import demo_block


def source_of(
    lesson: Lesson, revision: Revision, *, for_author: bool = False, is_preview: bool = False
) -> LessonSource:
    """What the HTML of this revision is made of. Two queries, for the pictures and the terms."""
    return LessonSource(
        body=revision.body,
        lesson_id=lesson.pk,
        folder=lesson.folder,
        quiz=revision.quiz,
        images=tuple((image.name, image.url) for image in lesson.images.all()),
        terms=_terms(lesson.course),
        for_author=for_author,
        is_preview=is_preview,
    )


def _terms(course: Course) -> tuple[tuple[str, str], ...]:
    page = reverse("glossary", args=[course.slug])
    rows = course.terms.values_list("pk", "term", "also").order_by("pk")
    return tuple((form, f"{page}#term-{pk}") for pk, term, also in rows for form in (term, *also))


def term_of_address(address: str) -> int:
    """The term that a link of a text leads to."""
    return int(address.rpartition("-")[2])


def render_lesson(source: LessonSource) -> Rendered:
    """The lesson's text as HTML. It raises nothing: what is wrong stands in its place and in `problems`."""
    handlers = {name: partial(handler, source) for name, handler in extensions.blocks().items()}
    return render(source.body, handlers, dict(source.images), source.terms)


@lru_cache(maxsize=256)
def rendered_lesson(source: LessonSource) -> Rendered:
    """The same, done once a process for each revision: for pages that many read."""
    return render_lesson(source)


def register_own_blocks() -> None:
    extensions.register_block("demo", lambda _source, arguments, body, line: demo_block(arguments, body, line))
    extensions.register_block("figure", _figure)


def _figure(source: LessonSource, arguments: str, body: str, line: int) -> SafeString:
    """`:::figure <file> <what is to be seen>`, its body the caption; the file is a picture of this lesson, or lies in
    the static folder of the built-in lesson that it is, or was copied from."""
    name, _, description = arguments.partition(" ")
    images = dict(source.images)
    address = images.get(name) or _static_picture(source.folder, name)
    if not address:
        where = "Upload it first." if name else "Say which: “:::figure <file> <what is to be seen>”."
        raise BlockError(f"There is no picture “{name}” in this lesson. {where}")
    if not description.strip():
        raise BlockError(f"Say what is to be seen, for those who do not see it: “:::figure {name} <words>”.")
    caption = _caption(body, images, line) if body.strip() else ""
    return format_html(
        '<figure><img src="{}" alt="{}" loading="lazy">{}</figure>', address, description.strip(), caption
    )


def _caption(text: str, images: dict[str, str], line: int) -> SafeString:
    return format_html("<figcaption>{}</figcaption>", render_fragment(text, images, place=f"line-{line}"))


def _static_picture(folder: str, name: str) -> str:
    if not folder or not name or ".." in name or finders.find(f"{folder}/{name}") is None:
        return ""
    return static(f"{folder}/{name}")
