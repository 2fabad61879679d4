"""What can be copied, and what has changed since in the originals of copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from accounts.actors import Actor
from authoring.diff import Diff, diff_contents
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, Revision
from courses.selectors.access import CourseInView, course_in_view, readable_courses, view_of
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
    """Those whose lessons somebody may read; the one that comes with Unroll first. One query."""
    return sorted(readable_courses(actor).order_by("title", "pk"), key=lambda course: not course.is_built_in)


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
    """The lessons of a course that its reader may copy, in order."""
    return list(view.course.lessons.filter(_copyable([view])).select_related("head", "published"))


def lesson_to_copy(actor: Actor, course: str, slug: str) -> Lesson:
    """Raises Http404 where this reader cannot read it."""
    view = course_in_view(actor, course)
    lesson = next((lesson for lesson in lessons_to_copy(view) if lesson.slug == slug), None)
    if lesson is None or not view.may_read_lessons:
        raise Http404(f"no lesson {slug} in {course}")
    return lesson


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
    readable = set(readable_courses(actor).values_list("pk", flat=True))
    return {lesson.pk for lesson in copies if lesson.origin and lesson.origin.course_id in readable}


def new_in_original(actor: Actor, course: Course, lessons: Sequence[Lesson]) -> list[Lesson]:
    """What the course that this one was copied from has, and the copy (with these lessons) has not. Two queries."""
    if course.origin_id is None:
        return []
    origin = readable_courses(actor).filter(pk=course.origin_id).first()
    if origin is None:
        return []
    return list(published_lessons(origin).exclude(pk__in=[lesson.origin_id for lesson in lessons if lesson.origin_id]))


def original_of(actor: Actor, lesson: Lesson) -> Original:
    """Raises Http404 where the lesson is no copy, or its original cannot be read any more."""
    origin = Lesson.objects.select_related("course", "published").filter(copies=lesson, removed_at=None).first()
    if origin is None or origin.published is None or lesson.origin_revision is None:
        raise Http404("no original")
    if not course_in_view(actor, origin.course.slug).may_read_lessons:
        raise Http404("no original")
    return Original(lesson=origin, course=origin.course, revision=origin.published, base=lesson.origin_revision)


def _copyable(views: Sequence[CourseInView]) -> Q:
    """Readers read what is published; whoever teaches a course reads its drafts as well."""
    taught = [view.course.pk for view in views if view.is_instructor]
    return Q(course__in=[view.course.pk for view in views], removed_at=None) & (
        Q(published__isnull=False) | Q(course__in=taught)
    )
