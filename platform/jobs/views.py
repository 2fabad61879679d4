"""Pages about runs: one's own, and everybody's for staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import staff_required
from common.errors import ApiError
from jobs import workers
from jobs.dashboard import JobFilter, count_runs
from jobs.selectors import all_jobs, jobs_of, listed_jobs_of
from jobs.services import continue_job, retry_job, share_job, stop_job, stop_run, unshare_job

PAGE = 20
STAFF_PAGE = 50


@require_safe
def my_runs(request: Any) -> HttpResponse:
    """One's own runs, a guest's too. The table refreshes itself while one of them is under way."""
    page = Paginator(listed_jobs_of(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "active": any(not job.is_ended for job in page)}
    return render(request, "jobs/my_runs_table.html" if request.htmx else "jobs/my_runs.html", context)


@require_POST
def act_on_my_run(request: Any, job_id: UUID, action: str) -> HttpResponse:
    job = get_object_or_404(jobs_of(request.actor), pk=job_id)
    actions = {
        "stop": partial(stop_job, job=job),
        "retry": partial(retry_job, job=job, actor=request.actor),
        "continue": partial(continue_job, job=job, actor=request.actor),
        "share": partial(share_job, job=job),
        "unshare": partial(unshare_job, job=job),
    }
    return _act(request, actions, action, "my-runs")


@require_safe
@staff_required
def staff_jobs(request: Any) -> HttpResponse:
    chosen = JobFilter(request.GET)
    context = {
        "filter": chosen,
        "page_obj": Paginator(chosen.jobs(), STAFF_PAGE).get_page(request.GET.get("page")),
        "counts": count_runs(),
        "workers": workers.alive(),
    }
    return render(request, "jobs/staff_table.html" if request.htmx else "jobs/staff.html", context)


@require_POST
@staff_required
def act_on_any_run(request: Any, job_id: UUID, action: str) -> HttpResponse:
    job = get_object_or_404(all_jobs(), pk=job_id)
    actions: Mapping[str, Callable[[], object]] = {
        "stop": partial(stop_run, run=job.run),
        "retry": partial(retry_job, job=job, actor=request.actor),
    }
    return _act(request, actions, action, "staff-jobs")


def _act(request: HttpRequest, actions: Mapping[str, Callable[[], object]], action: str, page: str) -> HttpResponse:
    """Do it, and go back to the page it was asked from; what cannot be done is told there."""
    if action not in actions:
        raise Http404(f"no action {action}")
    try:
        actions[action]()
    except ApiError as error:
        messages.error(request, error.message)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse(page)
    return HttpResponseRedirect(back)
