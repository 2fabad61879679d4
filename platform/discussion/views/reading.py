"""The questions of a lesson, and one question with its answers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common.errors import ApiError
from discussion.forms import AnswerForm
from discussion.selectors.posts import (
    POSTS_ON_A_PAGE,
    Discussion,
    PostInView,
    discussion_in_view,
    question_in_view,
    questions_of,
)
from discussion.services.telling import see_question
from discussion.views.shared import show


@require_safe
def discussion_page(request: Any, course: str, lesson: str) -> HttpResponse:
    discussion = discussion_in_view(request.actor, course, lesson)
    unanswered_first = request.GET.get("order") == "unanswered"
    questions = questions_of(discussion, "unanswered" if unanswered_first else "latest")
    page = Paginator(questions, POSTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "questions": [PostInView(discussion, question) for question in page],
        "unanswered_first": unanswered_first,
        "item_level": 3 if request.htmx else 2,
    }
    return show(request, discussion, "questions", context)


@require_safe
def question_page(request: Any, course: str, lesson: str, question: int) -> HttpResponse:
    discussion = discussion_in_view(request.actor, course, lesson)
    return show_question(request, discussion, question, AnswerForm())


def show_question(
    request: Any, discussion: Discussion, pk: int, form: AnswerForm, error: ApiError | None = None
) -> HttpResponse:
    """`?post=answer-7` shows the page of answers that has this one, and goes to it."""
    post = request.GET.get("post", "")
    if discussion.user:
        see_question(user=discussion.user, lesson=discussion.lesson, pk=pk)
    found = question_in_view(discussion, pk, post=post, page=request.GET.get("page", ""))
    context = {"found": found, "page_obj": found.page, "form": form, "here": post}
    return show(request, discussion, "question", context, error)
