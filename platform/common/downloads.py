"""Files that are made while somebody waits for them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import IO

from django.http import FileResponse


def file_response(write: Callable[[IO[bytes]], object], *, name: str, content_type: str) -> FileResponse:
    """What `write` writes, to be saved under `name`. It goes to disk first: an error while it is written has an
    answer of its own, and a large file takes no memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
