"""The front page, a course, a lesson."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.blocks import render_lesson
from courses.selectors import built_in_course, course_with_lessons, lesson_in_course, taste_of
from demos.selectors import frame_context


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    course = built_in_course()
    taste = taste_of(course) if course else None
    frame = frame_context(taste) if taste else {}
    return render(request, "home.html", {"course": course, **frame})


@require_safe
def course_page(request: HttpRequest, course: str) -> HttpResponse:
    return render(request, "courses/course.html", {"course": course_with_lessons(course)})


@require_safe
def lesson_page(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    place = lesson_in_course(course, lesson)
    rendered = render_lesson(place.lesson.body, place.lesson.folder)
    return render(request, "courses/lesson.html", {"place": place, "rendered": rendered})
