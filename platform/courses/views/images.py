"""The pictures of lessons."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from courses.models.lesson import IMAGE_FOLDER

CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}


@require_safe
def lesson_image(request: HttpRequest, file: str) -> FileResponse:
    """Whoever has the name may see the picture: it is random, and long enough that nobody guesses it."""
    path = f"{IMAGE_FOLDER}/{file}"
    try:
        opened = default_storage.open(path, "rb")
    except FileNotFoundError as error:
        raise Http404(f"no picture {file}") from error
    return FileResponse(
        opened,
        content_type=CONTENT_TYPES[file.rpartition(".")[2]],
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
