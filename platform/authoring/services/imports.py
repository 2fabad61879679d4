"""Lessons, pictures and terms from a file come into a course."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.text import slugify

from accounts.models import User
from authoring.services.images import store_image
from authoring.services.lesson_bundles import Bundle, LessonBundle
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
    for lesson in sorted(bundle.lessons, key=lambda lesson: (lesson.order is None, lesson.order or 0)):
        try:
            report.items += _import_lesson(course, lesson, by, same_name, before)
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


@transaction.atomic
def _import_lesson(course: Course, bundle: LessonBundle, by: User, same_name: SameName, before: set[int]) -> list[Item]:
    # Locked, so that two imports at once find two slugs.
    Course.objects.select_for_update().get(pk=course.pk)
    slug = _slug(bundle)
    there = None
    if same_name == SameName.REVISION:
        there = course.lessons.filter(slug=slug, removed_at=None).select_related("head").first()
    lesson, head_before = there, there.head if there else None
    if lesson is None:
        if slug in RESERVED_LESSONS or course.lessons.filter(slug=slug).exists():
            slug = free_lesson_slug(course, slug)
        order = bundle.order if bundle.order is not None and bundle.order not in before else next_order(course)
        lesson = Lesson.objects.create(course=course, slug=slug, order=order)
    names, pictures = _store_pictures(lesson, bundle, by)
    content = replace(bundle.content, body=_renamed(bundle.content.body, names))
    revision = save_revision(lesson=lesson, content=content, author=by, base=None, message="Imported")
    outcome = Outcome.NEW if there is None else Outcome.CHANGED
    if revision == head_before:
        outcome = Outcome.UNCHANGED
    return [Item(bundle.path, outcome, f"“{content.title}”", lesson), *pictures]


def _slug(bundle: LessonBundle) -> str:
    """The folder's name with “-”; for a file without one, made from the title."""
    slug = bundle.slug.replace("_", "-")
    if len(slug) <= LONGEST and re.fullmatch(r"[-a-zA-Z0-9]+", slug):
        return slug
    return slugify(slug or bundle.content.title)[:LONGEST].strip("-_") or "lesson"


def _store_pictures(lesson: Lesson, bundle: LessonBundle, by: User) -> tuple[dict[str, str], list[Item]]:
    """The names that pictures got where these are not the ones they came with, and the report."""
    names: dict[str, str] = {}
    items = []
    before = set(lesson.images.values_list("pk", flat=True))
    for picture in bundle.pictures:
        if picture.name in names:
            items.append(Item(picture.path, Outcome.SKIPPED, "The lesson has another picture of this name."))
            continue
        try:
            image = store_image(lesson=lesson, name=picture.name, file=io.BytesIO(picture.read()), by=by)
        except ApiError as error:
            items.append(Item(picture.path, Outcome.SKIPPED, error.message))
            continue
        names[picture.name] = image.name
        renamed = f"It is called “{image.name}” here." if image.name != picture.name else ""
        items.append(Item(picture.path, Outcome.UNCHANGED if image.pk in before else Outcome.NEW, renamed))
    return {old: new for old, new in names.items() if old != new}, items


_WHERE_NAMES_STAND: Final = (
    re.compile(r"^(:::[ \t]*figure[ \t]+)(\S+)", re.MULTILINE),
    re.compile(r"(!\[[^\]\n]{0,1000}\]\()(<[^>\n]{1,255}>|[^\s()<>]{1,255})"),
    re.compile(r"^( {0,3}\[[^\]\n]+\]:[ \t]*)(<[^>\n]{1,255}>|[^\s<>]{1,255})", re.MULTILINE),
)


def _renamed(body: str, names: dict[str, str]) -> str:
    """The text with the new names where it shows these pictures."""
    if not names:
        return body

    def rename(match: re.Match[str]) -> str:
        name = unquote(match[2].removeprefix("<").removesuffix(">"))
        return f"{match[1]}{names[name]}" if name in names else match[0]

    for pattern in _WHERE_NAMES_STAND:
        body = pattern.sub(rename, body)
    return body


@transaction.atomic
def _import_terms(course: Course, terms: list[Term], same_name: SameName, report: Report) -> None:
    Course.objects.select_for_update().get(pk=course.pk)
    for new in terms:
        path = f"glossary.yaml: {new.term}"
        # The database makes letters small: its idea of them is what keeps terms apart.
        old = course.terms.annotate(small=Lower("term")).filter(small=Lower(Value(new.term))).first()
        values = {"term": new.term, "also": list(new.also), "definition": new.definition}
        if old is None:
            course.terms.create(**values)
            report.add(path, Outcome.NEW)
        elif {name: getattr(old, name) for name in values} == values:
            report.add(path, Outcome.UNCHANGED)
        elif same_name == SameName.NEW:
            report.add(path, Outcome.SKIPPED, "The course explains this word already.")
        else:
            course.terms.filter(pk=old.pk).update(**values)
            report.add(path, Outcome.CHANGED)
