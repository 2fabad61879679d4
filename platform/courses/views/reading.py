"""The front page, the courses, a course, a lesson."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from common.markdown import Rendered
from courses import extensions
from courses.blocks import rendered_lesson, source_of
from courses.models.course import BUILT_IN
from courses.selectors.access import course_in_view
from courses.selectors.glossary import terms_used
from courses.selectors.lessons import LessonInCourse, lesson_in_course, lessons_of, taste_of
from courses.selectors.progress import states_of, stopped_at
from courses.selectors.work import courses_with_progress
from demos.selectors import frame_context


@require_safe
def home(request: Any) -> HttpResponse:
    try:
        view = course_in_view(request.actor, BUILT_IN)
    except Http404:  # before the first sync
        return render(request, "home.html", {})
    lessons = lessons_of(view)
    progress = states_of(request.actor, lessons)
    taste = taste_of(lessons)
    frame = frame_context(taste) if taste else {}
    context = {"course": view.course, "progress": progress, "stop": stopped_at(progress.lessons)}
    return render(request, "home.html", {**context, **frame})


@require_safe
def courses_page(request: Any) -> HttpResponse:
    mine, others = courses_with_progress(request.actor)
    return render(request, "courses/courses.html", {"mine": mine, "others": others})


@require_safe
def course_page(request: Any, course: str) -> HttpResponse:
    view = course_in_view(request.actor, course)
    progress = states_of(request.actor, lessons_of(view))
    context = {
        "view": view,
        "course": view.course,
        "progress": progress,
        "stop": stopped_at(progress.lessons) if view.may_read_lessons else None,
        "announcements": view.course.announcements.all()[:3] if view.is_member or view.course.is_public else [],
        "has_terms": view.may_read_lessons and view.course.terms.exists(),
    }
    return render(request, "courses/course.html", context)


@require_safe
def lesson_page(request: Any, course: str, lesson: str) -> HttpResponse:
    place = lesson_in_course(request.actor, course, lesson)
    rendered = rendered_lesson(source_of(place.lesson, place.revision))
    return render(request, "courses/lesson.html", lesson_context(request.actor, place, rendered))


def lesson_context(actor: Actor, place: LessonInCourse, rendered: Rendered) -> dict[str, Any]:
    """What `courses/lesson.html` needs."""
    progress = states_of(actor, place.lessons)
    return {
        "place": place,
        "rendered": rendered,
        "terms": terms_used(place.course, rendered),
        "progress": progress,
        "state": next(state for state in progress.lessons if state.lesson == place.lesson),
        "panels": extensions.panels(),
    }
