"""The page on which a lesson is written, and what it asks for: save, preview, publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import instructor_required
from authoring import presence
from authoring.lesson_form import DraftForm, LessonForm, sent_data, sent_number
from authoring.selectors import editing as selectors
from authoring.services import editing as services
from authoring.views.answers import conflict_of, error_response, errors_as_json, revision_row, state_of, wants_json
from common.errors import ApiError, InvalidParams
from courses.blocks import render_lesson, source_of
from courses.models import Lesson
from courses.services.revisions import (
    EditConflict,
    NotPublishable,
    problems_in,
    problems_of,
    save_revision,
    withdraw_lesson,
)


@require_safe
@instructor_required
def editor_page(request: Any, course: str, lesson: str) -> HttpResponse:
    found = selectors.taught_lesson(request.user, course, lesson)
    return _page(request, found, LessonForm.of(found))


def _page(request: Any, lesson: Lesson, form: LessonForm, *, status: int = 200, **more: Any) -> HttpResponse:
    assert lesson.head
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "form": form,
        "problems": problems_of(lesson, lesson.head),
        "others": presence.others(lesson, request.user, ""),
        "images": lesson.images.all(),
        "demos": selectors.demo_menu(),
        "preview_url": _preview_url(request, lesson),
        **more,
    }
    return render(request, "authoring/lesson_editor.html", context, status=status)


def _preview_url(request: Any, lesson: Lesson) -> str:
    token = lesson.preview_token
    return request.build_absolute_uri(reverse("lesson-preview-link", args=[token])) if token else ""


@require_POST
@instructor_required
def save_lesson(request: Any, course: str, lesson: str) -> HttpResponseBase:
    found = selectors.taught_lesson(request.user, course, lesson)
    form = LessonForm.of(found)
    try:
        form = LessonForm(sent_data(request), auto_id="lesson-%s")
        content = form.content()
        base, message = form.cleaned_data["base"], form.cleaned_data["message"]
        services.spend_save(request.user)
        save_revision(lesson=found, content=content, author=request.user, base=base, message=message)
    except EditConflict as error:
        conflict = conflict_of(error, content)
        if wants_json(request):
            return error_response(error, **conflict, **state_of(found))
        # Sent once more, it is saved on top of what the author has been shown now.
        form.data = {**request.POST.dict(), "base": error.head.number}
        return _page(request, found, form, status=409, error=error, conflict=conflict)
    except ApiError as error:
        if wants_json(request):
            return error_response(error)
        return _page(request, found, form, status=error.status, error=error)
    if wants_json(request):
        return JsonResponse(state_of(found))
    messages.success(request, "Saved.")
    return redirect("author-lesson", course, lesson)


@require_POST
@instructor_required
def publish_lesson(request: Any, course: str, lesson: str) -> HttpResponseBase:
    found = selectors.taught_lesson(request.user, course, lesson)
    try:
        base = sent_number(sent_data(request), "base")
        if base is None:
            raise InvalidParams("This does not say which revision it publishes. Reload the page, then publish again.")
        services.publish_head(lesson=found, base=base)
    except ApiError as error:
        if wants_json(request):
            return error_response(error)
        problems = error.problems if isinstance(error, NotPublishable) else None
        return _page(request, found, LessonForm.of(found), status=error.status, error=error, refused=problems)
    return _done(request, course, lesson, "Published. Students read this revision now.")


@require_POST
@instructor_required
def withdraw(request: Any, course: str, lesson: str) -> HttpResponseBase:
    withdraw_lesson(lesson=selectors.taught_lesson(request.user, course, lesson))
    return _done(request, course, lesson, "Withdrawn. Students do not see this lesson any more; nothing is lost.")


def _done(request: Any, course: str, lesson: str, words: str) -> HttpResponseBase:
    if wants_json(request):
        return JsonResponse(state_of(selectors.taught_lesson(request.user, course, lesson)))
    messages.success(request, words)
    return redirect("author-lesson", course, lesson)


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@instructor_required
@errors_as_json
def preview(request: Any, course: str, lesson: str) -> HttpResponseBase:
    """GET: the frame beside the editor, still empty. POST: what it shows of a text that is not saved."""
    found = selectors.taught_lesson(request.user, course, lesson)
    if request.method != "POST":
        return render(request, "authoring/preview.html", {"lesson": found})
    form = DraftForm(sent_data(request))
    revision = selectors.unsaved_revision(found, form.content())
    source = source_of(found, revision, for_author=True)
    rendered = render_lesson(source)
    html = render_to_string("courses/lesson_text.html", {"lesson": revision, "rendered": rendered})
    return JsonResponse({"html": html, "problems": [vars(problem) for problem in problems_in(source, rendered)]})


@require_safe
@instructor_required
def as_student(request: Any, course: str, lesson: str) -> HttpResponse:
    """The newest revision as students would find it."""
    found = selectors.taught_lesson(request.user, course, lesson)
    return _as_students_see_it(request, found, {"by_link": False})


@require_safe
def preview_link(request: Any, token: str) -> HttpResponse:
    """The same, for whoever was given the link. It leads to nothing else of the course."""
    response = _as_students_see_it(request, selectors.lesson_behind_link(token), {"by_link": True})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def _as_students_see_it(request: Any, lesson: Lesson, context: dict[str, Any]) -> HttpResponse:
    assert lesson.head
    context["is_published"] = lesson.published_id == lesson.head_id
    place = selectors.as_if_published(lesson, lesson.head)
    rendered = render_lesson(source_of(lesson, lesson.head, is_preview=True))
    return render(request, "authoring/as_student.html", {"place": place, "rendered": rendered, **context})


@require_POST
@instructor_required
@errors_as_json
def change_preview_link(request: Any, course: str, lesson: str) -> HttpResponseBase:
    """`action`: make (a new one takes the place of the old) or off. To the editor's page: `url`, empty when off."""
    found = selectors.taught_lesson(request.user, course, lesson)
    if sent_data(request).get("action") == "off":
        services.switch_off_preview_link(lesson=found)
        words = "The preview link is switched off. It leads nowhere now."
    else:
        services.make_preview_link(lesson=found)
        words = "There is a new preview link. Whoever has it sees what was saved last."
    if wants_json(request):
        return JsonResponse({"url": _preview_url(request, found), "message": words})
    messages.success(request, words)
    return redirect(reverse("author-lesson", args=[course, lesson]) + "#sharing")


@require_POST
@instructor_required
@errors_as_json
def presence_in_editor(request: Any, course: str, lesson: str) -> HttpResponseBase:
    """An open editor says that it is there (`window`: which tab), or that it is closed (`leave`), and is told who else
    is there and what was saved last."""
    found = selectors.taught_lesson(request.user, course, lesson)
    data = sent_data(request)
    window = str(data.get("window", ""))[:40]
    if data.get("leave"):
        presence.leave(found, request.user, window)
    else:
        presence.come(found, request.user, window)
    others = presence.others(found, request.user, window)
    assert found.head
    return JsonResponse({"others": others.words, **state_of(found), "saved": revision_row(found.head)})
