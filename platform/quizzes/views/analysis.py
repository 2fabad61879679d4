"""What the answers of all say about the questions of a quiz."""

from __future__ import annotations

from typing import Any, get_args

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import instructor_required
from authoring.selectors.editing import taught_lesson
from quizzes.selectors.analysis import Which, analyse_quiz
from quizzes.selectors.regrade import graded_with_another_key
from quizzes.selectors.taking import quiz_of
from quizzes.services.taking import close_overdue_attempts

WHICH = {"first": "First attempts", "all": "All attempts", "last": "Last attempts"}


@require_safe
@instructor_required
def analysis_page(request: Any, course: str, lesson: str) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    which = request.GET.get("attempts", "first")
    if which not in get_args(Which):
        raise Http404(f"no {which} attempts")
    context: dict[str, Any] = {"course": found.course, "lesson": found, "which": which, "choices": WHICH}
    if found.published and quiz_of(found.published):
        close_overdue_attempts(lesson=found)
        context["analysis"] = analyse_quiz(found, which)
        context["with_older_key"] = graded_with_another_key([found]).count()
    return render(request, "quizzes/grades/analysis.html", context)
