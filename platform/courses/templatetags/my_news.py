"""How much is new for a student: beside the link to their work."""

from __future__ import annotations

from django import template
from django.template.context import Context

from courses.extensions import news_of

register = template.Library()


@register.simple_tag(takes_context=True)
def my_news(context: Context) -> int:
    """Instructors are told of their courses instead: each page asks once."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return news_of(user) if user and user.is_authenticated and not user.is_instructor else 0
