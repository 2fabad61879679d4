"""The body of an API request: JSON of a bounded size, holding only what the database can keep."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from rest_framework import parsers, status
from rest_framework.exceptions import APIException, ParseError


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class JSONParser(parsers.JSONParser):
    """DRF's parser reads the stream without end; this one stops at `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(f"That is too much at once. Send at most {filesizeformat(limit)}.")
        try:
            data = super().parse(io.BytesIO(body), media_type, parser_context)
            for text in _texts(data):
                if "\0" in text:
                    raise ParseError("A text holds the character U+0000, which cannot be kept. Leave it out.")
                text.encode()
        except RecursionError as error:
            raise ParseError("The JSON is nested too deep.") from error
        except UnicodeEncodeError as error:
            raise ParseError("A text holds half of a surrogate pair, which is no character.") from error
        return data


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
