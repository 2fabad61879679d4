"""Lessons and courses go out as zip files, and come in."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import instructor_required
from authoring.import_form import ImportForm
from authoring.pages import of_taught_course
from authoring.selectors.editing import taught_lesson
from authoring.services.archives import write_course_archive, write_lesson_archive
from authoring.services.imports import SameName, import_bundle
from authoring.services.lesson_bundles import read_bundle
from common.downloads import file_response
from common.errors import ApiError
from courses.models import Course


@require_safe
@of_taught_course
def export_course(request: Any, course: Course) -> FileResponse:
    write = partial(write_course_archive, course)
    return file_response(write, name=f"{course.slug}.zip", content_type="application/zip")


@require_safe
@instructor_required
def export_lesson(request: Any, course: str, lesson: str) -> FileResponse:
    write = partial(write_lesson_archive, taught_lesson(request.user, course, lesson))
    return file_response(write, name=f"{lesson}.zip", content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def import_page(request: Any, course: Course) -> HttpResponse:
    """The form; and once a file was sent, what has become of each thing in it."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = import_bundle(
                course=course,
                bundle=read_bundle(file, file.name),
                by=request.user,
                same_name=SameName(form.cleaned_data["same_name"]),
                with_settings=form.cleaned_data["with_settings"],
            )
        except ApiError as error:
            form.add_error("file", error.message)
        else:
            context = {"course": course, "report": report, "file_name": file.name}
            return render(request, "authoring/import_report.html", context)
    context = {"course": course, "form": form, "most_megabytes": settings.MAX_ARCHIVE_BYTES // 1_000_000}
    return render(request, "authoring/import.html", context, status=422 if form.errors else 200)
