"""Points and answers as people say them."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from quizzes.formulas import in_digits

register = template.Library()


@register.filter
def points(value: float) -> str:
    """“1 point”, “2.5 points”."""
    return f"{_number(value)} point{'' if value == 1 else 's'}"


@register.filter
def points_of(value: float, most: float) -> str:
    """“1.5 of 2 points”."""
    return f"{_number(value)} of {points(most)}"


@register.filter
def after_gap(text: SafeString) -> SafeString:
    """A text that follows a gap: a space before it, but not before the mark that ends a sentence."""
    return text if re.match(r"[.,;:!?)”’]", text) else mark_safe(f" {text}")  # noqa: S308 - safe as it was


def _number(value: float) -> str:
    return in_digits(round(value, 2))
