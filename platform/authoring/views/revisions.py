"""The history of a lesson: who saved what and when, compared, and brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import instructor_required
from authoring.diff import diff_contents
from authoring.lesson_form import sent_number
from authoring.selectors.editing import revision_of, revisions_of, taught_lesson
from authoring.services.editing import restore_revision
from courses.blocks import render_lesson, source_of
from courses.lesson_files import LessonContent

ON_A_PAGE = 50


@require_safe
@instructor_required
def revisions_page(request: Any, course: str, lesson: str) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    page = Paginator(revisions_of(found), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"lesson": found, "course": found.course, "page_obj": page}
    return render(request, "authoring/revisions.html", context)


@require_safe
@instructor_required
def revision_page(request: Any, course: str, lesson: str, number: int) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    revision = revision_of(found, number)
    rendered = render_lesson(source_of(found, revision, for_author=True))
    context = {"lesson": found, "course": found.course, "revision": revision, "rendered": rendered}
    return render(request, "authoring/revision.html", context)


@require_safe
@instructor_required
def compare_page(request: Any, course: str, lesson: str) -> HttpResponse:
    """`?from=3&to=5`; what is left out is the revision before, and the newest."""
    found = taught_lesson(request.user, course, lesson)
    assert found.head
    to = sent_number(request.GET, "to")
    new = revision_of(found, found.head.number if to is None else to)
    since = sent_number(request.GET, "from")
    old = revision_of(found, max(new.number - 1, 1) if since is None else since)
    context = {
        "lesson": found,
        "course": found.course,
        "revisions": [old, new],
        "old": old,
        "new": new,
        "diffs": diff_contents(LessonContent.of(old), LessonContent.of(new)),
    }
    return render(request, "authoring/compare.html", context)


@require_POST
@instructor_required
def restore(request: Any, course: str, lesson: str) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    revision = revision_of(found, sent_number(request.POST, "revision") or 0)
    saved = restore_revision(lesson=found, revision=revision, by=request.user)
    messages.success(
        request, f"Revision {saved.number} says what revision {revision.number} said. Students see it once you publish."
    )
    return redirect("author-lesson", course, lesson)
