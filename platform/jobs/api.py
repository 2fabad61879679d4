"""`/api/jobs/`: looking at Jobs, and what their owners may do with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import NotAllowed, NotFound
from common.schema import errors
from jobs.models import ACTIVE, Job
from jobs.selectors import answered_jobs_of, is_mine, jobs_of, read_events, visible_job
from jobs.serializers import (
    EventsQuerySerializer,
    EventsSerializer,
    JobSerializer,
    ListQuerySerializer,
    ReadQuerySerializer,
    job_row,
)
from jobs.services import continue_job, retry_job, share_job, stop_job, stop_run

MOST_ON_A_PAGE = 100


class JobPages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MOST_ON_A_PAGE


class JobList(APIView):
    @extend_schema(
        operation_id="list_jobs",
        summary="Your own jobs, newest first",
        parameters=[
            ListQuerySerializer,
            inline_serializer(
                "PageQuery",
                {
                    "page": serializers.IntegerField(required=False, min_value=1),
                    "page_size": serializers.IntegerField(required=False, min_value=1, max_value=MOST_ON_A_PAGE),
                },
            ),
        ],
        responses={
            200: inline_serializer(
                "JobPage",
                {
                    "count": serializers.IntegerField(help_text="How many there are on all pages."),
                    "next": serializers.URLField(allow_null=True),
                    "previous": serializers.URLField(allow_null=True),
                    "results": JobSerializer(many=True),
                },
            ),
            **errors(400, 404),
        },
    )
    def get(self, request: Any) -> Response:
        query = _checked(ListQuerySerializer, request)
        jobs = answered_jobs_of(request.actor) if query["answered"] else jobs_of(request.actor)
        if "demo" in query:
            jobs = jobs.filter(run__demo=query["demo"])
        if query["active"]:
            jobs = jobs.filter(Q(stopped_at=None, run__state__in=ACTIVE))
        pages = JobPages()
        page = pages.paginate_queryset(jobs, request, view=self) or []
        return pages.get_paginated_response([job_row(job, actor=request.actor) for job in page])


class JobDetail(APIView):
    @extend_schema(
        operation_id="get_job",
        summary="One job",
        parameters=[ReadQuerySerializer],
        responses={200: JobSerializer, **errors(400, 404)},
    )
    def get(self, request: Any, job_id: UUID) -> Response:
        share = _checked(ReadQuerySerializer, request)["share"]
        job = job_or_404(job_id=job_id, actor=request.actor, share=share)
        return Response(job_row(job, actor=request.actor, share=share))


class JobEvents(APIView):
    @extend_schema(
        operation_id="list_job_events",
        summary="What has happened in a job",
        description="For when a WebSocket cannot be had. Ask again with `after` set to the last number you have.",
        parameters=[EventsQuerySerializer],
        responses={200: EventsSerializer, **errors(400, 404)},
    )
    def get(self, request: Any, job_id: UUID) -> Response:
        query = _checked(EventsQuerySerializer, request)
        job = job_or_404(job_id=job_id, actor=request.actor, share=query["share"])
        events, final = read_events(job=job, after=query["after"])
        return Response({"events": events, "final": final})


class StopJob(APIView):
    @extend_schema(
        operation_id="stop_job",
        summary="Stop a job",
        description="Stopping what has ended changes nothing. When staff stop somebody else's job, its run ends for "
        "everybody who waits for it.",
        request=None,
        responses={200: JobSerializer, **errors(403, 404)},
    )
    def post(self, request: Any, job_id: UUID) -> Response:
        job = job_or_404(job_id=job_id, actor=request.actor)
        if is_mine(job, request.actor):
            job = stop_job(job=job)
        else:
            job.run = stop_run(run=job.run)
        return Response(job_row(job, actor=request.actor))


class RetryJob(APIView):
    @extend_schema(
        operation_id="retry_job",
        summary="Run the same again, as a new job",
        request=None,
        responses={201: JobSerializer, **errors(403, 404, 409, 422, 429)},
    )
    def post(self, request: Any, job_id: UUID) -> Response:
        job = job_or_404(job_id=job_id, actor=request.actor)
        return _created(retry_job(job=job, actor=request.actor), request)


class ContinueJob(APIView):
    @extend_schema(
        operation_id="continue_job",
        summary="Go on from the last checkpoint, as a new job",
        request=None,
        responses={201: JobSerializer, **errors(403, 404, 409, 422, 429)},
    )
    def post(self, request: Any, job_id: UUID) -> Response:
        job = job_or_404(job_id=job_id, actor=request.actor)
        return _created(continue_job(job=job, actor=request.actor), request)


class ShareJob(APIView):
    @extend_schema(
        operation_id="share_job",
        summary="Make a link for others",
        description="Whoever has the link may look at the run, and is not told whose it is.",
        request=None,
        responses={200: JobSerializer, **errors(403, 404)},
    )
    def post(self, request: Any, job_id: UUID) -> Response:
        job = job_or_404(job_id=job_id, actor=request.actor)
        if not is_mine(job, request.actor):
            raise NotAllowed("Only whoever started a run can share it.")
        return Response(job_row(share_job(job=job), actor=request.actor))


def job_or_404(**which: Any) -> Job:
    """`selectors.visible_job`, with words for the person who asked for what is not there, or is not theirs."""
    try:
        return visible_job(**which)
    except Job.DoesNotExist:
        raise NotFound("There is no such run, or it is not yours.") from None


def _checked(serializer: type[serializers.Serializer[Any]], request: Any) -> dict[str, Any]:
    query = serializer(data=request.query_params)
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def _created(job: Job, request: Any) -> Response:
    row = job_row(job, actor=request.actor)
    return Response(row, status=status.HTTP_201_CREATED, headers={"Location": row["url"]})
