"""`/api/uploads/`: bringing a file for a demo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import NotAllowed
from common.schema import errors
from common.serializers import StrictSerializer
from jobs.models import Upload
from jobs.services import check_may_run, demo_or_404
from jobs.uploads import expiry, own_upload, store_upload

EXAMPLE = {
    "id": "7d2f4c1e-93f5-4a27-8e0f-5a0f4d6b7c11",
    "demo": "forecast",
    "field": "file",
    "name": "energy.csv",
    "size": 18_204,
    "facts": {"rows": 730},
    "created": "2026-11-23T10:00:00Z",
    "expires": "2026-12-23T10:00:00Z",
}


class UploadRequestSerializer(StrictSerializer):
    demo = serializers.SlugField(help_text="Which demo shall read it.")
    field = serializers.CharField(max_length=60, help_text="The field of the demo's `params` that it is for.")
    file = serializers.FileField(
        allow_empty_file=True, max_length=None, help_text="Up to 2 MB, or what the field's `max_bytes` says."
    )


@extend_schema_serializer(examples=[OpenApiExample("A table", EXAMPLE)])
class UploadSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="What the field of `params` takes.")
    demo = serializers.SlugField()
    field = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    facts = serializers.DictField(help_text="What the demo found in it.")
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField(help_text="When it is deleted, unless it is used again.")


class UploadList(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="upload_file",
        summary="Bring a file for a demo",
        description="The demo looks at it at once. Its `id` then goes into the params of a run, of yours and of nobody "
        "else's. The file itself is never handed out again.",
        request={"multipart/form-data": UploadRequestSerializer},
        responses={201: UploadSerializer, **errors(400, 403, 404, 409, 413, 415, 422, 429)},
    )
    def post(self, request: Any) -> Response:
        # A form needs no leave of the browser to be sent from another site, and its answer would make a new guest here.
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise NotAllowed("A file can be sent from Unroll's own pages only.")
        body = UploadRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data
        demo = demo_or_404(sent["demo"])
        check_may_run(demo, request.actor)
        file = sent["file"]
        upload = store_upload(demo=demo, field=sent["field"], name=file.name, file=file, actor=request.actor)
        return Response(upload_row(upload), status=status.HTTP_201_CREATED)


class UploadDetail(APIView):
    @extend_schema(
        operation_id="get_upload",
        summary="One of your files",
        description="What is known about it, not the file.",
        responses={200: UploadSerializer, **errors(404)},
    )
    def get(self, request: Any, upload_id: UUID) -> Response:
        return Response(upload_row(own_upload(upload_id=upload_id, actor=request.actor)))


def upload_row(upload: Upload) -> dict[str, Any]:
    row = {name: getattr(upload, name) for name in ("id", "demo", "field", "name", "size", "facts", "created")}
    return dict(UploadSerializer({**row, "expires": expiry(upload)}).data)
