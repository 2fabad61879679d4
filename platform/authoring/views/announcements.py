"""Writing announcements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from authoring.forms import AnnouncementForm
from authoring.pages import of_taught_course
from authoring.services import announcements as services
from courses.models import Announcement, Course


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def announcements_page(request: Any, course: Course) -> HttpResponse:
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.announce(course=course, by=request.user, **form.cleaned_data)
        messages.success(request, "Everybody in the course sees it now.")
        return redirect("author-announcements", course.slug)
    context = {"course": course, "form": form, "announcements": course.announcements.select_related("author")}
    return render(request, "authoring/announcements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def change_announcement(request: Any, course: Course, pk: int) -> HttpResponse:
    announcement = get_object_or_404(Announcement, course=course, pk=pk)
    form = AnnouncementForm(request.POST or None, instance=announcement)
    if request.method == "POST" and form.is_valid():
        services.change_announcement(announcement=announcement, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("author-announcements", course.slug)
    context = {"course": course, "form": form, "announcement": announcement}
    return render(request, "authoring/announcement.html", context)


@require_POST
@of_taught_course
def delete_announcement(request: Any, course: Course, pk: int) -> HttpResponse:
    services.delete_announcement(announcement=get_object_or_404(Announcement, course=course, pk=pk))
    messages.success(request, "The announcement is deleted.")
    return redirect("author-announcements", course.slug)
