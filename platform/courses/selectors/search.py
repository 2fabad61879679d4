"""Finding lessons and terms by words."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.actors import Actor
from courses.models import GlossaryTerm, Lesson
from courses.selectors.access import readable_courses
from courses.services.search import LANGUAGE, SIMPLE

LONGEST_QUERY = 200
MOST_TERMS = 5

# The last word, unless it is excluded, quoted or an operator: it may still be in the middle of being typed.
_LAST_WORD = re.compile(r"(?:^|\s)(?!or$)(\w+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """What somebody looks for, and the marks that Postgres puts around it."""

    words: str
    query: Any
    start: str
    stop: str

    @classmethod
    def of(cls, text: str) -> Search | None:
        """None where there is nothing to look for. Any text is good: what is no search syntax is words."""
        words = " ".join(text.replace("\0", " ").split())[:LONGEST_QUERY]
        if not words:
            return None
        query: Any = SearchQuery(words, config=LANGUAGE, search_type="websearch")
        if last := _LAST_WORD.search(words):
            begun = SearchQuery(f"{last[1]}:*", config=SIMPLE, search_type="raw")
            before = words[: last.start()].strip()
            query |= SearchQuery(before, config=LANGUAGE, search_type="websearch") & begun if before else begun
        return cls(words=words, query=query, start=secrets.token_hex(8), stop=secrets.token_hex(8))

    def marked(self, headline: str) -> SafeString:
        """A piece of a text, with what was looked for marked."""
        marked = str(escape(headline)).replace(self.start, "<mark>").replace(self.stop, "</mark>")
        return mark_safe(marked)  # noqa: S308 - escaped; the tags are ours


def find_lessons(actor: Actor, search: Search) -> QuerySet[Lesson]:
    """The lessons that the viewer may read now and that say it, the best first, with `headline`."""
    return (
        Lesson.objects.filter(
            course__in=readable_courses(actor),
            removed_at=None,
            published__isnull=False,
            search_vector=search.query,
        )
        .annotate(
            rank=SearchRank(F("search_vector"), search.query),
            headline=SearchHeadline(
                "search_text",
                search.query,
                config=LANGUAGE,
                start_sel=search.start,
                stop_sel=search.stop,
                max_fragments=2,
                max_words=30,
                min_words=12,
                fragment_delimiter=" … ",
            ),
        )
        .select_related("course", "published")
        .only("slug", "course", "published__title", "published__lesson", "head")
        .order_by("-rank", "course", "order", "pk")
    )


LONGEST_FORMS = 10_000
"""Characters of a term's other forms; Postgres refuses to make a vector of far more."""


def find_terms(actor: Actor, search: Search) -> QuerySet[GlossaryTerm]:
    """The words that the viewer's courses explain, and that are called so or explained with it."""
    also = Left(Func(F("also"), Value(" "), function="array_to_string", output_field=TextField()), LONGEST_FORMS)
    vector = (
        SearchVector("term", also, weight="A", config=LANGUAGE)
        + SearchVector("term", also, weight="A", config=SIMPLE)
        + SearchVector("definition", weight="D", config=LANGUAGE)
    )
    return (
        GlossaryTerm.objects.filter(course__in=readable_courses(actor))
        .annotate(words=vector, rank=SearchRank(vector, search.query))
        .filter(words=search.query)
        .select_related("course")
        .order_by("-rank", "term", "pk")[:MOST_TERMS]
    )
