"""Numbers and times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import formats, timezone

register = template.Library()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """Seconds (or a timedelta) as “0.02 s”, “12 s”, “1:05 min”, “2:03 h”; a dash for nothing."""
    if value is None:
        return "–"
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < 10:
        return f"{seconds:.2g} s" if seconds >= 0.01 else "0.01 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02} h"


@register.filter
def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment < timezone.now()


@register.filter
def day_in_words(moment: datetime) -> str:
    """“today, 23:59 CEST”, “tomorrow, …”, “yesterday, …”, “Monday, 1 June, 23:59 CEST”; the year where it is another.
    With the zone, because whoever reads it may be in another one."""
    local, now = timezone.localtime(moment), timezone.localtime()
    time = formats.date_format(local, "H:i e")
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local.date() - now.date()).days)
    if near:
        return f"{near}, {time}"
    return f"{formats.date_format(local, 'l, j F' if local.year == now.year else 'j F Y')}, {time}"
