"""Who may open a page. A signed-out person is sent to sign in; somebody without the role reads why not (403)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _requires(allowed: Callable[[User], bool], words: str) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not allowed(request.user):
                raise PermissionDenied(words)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    htmx: Any = getattr(request, "htmx", None)
    if htmx:  # a part of a page was asked for, the whole browser has to go
        return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)
    return redirect_to_login(request.get_full_path())


staff_required = _requires(lambda user: user.is_staff, "This page is for staff.")
instructor_required = _requires(lambda user: user.is_instructor, "This page is for instructors and staff.")
