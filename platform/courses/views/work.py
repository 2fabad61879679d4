"""`/my/`: what there is to do, how far one is, and the latest runs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.selectors.work import work_of
from jobs.selectors import jobs_of, listed_jobs_of

LATEST_RUNS = 3


@require_safe
def my_work(request: Any) -> HttpResponse:
    """Also for guests: of their own, in this browser."""
    runs = listed_jobs_of(request.actor).filter(share_token=None)
    context = {
        "work": work_of(request.actor),
        "runs": runs[:LATEST_RUNS],
        "shared_runs": jobs_of(request.actor).filter(share_token__isnull=False)[:LATEST_RUNS],
        "now": timezone.now(),
    }
    return render(request, "courses/my_work.html", context)
