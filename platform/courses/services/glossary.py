"""A course's words, as a file says them: a list of `{term, also, definition}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from common.yaml_text import YamlTextError, read_yaml
from courses.models import Course, GlossaryTerm

LONGEST_TERM = 80
LONGEST_DEFINITION = 2_000
MOST_TERMS = 1_000
MOST_FORMS = 20


class GlossaryFileError(ValueError):
    """What is wrong with a glossary's file, for its author."""


@dataclass(frozen=True)
class Term:
    term: str
    definition: str
    also: tuple[str, ...] = ()


def read_glossary(text: str) -> list[Term]:
    """
    Raises:
        GlossaryFileError: it is no such list; the message names the entry.
    """
    try:
        entries = read_yaml(text)[1] or []
    except YamlTextError as error:
        raise GlossaryFileError(f"Line {error.line}: {error.message}.") from error
    if not isinstance(entries, list) or len(entries) > MOST_TERMS:
        raise GlossaryFileError(f"A glossary is a list of at most {MOST_TERMS:,} entries.")
    terms = [read_term(entry, number) for number, entry in enumerate(entries, start=1)]
    names = [term.term.lower() for term in terms]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise GlossaryFileError(f"“{twice}” is there twice.")
    return terms


@transaction.atomic
def replace_glossary(*, course: Course, terms: list[Term]) -> None:
    """Let the course explain these words and no others. A word that stays keeps its place in addresses."""
    known = {term.term.lower(): term for term in course.terms.all()}
    for term in terms:
        row = known.pop(term.term.lower(), None) or GlossaryTerm(course=course)
        if (row.term, tuple(row.also), row.definition) == (term.term, term.also, term.definition):
            continue
        row.term, row.also, row.definition = term.term, list(term.also), term.definition
        row.save()
    GlossaryTerm.objects.filter(pk__in=[row.pk for row in known.values()]).delete()


def read_term(entry: Any, number: int) -> Term:
    """One entry of such a list.

    Raises:
        GlossaryFileError: it is no term; the message says which entry.
    """
    if not isinstance(entry, dict):
        raise GlossaryFileError(f"Entry {number} is not of the form “term: …, definition: …”.")
    also = entry.get("also") or []
    if not isinstance(also, list) or len(also) > MOST_FORMS:
        raise GlossaryFileError(f"Entry {number}: “also” must be a list of at most {MOST_FORMS} words.")
    return Term(
        term=_text(entry.get("term"), number, "term", LONGEST_TERM),
        definition=_text(entry.get("definition"), number, "definition", LONGEST_DEFINITION),
        also=tuple(_text(form, number, "also", LONGEST_TERM) for form in also),
    )


def _text(value: Any, number: int, name: str, longest: int) -> str:
    text = value.replace("\0", "").encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""
    if not text:
        raise GlossaryFileError(f"Entry {number}: “{name}” must be text.")
    if len(text) > longest:
        raise GlossaryFileError(f"Entry {number}: “{name}” has {len(text)} characters; {longest} fit.")
    return text
