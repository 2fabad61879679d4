"""What becomes of a copied lesson when its original has changed. The copy's instructor decides; nothing is forced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from merge3 import Merge3

from accounts.models import User
from authoring.diff import Matcher
from authoring.picture_names import rename_pictures
from authoring.selectors.originals import Original
from authoring.services.copying import copy_pictures
from common.errors import Conflict
from courses.conflicts import MIDDLE, ORIGINAL, YOURS, conflict_lines
from courses.lesson_files import LessonContent
from courses.models import Lesson, Revision
from courses.services.revisions import EditConflict, save_revision


@dataclass(frozen=True)
class Merged:
    """What came of putting two texts together."""

    content: LessonContent
    conflicts: tuple[str, ...]
    """Where both had changed the same: “title”, “summary”, “aims” (one's own was kept), “text”, “questions” (both
    stand there, between marks)."""


@transaction.atomic
def take_original(*, lesson: Lesson, original: Original, base: int, by: User) -> Revision:
    """The original's text becomes the newest revision, on top of revision number `base`.

    Raises:
        EditConflict: the copy has been saved since `base`.
    """
    Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    names = _pictures_of(original, lesson, by)
    content = rename_pictures(LessonContent.of(original.revision), names)
    revision = save_revision(lesson=lesson, content=content, author=by, base=base, message="Taken from the original")
    keep_own(lesson=lesson, original=original)
    return revision


@transaction.atomic
def merge_original(*, lesson: Lesson, original: Original, base: int, by: User) -> Merged:
    """What was changed here and what was changed there, together, become the newest revision.

    Raises:
        EditConflict: the copy has been saved since `base`.
    """
    now = Lesson.objects.select_for_update(of=("self",), no_key=True).select_related("head").get(pk=lesson.pk)
    assert now.head
    if now.head.number != base:
        raise EditConflict(now.head)
    names = _pictures_of(original, lesson, by)
    merged = merge_contents(
        rename_pictures(LessonContent.of(original.base), names),
        LessonContent.of(now.head),
        rename_pictures(LessonContent.of(original.revision), names),
    )
    save_revision(lesson=lesson, content=merged.content, author=by, base=base, message="Merged with the original")
    keep_own(lesson=lesson, original=original)
    return merged


@transaction.atomic
def keep_own(*, lesson: Lesson, original: Original) -> None:
    """Leave the copy as it is; what the original says now counts as looked at."""
    Lesson.objects.filter(pk=lesson.pk).update(origin_revision=original.revision)


def check_seen(*, original: Original, number: int) -> None:
    """
    Raises:
        Conflict: the original has been published again since somebody looked at its revision of this number.
    """
    if original.revision.number != number:
        raise Conflict("The original has changed once more in the meantime. Look at it again, then decide.")


def merge_contents(base: LessonContent, yours: LessonContent, theirs: LessonContent) -> Merged:
    """Three ways: what only one side changed is taken from that side."""
    conflicts: list[str] = []
    merged = yours
    for field, name in (("title", "title"), ("summary", "summary"), ("aims", "aims")):
        old, own, other = (getattr(content, field) for content in (base, yours, theirs))
        if own == old:
            merged = replace(merged, **{field: other})
        elif other not in (old, own):
            conflicts.append(name)
    body = _merge_lines(base.body, yours.body, theirs.body)
    quiz = _merge_lines(base.quiz, yours.quiz, theirs.quiz)
    conflicts += [name for name, text in (("text", body), ("questions", quiz)) if conflict_lines(text)]
    return Merged(replace(merged, body=body, quiz=quiz), tuple(conflicts))


def _merge_lines(base: str, yours: str, theirs: str) -> str:
    if theirs in (base, yours):
        return yours
    if yours == base:
        return theirs
    # merge3 says more of its matchers than difflib's own says of itself.
    merge = Merge3(_lines(base), _lines(yours), _lines(theirs), sequence_matcher=Matcher)  # type: ignore[arg-type]
    return "".join(merge.merge_lines(name_a=YOURS, name_b=ORIGINAL, mid_marker=MIDDLE, reprocess=True))


def _lines(text: str) -> list[str]:
    """Each with its end, the last one too, so that a mark stands on a line of its own."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def _pictures_of(original: Original, lesson: Lesson, by: User) -> dict[str, str]:
    """Bring the pictures that the original shows now; the names that are others in the copy."""
    return copy_pictures(origin=original.lesson, lesson=lesson, by=by, shown_in=LessonContent.of(original.revision))
