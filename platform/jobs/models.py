"""Job: what somebody asked for. Run: the computation that answers it. Artifact: a file that a Run leaves behind.
Upload: a file that somebody brings for a Run to read.

Postgres is the truth about all of them. What must never happen is a constraint here first, and code second.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class State(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


ACTIVE = (State.QUEUED, State.RUNNING)
SHAREABLE = (*ACTIVE, State.SUCCEEDED)
ENDED = (State.SUCCEEDED, State.FAILED, State.STOPPED)


class Run(models.Model):
    """One computation. It owns its place in the queue, its attempts, its lease, its event log and its result.

    `attempt` is the fencing token: taking a lease raises it, and every later write names it. `tries` counts the
    attempts that were lost or are under way; a graceful shutdown gives its one back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    demo = models.SlugField(max_length=60)
    version = models.CharField(max_length=32)
    params = models.JSONField()
    key = models.CharField(max_length=64, null=True, help_text="Equal requests meet here; empty: never shared.")
    batch_key = models.CharField(max_length=120, default="", blank=True)
    queue = models.CharField(max_length=20)
    payer = models.CharField(max_length=80, help_text="Whose allowance and fair share this Run counts towards.")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, default="", blank=True)
    device = models.CharField(max_length=60, default="", blank=True)
    lease_until = models.DateTimeField(null=True)

    created = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now, help_text="When it last began to wait.")
    started = models.DateTimeField(null=True)
    attempt_started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0, help_text="Computing time of all attempts that have ended, in seconds.")

    result = models.JSONField(null=True)
    error = models.TextField(default="", blank=True, help_text="For the student.")
    traceback = models.TextField(default="", blank=True, help_text="For staff.")
    log_kept = models.BooleanField(default=False, help_text="The event log has become an artifact.")
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="continued_by",
        help_text="Whose checkpoint it begins at.",
    )
    checkpoint_step = models.PositiveIntegerField(null=True)
    checkpoint_seq = models.PositiveIntegerField(default=0)
    uploads: models.ManyToManyField[Upload, Any] = models.ManyToManyField(
        "Upload",
        related_name="runs",
        help_text="The files that its params name.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=SHAREABLE),
                name="run_key_unique_while_shareable",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="run_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True)),
                name="run_holds_a_lease_exactly_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended__isnull=False) | Q(state__in=ACTIVE, ended__isnull=True),
                name="run_has_an_end_exactly_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SUCCEEDED, result__isnull=False) | ~Q(state=State.SUCCEEDED),
                name="run_succeeds_with_a_result",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "created"], condition=Q(state=State.QUEUED), name="run_queued"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="run_running"),
            models.Index(fields=["payer", "ended"], name="run_payer"),
            models.Index(fields=["demo", "-created"], name="run_demo"),
            models.Index(fields=["ended"], condition=Q(log_kept=False, ended__isnull=False), name="run_log_not_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.demo} {str(self.id)[:8]} ({self.state})"

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class Job(models.Model):
    """One request, by one person or guest, for the answer of a Run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="jobs")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    guest = models.CharField(max_length=64, default="", blank=True)
    made_run = models.BooleanField(default=False, help_text="It made the Run, and is charged for it.")
    created = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, help_text="Its owner stopped it; the Run may go on for others.")
    stopped_seq = models.PositiveIntegerField(null=True, help_text="The last event its owner saw before stopping it.")
    share_token = models.CharField(max_length=32, null=True, unique=True)
    retry_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="retries")
    continue_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="continuations")
    replaced = models.BooleanField(default=False, help_text="Its owner typed on, and a later Job took its place.")
    typing_runs = models.PositiveSmallIntegerField(default=0, help_text="Jobs of this typing that were not counted.")
    typing_since = models.DateTimeField(
        null=True, help_text="When the typing began that this Job follows; counted once while the words go on."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, guest="") | (Q(owner__isnull=True) & ~Q(guest="")),
                name="job_has_one_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created"], name="job_owner"),
            models.Index(fields=["guest", "-created"], condition=~Q(guest=""), name="job_guest"),
            models.Index(F("created").desc(), name="job_created"),
        ]

    def __str__(self) -> str:
        return f"{str(self.id)[:8]} of {self.run}"

    @property
    def state(self) -> str:
        """The Job's own state: stopped once its owner stopped it, else its Run's."""
        return State.STOPPED if self.stopped_at else self.run.state

    @property
    def is_detached(self) -> bool:
        """Its owner stopped it, and the Run went on for others: one stopped with its last Job ends when that does."""
        return self.stopped_at is not None and self.stopped_at != self.run.ended

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def ended(self) -> Any:
        return self.stopped_at or self.run.ended


def artifact_path(artifact: Artifact, filename: str) -> str:
    """A new place for a file. Few folders hold all of them, so that none is left empty when a Run is pruned."""
    unique = uuid.uuid4().hex
    return f"runs/{unique[:2]}/{unique}-{artifact.name}"


class Artifact(models.Model):
    """A file of a Run: its kept event log, its last checkpoint, or what a demo chose to keep."""

    LOG = "events.jsonl.gz"
    CHECKPOINT = "checkpoint"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="artifacts")
    name = models.CharField(max_length=80)
    file = models.FileField(upload_to=artifact_path, max_length=200)
    size = models.PositiveBigIntegerField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="artifact_name_unique_in_run")]

    def __str__(self) -> str:
        return f"{self.name} of {self.run_id}"


def upload_path(upload: Upload, filename: str) -> str:
    """A place that says nothing about the file and cannot be guessed."""
    unique = secrets.token_hex(16)
    return f"uploads/{unique[:2]}/{unique}"


class Upload(models.Model):
    """A file that somebody brings for one field of one demo. Params name it (`FileRef`); nobody else may."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    guest = models.CharField(max_length=64, default="", blank=True)
    demo = models.SlugField(max_length=60)
    field = models.CharField(max_length=60)
    name = models.CharField(max_length=100, help_text="As its owner calls it; for their eyes only, and never a path.")
    file = models.FileField(upload_to=upload_path, max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField(help_text="What the demo found when it looked at the file.")
    created = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, guest="") | (Q(owner__isnull=True) & ~Q(guest="")),
                name="upload_has_one_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "last_used"], name="upload_owner"),
            models.Index(fields=["guest", "last_used"], condition=~Q(guest=""), name="upload_guest"),
            models.Index(fields=["last_used"], name="upload_last_used"),
        ]

    def __str__(self) -> str:
        return f"{str(self.id)[:8]} for {self.demo}"
