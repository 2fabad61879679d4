"""The words that a course explains."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common.errors import InvalidParams
from courses.models import Course, GlossaryTerm
from courses.services.glossary import MOST_TERMS


@transaction.atomic
def save_term(
    *, course: Course, term: str, also: Sequence[str], definition: str, instead_of: GlossaryTerm | None = None
) -> GlossaryTerm:
    """A new word, or another form of one that is there.

    Raises:
        InvalidParams: it, or another form of it, is explained already; or there are too many.
    """
    glossary = LockedGlossary(course)
    return glossary.save(term=term, also=also, definition=definition, instead_of=instead_of)


class LockedGlossary:
    """The glossary of a course within a transaction: one at a time, for a form of one word must not be that of
    another, which no constraint can say."""

    def __init__(self, course: Course) -> None:
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        self._course = course
        self._terms = {term.pk: term for term in GlossaryTerm.objects.filter(course=course)}
        self._explained = {form: term.pk for term in self._terms.values() for form in _forms(term.term, term.also)}

    def save(
        self, *, term: str, also: Sequence[str], definition: str, instead_of: GlossaryTerm | None = None
    ) -> GlossaryTerm:
        """
        Raises:
            InvalidParams: see `save_term`.
        """
        own = instead_of.pk if instead_of else None
        for field, words in (("term", [term]), ("also", also)):
            for word in words:
                there = self._explained.get(word.casefold())
                if there is not None and there != own:
                    said = f"“{word}” is explained already, under “{self._terms[there].term}”. Change it there."
                    raise InvalidParams(said, fields={field: [said]})
        if instead_of is None and len(self._terms) >= MOST_TERMS:
            raise InvalidParams(f"A glossary has at most {MOST_TERMS:,} terms. Delete one first.")
        saved = instead_of or GlossaryTerm(course=self._course)
        saved.term, saved.definition = term, definition
        saved.also = [word for word in also if word.casefold() != term.casefold()]
        saved.save()
        self._explained = {form: pk for form, pk in self._explained.items() if pk != saved.pk}
        self._explained |= dict.fromkeys(_forms(saved.term, saved.also), saved.pk)
        self._terms[saved.pk] = saved
        return saved


def _forms(term: str, also: Sequence[str]) -> list[str]:
    return [form.casefold() for form in (term, *also)]


@transaction.atomic
def delete_term(*, term: GlossaryTerm) -> None:
    term.delete()
