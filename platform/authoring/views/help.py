"""The guide for those who write courses, as a page: the same text that lies in `docs/`."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.markdown import Rendered
from common.markdown import render as render_markdown


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """For everybody: whoever thinks of teaching here reads it before they have an account."""
    return render(request, "authoring/help.html", {"rendered": _guide()})


@cache
def _guide() -> Rendered:
    text = (settings.ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
    return render_markdown(text, {})
