"""Copying courses and lessons, and following what becomes of their originals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import instructor_required
from authoring.pages import of_taught_course, told
from authoring.selectors.originals import Original, course_to_copy, named_lessons, original_of
from authoring.services import originals as services
from authoring.services.copying import copy_course, copy_lessons
from common.errors import ApiError
from courses.models import Course, Lesson
from courses.selectors.access import taught_course


@require_POST
@instructor_required
def copy_a_course(request: Any) -> HttpResponse:
    view = course_to_copy(request.actor, _slug(request.POST.get("course", "")))
    with told(request):
        course = copy_course(view=view, by=request.user)
        messages.success(request, "This is your copy. Give it a name of its own, then let people in.")
        return redirect("author-settings", course.slug)
    return redirect("author")


@require_POST
@instructor_required
def copy_a_lesson(request: Any) -> HttpResponse:
    """`lesson` is “course/lesson”, `into` the course that gets the copy. Several lessons may be named."""
    into = taught_course(request.user, _slug(request.POST.get("into", "")))
    named = [place.partition("/") for place in request.POST.getlist("lesson")]
    lessons = named_lessons(request.actor, [(_slug(course), _slug(lesson)) for course, _, lesson in named])
    if copies := copy_lessons(lessons=lessons, course=into, by=request.user):
        titles = ", ".join(f"“{copy.title}”" for copy in copies)
        messages.success(request, f"{titles}: copied as a draft. Students see it once you publish it.")
    return redirect("author-course", into.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def original_page(request: Any, course: Course, lesson: str) -> HttpResponse:
    """What has changed in the original of a copied lesson, and what to do about it."""
    copy = get_object_or_404(course.lessons.select_related("head", "published", "origin_revision"), slug=lesson)
    original = original_of(request.actor, copy)
    if request.method == "POST":
        try:
            return _decide(request, course, copy, original)
        except ApiError as error:
            messages.error(request, error.message)
            return redirect("author-original", course.slug, copy.slug)
    return render(
        request,
        "authoring/original.html",
        {"course": course, "lesson": copy, "original": original, "diffs": original.changes},
    )


def _decide(request: Any, course: Course, copy: Lesson, original: Original) -> HttpResponse:
    base, seen = _number(request.POST.get("base")), _number(request.POST.get("seen"))
    services.check_seen(original=original, number=seen)
    how = request.POST.get("how")
    if how == "keep":
        services.keep_own(lesson=copy, original=original)
        messages.success(request, "Your lesson stays as it is.")
        return redirect("author-course", course.slug)
    if how == "take":
        services.take_original(lesson=copy, original=original, base=base, by=request.user)
        messages.success(request, "The original's text is your draft now. Your own is among the revisions.")
    elif how == "merge":
        merged = services.merge_original(lesson=copy, original=original, base=base, by=request.user)
        _tell_conflicts(request, merged.conflicts)
    return redirect("author-lesson", course.slug, copy.slug)


def _tell_conflicts(request: Any, conflicts: tuple[str, ...]) -> None:
    if not conflicts:
        messages.success(request, "Both are together in your draft now. Read it, then publish it.")
    for name in conflicts:
        if name in ("text", "questions"):
            messages.warning(
                request,
                f"Some lines of the {name} were changed on both sides. Both stand there, between lines that begin "
                "with <<<<<<<, ======= and >>>>>>>. Keep what you want, delete these three lines, then publish.",
            )
        else:
            messages.warning(request, f"The {name} was changed on both sides. Yours was kept.")


def _slug(text: str) -> str:
    """Raises Http404 for what can be no slug."""
    try:
        validate_slug(text)
    except ValidationError as error:
        raise Http404("no slug") from error
    return text


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
