"""`/api/quizzes/` and `/api/attempts/`: taking a quiz. Everybody reaches their own attempts only, staff included."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import NotAllowed
from common.schema import errors
from courses.selectors.lessons import LessonInCourse, closed_words, lesson_in_course
from quizzes.models import Attempt
from quizzes.selectors.predictions import predicted_question, shown_prediction
from quizzes.selectors.taking import attempt_in_course, attempt_view
from quizzes.serializers import (
    KEPT,
    AnswerSerializer,
    AttemptSerializer,
    CheckedSerializer,
    PredictionRequestSerializer,
    PredictionSerializer,
    SavedSerializer,
    StartSerializer,
    attempt_row,
    feedback_row,
    saved_row,
)
from quizzes.services.demo_answers import provide_demo_answers
from quizzes.services.predictions import predict
from quizzes.services.taking import check_answer, close_if_overdue, save_answer, start_attempt, submit_attempt


class Attempts(APIView):
    @extend_schema(
        operation_id="start_attempt",
        summary="Begin an attempt at a quiz, or go on with the open one",
        request=StartSerializer,
        responses={200: AttemptSerializer, **KEPT, **errors(400, 403, 404, 413, 415)},
    )
    def post(self, request: Any, course: str, lesson: str) -> Response:
        place = _take_part(lesson_in_course(request.actor, course, lesson))
        body = _body(StartSerializer, request)
        return _attempt(start_attempt(actor=request.actor, lesson=place.lesson, **body))


class AttemptDetail(APIView):
    @extend_schema(
        operation_id="get_attempt",
        summary="One's own attempt, with what may be seen of it now",
        responses={200: AttemptSerializer, **errors(403, 404)},
    )
    def get(self, request: Any, attempt_id: UUID) -> Response:
        attempt, _ = attempt_in_course(request.actor, attempt_id)
        provide_demo_answers(revision=attempt.key)
        return _attempt(close_if_overdue(attempt=attempt))


class AttemptAnswer(APIView):
    @extend_schema(
        operation_id="save_answer",
        summary="Keep an answer",
        description="The same may be sent again, at any time: it changes nothing.",
        request=AnswerSerializer,
        responses={200: SavedSerializer, **KEPT, **errors(400, 403, 404, 413, 415, 422)},
    )
    def put(self, request: Any, attempt_id: UUID, question: str) -> Response:
        attempt = _own_attempt(request, attempt_id)
        body = _body(AnswerSerializer, request)
        response = save_answer(
            actor=request.actor,
            attempt=attempt,
            question=question,
            raw=body["answer"],
            version=body["version"],
            seconds=body["seconds"],
        )
        return Response(saved_row(response))


class AnswerCheck(APIView):
    @extend_schema(
        operation_id="check_answer",
        summary="Tell what is right",
        description="For quizzes that tell it at once. The answer stays as it is from then on.",
        request=None,
        responses={200: CheckedSerializer, **KEPT, **errors(403, 404, 422)},
    )
    def post(self, request: Any, attempt_id: UUID, question: str) -> Response:
        attempt = _own_attempt(request, attempt_id)
        response = check_answer(actor=request.actor, attempt=attempt, question=question)
        told = next(one for one in attempt_view(attempt).questions if one.shown.id == question)
        assert told.feedback is not None, "What is checked may be told."
        return Response({**saved_row(response), "feedback": feedback_row(told.feedback)})


class SubmitAttempt(APIView):
    @extend_schema(
        operation_id="submit_attempt",
        summary="Hand in",
        description="Everything is graded. Handing in again changes nothing.",
        request=None,
        responses={200: AttemptSerializer, **errors(403, 404)},
    )
    def post(self, request: Any, attempt_id: UUID) -> Response:
        # Also once the course has closed: what was answered before counts.
        attempt, _ = attempt_in_course(request.actor, attempt_id)
        return _attempt(submit_attempt(actor=request.actor, attempt=attempt))


class PredictionDetail(APIView):
    @extend_schema(
        operation_id="save_prediction",
        summary="Keep what one expects of a demo, once",
        request=PredictionRequestSerializer,
        responses={200: PredictionSerializer, **KEPT, **errors(400, 403, 404, 413, 415, 422)},
    )
    def put(self, request: Any, course: str, lesson: str, question: str) -> Response:
        place = _take_part(lesson_in_course(request.actor, course, lesson))
        body = _body(PredictionRequestSerializer, request)
        kept = predict(actor=request.actor, lesson=place.lesson, question=question, raw=body["answer"])
        asked = predicted_question(place.revision, question)
        assert asked is not None, "Only what is asked is kept."
        return Response(PredictionSerializer({"answer": shown_prediction(asked, kept), "at": kept.at}).data)


def _own_attempt(request: Any, attempt_id: UUID) -> Attempt:
    attempt, place = attempt_in_course(request.actor, attempt_id)
    _take_part(place)
    return close_if_overdue(attempt=attempt)


def _take_part(place: LessonInCourse) -> LessonInCourse:
    if not place.view.may_take_part:
        raise NotAllowed(closed_words(place.course))
    return place


def _attempt(attempt: Attempt) -> Response:
    return Response(attempt_row(attempt_view(attempt)))


def _body(serializer: type[serializers.Serializer[Any]], request: Any) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
