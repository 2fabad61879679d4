"""The error pages; under /api/ the same errors in the API's one shape."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from redis.exceptions import RedisError

from common.errors import NotNow, error_body

_MESSAGES = {
    400: ("bad_request", "This request makes no sense to us. Check the address."),
    403: ("not_allowed", "You may not do this."),
    404: ("not_found", "There is nothing at this address."),
    429: ("too_many_requests", "That was too often. Wait a minute, then try again."),
    500: ("server_error", "Something broke on our side. Try again in a moment."),
    503: ("busy", "We cannot answer right now. Try again in some seconds."),
}
UNAVAILABLE = (OperationalError, InterfaceError, RedisError)
"""PostgreSQL or Valkey does not answer, or all connections are taken: nothing is wrong with the request."""


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """`PermissionDenied("…")` may say why in words for the page."""
    heading = exception.heading if isinstance(exception, NotNow) else ""
    return _error(request, 403, {"words": str(exception or ""), "heading": heading})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long, or came from another site (settings.CSRF_FAILURE_VIEW)."""
    return _error(request, 403, {"form_expired": True})


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 404)


def too_many_requests(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Forms that are sent too often. Their limits are counted by the minute."""
    response = _error(request, 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever broke (the session's database, say) must not break this page too."""
    busy = isinstance(sys.exception(), UNAVAILABLE)
    status, headers = (503, {"Retry-After": "5"}) if busy else (500, {})
    if _is_api(request):
        return JsonResponse(error_body(*_MESSAGES[status]), status=status, headers=headers)
    words = {
        "status": status,
        "heading": "Too much at once" if busy else "Something broke on our side",
        "words": _MESSAGES[503][1] if busy else "It has been written down. Try again in a moment.",
    }
    return HttpResponse(render_to_string("errors/500.html", words), status=status, headers=headers)


def _error(request: HttpRequest, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(error_body(*_MESSAGES[status]), status=status)
    context = {"status": status, "phrase": HTTPStatus(status).phrase, **(context or {})}
    return render(request, f"errors/{status}.html", context, status=status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
