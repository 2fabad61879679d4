"""What can be copied, and what has changed since in the originals of copies.

A copy has the questions with their answers. So an instructor copies the course that comes with Unroll and what they
teach themselves; reading a course is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.actors import Actor
from authoring.diff import Diff, diff_contents
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, Membership, Revision
from courses.models.course import BUILT_IN
from courses.selectors.access import CourseInView, readable_courses, view_of
from courses.selectors.lessons import published_lessons


@dataclass(frozen=True)
class Original:
    """What a copied lesson was copied from, as it is now."""

    lesson: Lesson
    course: Course
    revision: Revision
    """What its readers read."""
    base: Revision
    """What was copied, or looked at last."""

    @property
    def changes(self) -> list[Diff]:
        """What is new there."""
        return diff_contents(LessonContent.of(self.base), LessonContent.of(self.revision))


def copyable_courses(actor: Actor) -> list[Course]:
    """The one that comes with Unroll, then those that they teach. One query."""
    return sorted(_copyable_courses(actor).order_by("title", "pk"), key=lambda course: not course.is_built_in)


def course_to_copy(actor: Actor, slug: str) -> CourseInView:
    """Raises Http404 where they cannot copy it."""
    course = _copyable_courses(actor).filter(slug=slug).first()
    if course is None:
        raise Http404(f"no course {slug} to copy")
    return view_of(actor, course)


def copyable_lessons(actor: Actor) -> list[tuple[Course, list[Lesson]]]:
    """By course. Two queries."""
    views = [view_of(actor, course) for course in copyable_courses(actor)]
    lessons: dict[int, list[Lesson]] = {}
    for lesson in (
        Lesson.objects.filter(_copyable(views))
        .select_related("head", "published")
        .only("slug", "order", "course", "head__title", "published__title")
    ):
        lessons.setdefault(lesson.course_id, []).append(lesson)
    return [(view.course, lessons[view.course.pk]) for view in views if view.course.pk in lessons]


def lessons_to_copy(view: CourseInView) -> list[Lesson]:
    """The lessons of a course that somebody may copy, in order."""
    return list(view.course.lessons.filter(_copyable([view])).select_related("head", "published"))


def named_lessons(actor: Actor, places: Sequence[tuple[str, str]]) -> list[Lesson]:
    """Those at these places (course, lesson), each once. Raises Http404 where they cannot copy one of them. Two
    queries."""
    courses = _copyable_courses(actor).filter(slug__in={course for course, _ in places})
    lessons = (
        Lesson.objects.filter(_copyable([view_of(actor, course) for course in courses]))
        .filter(slug__in={slug for _, slug in places})
        .select_related("course", "head", "published")
    )
    found = {(lesson.course.slug, lesson.slug): lesson for lesson in lessons}
    if missing := [place for place in places if place not in found]:
        raise Http404(f"no lesson {missing[0]} to copy")
    return [found[place] for place in dict.fromkeys(places)]


def changed_in_original(actor: Actor, lessons: Sequence[Lesson]) -> set[int]:
    """Which of these lessons (their pks) were copied from one that says something else by now. At most one query."""
    copies = [
        lesson
        for lesson in lessons
        if lesson.origin
        and lesson.removed_at is None
        and lesson.origin.removed_at is None
        and lesson.origin.published_id not in (None, lesson.origin_revision_id)
    ]
    if not copies:
        return set()
    copyable = set(_copyable_courses(actor).values_list("pk", flat=True))
    return {lesson.pk for lesson in copies if lesson.origin and lesson.origin.course_id in copyable}


def new_in_original(actor: Actor, course: Course, lessons: Sequence[Lesson]) -> list[Lesson]:
    """What the course that this one was copied from has, and the copy (with these lessons) has not. Two queries."""
    if course.origin_id is None:
        return []
    origin = _copyable_courses(actor).filter(pk=course.origin_id).first()
    if origin is None:
        return []
    return list(published_lessons(origin).exclude(pk__in=[lesson.origin_id for lesson in lessons if lesson.origin_id]))


def original_of(actor: Actor, lesson: Lesson) -> Original:
    """Raises Http404 where the lesson is no copy, or its original cannot be copied any more."""
    origin = Lesson.objects.select_related("course", "published").filter(copies=lesson, removed_at=None).first()
    if origin is None or origin.published is None or lesson.origin_revision is None:
        raise Http404("no original")
    course_to_copy(actor, origin.course.slug)
    return Original(lesson=origin, course=origin.course, revision=origin.published, base=lesson.origin_revision)


def _copyable_courses(actor: Actor) -> QuerySet[Course]:
    return readable_courses(actor).filter(Q(slug=BUILT_IN) | Q(my_role=Membership.Role.INSTRUCTOR))


def _copyable(views: Sequence[CourseInView]) -> Q:
    """What is published; of a course that they teach, the drafts as well."""
    taught = [view.course.pk for view in views if view.is_instructor]
    return Q(course__in=[view.course.pk for view in views], removed_at=None) & (
        Q(published__isnull=False) | Q(course__in=taught)
    )
