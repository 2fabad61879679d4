"""Grading all attempts at a quiz again after its key was corrected: first what would change, then the change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import instructor_required
from authoring.forms import tell_error
from authoring.selectors.editing import taught_lesson
from common.errors import ApiError
from courses.models import Lesson
from quizzes.selectors.demo_answers import demo_answer_states
from quizzes.selectors.regrade import graded_with_another_key, plan_regrade, regrades_of
from quizzes.services.demo_answers import provide_demo_answers
from quizzes.services.grading import LONGEST_REASON, questions_left_alone, regrade
from quizzes.services.taking import close_overdue_attempts

CHANGES_ON_A_PAGE = 50
MOST_LISTED = 200
"""Attempts that the plan lists; all are changed."""


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=LONGEST_REASON, help_text="Kept with each change, for whoever asks later.")


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def regrade_page(request: Any, course: str, lesson: str) -> HttpResponse:
    """What a regrade would change, and what earlier ones did; posting does it."""
    found = taught_lesson(request.user, course, lesson)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_valid() and _done(request, found, form):
        return redirect("author-regrade", course, lesson)
    records = Paginator(regrades_of(found), CHANGES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"course": found.course, "lesson": found, "form": form, "page_obj": records, **_plan(found)}
    return render(request, "quizzes/grades/regrade.html", context, status=422 if form.errors else 200)


def _done(request: Any, lesson: Lesson, form: ReasonForm) -> bool:
    try:
        changes = regrade(lesson=lesson, by=request.user, reason=form.cleaned_data["reason"])
    except ApiError as error:
        tell_error(form, error)
        return False
    count = len(changes)
    messages.success(request, f"Done. {count or 'No'} {'attempt has' if count == 1 else 'attempts have'} other points.")
    return True


def _plan(lesson: Lesson) -> dict[str, Any]:
    if lesson.published is None:
        return {"is_published": False}
    close_overdue_attempts(lesson=lesson)
    has_newer_questions = lesson.head is not None and lesson.head.quiz != lesson.published.quiz
    known: dict[str, Any] = {"is_published": True, "has_newer_questions": has_newer_questions}
    provide_demo_answers(revision=lesson.published)
    if owed := [state for state in demo_answer_states(lesson.published) if state.state != "ready"]:
        return {**known, "owed": owed}
    plan = plan_regrade(lesson)
    return {
        **known,
        "plan": plan,
        "listed": plan.changes[:MOST_LISTED],
        "with_older_key": graded_with_another_key([lesson]).count(),
        "left_alone": questions_left_alone(lesson=lesson),
    }
