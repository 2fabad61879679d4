"""The words of a course."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.selectors.access import course_in_view
from courses.selectors.glossary import terms_of
from courses.selectors.lessons import shut


@require_safe
def glossary_page(request: Any, course: str) -> HttpResponse:
    view = course_in_view(request.actor, course)
    if not view.may_read_lessons:
        raise shut(view.course)
    return render(
        request, "courses/glossary.html", {"view": view, "course": view.course, "terms": terms_of(view.course)}
    )
