"""What the authors' pages have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase

from accounts.permissions import instructor_required
from common.errors import ApiError
from courses.models import Course
from courses.selectors.access import taught_course

P = ParamSpec("P")


def of_taught_course(
    view: Callable[Concatenate[Any, Course, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """For a page of one course: hands it over, to its instructors alone; for others it is not there."""

    @instructor_required
    @wraps(view)
    def found(request: Any, course: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, taught_course(request.user, course), *args, **kwargs)

    return found


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """What a service refuses is told on the next page."""
    try:
        yield
    except ApiError as error:
        messages.error(request, error.message)
