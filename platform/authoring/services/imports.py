"""Lessons, pictures and terms from a file come into a course."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.text import slugify

from accounts.models import User
from authoring.picture_names import rename_pictures
from authoring.services.glossary import LockedGlossary
from authoring.services.images import (
    MOST_BYTES_IN_A_LESSON,
    MOST_IN_A_LESSON,
    PixelAllowance,
    ReadyPicture,
    files_or_nothing,
    keep_picture,
    ready_picture,
)
from authoring.services.lesson_bundles import Bundle, LessonBundle, PictureFile
from authoring.services.lessons import next_order
from authoring.slugs import LONGEST, RESERVED_LESSONS, free_lesson_slug
from common.errors import ApiError
from courses.models import Course, Lesson
from courses.services.glossary import Term
from courses.services.revisions import save_revision


class SameName(StrEnum):
    """What becomes of a lesson whose name a lesson of the course has already."""

    REVISION = "revision"
    NEW = "new"


class Outcome(StrEnum):
    NEW = "New"
    CHANGED = "Changed"
    UNCHANGED = "As before"
    SKIPPED = "Left out"


@dataclass(frozen=True)
class Item:
    """One line of the report."""

    path: str
    outcome: Outcome
    words: str = ""
    lesson: Lesson | None = None


@dataclass
class Report:
    items: list[Item] = field(default_factory=list)

    def add(self, path: str, outcome: Outcome, words: str = "", lesson: Lesson | None = None) -> None:
        self.items.append(Item(path, outcome, words, lesson))

    @property
    def came_in(self) -> list[Item]:
        return [item for item in self.items if item.outcome != Outcome.SKIPPED]

    @property
    def left_out(self) -> list[Item]:
        return [item for item in self.items if item.outcome == Outcome.SKIPPED]


def import_bundle(
    *, course: Course, bundle: Bundle, by: User, same_name: SameName, with_settings: bool = False
) -> Report:
    """Bring in what can be; each lesson by itself, so that one that fails keeps none of the others out.

    `with_settings`: title and summary of the course are taken over as well.
    """
    report = Report()
    if bundle.title and with_settings:
        _take_settings(course, bundle, report)
    before = set(course.lessons.values_list("order", flat=True))
    allowance = PixelAllowance()
    for lesson in sorted(bundle.lessons, key=lambda lesson: (lesson.order is None, lesson.order or 0)):
        try:
            report.items += _import_lesson(
                course, lesson, by=by, same_name=same_name, before=before, allowance=allowance
            )
        except ApiError as error:
            report.add(lesson.path, Outcome.SKIPPED, error.message)
    if bundle.terms:
        _import_terms(course, bundle.terms, same_name, report)
    for skipped in bundle.skipped:
        report.add(skipped.path, Outcome.SKIPPED, skipped.reason)
    return report


@transaction.atomic
def _take_settings(course: Course, bundle: Bundle, report: Report) -> None:
    changed = (course.title, course.summary) != (bundle.title, bundle.summary)
    course.title, course.summary = bundle.title, bundle.summary
    course.save(update_fields=["title", "summary"])
    report.add("course.yaml", Outcome.CHANGED if changed else Outcome.UNCHANGED, "Title and summary of the course.")


def _import_lesson(
    course: Course,
    bundle: LessonBundle,
    *,
    by: User,
    same_name: SameName,
    before: set[int],
    allowance: PixelAllowance,
) -> list[Item]:
    # Pictures take time to unpack: that is done before the course is locked.
    pictures, refused = _read_pictures(bundle, allowance)
    with files_or_nothing() as written:
        lesson, is_new = _lesson_for(course, bundle, same_name, before)
        head_before = lesson.head
        names, items = _keep_pictures(lesson, pictures, by, written)
        content = rename_pictures(bundle.content, names)
        revision = save_revision(lesson=lesson, content=content, author=by, base=None, message="Imported")
    outcome = Outcome.NEW if is_new else Outcome.CHANGED
    if revision == head_before:
        outcome = Outcome.UNCHANGED
    return [Item(bundle.path, outcome, f"“{content.title}”", lesson), *items, *refused]


def _lesson_for(course: Course, bundle: LessonBundle, same_name: SameName, before: set[int]) -> tuple[Lesson, bool]:
    """The lesson that it becomes a revision of, or a new one; and whether it is new."""
    # Locked, so that two imports at once find two slugs.
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    slug = _slug(bundle)
    if same_name == SameName.REVISION:
        there = course.lessons.filter(slug=slug, removed_at=None).select_related("head").first()
        if there:
            return there, False
    if slug in RESERVED_LESSONS or course.lessons.filter(slug=slug).exists():
        slug = free_lesson_slug(course, slug)
    order = bundle.order if bundle.order is not None and bundle.order not in before else next_order(course)
    return Lesson.objects.create(course=course, slug=slug, order=order), True


def _slug(bundle: LessonBundle) -> str:
    """The folder's name with “-”; for a file without one, made from the title."""
    slug = bundle.slug.replace("_", "-")
    if len(slug) <= LONGEST and re.fullmatch(r"[-a-zA-Z0-9]+", slug):
        return slug
    return slugify(slug or bundle.content.title)[:LONGEST].strip("-_") or "lesson"


