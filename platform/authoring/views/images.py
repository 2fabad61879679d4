"""The pictures of a lesson: listed for its editor, and taken in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.permissions import instructor_required
from authoring.selectors.editing import taught_lesson
from authoring.services.images import store_image
from authoring.views.answers import error_response, wants_json
from common.errors import ApiError, InvalidParams
from courses.models import Lesson, LessonImage


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def lesson_images(request: Any, course: str, lesson: str) -> HttpResponseBase:
    """GET: the lesson's pictures. POST: one more (`file`, and `name` where the file has none of its own)."""
    found = taught_lesson(request.user, course, lesson)
    if request.method != "POST":
        return JsonResponse({"images": [image_row(image) for image in found.images.all()]})
    try:
        image = _take(request, found)
    except ApiError as error:
        if wants_json(request):
            return error_response(error)
        messages.error(request, error.message)
    else:
        if wants_json(request):
            return JsonResponse(image_row(image), status=201)
        messages.success(request, f"The picture is here. In the text: “:::figure {image.name} <what is to be seen>”.")
    return redirect("author-lesson", course, lesson)


def _take(request: Any, lesson: Lesson) -> LessonImage:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidParams("No picture came along. Choose a file first.")
    return store_image(lesson=lesson, name=request.POST.get("name") or file.name, file=file, by=request.user)


def image_row(image: LessonImage) -> dict[str, Any]:
    return {"name": image.name, "url": image.url, "width": image.width, "height": image.height, "size": image.size}
