"""Short texts of people."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from common.markdown import render_fragment

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML: no blocks, no pictures."""
    return render_fragment(text)
