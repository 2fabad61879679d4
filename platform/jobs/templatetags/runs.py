"""What pages say about a Job and its Run."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.text import Truncator

from jobs.models import Job, State
from jobs.selectors import queue_place
from mlcore import registry
from mlcore.contracts import Demo, Params

register = template.Library()
LONGEST_WORDS = 44
MOST_PARAMS = 5
EMPTY: tuple[Any, ...] = ("", [], None)


@register.filter
def demo_title(slug: str) -> str:
    """A demo's title; its name where the demo is no longer there."""
    demo = registry.demos().get(slug)
    return demo.title if demo else slug


@register.filter
def state_label(job: Job) -> str:
    return State(job.state).label


@register.filter
def params_in_words(job: Job) -> str:
    """What was asked for, as “Word: paris”: the demo's first setting, the words that were typed, and whatever differs
    from how the demo opens."""
    demo = registry.demos().get(job.run.demo)
    return settings_in_words(demo, job.run.params) if demo else ""


def settings_in_words(demo: Demo, params: dict[str, Any]) -> str:
    """The same for params of this demo."""
    fields, defaults = _settings_of(demo.Params)
    matter = [name for name, field in fields.items() if _matters(field, params) and params.get(name) not in EMPTY]
    shown = [
        name for name in matter if name == matter[0] or _is_typed(fields[name]) or params.get(name) != defaults[name]
    ]
    words = [(fields[name].get("title", name), _words(fields[name], params.get(name))) for name in shown[:MOST_PARAMS]]
    return " · ".join(f"{title}: {value}" for title, value in words)


@register.filter
def waiting_words(job: Job) -> str:
    """Where a queued Job stands, for whoever waits for it; nothing for others."""
    if job.state != State.QUEUED:
        return ""
    place = queue_place(job.run)
    if not place.workers:
        return "Waiting for a worker"
    if place.held:
        return place.held
    if place.estimate is not None and place.estimate >= 1:
        return f"Number {place.place} in the queue, about {place.estimate:.0f} s"
    return f"Number {place.place} in the queue"


@register.filter
def ran_for(job: Job) -> float | None:
    """Seconds from the start to the end, or until now; None before the start."""
    if job.run.started is None:
        return None
    return max(0.0, ((job.ended or timezone.now()) - job.run.started).total_seconds())


@register.filter
def can_go_on(job: Job) -> bool:
    """There is a checkpoint that a new run may start from."""
    demo = registry.demos().get(job.run.demo)
    ended_well = job.run.state in (State.SUCCEEDED, State.STOPPED)
    return demo is not None and demo.continues and ended_well and job.run.checkpoint_step is not None


@register.filter
def was_known(job: Job) -> bool:
    """The answer was there before the question: somebody had asked the same."""
    return job.run.ended is not None and job.run.ended < job.created


@register.filter
def waited_for(job: Job) -> float:
    """Seconds that the Run stood in the queue, so far; 0 where the answer was there before the question."""
    until = job.run.started or job.ended or timezone.now()
    return max(0.0, (until - job.created).total_seconds())


@cache
def _settings_of(params: type[Params]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of each field, and the defaults. Kept, because the schema takes longer to make than a page's row."""
    return params.model_json_schema()["properties"], params().model_dump(mode="json")


def _matters(field: dict[str, Any], params: dict[str, Any]) -> bool:
    when: dict[str, list[Any]] = field.get("when", {})
    return not field.get("display_only") and all(params.get(other) in values for other, values in when.items())


def _is_typed(field: dict[str, Any]) -> bool:
    return field.get("type") == "string" and "enum" not in field


def _words(field: dict[str, Any], value: Any) -> str:
    if isinstance(value, list):
        words = ", ".join(str(item) for item in value)
    elif isinstance(value, bool):
        words = "yes" if value else "no"
    elif field.get("widget") == "file":
        words = "an uploaded file"  # whose name is its owner's
    else:
        words = str(field.get("labels", {}).get(value, value))
    return Truncator(words).chars(LONGEST_WORDS)
