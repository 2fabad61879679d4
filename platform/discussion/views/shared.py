"""What all pages of a discussion do alike: each is a page of its own, and a part that htmx puts under the lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, push_url

from common.errors import ApiError
from discussion.selectors.posts import Discussion


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A guest is sent to sign in, and comes back to where that makes sense: not to an address that only takes forms."""

    @wraps(view)
    def checked(request: Any, course: str, lesson: str, **more: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, course, lesson, **more)
        if request.htmx:
            return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
        back = request.get_full_path() if request.method == "GET" else reverse("discussion", args=[course, lesson])
        return redirect_to_login(back)

    return checked


def show(
    request: HttpRequest, discussion: Discussion, part: str, context: dict[str, Any], error: ApiError | None = None
) -> HttpResponse:
    """Under the lesson, where there is a heading already, the part alone; always with status 200, for htmx puts nothing
    else in its place."""
    htmx: Any = getattr(request, "htmx", None)
    _focus_first_error(context.get("form"))
    context = {"discussion": discussion, "part": f"discussion/{part}.html", "level": 3 if htmx else 1, **context}
    if htmx:
        response = push_url(render(request, context["part"], context), False)  # the address stays the lesson's
    else:
        page = render_to_string("discussion/page.html", context, request)
        response = HttpResponse(page, status=error.status if error else 200, headers=error.headers if error else None)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _focus_first_error(form: forms.Form | None) -> None:
    """Where a form comes back, the reader goes on at what was refused."""
    for name in form.errors if form and not form.non_field_errors() else ():
        if name in form.fields:  # type: ignore[union-attr]
            form.fields[name].widget.attrs["autofocus"] = True  # type: ignore[union-attr]
            return
