"""Shares and the figures of questions as instructors read them."""

from __future__ import annotations

import math

from django import template

from quizzes.formulas import in_digits

register = template.Library()
NOTHING = "–"


@register.filter
def number(value: float) -> str:
    """Points: “3”, “2.5”."""
    return in_digits(round(value, 2))


@register.filter
def percent(share: float | None) -> str:
    """“83 %”, on one line; a dash for nothing."""
    return NOTHING if share is None else f"{math.floor(100 * share + 0.5)}\N{NO-BREAK SPACE}%"


@register.filter
def in_points(difference: float | None) -> str:
    """A difference of shares in points of a percent: “+45 points”."""
    return NOTHING if difference is None else f"{_signed(100 * difference, 0)} points"


@register.filter
def signed(value: float | None) -> str:
    """“+0.38”, “−0.20”."""
    return NOTHING if value is None else _signed(value, 2)


def _signed(value: float, places: int) -> str:
    return f"{value:+.{places}f}".replace("-", "−")
