"""`/search/?q=`"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.selectors.glossary import in_view
from courses.selectors.search import LONGEST_QUERY, Search, find_lessons, find_terms

PAGE = 10


@require_safe
def search_page(request: Any) -> HttpResponse:
    text = request.GET.get("q", "")
    context: dict[str, Any] = {"q": text[:LONGEST_QUERY].strip()}
    if search := Search.of(text):
        page = Paginator(find_lessons(request.actor, search), PAGE).get_page(request.GET.get("page"))
        context |= {
            "page_obj": page,
            "lessons": [(lesson, search.marked(lesson.headline)) for lesson in page],  # type: ignore[attr-defined]
            "terms": [in_view(term) for term in find_terms(request.actor, search)] if page.number == 1 else [],
        }
    return render(request, "courses/search.html", context)
