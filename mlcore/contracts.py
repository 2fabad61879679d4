"""What a demo is, what it may say while it runs, and the errors it may raise.

A lesson's demo subclasses `Demo`. Whoever runs it (a worker, a test, a notebook) hands it validated `Params` and a
`Reporter`; nothing here knows of a web server or a queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypedDict
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Queue = Literal["inference", "training"]

FINAL_KINDS = frozenset({"result", "failed", "stopped"})


class Event(TypedDict):
    """One line of a Run's log, as it goes over the wire. `seq` counts from 1; `t` is seconds since the Run was made."""

    seq: int
    attempt: int
    t: float
    kind: str
    data: dict[str, Any]


class Params(BaseModel):
    """Base of every demo's parameters: frozen, and refusing what it does not know.

    Every field has bounds, a title, a description and a default, so that the form, the API schema and the server's
    check come from one place and `Params()` is a good first run. `json_schema_extra` may hold

    * `"display_only": True`: the field changes how the result is shown, not the result;
    * `"when": {"other_field": ["value", …]}`: the field matters (and its control shows) only then;
    * `"widget"`: how the form shows it where the type alone does not say (`"textarea"`, `"slider"`, `"words"`,
      `"file"` for a `FileRef`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @classmethod
    def file_fields(cls) -> tuple[str, ...]:
        """The fields that are a `FileRef`."""
        return tuple(name for name, field in cls.model_fields.items() if _IsFile in field.metadata)


class _IsFile:
    """Marks a field as a reference to a file, in its `Annotated` metadata."""


def _no_file_or_id(value: str) -> str:
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        raise ValueError("Choose the file again: this is not one that was uploaded.") from None


FileRef = Annotated[str, Field(max_length=36), AfterValidator(_no_file_or_id), _IsFile]
"""A student's own file as a param: empty, or the id of an upload. `Demo.check_file` looks at it when it comes in,
`Reporter.file` opens it in a Run. `json_schema_extra` says `"widget": "file"`, which endings the page offers
(`"accept": ".csv,.txt"`), and `"max_bytes"` where less than `MAX_FILE_BYTES` is enough."""

MAX_FILE_BYTES = 2_000_000


class Stopped(Exception):
    """Raised by a `Reporter` call when the Run was stopped; a demo lets it pass."""


class DemoError(Exception):
    """What went wrong, in a sentence for the student: what happened, and what to do next."""


class Reporter(Protocol):
    """What a Run may say. Each call is also the point where a stop takes effect (`Stopped` is raised)."""

    @property
    def stopped(self) -> bool:
        """Whether the Run was stopped, without raising (for batches and inner loops)."""
        ...

    def progress(self, done: int, total: int, **metrics: float) -> None:
        """How far the Run is; when calls come fast, the last one wins."""
        ...

    def metrics(self, **row: float | int | str | None) -> None:
        """One row of numbers for a curve; none is lost. On the wire: kind `metrics`, data `{"rows": [row, …]}`."""
        ...

    def tokens(self, text: str, **extra: Any) -> None:
        """A piece of generated text; none is lost. On the wire: kind `tokens`, data `{"text": …, **extra}`."""
        ...

    def emit(self, kind: str, **data: Any) -> None:
        """Anything else (`frame`, `log`, …), in order."""
        ...

    def checkpoint(self, path: Path) -> None:
        """Keep this file: should the Run be taken up again, it goes on from here."""
        ...

    def resume_from(self) -> Path | None:
        """The last checkpoint's file, where this attempt (or this continued Run) starts from one."""
        ...

    @property
    def continued(self) -> bool:
        """Whether `resume_from` hands over another Run's last checkpoint: the student asked to go on after its end."""
        ...

    def artifact(self, name: str, path: Path) -> None:
        """Keep this file beyond the Run under `name`."""
        ...

    def file(self, ref: str) -> Path:
        """The student's file that a `FileRef` param names; only to be read.

        Raises:
            DemoError: it is not kept any more.
        """
        ...


@dataclass(frozen=True)
class Preset:
    """A named starting point of a demo, for a lesson's text (`:::demo explorer capitals`) and its menu."""

    title: str
    params: Mapping[str, Any]


class Demo:
    """A live demonstration: typed parameters in, events while it runs, a JSON-able result out.

    The registry sets `slug` (the file's name), `lesson` (the folder's name) and `version` (a digest of the code and
    of what it declares in `weights`).
    """

    slug: ClassVar[str]
    lesson: ClassVar[str]
    version: ClassVar[str]

    title: ClassVar[str]
    summary: ClassVar[str]
    queue: ClassVar[Queue]
    deterministic: ClassVar[bool]
    """Equal params give an equal result (for training: with the fixed seed, equal up to rounding)."""
    follows_typing: ClassVar[bool] = False
    """The page runs it while the student types, instead of on a click."""
    continues: ClassVar[bool] = False
    """A stopped or finished Run can go on from its last checkpoint."""
    max_batch: ClassVar[int] = 1
    """How many Runs of equal `batch_key` `run_batch` takes together."""
    weights: ClassVar[tuple[str, ...]] = ()
    """Names and versions of the pretrained files the result depends on."""

    Params: ClassVar[type[Params]]
    tiny: ClassVar[Mapping[str, Any]] = {}
    """Changes to the defaults that make a Run end within seconds, for the tests."""
    presets: ClassVar[Mapping[str, Preset]] = {}

    def warm(self) -> None:
        """Load what a Run needs, so that the first one is not slow. Called once in each worker child."""

    def check_file(self, field: str, path: Path) -> dict[str, Any]:
        """Look at a file that somebody chose for the `FileRef` field; facts about it for the page, as JSON. `summary`,
        if it is among them, stands beside the file's name in the form (`"730 rows, 3 columns"`).

        It runs in the web process while that somebody waits: without heavy libraries, in time that grows with the
        file's length at most. Nothing about the file is certain but its size.

        Raises:
            DemoError: with a sentence that says what is wrong with it and what would be right.
        """
        raise NotImplementedError

    def run(self, params: Any, report: Reporter) -> dict[str, Any]:
        """Compute the result of `params`.

        Raises:
            DemoError: with a sentence for the student.
            Stopped: passed on from `report`.
        """
        raise NotImplementedError

    def batch_key(self, params: Any) -> str | None:
        """Runs of equal key may be computed together; `None`: this one goes alone."""
        return None

    def run_batch(self, params: Sequence[Any], reports: Sequence[Reporter]) -> list[dict[str, Any]]:
        """The results of several Runs at once, in order. Here a report never raises: read its `.stopped`."""
        raise NotImplementedError
