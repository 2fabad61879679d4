"""How much of the machines one person may use, so that there is enough for everybody.

Numbers are in `settings.ALLOWANCES`. Answers that are already known cost nothing, so this is asked only when a Run is
really made.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import F, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.timesince import timeuntil
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from accounts.actors import Actor
from common.errors import AllowanceUsedUp
from jobs.models import Run, State


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(settings.VALKEY_URL, key_prefix="allowance"))


def spend_runs(*, actor: Actor, counted: bool = True) -> None:
    """Count one inference Run against the guest and the address it comes from, or against the signed-in person.

    One that is not `counted`, because its words are still being typed, counts against the address only.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    allowed = settings.ALLOWANCES
    minutes = allowed["window_minutes"]
    address = (
        allowed["address_runs"],
        f"address:{actor.address}",
        f"Your network has started {{amount}} runs in the last {minutes} minutes, as many as one network may.",
    )
    own = (
        allowed["guest_runs"] if actor.user is None else allowed["user_runs"],
        actor.key,
        f"You have started {{amount}} runs in the last {minutes} minutes, as many as one person may.",
    )
    limits = [*([own] if counted else []), *([address] if actor.user is None else [])]
    for amount, key, sentence in limits:
        spend(key=key, amount=amount, sentence=sentence)


def spend(*, key: str, amount: int, sentence: str, cost: int = 1, minutes: int = 0) -> None:
    """Count `cost` of the `amount` that `key` stands for within so many minutes, or those of the settings. `sentence`
    tells that they are used up; it may name `{amount}`.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    item = RateLimitItemPerMinute(amount, minutes or settings.ALLOWANCES["window_minutes"])
    if not _limiter().hit(item, key, cost=cost):
        reset_time = _limiter().get_window_stats(item, key).reset_time
        reset = datetime.fromtimestamp(reset_time, tz=timezone.get_current_timezone())
        said = f"{sentence.format(amount=intcomma(amount))} You can go on in {_until(reset)}."
        raise AllowanceUsedUp(said, retry_at=reset)


def check_training(*, actor: Actor) -> None:
    """Refuse a training Run to somebody whose seconds of today are used up, or who has too many waiting.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    allowed = settings.ALLOWANCES
    if training_seconds_today(actor.key) >= allowed["training_seconds_a_day"]:
        raise AllowanceUsedUp(
            f"Your {allowed['training_seconds_a_day'] // 60} minutes of training for today are used up. "
            f"You can train again in {_until(next_midnight())}.",
            retry_at=next_midnight(),
        )
    waiting = Run.objects.filter(payer=actor.key, queue="training", state=State.QUEUED).count()
    if waiting >= allowed["training_waiting"]:
        raise AllowanceUsedUp(
            f"You already have {waiting} trainings waiting. Let one begin, or stop one, then start another.",
            retry_at=timezone.now() + timedelta(minutes=1),
        )


def training_seconds_today(payer: str) -> float:
    """Seconds of training that began today, those of Runs under way included."""
    mine = Run.objects.filter(payer=payer, queue="training", started__gte=midnight())
    ended: float = mine.aggregate(total=Coalesce(Sum("seconds"), 0.0))["total"]
    under_way = mine.filter(state=State.RUNNING).annotate(now=Now()).values_list(F("now"), "attempt_started")
    running: float = sum((now - began).total_seconds() for now, began in under_way if began)
    return ended + running


def midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def next_midnight() -> datetime:
    return midnight() + timedelta(days=1)


def _until(moment: datetime) -> str:
    if moment - timezone.now() < timedelta(minutes=1):
        return "less than a minute"
    return timeuntil(moment, depth=1).replace("\xa0", " ")
