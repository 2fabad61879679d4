"""The front page, a course, a lesson."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses import extensions
from courses.blocks import rendered_lesson, source_of
from courses.models.course import BUILT_IN
from courses.selectors.access import course_in_view
from courses.selectors.lessons import lesson_in_course, lessons_of, taste_of
from demos.selectors import frame_context


@require_safe
def home(request: Any) -> HttpResponse:
    try:
        view = course_in_view(request.actor, BUILT_IN)
    except Http404:  # before the first sync
        return render(request, "home.html", {})
    lessons = lessons_of(view)
    taste = taste_of(lessons)
    frame = frame_context(taste) if taste else {}
    return render(request, "home.html", {"course": view.course, "lessons": lessons, **frame})


@require_safe
def course_page(request: Any, course: str) -> HttpResponse:
    view = course_in_view(request.actor, course)
    return render(request, "courses/course.html", {"view": view, "course": view.course, "lessons": lessons_of(view)})


@require_safe
def lesson_page(request: Any, course: str, lesson: str) -> HttpResponse:
    place = lesson_in_course(request.actor, course, lesson)
    rendered = rendered_lesson(source_of(place.lesson, place.revision))
    return render(
        request,
        "courses/lesson.html",
        {"place": place, "rendered": rendered, "panels": extensions.panels()},
    )
