"""An instructor's courses, and what is said about one as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import instructor_required
from authoring.forms import CourseForm, EmailForm, NewCourseForm, tell_error
from authoring.pages import of_taught_course, told
from authoring.selectors.courses import instructors_of, my_courses, open_links
from authoring.selectors.originals import copyable_courses
from authoring.services import courses as services
from common.errors import ApiError
from courses.models import Course
from courses.services.enrolment import end_membership


@require_safe
@instructor_required
def author_page(request: Any) -> HttpResponse:
    mine = my_courses(request.user)
    return render(
        request,
        "authoring/courses.html",
        {
            "courses": [course for course in mine if course.removed_at is None],
            "removed": [course for course in mine if course.removed_at],
            "copyable": copyable_courses(request.actor),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def new_course(request: Any) -> HttpResponse:
    form = NewCourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            course = services.create_course(by=request.user, **form.cleaned_data)
        except ApiError as error:
            tell_error(form, error)
        else:
            messages.success(request, "Your course is there. Only you see it until you let others in.")
            return redirect("author-course", course.slug)
    return render(request, "authoring/course_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def settings_page(request: Any, course: Course) -> HttpResponse:
    form = CourseForm(request.POST or None, initial=_as_filled_in(course))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_course(course=course, **form.cleaned_data)
        except ApiError as error:
            tell_error(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("author-settings", course.slug)
    return _settings(request, course, form, EmailForm())


@require_POST
@of_taught_course
def add_instructor(request: Any, course: Course) -> HttpResponse:
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            membership = services.add_instructor(course=course, email=form.cleaned_data["email"])
        except ApiError as error:
            tell_error(form, error)
        else:
            messages.success(request, f"{membership.user.name} teaches this course now.")
            return redirect("author-settings", course.slug)
    return _settings(request, course, CourseForm(initial=_as_filled_in(course)), form)


@require_POST
@of_taught_course
def remove_instructor(request: Any, course: Course, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk__in=[instructor.pk for instructor in instructors_of(course)], pk=pk)
    with told(request):
        end_membership(course=course, user=user)
        if user == request.user:
            messages.success(request, f"You do not teach “{course.title}” any more.")
            return redirect("author")
        messages.success(request, f"{user.name} does not teach this course any more.")
        if links := open_links(course):
            messages.warning(
                request, f"{user.name} may still know {links}. Renew or switch off what they should not use."
            )
    return redirect("author-settings", course.slug)


@require_POST
@of_taught_course
def remove_course(request: Any, course: Course) -> HttpResponse:
    services.remove_course(course=course)
    messages.success(request, f"“{course.title}” is put away. Nobody but its instructors sees it.")
    return redirect("author")


@require_POST
@of_taught_course
def bring_back_course(request: Any, course: Course) -> HttpResponse:
    services.bring_back_course(course=course)
    messages.success(request, f"“{course.title}” is back.")
    return redirect("author-course", course.slug)


def _as_filled_in(course: Course) -> dict[str, Any]:
    return model_to_dict(course, fields=CourseForm.base_fields)


def _settings(request: Any, course: Course, form: CourseForm, instructor_form: EmailForm) -> HttpResponse:
    return render(
        request,
        "authoring/settings.html",
        {
            "course": course,
            "form": form,
            "instructor_form": instructor_form,
            "instructors": instructors_of(course),
        },
    )
