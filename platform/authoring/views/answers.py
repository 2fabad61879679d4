"""How the editor's addresses answer: JSON to its page, and where there is no JavaScript a page or the way to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import formats, timezone

from authoring.diff import diff_contents
from common.errors import ApiError, error_body
from courses.lesson_files import LessonContent
from courses.models import Lesson, Revision
from courses.services.revisions import EditConflict, NotPublishable


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def errors_as_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Every error in the API's one shape, for addresses that only scripts ask."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ApiError as error:
            return error_response(error)

    return wrapped


def error_response(error: ApiError, **more: Any) -> JsonResponse:
    body: dict[str, Any] = {**error_body(error.code, error.message, error.fields), **more}
    if isinstance(error, NotPublishable):
        body["problems"] = [vars(problem) for problem in error.problems]
    return JsonResponse(body, status=error.status, headers=error.headers)


def conflict_of(error: EditConflict, mine: LessonContent) -> dict[str, Any]:
    """What the editor shows about an edit that somebody else's came before."""
    theirs = LessonContent.of(error.head)
    diffs = diff_contents(theirs, mine)
    return {
        "head": {**revision_row(error.head), **vars(theirs), "aims": "\n".join(theirs.aims)},
        "diff": render_to_string("authoring/diff.html", {"diffs": diffs, "none": "Both say the same."}),
    }


def revision_row(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "author": revision.author.name if revision.author else "Somebody",
        "at": formats.date_format(timezone.localtime(revision.at), "j M Y, H:i"),
    }


def state_of(lesson: Lesson) -> dict[str, Any]:
    """What the editor's page says about the lesson as a whole."""
    assert lesson.head
    return {
        "revision": lesson.head.number,
        "published": lesson.published.number if lesson.published else None,
        "state": render_to_string("authoring/lesson_state.html", {"lesson": lesson}),
    }
