"""The text of a post as HTML. Anybody may write one, so it is kept apart from the page around it."""

from __future__ import annotations

import re
from functools import lru_cache, partial

import nh3
from django.utils.safestring import SafeString, mark_safe

from common.markdown import render_fragment

# `render_fragment` has left only what is safe. Here no more than that is named, so that the rest of it stays.
_TAGS = (nh3.ALLOWED_TAGS | {"section"}) - {"img"}
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "a": {"href", "title"}, "*": {"class", "id"}}


@lru_cache(maxsize=1024)
def render_post(text: str, *, prefix: str) -> SafeString:
    """Links say that we do not stand for them; headings are none of the page's; ids (of footnotes) begin with `prefix`,
    so that two posts on a page do not share one."""
    html = re.sub(r"<h[1-6]\b[^>]*>", '<p class="post-heading">', render_fragment(text))
    html = re.sub(r"</h[1-6]>", "</p>", html)
    return mark_safe(  # noqa: S308 - what the sanitiser returns
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=partial(_apart, prefix),
            link_rel="nofollow ugc noopener",
            url_schemes={"http", "https", "mailto"},
        )
    )


def _apart(prefix: str, tag: str, attribute: str, value: str) -> str:
    if attribute == "id":
        return f"{prefix}-{value}"
    if attribute == "href" and value.startswith("#fn"):
        return f"#{prefix}-{value[1:]}"
    return value
