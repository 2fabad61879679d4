"""What the pages and the API say about a demo. All of it comes from the registry, which stays light: no model loads."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from demos.notebooks import has_notebook
from mlcore import registry
from mlcore.contracts import Demo

DemoRow = dict[str, Any]


def demo_row(slug: str) -> DemoRow:
    """The demo as the API shows it. Raises KeyError when there is none."""
    return _row(registry.get(slug))


@cache
def _row(demo: Demo) -> DemoRow:
    return {
        "slug": demo.slug,
        "title": demo.title,
        "summary": demo.summary,
        "lesson": lesson_slug(demo),
        "queue": demo.queue,
        "deterministic": demo.deterministic,
        "follows_typing": demo.follows_typing,
        "continues": demo.continues,
        "params": demo.Params.model_json_schema(),
        "presets": {
            name: {"title": preset.title, "params": dict(preset.params)} for name, preset in demo.presets.items()
        },
    }


def demo_rows() -> list[DemoRow]:
    return [demo_row(slug) for slug in sorted(registry.demos())]


def lesson_slug(demo: Demo) -> str:
    """A lesson's address is its folder's name with hyphens."""
    return demo.lesson.replace("_", "-")


@cache
def has_lesson_page(demo: Demo) -> bool:
    return (registry.LESSONS / demo.lesson / "lesson.md").is_file()


def frame_context(slug: str, *, preset: str = "", heading_id: str = "") -> dict[str, Any]:
    """What `components/demo.html` needs to draw the frame. Raises KeyError when there is no such demo."""
    demo = registry.get(slug)
    return {
        "demo": demo_row(slug),
        "preset": preset,
        "preset_title": demo.presets[preset].title if preset in demo.presets else "",
        "heading_id": heading_id or f"demo-{slug}",
        "view_url": static(f"{demo.lesson}/{slug}.js"),
        "notebook_url": reverse("demo-notebook", args=[slug]) if has_notebook(demo) else "",
        "sample_url": static(f"{demo.lesson}/{slug}.sample.json") if _has_sample(demo) else "",
    }


@cache
def _has_sample(demo: Demo) -> bool:
    return finders.find(f"{demo.lesson}/{demo.slug}.sample.json") is not None
