"""What is new in the courses that somebody looks after: beside their link to these, and in their list of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from courses.extensions import AuthorNews, author_news_of
from courses.models import Course

register = template.Library()


@register.inclusion_tag("courses/author_news.html", takes_context=True)
def author_news(context: Context, course: Course | None = None) -> dict[str, Any]:
    """A link to what is new, in this course or in all; nothing where nothing is. Of several courses it leads to the one
    with the most."""
    request = context.get("request")
    found = _news(request) if request else []
    if course:
        found = [news for news in found if news.course_id == course.pk]
    most = max(found, key=lambda news: news.count, default=None)
    return {"count": sum(news.count for news in found), "url": most.url if most else ""}


def _news(request: Any) -> list[AuthorNews]:
    """Asked for once a page, and only for instructors."""
    if not hasattr(request, "author_news"):
        user = getattr(request, "user", None)
        request.author_news = author_news_of(user) if user and user.is_authenticated and user.is_instructor else []
    return list(request.author_news)
