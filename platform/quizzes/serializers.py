"""An attempt as the API shows it: nothing of a key before `Feedback` may be given (selectors/taking.py)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from common.errors import error_body
from common.serializers import ErrorDetailSerializer, ErrorSerializer, StrictSerializer
from quizzes.models import Response
from quizzes.presentation import Feedback
from quizzes.questions import Rules
from quizzes.selectors.taking import AttemptView, QuestionView
from quizzes.services.taking import MOST_SECONDS

MOST_VERSIONS = 2**31 - 1
ANSWER = (
    "Positions count from 0, in the order in which the parts are shown. `single`, `poll`: the position; `multiple`: a "
    "list of positions; `ordering`: all positions in order; `matching`: for each left side the position of its partner "
    "or null; `blanks`: an object of texts by name; `numeric`, `text`, `demo`: a text. null: no answer."
)


class RulesSerializer(serializers.Serializer[Any]):
    attempts = serializers.IntegerField(allow_null=True, help_text="How many there may be; null: as many as one likes.")
    minutes = serializers.FloatField(allow_null=True)
    shuffle = serializers.BooleanField()
    show = serializers.ChoiceField(
        ["at once", "after the attempt", "after the deadline"], help_text="When it is told what is right."
    )


class ChoiceSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="HTML.")
    image = serializers.CharField(allow_blank=True, help_text="Address of a picture.")


class GapSerializer(serializers.Serializer[Any]):
    before = serializers.CharField(allow_blank=True, help_text="HTML.")
    name = serializers.CharField()


class RemarkSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(allow_blank=True, help_text="A position, the name of a gap, or empty: the answer.")
    right = serializers.BooleanField(allow_null=True, help_text="null: it was not chosen, or nothing is right.")
    why = serializers.CharField(allow_blank=True, help_text="HTML.")
    misconception = serializers.CharField(allow_blank=True)
    see = serializers.CharField(allow_blank=True, help_text="Address of the demo that shows why.")


class FeedbackSerializer(serializers.Serializer[Any]):
    points = serializers.FloatField()
    share = serializers.FloatField(help_text="From 0 to 1.")
    is_right = serializers.BooleanField()
    remarks = RemarkSerializer(many=True)
    right_answer = serializers.JSONField(
        allow_null=True, help_text="In the form of an answer; a text for what is typed; null where nothing is right."
    )
    why = serializers.CharField(allow_blank=True, help_text="HTML.")
    read_as = serializers.CharField(
        allow_blank=True, help_text="How a wrong number with a comma was read; otherwise empty."
    )


class QuestionSerializer(serializers.Serializer[Any]):
    id = serializers.SlugField()
    type = serializers.ChoiceField(
        ["single", "multiple", "numeric", "text", "ordering", "matching", "blanks", "poll", "demo"]
    )
    prompt = serializers.CharField(help_text="HTML.")
    points = serializers.FloatField()
    image = serializers.CharField(allow_blank=True)
    hint = serializers.CharField(allow_blank=True, help_text="HTML.")
    choices = ChoiceSerializer(many=True)
    lefts = serializers.ListField(child=serializers.CharField(), help_text="Left sides of a matching, HTML.")
    gaps = GapSerializer(many=True)
    after = serializers.CharField(allow_blank=True, help_text="HTML behind the last gap.")
    unit = serializers.CharField(allow_blank=True)
    answer = serializers.JSONField(allow_null=True, help_text="What is kept. " + ANSWER)
    version = serializers.IntegerField(help_text="Of what is kept; 0: nothing yet.")
    checked = serializers.BooleanField(help_text="What is right was told, and the answer stays.")
    may_check = serializers.BooleanField()
    ready = serializers.BooleanField(help_text="False: no demo has computed yet what is right.")
    failed = serializers.BooleanField(help_text="The demo could not: the points do not count until it has.")
    feedback = FeedbackSerializer(allow_null=True, help_text="Once it may be told.")


class AttemptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(help_text="Counts one's attempts at this quiz from 1.")
    title = serializers.CharField(allow_blank=True)
    rules = RulesSerializer()
    started = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="When its time is up.")
    seconds_left = serializers.FloatField(allow_null=True)
    submitted = serializers.DateTimeField(allow_null=True)
    is_open = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    attempts_left = serializers.IntegerField(allow_null=True, help_text="null: as many as one likes.")
    may_start = serializers.BooleanField(help_text="Another attempt may begin after this one.")
    answers_shown = serializers.BooleanField(help_text="It is told what is right, and the points.")
    waiting = serializers.BooleanField(
        help_text="A demo's answer is not there yet: its question does not count so far."
    )
    failed = serializers.BooleanField(help_text="A demo could not compute what is right in one of the questions.")
    points = serializers.FloatField(allow_null=True, help_text="null as long as they may not be seen.")
    most_points = serializers.FloatField()
    questions = QuestionSerializer(many=True)


class StartSerializer(StrictSerializer):
    nonce = serializers.RegexField(
        r"^[0-9a-f]{32}\Z", required=False, help_text="Of the page that showed the questions before the attempt began."
    )


class AnswerSerializer(StrictSerializer):
    answer = serializers.JSONField(allow_null=True, help_text=ANSWER)
    version = serializers.IntegerField(
        min_value=0, max_value=MOST_VERSIONS, help_text="The one that you saw last; 0: none."
    )
    seconds = serializers.FloatField(
        default=0, min_value=0, max_value=MOST_SECONDS, help_text="How long the question was shown since then."
    )


class SavedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    saved = serializers.DateTimeField()


class CheckedSerializer(SavedSerializer):
    feedback = FeedbackSerializer()


class PredictionRequestSerializer(StrictSerializer):
    answer = serializers.JSONField(allow_null=True, help_text=ANSWER)


class PredictionSerializer(serializers.Serializer[Any]):
    answer = serializers.JSONField()
    at = serializers.DateTimeField()


class KeptSerializer(serializers.Serializer[Any]):
    answer = serializers.JSONField(allow_null=True)
    version = serializers.IntegerField(required=False)
    checked = serializers.BooleanField(required=False)


class KeptErrorDetailSerializer(ErrorDetailSerializer):
    kept = KeptSerializer(required=False, help_text="What is kept instead, where another answer is.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "stale_answer",
            error_body(
                "stale_answer",
                "This question was answered in another tab or on another device. That answer is kept.",
                kept={"answer": 2, "version": 3, "checked": False},
            ),
            status_codes=["409"],
        )
    ]
)
class KeptErrorSerializer(ErrorSerializer):
    error = KeptErrorDetailSerializer()


KEPT = {
    409: OpenApiResponse(
        KeptErrorSerializer,
        description="`stale_answer`, `answer_checked`, `prediction_kept`: another answer is kept. `attempt_over`: "
        "it is handed in, or its time is up. `conflict`: not now, or not any more.",
    )
}


def attempt_row(view: AttemptView) -> dict[str, Any]:
    attempt = view.attempt
    row = {
        "id": attempt.pk,
        "number": attempt.number,
        "title": view.title,
        "rules": rules_row(view.rules),
        "started": attempt.started,
        "until": attempt.until,
        "seconds_left": view.seconds_left,
        "submitted": attempt.submitted,
        "is_open": view.is_open,
        "deadline": view.deadline,
        "attempts_left": view.attempts_left,
        "may_start": view.may_start,
        "answers_shown": view.answers_shown,
        "waiting": view.waiting,
        "failed": view.failed,
        "points": view.points,
        "most_points": view.most_points,
        "questions": [question_row(question) for question in view.questions],
    }
    return dict(AttemptSerializer(row).data)


def rules_row(rules: Rules) -> dict[str, Any]:
    return rules.model_dump()


def question_row(view: QuestionView) -> dict[str, Any]:
    return {
        **asdict(view.shown),
        "answer": view.answer,
        "version": view.version,
        "checked": view.checked,
        "may_check": view.may_check,
        "ready": view.ready,
        "failed": view.failed,
        "feedback": feedback_row(view.feedback) if view.feedback else None,
    }


def feedback_row(feedback: Feedback) -> dict[str, Any]:
    return {**asdict(feedback), "is_right": feedback.is_right}


def saved_row(response: Response) -> dict[str, Any]:
    return dict(SavedSerializer({"version": response.version, "saved": response.saved}).data)
