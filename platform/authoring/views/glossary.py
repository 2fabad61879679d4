"""Editing the words that a course explains."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from authoring.forms import TermForm, tell_error
from authoring.pages import of_taught_course
from authoring.services import glossary as services
from common.errors import ApiError
from courses.models import Course, GlossaryTerm


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def glossary_page(request: Any, course: Course) -> HttpResponse:
    form = TermForm(request.POST or None)
    if saved := _save(request, course, form, None):
        messages.success(request, f"“{saved.term}” is in the glossary.")
        return redirect("author-glossary", course.slug)
    return render(request, "authoring/glossary.html", {"course": course, "form": form, "terms": course.terms.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def change_term(request: Any, course: Course, pk: int) -> HttpResponse:
    term = get_object_or_404(GlossaryTerm, course=course, pk=pk)
    initial = {"term": term.term, "also": ", ".join(term.also), "definition": term.definition}
    form = TermForm(request.POST or None, initial=initial)
    if _save(request, course, form, term):
        messages.success(request, "Saved.")
        return redirect("author-glossary", course.slug)
    return render(request, "authoring/term.html", {"course": course, "form": form, "term": term})


@require_POST
@of_taught_course
def delete_term(request: Any, course: Course, pk: int) -> HttpResponse:
    term = get_object_or_404(GlossaryTerm, course=course, pk=pk)
    services.delete_term(term=term)
    messages.success(request, f"“{term.term}” is not in the glossary any more.")
    return redirect("author-glossary", course.slug)


def _save(request: Any, course: Course, form: TermForm, instead_of: GlossaryTerm | None) -> GlossaryTerm | None:
    """What was filled in, or None where there is nothing, or something is wrong with it."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return services.save_term(course=course, instead_of=instead_of, **form.cleaned_data)
    except ApiError as error:
        tell_error(form, error)
        return None
