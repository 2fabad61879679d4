"""The worker's side of a Run: what a demo says goes into the event log, and a stop comes back out of it."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction

from jobs import eventlog
from jobs.models import Artifact, Run, State
from mlcore.contracts import FINAL_KINDS, DemoError, Stopped

PLATFORM_KINDS = FINAL_KINDS | {"queued", "started", "resumed"}
WRITE_SECONDS = 1 / 20
"""At most twenty writes a second; what comes between is merged into the next."""


class Lost(Stopped):
    """Another attempt has this Run now; whatever this one still says is refused."""


class Released(Exception):
    """The worker is shutting down and gives the Run back, to be taken up elsewhere."""


class LiveReporter:
    """A `mlcore.contracts.Reporter` that writes to the event log of one attempt of one Run.

    `care` calls `flush` for what is still waiting when the demo is silent, and `lose` when the lease is gone. With
    `raising=False` (a batch) calls never raise; the demo reads `stopped`.
    """

    def __init__(self, run: Run, care: Any, *, raising: bool = True) -> None:
        self.run = run
        self._care = care
        self.raising = raising
        self._lock = threading.Lock()
        self._pending: list[tuple[str, dict[str, Any]]] = []
        self._written_at = 0.0
        self._end: Exception | None = None
        self._done: int | None = None
        self._seq = eventlog.last_seq(run.id)

    # What a demo may call

    @property
    def stopped(self) -> bool:
        if self._end is None and self._care.draining:
            self._end = Released()
        return self._end is not None

    def progress(self, done: int, total: int, **metrics: float) -> None:
        self._done = int(done)
        self._say("progress", {"done": int(done), "total": int(total), **metrics})

    def metrics(self, **row: float | int | str | None) -> None:
        self._say("metrics", {"rows": [row]})

    def tokens(self, text: str, **extra: Any) -> None:
        self._say("tokens", {"text": text, **extra})

    def emit(self, kind: str, **data: Any) -> None:
        if kind in PLATFORM_KINDS:
            raise ValueError(f"{kind!r} is said by the platform, not by a demo")
        self._say(kind, data)

    def checkpoint(self, path: Path) -> None:
        self.flush()
        self._raise_if_over()
        step, seq = self._done, eventlog.last_seq(self.run.id)
        self._keep(Artifact.CHECKPOINT, path, checkpoint_step=step, checkpoint_seq=seq)
        self._raise_if_over()

    @property
    def continued(self) -> bool:
        # A later attempt goes on from what this Run itself has kept.
        return self.run.continues_id is not None and self._checkpoint_of(self.run.id) is None

    def resume_from(self) -> Path | None:
        artifact = self._checkpoint_of(self.run.id) or self._checkpoint_of(self.run.continues_id)
        if artifact is None:
            return None
        path: Path = self._care.workspace(self.run) / "resume"
        _copy(artifact.file, path)
        return path

    def artifact(self, name: str, path: Path) -> None:
        if name in (Artifact.LOG, Artifact.CHECKPOINT):
            raise ValueError(f"{name!r} is the platform's own name")
        self._keep(name, path)
        self._raise_if_over()

    def file(self, ref: str) -> Path:
        upload = self.run.uploads.filter(pk=ref).first() if ref else None
        if upload is None:
            raise DemoError("The file of this run is not kept any more. Choose it again, then run.")
        path: Path = self._care.workspace(self.run) / f"file-{upload.pk}"
        if not path.exists():
            _copy(upload.file, path)
        self._raise_if_over()
        return path

    # What the worker calls

    @property
    def end(self) -> Exception | None:
        """Why this attempt must end (`Stopped`, `Lost`, `Released`, …), once it must."""
        return self._end

    def lose(self, reason: Exception) -> None:
        self._end = self._end or reason

    def flush(self) -> None:
        """Write what is waiting. Never raises for the Run's own reasons: they are kept for the demo's next call."""
        with self._lock:
            self._flush()

    # Inside

    def _checkpoint_of(self, run_id: UUID | None) -> Artifact | None:
        return Artifact.objects.filter(run=run_id, name=Artifact.CHECKPOINT).first()

    def _say(self, kind: str, data: dict[str, Any]) -> None:
        # Here and not when it is written: what is not JSON is the demo's mistake, to be raised where it was made, and
        # what the demo changes afterwards is not what it said.
        data = json.loads(json.dumps(data, allow_nan=False))
        with self._lock:
            self._merge(kind, data)
            due = self._written_at + WRITE_SECONDS
            if time.monotonic() >= due:
                self._flush()
            else:
                self._care.flush_at(self, due)
        self._raise_if_over()

    def _merge(self, kind: str, data: dict[str, Any]) -> None:
        last_kind, last = self._pending[-1] if self._pending else ("", {})
        if kind == "progress":
            self._pending = [event for event in self._pending if event[0] != "progress"]
        elif kind == "metrics" == last_kind:
            last["rows"].extend(data["rows"])
            return
        elif kind == "tokens" == last_kind and {**last, "text": ""} == {**data, "text": ""}:
            last["text"] += data["text"]
            return
        self._pending.append((kind, data))

    def _flush(self) -> None:
        if not self._pending or self._end is not None:
            return
        pending, self._pending = self._pending, []
        try:
            lines = [eventlog.encode(self.run, self.run.attempt, kind, data) for kind, data in pending]
        except ValueError as error:  # too large: the demo's mistake, and the Run's end
            self._end = error
            return
        outcome = eventlog.append(self.run.id, self.run.attempt, lines, last=self._seq)
        self._written_at = time.monotonic()
        if outcome > 0:
            self._seq = outcome
        elif outcome == eventlog.CLOSED:
            self._end = Stopped()
        elif outcome == eventlog.FENCED:
            self._end = Lost()
        elif outcome == eventlog.FULL:
            self._end = DemoError("This run said more than can be kept (64 MB). Try a shorter one.")

    def _raise_if_over(self) -> None:
        if self.stopped and self.raising:
            raise self._end  # type: ignore[misc]

    def _keep(self, name: str, path: Path, **fields: Any) -> None:
        """Store a file under this attempt's name, or refuse it when the attempt is not the current one."""
        artifact = Artifact(run=self.run, name=name, size=path.stat().st_size)
        with path.open("rb") as file:
            # Before the row is locked: a large file takes its time, and others want to stop or join the Run meanwhile.
            artifact.file.save(name, File(file), save=False)
        with transaction.atomic():
            current = Run.objects.filter(pk=self.run.pk, attempt=self.run.attempt, state=State.RUNNING)
            kept = current.select_for_update().exists()
            superfluous = artifact.file.name
            if kept:
                earlier = Artifact.objects.filter(run=self.run, name=name).first()
                superfluous = earlier.file.name if earlier else ""
                artifact.pk = earlier.pk if earlier else None
                artifact.save()
                if fields:
                    current.update(**fields)
        if superfluous:
            artifact.file.storage.delete(superfluous)
        if not kept:
            self._end = self._end or Lost()


def _copy(kept: Any, path: Path) -> None:
    with kept.open("rb") as source, path.open("wb") as copy:
        shutil.copyfileobj(source, copy)
