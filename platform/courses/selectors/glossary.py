"""The words that a course explains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from common.markdown import Rendered, render_fragment
from courses.blocks import term_of_address
from courses.models import Course, GlossaryTerm


@dataclass(frozen=True)
class TermInView:
    """A term as a page shows it."""

    term: GlossaryTerm
    definition: SafeString

    @property
    def anchor(self) -> str:
        return f"term-{self.term.pk}"

    @property
    def letter(self) -> str:
        """Under which the glossary lists it."""
        first = self.term.term[0].upper()
        return first if first.isalpha() else "0–9"


def terms_of(course: Course) -> list[TermInView]:
    """Everything that the course explains, A to Z. One query."""
    items = [in_view(term) for term in course.terms.all()]
    return sorted(items, key=lambda item: (item.letter, item.term.term.casefold()))


def terms_used(course: Course, rendered: Rendered) -> list[TermInView]:
    """Those that this text leads to, A to Z. One query at most."""
    used = [term_of_address(address) for address in rendered.terms]
    return [in_view(term) for term in course.terms.filter(pk__in=used)] if used else []


def in_view(term: GlossaryTerm) -> TermInView:
    return TermInView(term=term, definition=_definition(term.definition))


@lru_cache(maxsize=4096)
def _definition(text: str) -> SafeString:
    return render_fragment(text)
