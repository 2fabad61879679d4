"""The staff's list of courses."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import staff_required
from authoring.forms import EmailForm
from authoring.pages import told
from authoring.selectors.courses import all_courses
from authoring.services.courses import name_instructor
from courses.models import Course

COURSES_ON_A_PAGE = 50


@require_safe
@staff_required
def courses_page(request: Any) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    page = Paginator(all_courses(words=words), COURSES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "authoring/staff_courses.html", {"page_obj": page, "words": words})


@require_POST
@staff_required
def give_course(request: Any, course: str) -> HttpResponse:
    given = get_object_or_404(Course, slug=course)
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This is no email. Check it and try again.")
        return redirect("staff-courses")
    with told(request):
        membership = name_instructor(course=given, email=form.cleaned_data["email"], by=request.user)
        messages.success(request, f"{membership.user.name} teaches “{given.title}” now.")
    return redirect("staff-courses")
