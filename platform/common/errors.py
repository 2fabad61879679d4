"""The errors a person may meet, and the one shape in which the API tells them.

{"error": {"code": "invalid_params", "message": "…", "fields": {"word": ["…"]}}}
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

Fields = dict[str, list[str]]


class ApiError(Exception):
    """Something a person asked for cannot be done; `message` says why and what to do next, in plain words."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, fields: Fields | None = None, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}
        self.retry_at = retry_at
        self.more: dict[str, Any] = {}
        """What a program needs to go on, beside the words."""

    @property
    def headers(self) -> dict[str, str]:
        if self.retry_at is None:
            return {}
        wait = (self.retry_at - timezone.now()).total_seconds()
        return {"Retry-After": str(max(1, math.ceil(wait)))}


class InvalidParams(ApiError):
    code = "invalid_params"
    status = 422


class NotFound(ApiError):
    code = "not_found"
    status = 404


class SignInNeeded(ApiError):
    code = "sign_in_needed"
    status = 403


class NotAllowed(ApiError):
    code = "not_allowed"
    status = 403


class Conflict(ApiError):
    code = "conflict"
    status = 409


class AllowanceUsedUp(ApiError):
    code = "allowance_used_up"
    status = 429


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "That is too much at once. Send less."


class NotNow(PermissionDenied):
    """A page that is shut for a while, or for good, to people who would otherwise read it: `words` say why. Their
    instructor can help, not whoever runs this Unroll."""

    def __init__(self, heading: str, words: str) -> None:
        super().__init__(words)
        self.heading = heading


def error_body(code: str, message: str, fields: Fields | None = None, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "fields": fields or {}, **more}}


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's `EXCEPTION_HANDLER`: every error in the one shape. What it does not know becomes a 500 elsewhere."""
    if isinstance(exc, ApiError):
        set_rollback()
        body = error_body(exc.code, exc.message, exc.fields, **exc.more)
        return Response(body, status=exc.status, headers=exc.headers)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, RequestDataTooBig):
        exc = BodyTooLarge()
    if not isinstance(exc, exceptions.APIException):
        return None
    set_rollback()
    if isinstance(exc, exceptions.ValidationError):
        body = error_body(
            "invalid", "Some of what you sent does not fit. Look at the fields below.", _fields(exc.detail)
        )
    else:
        body = error_body(str(getattr(exc.detail, "code", exc.default_code)), str(exc.detail))
    return Response(body, status=exc.status_code)


def _fields(detail: Any, path: str = "") -> Fields:
    """DRF's nested details as flat `{"params.word": ["…"]}`."""
    if isinstance(detail, dict):
        found: Fields = {}
        for name, inner in detail.items():
            found |= _fields(inner, f"{path}.{name}" if path else str(name))
        return found
    items = detail if isinstance(detail, list) else [detail]
    return {path or "non_field_errors": [str(item) for item in items]}
