"""`/demos/<slug>/`: one demo on a page of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from mlcore import registry

from demos.selectors import frame_context, has_lesson_page


@require_safe
def demo_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in registry.demos():
        raise Http404(f"no demo {slug}")
    context = frame_context(slug)
    return render(request, "demos/demo.html", {**context, "has_lesson_page": has_lesson_page(registry.get(slug))})
