"""`/api/demos/`: which demos there are, and running one. Generic over the registry."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import NotFound
from common.schema import errors
from demos.selectors import DemoRow, demo_row, demo_rows
from demos.serializers import DemoSerializer, JobRequestSerializer
from jobs.serializers import JobSerializer, job_row
from jobs.services import submit_job
from mlcore import registry


class DemoList(APIView):
    @extend_schema(operation_id="list_demos", summary="Every demo", responses=DemoSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(demo_rows())


class DemoDetail(APIView):
    @extend_schema(
        operation_id="get_demo",
        summary="One demo, with the schema of its params",
        responses={200: DemoSerializer, **errors(404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(demo_row_or_404(slug))


class DemoJobs(APIView):
    @extend_schema(
        operation_id="run_demo",
        summary="Run a demo",
        description="Answers at once with a queued job, or with a finished one where the answer is already known. "
        "Follow it on its `ws_url`, or ask its `events_url`.",
        request=JobRequestSerializer,
        responses={201: JobSerializer, **errors(400, 403, 404, 413, 415, 422, 429)},
    )
    def post(self, request: Any, slug: str) -> Response:
        demo_row_or_404(slug)
        body = JobRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        job = submit_job(demo=slug, actor=request.actor, **body.validated_data)
        row = job_row(job, actor=request.actor)
        return Response(row, status=status.HTTP_201_CREATED, headers={"Location": row["url"]})


def demo_row_or_404(slug: str) -> DemoRow:
    if slug not in registry.demos():
        raise NotFound(f"There is no demo called “{slug}”.")
    return demo_row(slug)
