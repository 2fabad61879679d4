from django.urls import path

from quizzes import api

urlpatterns = [
    path("api/quizzes/<slug:course>/<slug:lesson>/attempts/", api.Attempts.as_view(), name="api-attempts"),
    path(
        "api/quizzes/<slug:course>/<slug:lesson>/predictions/<slug:question>/",
        api.PredictionDetail.as_view(),
        name="api-prediction",
    ),
    path("api/attempts/<uuid:attempt_id>/", api.AttemptDetail.as_view(), name="api-attempt"),
    path("api/attempts/<uuid:attempt_id>/submit/", api.SubmitAttempt.as_view(), name="api-attempt-submit"),
    path("api/attempts/<uuid:attempt_id>/answers/<slug:question>/", api.AttemptAnswer.as_view(), name="api-answer"),
    path(
        "api/attempts/<uuid:attempt_id>/answers/<slug:question>/check/",
        api.AnswerCheck.as_view(),
        name="api-answer-check",
    ),
]
