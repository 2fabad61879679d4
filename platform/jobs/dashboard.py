"""What staff see at a glance: every Job, filtered, and a few numbers, in the same few queries however many Jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.db.models import Aggregate, Count, DurationField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone

from jobs.models import ACTIVE, Job, Run, State
from jobs.selectors import all_jobs
from mlcore import registry

PERIODS = {"1h": timedelta(hours=1), "24h": timedelta(days=1), "7d": timedelta(days=7)}


class JobFilter(forms.Form):
    """The filter of `/staff/jobs/`, from the address."""

    state = forms.ChoiceField(choices=[("", "Every state"), *State.choices], required=False)
    demo = forms.ChoiceField(required=False)
    who = forms.CharField(
        required=False, max_length=80, widget=forms.TextInput(attrs={"placeholder": "Name, e-mail or “guest”"})
    )
    since = forms.ChoiceField(
        choices=[("", "Whenever"), ("1h", "In the last hour"), ("24h", "In the last day"), ("7d", "In the last week")],
        required=False,
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, auto_id="filter-%s", label_suffix="")
        demos = sorted(registry.demos().values(), key=lambda demo: demo.title)
        choices = [("", "Every demo"), *((demo.slug, demo.title) for demo in demos)]
        self.fields["demo"] = forms.ChoiceField(choices=choices, required=False)
        self.order_fields(["state", "demo", "who", "since"])

    def jobs(self) -> QuerySet[Job]:
        """The Jobs that pass; what cannot be understood filters nothing, and the form says so."""
        self.is_valid()
        wanted = self.cleaned_data
        jobs = all_jobs().annotate(sharing=_jobs_of_the_run())
        if state := wanted.get("state"):
            jobs = jobs.filter(_in_state(state))
        if demo := wanted.get("demo"):
            jobs = jobs.filter(run__demo=demo)
        if who := wanted.get("who"):
            jobs = jobs.filter(_asked_by(who))
        if since := wanted.get("since"):
            jobs = jobs.filter(created__gte=timezone.now() - PERIODS[since])
        return jobs


def _in_state(state: str) -> Q:
    if state == State.STOPPED:
        return Q(stopped_at__isnull=False) | Q(run__state=State.STOPPED)
    return Q(stopped_at=None, run__state=state)


def _asked_by(who: str) -> Q:
    if who.lower() in ("guest", "guests"):
        return Q(owner=None)
    return Q(owner__name__icontains=who) | Q(owner__email__icontains=who) | Q(guest=who)


def _jobs_of_the_run() -> Subquery:
    """How many Jobs share the Run."""
    same_run = Job.objects.filter(run=OuterRef("run")).order_by().values("run")
    return Subquery(same_run.annotate(count=Count("pk")).values("count"))


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Counts:
    """Runs (not Jobs: one Run may answer many) now and in the last 24 hours."""

    running: dict[str, int]
    """By queue."""
    waiting: int
    waiting_since: datetime | None
    succeeded: int
    failed: int
    median_wait: timedelta | None
    """Of inference Runs."""

    @property
    def longest_wait(self) -> timedelta | None:
        return timezone.now() - self.waiting_since if self.waiting_since else None

    @property
    def running_in_all(self) -> int:
        return sum(self.running.values())

    @property
    def success(self) -> float | None:
        """The share of Runs that succeeded among those that ended by themselves, in percent."""
        ended = self.succeeded + self.failed
        return 100 * self.succeeded / ended if ended else None


def count_runs() -> Counts:
    today = timezone.now() - timedelta(days=1)
    running, waiting = Q(state=State.RUNNING), Q(state=State.QUEUED)
    row = Run.objects.filter(Q(state__in=ACTIVE) | Q(ended__gte=today)).aggregate(
        inference=Count("pk", filter=running & Q(queue="inference")),
        training=Count("pk", filter=running & Q(queue="training")),
        waiting=Count("pk", filter=waiting),
        waiting_since=Min("created", filter=waiting),
        succeeded=Count("pk", filter=Q(state=State.SUCCEEDED)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        median_wait=Median(
            F("started") - F("created"),
            filter=Q(queue="inference", started__isnull=False),
            output_field=DurationField(),
        ),
    )
    return Counts(running={"inference": row.pop("inference"), "training": row.pop("training")}, **row)
