"""The lessons of a course in order. What stands in a lesson is written in the editor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.forms import DueForm, NewLessonForm, tell_error
from authoring.pages import of_taught_course, told
from authoring.selectors.courses import doubt_about_due, lessons_for_authors
from authoring.selectors.originals import changed_in_original, copyable_lessons, new_in_original
from authoring.services import lessons as services
from common.errors import ApiError
from courses.models import Course, Lesson
from courses.services.revisions import bring_back_lesson, remove_lesson

STEPS = {"up": -1, "down": 1}


@require_safe
@of_taught_course
def course_page(request: Any, course: Course) -> HttpResponse:
    lessons = lessons_for_authors(course)
    context = {
        "course": course,
        "lessons": [
            {
                "lesson": lesson,
                "due_form": DueForm(initial={"due": lesson.due}, auto_id=f"id_%s_{lesson.slug}"),
                "doubt": doubt_about_due(course, lesson.due),
            }
            for lesson in lessons
            if lesson.removed_at is None
        ],
        "removed": [lesson for lesson in lessons if lesson.removed_at],
        "changed": changed_in_original(request.actor, lessons),
    }
    if request.htmx:  # after a move
        context["happened"] = messages.get_messages(request)
        return render(request, "authoring/lesson_list.html", context)
    context["added"] = new_in_original(request.actor, course, lessons)
    return render(request, "authoring/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def new_lesson(request: Any, course: Course) -> HttpResponse:
    form = NewLessonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lesson = services.add_lesson(course=course, by=request.user, **form.cleaned_data)
        except ApiError as error:
            tell_error(form, error)
        else:
            return redirect("author-lesson", course.slug, lesson.slug)
    copyable = copyable_lessons(request.actor)
    return render(request, "authoring/lesson_new.html", {"course": course, "form": form, "copyable": copyable})


@require_POST
@of_taught_course
def move(request: Any, course: Course, lesson: str) -> HttpResponse:
    moved = get_object_or_404(course.lessons.filter(removed_at=None), slug=lesson)
    steps = STEPS.get(request.POST.get("direction", ""), 0)
    with told(request):
        place = services.move_lesson(lesson=moved, steps=steps)
        messages.success(request, f"“{moved.title}” is lesson {place} now.")
    return redirect(f"{reverse('author-course', args=[course.slug])}#{moved.slug}")


@require_POST
@of_taught_course
def set_due(request: Any, course: Course, lesson: str) -> HttpResponse:
    found = _lesson(course, lesson)
    form = DueForm(request.POST)
    if form.is_valid():
        services.set_due(lesson=found, due=form.cleaned_data["due"])
        if doubt := doubt_about_due(course, found.due):
            messages.warning(request, f"“{found.title}”: saved, but this is {doubt}. Is it what you mean?")
        else:
            messages.success(request, f"“{found.title}”: saved.")
    else:
        messages.error(request, f"“{found.title}”: this is no day and time. Choose both.")
    return redirect("author-course", course.slug)


@require_POST
@of_taught_course
def remove(request: Any, course: Course, lesson: str) -> HttpResponse:
    removed = remove_lesson(lesson=_lesson(course, lesson))
    messages.success(request, f"“{removed.title}” is put away. You find it below, and can bring it back.")
    return redirect("author-course", course.slug)


@require_POST
@of_taught_course
def bring_back(request: Any, course: Course, lesson: str) -> HttpResponse:
    back = bring_back_lesson(lesson=_lesson(course, lesson))
    messages.success(request, f"“{back.title}” is back.")
    return redirect("author-course", course.slug)


def _lesson(course: Course, slug: str) -> Lesson:
    return get_object_or_404(course.lessons.select_related("head", "published"), slug=slug)
