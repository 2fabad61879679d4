"""What is new in the discussions of a course, for whoever looks after it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import instructor_required
from courses.selectors.access import taught_courses
from discussion.selectors.inbox import FILTERS, inbox_of, moderated_course, wants_mail
from discussion.selectors.posts import POSTS_ON_A_PAGE
from discussion.services.telling import mute_course, see_all_questions, unmute_course

EMPTY = {
    "new": "Nothing is new. You have seen everything that was asked, answered or reported.",
    "unanswered": "No question waits for an answer.",
    "reported": "Nothing is reported.",
    "all": "Nobody has asked anything yet.",
}


@require_safe
@instructor_required
def questions_page(request: Any, course: str) -> HttpResponse:
    found = moderated_course(request.user, course)
    wanted = request.GET.get("show")
    chosen = next((name for name in FILTERS if name == wanted), FILTERS[0])
    page = Paginator(inbox_of(request.user, found, chosen), POSTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "course": found,
        "teaches": taught_courses(request.user).filter(pk=found.pk).exists(),
        "page_obj": page,
        "chosen": chosen,
        "filters": FILTERS,
        "empty": EMPTY[chosen],
        "has_mail": settings.HAS_MAIL,
        "wants_mail": wants_mail(request.user, found),
    }
    return render(request, "discussion/inbox.html", context)


@require_POST
@instructor_required
def mark_all_seen(request: Any, course: str) -> HttpResponse:
    found = moderated_course(request.user, course)
    see_all_questions(user=request.user, course=found)
    messages.success(request, "Everything is marked as seen.")
    return redirect("author-questions", found.slug)


@require_POST
@instructor_required
def choose_mail(request: Any, course: str) -> HttpResponse:
    found = moderated_course(request.user, course)
    if request.POST.get("mail"):
        unmute_course(user=request.user, course=found)
        messages.success(request, "You get a mail for each new question of this course.")
    else:
        mute_course(user=request.user, course=found)
        messages.success(request, "You get no more mail about this course's questions.")
    return redirect("author-questions", found.slug)
