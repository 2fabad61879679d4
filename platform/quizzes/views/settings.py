"""How a quiz is taken: its rules, its deadline, and more time for single students."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import instructor_required
from authoring.forms import tell_error
from authoring.selectors.editing import taught_lesson
from common.errors import ApiError
from courses.models import Lesson
from courses.services.revisions import EditConflict
from quizzes.models import ExtraTime, QuizSettings
from quizzes.quiz_files import read_quiz
from quizzes.services import settings as services
from quizzes.services.writing import save_rules
from quizzes.settings_forms import ExtraTimeForm, QuizSettingsForm, RulesForm


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def settings_page(request: Any, course: str, lesson: str) -> HttpResponse:
    """`act` says which of the forms was sent: rules, settings, extra (give it) or back (take it back)."""
    found = taught_lesson(request.user, course, lesson)
    act = request.POST.get("act", "")
    settings = QuizSettings.objects.filter(lesson=found).first() or QuizSettings(lesson=found)
    rules_form = RulesForm(request.POST if act == "rules" else None, initial=_rules(found))
    settings_form = QuizSettingsForm(
        request.POST if act == "settings" else None,
        initial={"deadline": settings.deadline, "weight": settings.weight},
    )
    extra_form = ExtraTimeForm(request.POST if act == "extra" else None, course=found.course)
    done = ""
    if act == "rules":
        done = _attempt(rules_form, lambda: _change_rules(request, found, rules_form))
    elif act == "settings":
        done = _attempt(settings_form, lambda: _change_settings(found, settings_form))
    elif act == "extra":
        done = _attempt(extra_form, lambda: _give(found, extra_form))
    elif act == "back":
        done = _take_back(request, found)
    if done:
        messages.success(request, done)
        return redirect("author-quiz-settings", course, lesson)
    context = {
        "lesson": found,
        "course": found.course,
        "rules_form": rules_form,
        "settings_form": settings_form,
        "extra_form": extra_form,
        "extras": ExtraTime.objects.filter(lesson=found).select_related("user").order_by("user__name", "pk"),
        "is_faulty": read_quiz(found.head.quiz).quiz is None if found.head else False,
    }
    return render(request, "quizzes/author/settings.html", context, status=422 if act else 200)


def _attempt(form: forms.Form, do: Any) -> str:
    """What was done, in words; empty where it was refused, which stands in the form then."""
    if not form.is_valid():
        return ""
    try:
        return str(do())
    except ApiError as error:
        tell_error(form, error)
        return ""


def _rules(lesson: Lesson) -> dict[str, Any]:
    assert lesson.head
    quiz = read_quiz(lesson.head.quiz).quiz
    rules = quiz.rules.model_dump() if quiz else {}
    return {**rules, "title": (quiz and quiz.title) or "", "base": lesson.head.number}


def _change_rules(request: Any, lesson: Lesson, form: RulesForm) -> str:
    try:
        save_rules(
            lesson=lesson,
            title=form.cleaned_data["title"] or None,
            rules=form.rules(),
            by=request.user,
            base=form.cleaned_data["base"],
        )
    except EditConflict as error:
        # Sent once more, they are put into what is there now.
        form.data = {**request.POST.dict(), "base": error.head.number}
        raise
    return "Saved. The rules hold once the lesson is published."


def _change_settings(lesson: Lesson, form: QuizSettingsForm) -> str:
    settings = services.change_settings(lesson=lesson, **form.cleaned_data)
    until = _moment(settings.deadline) if settings.deadline else "none"
    return f"Saved. Deadline: {until}. Weight: {settings.weight:g}."


def _give(lesson: Lesson, form: ExtraTimeForm) -> str:
    said = form.cleaned_data
    extra = services.give_extra_time(
        lesson=lesson, user=said["user"], minutes=said["minutes"] or 0, deadline=said["until"]
    )
    parts = [f"{extra.minutes} more minutes"] if extra.minutes else []
    parts += [f"time until {_moment(extra.deadline)}"] if extra.deadline else []
    return f"{said['user'].name} has {' and '.join(parts)}."


def _take_back(request: Any, lesson: Lesson) -> str:
    number = request.POST.get("user", "")
    user = get_object_or_404(User, pk=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0)
    services.take_back_extra_time(lesson=lesson, user=user)
    return f"{user.name} has the same time as everybody now."


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "j M Y, H:i")
