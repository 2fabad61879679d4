from django.urls import path

from discussion.views import inbox, posting, reading
from discussion.views.posting import TASKS

BASE = "courses/<slug:course>/<slug:lesson>/discussion/"
POST = f"{BASE}<slug:kind>/<int:pk>/"
INBOX = "author/courses/<slug:course>/questions/"

urlpatterns = [
    path(BASE, reading.discussion_page, name="discussion"),
    path(f"{BASE}ask/", posting.ask, name="discussion-ask"),
    path(f"{BASE}preview/", posting.preview, name="discussion-preview"),
    path(f"{BASE}<int:question>/", reading.question_page, name="discussion-question"),
    path(f"{BASE}<int:question>/answer/", posting.answer, name="discussion-answer"),
    *(path(f"{POST}{task}/", posting.task_page, {"task": task}, name=f"discussion-{task}") for task in TASKS),
    path(f"{POST}<slug:action>/", posting.act, name="discussion-act"),
    path(INBOX, inbox.questions_page, name="author-questions"),
    path(f"{INBOX}seen/", inbox.mark_all_seen, name="author-questions-seen"),
    path(f"{INBOX}mail/", inbox.choose_mail, name="author-questions-mail"),
]
