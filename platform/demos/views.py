"""`/demos/<slug>/`: a demo on a page of its own. `/runs/<token>/`: a run that somebody shares, in its demo's frame."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demos.selectors import frame_context, has_lesson_page
from jobs.models import Job
from jobs.selectors import shared_job
from mlcore import registry


@require_safe
def demo_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in registry.demos():
        raise Http404(f"no demo {slug}")
    demo = registry.get(slug)
    preset = request.GET.get("preset", "")
    frame = frame_context(slug, preset=preset if preset in demo.presets else "")
    return render(request, "demos/demo.html", {**frame, "has_lesson_page": has_lesson_page(demo)})


@require_safe
def shared_run(request: HttpRequest, token: str) -> HttpResponse:
    """A run as whoever holds its link may see it: read only, its owner not named."""
    try:
        job = shared_job(token)
    except Job.DoesNotExist:
        raise Http404("no run is shared by this link") from None
    if job.run.demo not in registry.demos():
        raise Http404(f"the demo {job.run.demo} is no longer there")
    frame = frame_context(job.run.demo)
    return render(request, "demos/shared_run.html", {**frame, "run_of": job, "share": token, "job": job.id})
