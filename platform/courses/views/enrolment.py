"""Joining a course by its code or its link, and leaving it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import ApiError
from courses.models import Course, Membership
from courses.selectors.access import course_in_view
from courses.services.enrolment import end_membership, join_by_code, join_course


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code of the course",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="Eight letters and digits. Your instructor has it.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enrol(request: Any) -> HttpResponse:
    form = CodeForm(request.POST or None)
    response = HttpResponse()
    if request.method == "POST" and form.is_valid():
        try:
            return _welcome(request, join_by_code(actor=request.actor, code=form.cleaned_data["code"]))
        except ApiError as error:
            form.add_error("code", error.message)
            response = HttpResponse(status=error.status, headers=error.headers)
    response.content = render_to_string("courses/enrol.html", {"form": form}, request)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def enrol_link(request: Any, token: str) -> HttpResponse:
    """Everybody with the link sees what the course is about; whoever is signed in may join."""
    course = get_object_or_404(Course, join_token=token, removed_at=None)
    user = request.actor.user
    if request.method == "POST" and user is not None:
        try:
            join_course(user=user, course=course)
            return _welcome(request, course)
        except ApiError as error:
            messages.error(request, error.message)
    is_member = user is not None and Membership.objects.filter(course=course, user=user).exists()
    return render(request, "courses/enrol_link.html", {"course": course, "is_member": is_member})


@require_POST
@login_required
def leave(request: Any, course: str) -> HttpResponse:
    view = course_in_view(request.actor, course)
    try:
        end_membership(course=view.course, user=request.user)
    except ApiError as error:
        messages.error(request, error.message)
        return redirect(view.course)
    messages.success(request, f"You have left “{view.course.title}”.")
    return redirect("my-work")


def _welcome(request: Any, course: Course) -> HttpResponse:
    messages.success(request, f"You are in “{course.title}” now.")
    return redirect(course)
