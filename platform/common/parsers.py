"""The body of an API request: JSON that holds only what the database can keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Texts that would break on their way to the database are refused here, for all that comes in."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        if int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0) > settings.MAX_JSON_BYTES:
            raise RequestDataTooBig
        try:
            data = super().parse(stream, media_type, parser_context)
            for text in _texts(data):
                if "\0" in text:
                    raise ParseError("A text holds the character U+0000, which cannot be kept. Leave it out.")
                text.encode()
        except UnicodeEncodeError as error:
            raise ParseError("A text holds half of a surrogate pair, which is no character.") from error
        except RecursionError as error:
            raise ParseError("The JSON is nested too deep.") from error
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
