"""How far a reader has come, as the lesson's page tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import GUEST_COOKIE_SECONDS, Actor
from common.errors import InvalidParams
from courses import extensions
from courses.extensions import Blocks, ProgressKind
from courses.models import Lesson, LessonProgress, ProgressItem
from jobs.allowances import spend
from jobs.models import State
from jobs.selectors import jobs_of
from mlcore import registry

LONGEST_POSITION = 120
LESSONS_OF_AN_ADDRESS = 3_000
"""That guests of one address begin within the window of an allowance: a class of five hundred, and each a few."""


@transaction.atomic
def note_position(*, actor: Actor, lesson: Lesson, position: str) -> LessonProgress:
    """The reader is here: at the heading with this id, or at the top.

    Raises:
        AllowanceUsedUp: as `record_progress` does.
    """
    return _keep(actor, lesson, position=position[:LONGEST_POSITION])


@transaction.atomic
def record_progress(*, actor: Actor, lesson: Lesson, kind: str, key: str = "") -> ProgressItem:
    """The reader has done one of the things that the lesson asks for. Doing it again changes nothing.

    Raises:
        InvalidParams: the lesson asks for no such thing, or it is not done.
        AllowanceUsedUp: guests have begun too many lessons from this address.
    """
    the_kind = extensions.progress_kinds().get(kind)
    revision = lesson.published
    if the_kind is None or revision is None or key not in the_kind.keys(revision.blocks):
        raise InvalidParams("This lesson asks for nothing of that kind.")
    if not the_kind.is_done(actor, lesson, key):
        raise InvalidParams("This is not done yet.")
    progress = _keep(actor, lesson)
    item, _ = ProgressItem.objects.get_or_create(progress=progress, kind=kind, key=key)
    return item


@transaction.atomic
def forget_progress(*, actor: Actor, lesson: Lesson, kind: str, key: str = "") -> None:
    """The reader takes it back: “not read yet”."""
    ProgressItem.objects.filter(
        **{f"progress__{name}": value for name, value in _owner(actor).items()},
        progress__lesson=lesson,
        kind=kind,
        key=key,
    ).delete()


@transaction.atomic
def prune_progress() -> int:
    """Forget guests who have not come back for as long as their cookie lasts; how many lessons that was."""
    before = timezone.now() - timedelta(seconds=GUEST_COOKIE_SECONDS)
    _, rows = LessonProgress.objects.exclude(guest="").filter(last_seen__lt=before).delete()
    return rows.get("courses.LessonProgress", 0)


def _keep(actor: Actor, lesson: Lesson, **what: Any) -> LessonProgress:
    progress, is_new = LessonProgress.objects.update_or_create(
        **_owner(actor), lesson=lesson, defaults={**what, "last_seen": timezone.now()}
    )
    if is_new and actor.user is None:  # whoever sends no cookie is a new guest each time
        sentence = "Your network has begun {amount} lessons in a short time, as many as we keep for guests. Sign in."
        spend(key=f"progress:{actor.address}", amount=LESSONS_OF_AN_ADDRESS, sentence=sentence)
    return progress


def _owner(actor: Actor) -> dict[str, Any]:
    return {"user": actor.user, "guest": actor.guest}


def register_own_kinds() -> None:
    extensions.register_progress(
        ProgressKind(name="read", label="Read the text", keys=lambda _blocks: [""], is_done=lambda *_: True)
    )
    extensions.register_progress(
        ProgressKind(name="demo", label="Run the demo", keys=_demos, is_done=_has_run, name_of=_demo_title)
    )


def _demos(blocks: Blocks) -> list[str]:
    """Each demo of the text once, in order."""
    return list(dict.fromkeys(arguments.split(" ")[0] for name, arguments in blocks if name == "demo"))


def _demo_title(slug: str) -> str:
    demo = registry.demos().get(slug)
    return demo.title if demo else slug


def _has_run(actor: Actor, lesson: Lesson, key: str) -> bool:
    return jobs_of(actor).filter(run__demo=key, run__state__in=[State.RUNNING, State.SUCCEEDED]).exists()
