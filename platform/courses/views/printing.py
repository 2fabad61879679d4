"""`…/print/`: a lesson on paper, or as one file to be read offline."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.blocks import source_of
from courses.printing import printable, self_contained, stylesheet, with_mathml
from courses.selectors.glossary import terms_used
from courses.selectors.lessons import lesson_in_course


@require_safe
def printable_lesson(request: Any, course: str, lesson: str) -> HttpResponse:
    place = lesson_in_course(request.actor, course, lesson)
    rendered = printable(source_of(place.lesson, place.revision))
    context = {
        "place": place,
        "rendered": rendered,
        "terms": [(item, with_mathml(item.definition)) for item in terms_used(place.course, rendered)],
        "address": request.build_absolute_uri(place.lesson.get_absolute_url()),
        "style": stylesheet() if "download" in request.GET else "",
    }
    response = render(request, "courses/lesson_print.html", context)
    if context["style"]:
        response.content = self_contained(response.content.decode())
        response["Content-Disposition"] = f'attachment; filename="{place.lesson.slug}.html"'
    return response
