"""The question bank of a course."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from authoring.pages import of_taught_course
from authoring.selectors.editing import taught_lesson
from common.errors import ApiError
from courses.models import Course
from quizzes.bank import (
    built_in_bank,
    copy_question,
    course_bank,
    find_in_bank,
    lessons_taught,
    question_in_bank,
    tags_of,
)
from quizzes.forms import TITLES

BUILT_IN_SOURCE = "built-in"
PAGE_SIZE = 50


@require_safe
@of_taught_course
def bank_page(request: Any, course: Course) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:200] for name in ("source", "q", "type", "tag", "into")}
    bank = built_in_bank() if asked["source"] == BUILT_IN_SOURCE else course_bank(course)
    found = find_in_bank(bank, words=asked["q"], kind=asked["type"], tag=asked["tag"])
    lessons = lessons_taught(request.user)
    context = {
        "course": course,
        "asked": asked,
        "is_built_in": asked["source"] == BUILT_IN_SOURCE,
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "kinds": TITLES.items(),
        "tags": tags_of(bank),
        "total": len(bank),
        "lessons": lessons,
        "into": next((one for one in lessons if f"{one.course.slug}/{one.slug}" == asked["into"]), None),
    }
    return render(request, "quizzes/author/bank.html", context)


@require_POST
@of_taught_course
def copy_from_bank(request: Any, course: Course) -> HttpResponse:
    built_in = request.POST.get("source") == BUILT_IN_SOURCE
    into_course, _, into_lesson = request.POST.get("into", "").partition("/")
    origin, question = question_in_bank(
        course, built_in=built_in, lesson=request.POST.get("lesson", ""), name=request.POST.get("question", "")
    )
    lesson = taught_lesson(request.user, into_course, into_lesson)
    try:
        copy = copy_question(question=question, origin=origin, lesson=lesson, by=request.user)
    except ApiError as error:
        messages.error(request, error.message)
        return redirect("author-question-bank", course.slug)
    assert lesson.head
    messages.success(request, f"Copied to “{lesson.head.title}” as “{copy.id}”.")
    # Back to what was looked for: whoever copies one question mostly copies another.
    looked_for = QueryDict(request.POST.get("looked_for", "")[:1000], mutable=True)
    looked_for["into"] = f"{into_course}/{into_lesson}"
    return redirect(reverse("author-question-bank", args=[course.slug]) + f"?{looked_for.urlencode()}")
