"""`manage.py make_samples [slug …]`: record a run of each demo's default params, for its page to open on."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlcore import registry
from mlcore.contracts import Demo, Event
from mlcore.recording import Recorder

LARGEST_KB = 300


class Command(BaseCommand):
    help = "Record the runs that the demos' pages open on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="*", help="the demos to record (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        demos = registry.demos()
        for slug in options["slug"] or sorted(demos):
            if slug not in demos:
                raise CommandError(f"There is no demo “{slug}”; there are {', '.join(sorted(demos))}.")
            self._record(demos[slug])

    def _record(self, demo: Demo) -> None:
        params = demo.Params()
        demo.warm()
        with Recorder() as recorder:
            events = recorder.run(demo, params)
        if events[-1]["kind"] != "result":
            raise CommandError(f"{demo.slug} ended with {events[-1]['kind']}: {events[-1]['data']}")
        sample = {
            "demo": demo.slug,
            "version": demo.version,
            "params": params.model_dump(mode="json"),
            "events": merge_progress(events),
        }
        path = registry.LESSONS / demo.lesson / "static" / f"{demo.slug}.sample.json"
        path.parent.mkdir(exist_ok=True)
        # One event a line, so that a difference can be read.
        text = json.dumps({**sample, "events": []}, ensure_ascii=False)
        lines = ",\n".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in sample["events"])
        path.write_text(f"{text.removesuffix(']}')}\n{lines}\n]}}\n", encoding="utf-8")
        size = path.stat().st_size / 1024
        if size > LARGEST_KB:
            raise CommandError(f"{path} has {size:.0f} KB; a page should load at most {LARGEST_KB}. Say less.")
        self.stdout.write(f"{path.relative_to(registry.ROOT)}: {len(events)} events, {size:.0f} KB")


def merge_progress(events: list[Event]) -> list[Event]:
    """The events as the platform would keep them: of progress that nothing came between, only the last."""
    kept = [
        event
        for event, following in zip(events, [*events[1:], None], strict=True)
        if event["kind"] != "progress" or following is None or following["kind"] != "progress"
    ]
    return [{**event, "seq": seq} for seq, event in enumerate(kept, start=1)]
