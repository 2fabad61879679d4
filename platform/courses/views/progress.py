"""`…/progress/`: a lesson's page tells what its reader has done, and where they are."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import InvalidParams, NotAllowed
from courses.selectors.lessons import lesson_in_course
from courses.selectors.progress import states_of
from courses.services.progress import LONGEST_POSITION, forget_progress, note_position, record_progress


class ToldSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(required=False, max_length=20)
    key = serializers.CharField(default="", allow_blank=True, max_length=80)
    done = serializers.BooleanField(default=True)
    position = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_POSITION)


@extend_schema(exclude=True)  # of the pages, not of the API for others
class LessonProgress(APIView):
    def post(self, request: Any, course: str, lesson: str) -> Response:
        """Either `{position}`, or `{kind, key, done}`; answers how much of the lesson is done."""
        place = lesson_in_course(request.actor, course, lesson)
        if not place.view.may_take_part:
            raise NotAllowed(f"“{place.course.title}” has closed. You can still read it; progress is no longer kept.")
        told = ToldSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        what = told.validated_data
        whose = {"actor": request.actor, "lesson": place.lesson}
        if "position" in what:
            note_position(**whose, position=what["position"])
        elif "kind" not in what:
            raise InvalidParams("Say what is done, or where the reader is.")
        elif what["done"]:
            record_progress(**whose, kind=what["kind"], key=what["key"])
        else:
            forget_progress(**whose, kind=what["kind"], key=what["key"])
        state = states_of(request.actor, [place.lesson]).lessons[0]
        return Response({"done": state.done, "total": state.total})
