"""`/demos/<slug>/`: a demo on a page of its own, and as a notebook. `/runs/<token>/`: a run that somebody shares, in
its demo's frame. `/mlcore.zip`: the library that notebooks compute with."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import etag, require_safe

from common.errors import InvalidParams
from demos.mlcore_zip import data_packages, mlcore_digest, mlcore_zip
from demos.notebooks import Place, demo_address, has_notebook, notebook_of
from demos.selectors import frame_context, has_lesson_page
from jobs.models import Job
from jobs.selectors import shared_job
from jobs.services import validate_params
from jobs.uploads import uploads_of
from mlcore import registry
from mlcore.contracts import Params


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


@require_safe
def demo_notebook(request: Any, slug: str) -> HttpResponse:
    """`?params=` (JSON, as the API takes them): the demo with these settings, as a notebook to save."""
    demo = registry.demos().get(slug)
    if demo is None or not has_notebook(demo):
        raise Http404(f"no notebook of {slug}")
    try:
        params = validate_params(demo, _params_in(request))
    except InvalidParams as error:
        fields = [f"{name}: {' '.join(messages)}" for name, messages in error.fields.items()]
        return render(request, "errors/400.html", {"words": error.message, "details": fields}, status=400)
    place = Place(
        demo=request.build_absolute_uri(demo_address(demo, params)),
        library=request.build_absolute_uri(reverse("mlcore")),
        data=data_packages(),
    )
    text = notebook_of(demo, params, place=place, files=_own_file_names(request, params))
    headers = {"Content-Disposition": content_disposition_header(True, f"{slug}.ipynb") or ""}
    return HttpResponse(text, content_type="application/x-ipynb+json", headers=headers)


@require_safe
@etag(lambda request: f'"{mlcore_digest()}"')
def mlcore_library(request: HttpRequest) -> HttpResponse:
    return HttpResponse(mlcore_zip(), content_type="application/zip")


def _params_in(request: HttpRequest) -> Any:
    try:
        return json.loads(request.GET.get("params") or "{}")
    except (ValueError, RecursionError):
        raise InvalidParams("The settings in this address are cut off. Open the notebook from its demo.") from None


def _own_file_names(request: Any, params: Params) -> dict[str, str]:
    """The names of the files that the params name, as far as they are the reader's own."""
    named = {field: UUID(ref) for field in params.file_fields() if (ref := getattr(params, field))}
    if not named:
        return {}
    names = dict(uploads_of(request.actor).filter(pk__in=named.values()).values_list("pk", "name"))
    return {field: names[pk] for field, pk in named.items() if pk in names}
