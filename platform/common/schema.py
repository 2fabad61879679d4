"""How errors look in the API's schema: the same words everywhere."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from common.errors import error_body
from common.serializers import ErrorSerializer

_ERRORS = {
    400: ("invalid", "The request is not what this address takes.", {"params": ["This field is required."]}),
    403: ("sign_in_needed", "Not allowed.", {}),
    404: ("not_found", "There is no such thing, or it is not yours.", {}),
    409: ("conflict", "It is not in a state in which that can be done.", {}),
    413: ("too_large", "The body is too large.", {}),
    415: ("unsupported_media_type", "The body must be `application/json`.", {}),
    422: (
        "invalid_params",
        "Params are out of bounds or unknown. Nothing was queued.",
        {"top": ["This can be 50 at most."]},
    ),
    429: ("allowance_used_up", "You have used up your runs; `Retry-After` says when it is possible again.", {}),
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The `responses` of these errors, for `extend_schema`."""
    return {
        status: OpenApiResponse(
            ErrorSerializer,
            description=_ERRORS[status][1],
            examples=[OpenApiExample(_ERRORS[status][0], error_body(*_ERRORS[status]), status_codes=[str(status)])],
        )
        for status in statuses
    }
