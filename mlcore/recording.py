"""Reporters for whoever runs a demo without a platform: one that keeps what is said, and one that does not listen."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from mlcore.contracts import Demo, DemoError, Event, Params, Stopped


def _file_at(ref: str) -> Path:
    """Without a platform there are no uploads: a file is named by its path."""
    path = Path(ref)
    if not path.is_file():
        raise DemoError(f"There is no file “{ref}”. Put it beside this notebook, or write where it is.")
    return path


class Silent:
    """A `Reporter` that drops everything: for a model that is trained without being watched."""

    stopped = False
    continued = False

    def progress(self, done: int, total: int, **metrics: float) -> None: ...

    def metrics(self, **row: float | int | str | None) -> None: ...

    def tokens(self, text: str, **extra: Any) -> None: ...

    def emit(self, kind: str, **data: Any) -> None: ...

    def checkpoint(self, path: Path) -> None: ...

    def resume_from(self) -> Path | None:
        return None

    def artifact(self, name: str, path: Path) -> None: ...

    def file(self, ref: str) -> Path:
        return _file_at(ref)


class Recorder:
    """A `Reporter` that keeps every event, and files in a temporary folder.

    Args:
        stop_after: the Run is stopped once this many events are there, as if somebody had clicked Stop.
        resume: a checkpoint to start from.
        continued: the checkpoint is another Run's.
        raising: whether a call raises `Stopped` (not so in a batch).
        files: what stands behind the ids of `FileRef` params; others are taken as paths.

    Use it as a context manager: its folder goes when the block ends.
    """

    def __init__(
        self,
        *,
        stop_after: int | None = None,
        resume: Path | None = None,
        continued: bool = False,
        raising: bool = True,
        files: Mapping[str, Path] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self.checkpoints: list[Path] = []
        self.artifacts: dict[str, Path] = {}
        self.continued = continued
        self._stop_after = stop_after
        self._resume = resume
        self._raising = raising
        self._files = files or {}
        self._began = time.monotonic()
        self._folder = tempfile.TemporaryDirectory(prefix="unroll-recording-")

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._folder.cleanup()

    @property
    def stopped(self) -> bool:
        return self._stop_after is not None and len(self.events) >= self._stop_after

    def progress(self, done: int, total: int, **metrics: float) -> None:
        self.emit("progress", done=int(done), total=int(total), **metrics)

    def metrics(self, **row: float | int | str | None) -> None:
        self.emit("metrics", rows=[row])

    def tokens(self, text: str, **extra: Any) -> None:
        self.emit("tokens", text=text, **extra)

    def emit(self, kind: str, **data: Any) -> None:
        """Keep one event. Raises ValueError or TypeError where `data` is not JSON."""
        self._raise_if_stopped()
        self._append(kind, data)
        self._raise_if_stopped()

    def checkpoint(self, path: Path) -> None:
        self._raise_if_stopped()
        self.checkpoints.append(self._keep(f"checkpoint-{len(self.checkpoints) + 1}", path))

    def resume_from(self) -> Path | None:
        return self._resume

    def artifact(self, name: str, path: Path) -> None:
        self._raise_if_stopped()
        self.artifacts[name] = self._keep(name, path)

    def file(self, ref: str) -> Path:
        self._raise_if_stopped()
        return self._files.get(ref) or _file_at(ref)

    def run(self, demo: Demo, params: Params) -> list[Event]:
        """Run a demo as a worker would; its events with the final one: `result`, `stopped`, or `failed` and why."""
        try:
            self._append("result", {"result": demo.run(params, self)})
        except Stopped:
            self._append("stopped", {})
        except DemoError as error:
            self._append("failed", {"message": str(error)})
        return self.events

    def _append(self, kind: str, data: dict[str, Any]) -> None:
        data = json.loads(json.dumps(data, allow_nan=False))
        passed = round(time.monotonic() - self._began, 3)
        self.events.append(Event(seq=len(self.events) + 1, attempt=1, t=passed, kind=kind, data=data))

    def _keep(self, name: str, path: Path) -> Path:
        return Path(shutil.copy(path, Path(self._folder.name) / name))

    def _raise_if_stopped(self) -> None:
        if self._raising and self.stopped:
            raise Stopped
