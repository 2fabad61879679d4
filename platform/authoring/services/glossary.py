"""The words that a course explains."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from common.errors import InvalidParams
from courses.models import Course, GlossaryTerm


@transaction.atomic
def save_term(
    *, course: Course, term: str, also: Sequence[str], definition: str, instead_of: GlossaryTerm | None = None
) -> GlossaryTerm:
    """A new word, or another form of one that is there.

    Raises:
        InvalidParams: it, or another form of it, is explained already.
    """
    # One at a time, for a form of one word must not be that of another, which no constraint can say.
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    explained = {
        form.casefold(): other.term
        for other in GlossaryTerm.objects.filter(course=course)
        if other != instead_of
        for form in (other.term, *other.also)
    }
    for field, words in (("term", [term]), ("also", also)):
        for word in words:
            if there := explained.get(word.casefold()):
                said = f"“{word}” is explained already, under “{there}”. Change it there."
                raise InvalidParams(said, fields={field: [said]})
    saved = instead_of or GlossaryTerm(course=course)
    saved.term, saved.definition = term, definition
    saved.also = [word for word in also if word.casefold() != term.casefold()]
    saved.save()
    return saved


@transaction.atomic
def delete_term(*, term: GlossaryTerm) -> None:
    term.delete()
