"""What a lesson can be found by."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import TextField, Value

from common.markdown import plain_text
from courses.models import Lesson

LANGUAGE = "english"
"""The dictionary that cuts words down to their stems. Words it does not know stay as they are, in any language."""
SIMPLE = "simple"
"""Words as they are written, so that the beginning of one finds it."""
LONGEST_INDEXED = 100_000
"""Characters; far more would not fit into Postgres' limit of 1 MB for what it makes of them."""


def index_lesson(*, lesson: Lesson) -> None:
    """Keep what the published revision says where the search looks: title, then summary and headings, then text; all
    of it once more as it is written."""
    revision = lesson.published
    assert revision is not None
    text = plain_text(revision.body, {"figure": lambda arguments: arguments.partition(" ")[2]})
    about = " ".join([revision.summary, *revision.aims, *text.headings])
    words = text.text[:LONGEST_INDEXED]
    vector = _weighed(revision.title, "A") + _weighed(about, "B") + _weighed(words, "C")
    vector += _weighed(f"{revision.title} {about} {words}", "D", SIMPLE)
    Lesson.objects.filter(pk=lesson.pk).update(search_text=text.text, search_vector=vector)


def _weighed(text: str, weight: str, config: str = LANGUAGE) -> SearchVector:
    return SearchVector(Value(text, output_field=TextField()), weight=weight, config=config)
