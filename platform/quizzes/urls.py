from django.urls import path

from quizzes import api
from quizzes.views import analysis, bank, exchange, grades, regrade, settings, taking, writing

COURSE = "author/courses/<slug:course>/"
LESSON = f"{COURSE}lessons/<slug:lesson>/"

QUIZ = "courses/<slug:course>/<slug:lesson>/quiz/"

urlpatterns = [
    path(QUIZ, taking.quiz_page, name="quiz"),
    path(f"{QUIZ}part/", taking.quiz_part, name="quiz-part"),
    path(f"{QUIZ}results/", taking.results_page, name="quiz-results"),
    path(f"{QUIZ}predictions/<slug:question>/", taking.prediction_part, name="quiz-prediction"),
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
    # Grades, for those who teach the course
    path(f"{COURSE}grades/", grades.gradebook_page, name="author-grades"),
    path(f"{COURSE}grades/export/", grades.grades_file, name="author-grades-export"),
    path(f"{COURSE}grades/<int:pk>/", grades.student_page, name="author-grades-student"),
    path(f"{COURSE}attempts/<uuid:attempt>/", grades.attempt_page, name="author-attempt"),
    path(f"{LESSON}analysis/", analysis.analysis_page, name="author-quiz-analysis"),
    path(f"{LESSON}regrade/", regrade.regrade_page, name="author-regrade"),
    # Writing the questions of a lesson
    path(f"{LESSON}quiz/", writing.quiz_page, name="author-quiz"),
    path(f"{LESSON}quiz/text/", writing.save_text, name="author-quiz-text"),
    path(f"{LESSON}quiz/settings/", settings.settings_page, name="author-quiz-settings"),
    path(f"{LESSON}quiz/new/", writing.new_question, name="author-quiz-question-new"),
    path(f"{LESSON}quiz/questions/<slug:question>/", writing.question_page, name="author-quiz-question"),
    path(f"{LESSON}quiz/questions/<slug:question>/<slug:action>/", writing.change_question, name="author-quiz-change"),
    path(f"{COURSE}questions-bank/", bank.bank_page, name="author-question-bank"),
    path(f"{COURSE}questions-bank/copy/", bank.copy_from_bank, name="author-question-bank-copy"),
    path(f"{COURSE}quiz-import/", exchange.import_page, name="author-quiz-import"),
    path(f"{COURSE}quiz-export/", exchange.export, name="author-quiz-export"),
]
