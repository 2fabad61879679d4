"""What a lesson can be found by."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import TextField, Value

from common.markdown import plain_text
from courses.models import Lesson

LANGUAGE = "english"
"""The dictionary that cuts words down to their stems. Words it does not know stay as they are, in any language."""
LONGEST_INDEXED = 200_000
"""Characters; far more would not fit into Postgres' limit of 1 MB for what it makes of them."""


def index_lesson(*, lesson: Lesson) -> None:
    """Keep what the published revision says where the search looks: title, then summary and headings, then text."""
    revision = lesson.published
    assert revision is not None
    text = plain_text(revision.body)
    about = " ".join([revision.summary, *revision.aims, *text.headings])
    vector = _weighed(revision.title, "A") + _weighed(about, "B") + _weighed(text.text[:LONGEST_INDEXED], "C")
    Lesson.objects.filter(pk=lesson.pk).update(search_text=text.text, search_vector=vector)


def _weighed(text: str, weight: str) -> SearchVector:
    return SearchVector(Value(text, output_field=TextField()), weight=weight, config=LANGUAGE)
