"""The block `:::demo <slug> [preset]` of a lesson's text."""

from __future__ import annotations

from django.template.loader import render_to_string

from common.markdown import BlockError
from demos.selectors import frame_context
from mlcore import registry


def demo_block(arguments: str, body: str, line: int) -> str:
    """The frame of a demo, opened on a preset where one is named.

    Raises:
        BlockError: there is no such demo or preset, or the block has a body.
    """
    slug, _, preset = arguments.partition(" ")
    preset = preset.strip()
    if slug not in registry.demos():
        raise BlockError(f"There is no demo “{slug}”." if slug else "Say which demo: “:::demo <name> [preset]”.")
    if preset and preset not in registry.get(slug).presets:
        raise BlockError(f"The demo “{slug}” has no preset “{preset}”.")
    if body:
        raise BlockError("A demo has no text inside. Take away the “:::” that closes it.")
    return render_to_string(
        "components/demo.html", frame_context(slug, preset=preset, heading_id=f"demo-{slug}-{line}")
    )