def _read_pictures(
    bundle: LessonBundle, allowance: PixelAllowance
) -> tuple[list[tuple[PictureFile, ReadyPicture]], list[Item]]:
    """Those that can be taken, each name once, and what is said of the others. Unpacks no more than a lesson has room
    for."""
    ready: dict[str, tuple[PictureFile, ReadyPicture]] = {}
    refused = []
    room = MOST_BYTES_IN_A_LESSON
    for file in bundle.pictures:
        if file.name in ready:
            refused.append(Item(file.path, Outcome.SKIPPED, "The lesson has another picture of this name."))
            continue
        if len(ready) >= MOST_IN_A_LESSON or room <= 0:
            refused.append(Item(file.path, Outcome.SKIPPED, "The lesson has more pictures than one can have."))
            continue
        try:
            picture = ready_picture(file.read(), allowance=allowance)
        except ApiError as error:
            refused.append(Item(file.path, Outcome.SKIPPED, error.message))
        else:
            ready[file.name] = (file, picture)
            room -= picture.row.size
    return list(ready.values()), refused


def _keep_pictures(
    lesson: Lesson, pictures: list[tuple[PictureFile, ReadyPicture]], by: User, written: list[str]
) -> tuple[dict[str, str], list[Item]]:
    """The names that pictures got where these are not the ones they came with, and the report."""
    names: dict[str, str] = {}
    items = []
    before = set(lesson.images.values_list("pk", flat=True))
    for file, picture in pictures:
        try:
            image = keep_picture(lesson=lesson, name=file.name, picture=picture, by=by, written=written)
        except ApiError as error:
            items.append(Item(file.path, Outcome.SKIPPED, error.message))
            continue
        names[file.name] = image.name
        renamed = f"It is called “{image.name}” here." if image.name != file.name else ""
        items.append(Item(file.path, Outcome.UNCHANGED if image.pk in before else Outcome.NEW, renamed))
    return {old: new for old, new in names.items() if old != new}, items


@transaction.atomic
def _import_terms(course: Course, terms: list[Term], same_name: SameName, report: Report) -> None:
    glossary = LockedGlossary(course)
    for new in terms:
        path = f"glossary.yaml: {new.term}"
        # The database makes letters small: its idea of them is what keeps terms apart.
        old = course.terms.annotate(small=Lower("term")).filter(small=Lower(Value(new.term))).first()
        values = {"term": new.term, "also": list(new.also), "definition": new.definition}
        if old and {name: getattr(old, name) for name in values} == values:
            report.add(path, Outcome.UNCHANGED)
        elif old and same_name == SameName.NEW:
            report.add(path, Outcome.SKIPPED, "The course explains this word already.")
        else:
            try:
                glossary.save(term=new.term, also=new.also, definition=new.definition, instead_of=old)
            except ApiError as error:
                report.add(path, Outcome.SKIPPED, error.message)
            else:
                report.add(path, Outcome.CHANGED if old else Outcome.NEW)
