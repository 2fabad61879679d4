"""Who has a lesson open in the editor at this moment. Kept in Valkey and forgotten soon: nothing depends on it, for no
save overwrites another (courses/services/revisions.py)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list

from accounts.models import User
from common import valkey
from courses.models import Lesson

FORGET_AFTER = 40
"""Seconds; an open editor says every 15 that it is there (static/js/editor/presence.js)."""


def come(lesson: Lesson, user: User, window: str) -> None:
    """`window` is one tab of the browser: the same person may have two."""
    now = time.time()
    pipe = valkey.client().pipeline()
    pipe.zremrangebyscore(_key(lesson), "-inf", now - FORGET_AFTER)
    pipe.zadd(_key(lesson), {_member(user, window): now})
    pipe.expire(_key(lesson), FORGET_AFTER)
    pipe.execute()


def leave(lesson: Lesson, user: User, window: str) -> None:
    valkey.client().zrem(_key(lesson), _member(user, window))


@dataclass(frozen=True)
class Others:
    names: list[str]
    elsewhere: bool
    """Whether the same person has it open in another window."""

    @property
    def words(self) -> str:
        """“Anna is editing this lesson too.”; empty where nobody is."""
        if self.names:
            return (
                f"{get_text_list(self.names, 'and')} {'is' if len(self.names) == 1 else 'are'} editing this lesson too."
            )
        return "You have this lesson open in another window too." if self.elsewhere else ""


def others(lesson: Lesson, user: User, window: str) -> Others:
    alive: Any = valkey.client().zrangebyscore(_key(lesson), time.time() - FORGET_AFTER, "+inf")
    windows = [member.decode().split(":", 1) for member in alive]
    people = {int(pk) for pk, _ in windows} - {user.pk}
    return Others(
        names=sorted(User.objects.filter(pk__in=people).values_list("name", flat=True)),
        elsewhere=any(int(pk) == user.pk and other != window for pk, other in windows),
    )


def _key(lesson: Lesson) -> str:
    return f"editing:{lesson.pk}"


def _member(user: User, window: str) -> str:
    return f"{user.pk}:{window}"
