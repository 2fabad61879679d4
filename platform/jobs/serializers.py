"""A Job as the API shows it: its own state, and of its Run what the viewer may know."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.actors import Actor
from jobs.models import Job, State
from jobs.selectors import is_mine, queue_place

EXAMPLE = {
    "id": "0b5c6f0e-6f0c-4b63-9d57-3c8f6a1d2e4f",
    "demo": "explorer",
    "state": "queued",
    "params": {"task": "neighbours", "word": "berlin"},
    "queue": "inference",
    "place": 1,
    "estimate": 0.1,
    "waiting_for_worker": False,
    "attempt": 0,
    "created": "2026-11-23T10:00:00Z",
    "started": None,
    "ended": None,
    "result": None,
    "error": None,
    "url": "/api/jobs/0b5c6f0e-6f0c-4b63-9d57-3c8f6a1d2e4f/",
    "events_url": "/api/jobs/0b5c6f0e-6f0c-4b63-9d57-3c8f6a1d2e4f/events/",
    "ws_url": "/ws/jobs/0b5c6f0e-6f0c-4b63-9d57-3c8f6a1d2e4f/",
    "mine": True,
    "share_url": None,
}


@extend_schema_serializer(examples=[OpenApiExample("Just asked", EXAMPLE)])
class JobSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    demo = serializers.SlugField()
    state = serializers.ChoiceField(State.values)
    params = serializers.DictField(help_text="All of them, defaults filled in.")
    queue = serializers.ChoiceField(["inference", "training"])
    place = serializers.IntegerField(allow_null=True, help_text="Its place in the queue while it waits, from 1.")
    estimate = serializers.FloatField(allow_null=True, help_text="Seconds until it may begin, where that is known.")
    waiting_for_worker = serializers.BooleanField(help_text="It waits, and no worker is there to take it.")
    attempt = serializers.IntegerField(help_text="Counts from 1; more than 1 when a worker was lost.")
    created = serializers.DateTimeField()
    started = serializers.DateTimeField(allow_null=True)
    ended = serializers.DateTimeField(allow_null=True)
    result = serializers.DictField(allow_null=True, help_text="There once it has succeeded; its form is the demo's.")
    error = serializers.CharField(allow_null=True, help_text="What went wrong and what to do next, in words.")
    url = serializers.CharField()
    events_url = serializers.CharField(help_text="What has happened so far; `?after=<seq>` for what came since.")
    ws_url = serializers.CharField(help_text="The WebSocket on which it happens; takes `?after=<seq>` too.")
    mine = serializers.BooleanField(help_text="It is yours: you may stop, continue and share it.")
    share_url = serializers.CharField(
        allow_null=True, help_text="The page that lets others look at the run; there once its owner has shared it."
    )


class EventSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(help_text="Counts from 1.")
    attempt = serializers.IntegerField()
    t = serializers.FloatField(help_text="Seconds since the run was made.")
    kind = serializers.CharField(
        help_text="`started`, `progress`, `metrics`, `tokens`, `frame`, `log`, `resumed`, or one of the final "
        "`result`, `failed`, `stopped`."
    )
    data = serializers.DictField()  # type: ignore[assignment]  # the wire's name, which DRF uses for something else


class EventsSerializer(serializers.Serializer[Any]):
    events = EventSerializer(many=True)
    final = serializers.BooleanField(help_text="The last event has come; there will be no more.")


class ReadQuerySerializer(serializers.Serializer[Any]):
    share = serializers.CharField(
        default="", allow_blank=True, max_length=64, help_text="The token of a share link, to read somebody else's."
    )


class EventsQuerySerializer(ReadQuerySerializer):
    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**31 - 1, help_text="Only events with a greater number."
    )


class ListQuerySerializer(serializers.Serializer[Any]):
    demo = serializers.SlugField(required=False, help_text="Only those of this demo.")
    active = serializers.BooleanField(default=False, help_text="Only those that wait or run.")
    answered = serializers.BooleanField(default=False, help_text="Only those that have a result, each result once.")


def job_row(job: Job, *, actor: Actor, share: str = "") -> dict[str, Any]:
    """The Job for this viewer. Who came by a share link gets addresses that carry it on."""
    run, state, mine = job.run, job.state, is_mine(job, actor)
    place = queue_place(run) if state == State.QUEUED else None
    by_link = f"?share={share}" if share and not mine else ""
    row = {
        "id": job.id,
        "demo": run.demo,
        "state": state,
        "params": run.params,
        "queue": run.queue,
        "place": place.place if place else None,
        "estimate": place.estimate if place else None,
        "waiting_for_worker": place is not None and not place.workers,
        "attempt": run.attempt,
        "created": job.created,
        "started": run.started,
        "ended": job.ended,
        "result": run.result if state == State.SUCCEEDED else None,
        "error": run.error or None if state in (State.FAILED, State.STOPPED) and not job.stopped_at else None,
        "url": reverse("api-job", args=[job.id]) + by_link,
        "events_url": reverse("api-job-events", args=[job.id]) + by_link,
        "ws_url": f"/ws/jobs/{job.id}/{by_link}",
        "mine": mine,
        "share_url": reverse("shared-run", args=[job.share_token]) if mine and job.share_token else None,
    }
    return dict(JobSerializer(row).data)
