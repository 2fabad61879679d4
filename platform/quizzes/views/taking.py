"""The quiz as a page and as a part of the lesson's page, and predictions. Services say who may do what.

With JavaScript answers go to the API one by one (js/quiz/); without it the whole form is posted here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from common.errors import ApiError, Conflict, NotAllowed
from courses.selectors.lessons import lesson_in_course
from quizzes.models import Attempt
from quizzes.question_forms import is_nothing, read_form
from quizzes.selectors.results import results_in_view
from quizzes.selectors.showing import QuizInView, asked_prediction, quiz_in_view
from quizzes.selectors.taking import open_attempt
from quizzes.services.demo_answers import provide_demo_answers
from quizzes.services.taking import check_answer, close_overdue_attempts, save_answer, start_attempt, submit_attempt

LONGEST_VERSION = 10
"""Digits."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_page(request: Any, course: str, lesson: str) -> HttpResponse:
    found = _found(request, course, lesson, nonce=request.POST.get("nonce", ""))
    if request.method != "POST":
        return render(request, "quizzes/page.html", {"found": found})
    place = "quiz"
    try:
        place = _act(request, found, request.POST.get("do", "save"))
    except ApiError as error:
        messages.error(request, error.message)
    response = redirect(place, course, lesson)
    _, _, checked = request.POST.get("do", "").partition("check:")
    if place == "quiz" and any(asked.id == checked for asked in found.asked):
        response["Location"] += f"#question-{checked}"
    return response


@never_cache
@require_safe
def quiz_part(request: Any, course: str, lesson: str) -> HttpResponse:
    """What stands in a lesson: the quiz, or `?only=<id>` one question of it."""
    found = _found(request, course, lesson, nonce=request.GET.get("nonce", ""), only=request.GET.get("only", ""))
    return render(request, "quizzes/quiz.html", {"found": found})


@never_cache
@require_safe
def results_page(request: Any, course: str, lesson: str) -> HttpResponse:
    """One's own attempts; `?attempt=<number>` opens another than the last."""
    place = lesson_in_course(request.actor, course, lesson)
    close_overdue_attempts(lesson=place.lesson, actor=request.actor)
    provide_demo_answers(revision=place.revision)
    results = results_in_view(request.actor, place, request.GET.get("attempt", ""))
    return render(request, "quizzes/results.html", {"results": results})


@never_cache
@require_safe
def prediction_part(request: Any, course: str, lesson: str, question: str) -> HttpResponse:
    """A prediction, to be made or made; `?told=1`: with what is right, once it is made."""
    place = lesson_in_course(request.actor, course, lesson)
    provide_demo_answers(revision=place.revision)
    asked = asked_prediction(request.actor, place, question, told="told" in request.GET)
    if asked is None:
        raise Http404(f"no prediction {question} in {lesson}")
    return render(request, "quizzes/predict.html", {"asked": asked, "may_take_part": place.view.may_take_part})


def _found(request: Any, course: str, lesson: str, **wanted: str) -> QuizInView:
    place = lesson_in_course(request.actor, course, lesson)
    close_overdue_attempts(lesson=place.lesson, actor=request.actor)
    provide_demo_answers(revision=place.revision)
    return quiz_in_view(request.actor, place, **wanted)


def _act(request: Any, found: QuizInView, do: str) -> str:
    """Do what the pressed button says; the name of the page that shows it."""
    if not found.may_take_part:
        raise NotAllowed(f"“{found.place.course.title}” has closed: its quizzes can no longer be taken.")
    whose: dict[str, Any] = {"actor": request.actor}
    if do == "start":
        start_attempt(**whose, lesson=found.place.lesson)
        return "quiz"
    if not found.asked:
        raise Conflict("No attempt is open any more: it was submitted, or its time was up.")
    attempt = _attempt(request.actor, found)
    _save_all(request, found, attempt)
    if do == "submit":
        submit_attempt(**whose, attempt=attempt)
        return "quiz-results"
    what, _, question = do.partition(":")
    if what == "check":
        check_answer(**whose, attempt=attempt, question=question)
    else:
        messages.success(request, "Your answers are saved.")
    return "quiz"


def _attempt(actor: Actor, found: QuizInView) -> Attempt:
    """The one that is open, or a new one, arranged as the page was."""
    attempt = open_attempt(actor, found.place.lesson)
    return attempt or start_attempt(actor=actor, lesson=found.place.lesson, nonce=found.nonce)


def _save_all(request: Any, found: QuizInView, attempt: Attempt) -> None:
    """Every answer of a posted form that differs from what is kept."""
    for asked in found.asked:
        answer = read_form(asked.shown, request.POST)
        if asked.is_locked or answer == asked.answer or (is_nothing(answer) and not asked.is_answered):
            continue
        version = request.POST.get(f"v.{asked.id}", "")
        try:
            save_answer(
                actor=request.actor,
                attempt=attempt,
                question=asked.id,
                raw=answer,
                version=int(version) if version.isdecimal() and len(version) < LONGEST_VERSION else 0,
                seconds=0,
            )
        except ApiError as error:
            messages.error(request, f"Question {asked.number}: {error.message}")
