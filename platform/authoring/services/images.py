"""Pictures that instructors bring: looked at, made anew by us, and kept under a random name.

Nothing of an uploaded file is served as it came. What is kept was encoded here, from pixels, so it carries no script,
no second file behind the first, and no place where a photograph was taken.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.text import slugify
from PIL import Image, ImageOps

from accounts.models import User
from common.errors import Conflict, InvalidParams
from courses.models import Lesson, LessonImage
from courses.models.lesson import IMAGE_FOLDER

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS: Final = 40_000_000
MOST_PIXELS_AT_ONCE: Final = 500_000_000
LONGEST_SIDE: Final = 2_400
MOST_IN_A_LESSON: Final = 200
MOST_BYTES_IN_A_LESSON: Final = 100_000_000
LONGEST_NAME: Final = 100
JPEG_QUALITY: Final = 90


class PictureRefused(InvalidParams):
    """Why a file is not taken as a picture, and what to do instead."""

    code = "picture_refused"


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    data: bytes
    extension: str
    width: int
    height: int

    def as_row(self) -> LessonImage:
        """A row that no lesson has yet, with a new name for its file."""
        return LessonImage(
            file=f"{secrets.token_hex(16)}.{self.extension}",
            sha256=_sha256(self.data),
            width=self.width,
            height=self.height,
            size=len(self.data),
        )


@dataclass(frozen=True)
class ReadyPicture:
    """A picture that was looked at, and is in no lesson yet."""

    row: LessonImage
    data: bytes | None
    """What is to be written; None where the file is there already, in whichever lesson."""


@dataclass
class PixelAllowance:
    """How much may be unpacked for one request: pixels cost time, however few bytes they come in."""

    left: int = MOST_PIXELS_AT_ONCE

    def take(self, pixels: int) -> None:
        if pixels > self.left:
            raise PictureRefused(
                f"The pictures before it have {MOST_PIXELS_AT_ONCE // 1_000_000} million pixels together, as many as "
                "one file may bring. Upload this one in the editor, or import the lessons singly."
            )
        self.left -= pixels


def store_image(*, lesson: Lesson, name: str, file: IO[bytes], by: User | None) -> LessonImage:
    """Keep a picture for this lesson, named after the file's name. The same picture again is the row that is there.

    Raises:
        PictureRefused: it is too large, no picture, or of a kind that is not taken.
        Conflict: the lesson has as many pictures as it may have.
    """
    picture = ready_picture(file.read(settings.MAX_IMAGE_BYTES + 1))
    with files_or_nothing() as written:
        return keep_picture(lesson=lesson, name=name, picture=picture, by=by, written=written)


def ready_picture(data: bytes, *, allowance: PixelAllowance | None = None) -> ReadyPicture:
    """Everything that takes time, before anything is locked.

    Raises:
        PictureRefused: see `store_image`; or the allowance is used up.
    """
    # Our own file comes back, in an export say: encoding it once more would change it for nothing.
    if there := _kept(_sha256(data)):
        return ReadyPicture(there, None)
    picture = read_picture(data, allowance=allowance)
    if there := _kept(_sha256(picture.data)):
        return ReadyPicture(there, None)
    return ReadyPicture(picture.as_row(), picture.data)


@contextmanager
def files_or_nothing() -> Iterator[list[str]]:
    """A transaction, and the files that are written in it. Where it fails, they go as well."""
    written: list[str] = []
    try:
        with transaction.atomic():
            yield written
    except BaseException:
        for path in written:
            default_storage.delete(path)
        raise


def keep_picture(
    *, lesson: Lesson, name: str, picture: ReadyPicture, by: User | None, written: list[str]
) -> LessonImage:
    """The second half of `store_image`, within `files_or_nothing`.

    Raises:
        Conflict: the lesson has as many pictures as it may have.
    """
    row = picture.row
    # Locked, so that two uploads at once find two names and do not pass the limit together.
    Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    if there := lesson.images.filter(sha256=row.sha256).first():
        return there
    _check_room(lesson, row.size)
    if picture.data is not None:
        written.append(default_storage.save(f"{IMAGE_FOLDER}/{row.file}", ContentFile(picture.data)))
    return LessonImage.objects.create(
        lesson=lesson,
        name=free_picture_name(name, row, set(lesson.images.values_list("name", flat=True))),
        uploaded_by=by,
        **shared_fields(row),
    )


def shared_fields(image: LessonImage) -> dict[str, Any]:
    """What rows of the same picture in two lessons have in common."""
    return {field: getattr(image, field) for field in ("file", "sha256", "width", "height", "size")}


def _kept(sha256: str) -> LessonImage | None:
    return LessonImage.objects.filter(sha256=sha256).first()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_picture(data: bytes, *, allowance: PixelAllowance | None = None) -> Picture:
    """The picture in these bytes, encoded anew. Its pixels are taken from the allowance before they are unpacked.

    Raises:
        PictureRefused: in words for who brought it.
    """
    if len(data) > settings.MAX_IMAGE_BYTES:
        raise PictureRefused(
            f"This picture is larger than {settings.MAX_IMAGE_BYTES // 1_000_000} MB. Save it smaller, then try again."
        )
    image = _open(data)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureRefused("Moving pictures are not shown. Save the frame that matters as PNG, or use a demo.")
    if allowance:
        allowance.take(image.width * image.height)
    try:
        image.load()
        return _encode(image, data)
    except PictureRefused:
        raise
    except Exception as error:  # the decoders of a damaged file raise whatever they stumble over
        raise PictureRefused(
            "This picture is damaged or cut off. Open it on your computer and save it again."
        ) from error


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        if b"<svg" in data[:4_096].lower():
            raise PictureRefused("An SVG file can carry scripts, so it is not taken. Save it as PNG.") from error
        raise PictureRefused("This is not a picture we can read. Use PNG, JPEG, WebP or GIF.") from error


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller: "
        f"{LONGEST_SIDE:,} on the longer side are enough."
    )


def _encode(image: Image.Image, data: bytes) -> Picture:
    as_jpeg = _is_photograph(image, data)
    ImageOps.exif_transpose(image, in_place=True)
    # What else a file says of itself (place, camera, author, thumbnail) ends here.
    image.info = {key: value for key, value in image.info.items() if key == "transparency" and not as_jpeg}
    image = _in_plain_colours(image, as_jpeg)
    if max(image.size) > LONGEST_SIDE:
        image = _in_full_colours(image)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        image.format = None  # so that its quality is not taken from the file
    out = io.BytesIO()
    if as_jpeg:
        image.save(out, "JPEG", quality="keep" if image.format == "JPEG" else JPEG_QUALITY, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    if out.tell() > settings.MAX_IMAGE_BYTES:
        raise PictureRefused("This picture is too large once it is unpacked. Make it smaller, or save it as JPEG.")
    return Picture(out.getvalue(), "jpg" if as_jpeg else "png", image.width, image.height)


def _is_photograph(image: Image.Image, data: bytes) -> bool:
    """Whether it was kept with loss already, so that JPEG costs it nothing more. Drawings are not."""
    if image.format == "WEBP":
        return image.mode == "RGB" and data[12:16] != b"VP8L"
    return image.format in ("JPEG", "MPO")


def _in_plain_colours(image: Image.Image, as_jpeg: bool) -> Image.Image:
    """In a mode that browsers show: no inks, no 16 bits."""
    if image.mode.startswith("I"):  # greys of 16 bits; converting alone would cut them off at 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if as_jpeg:
        return image if image.mode in ("L", "RGB") else image.convert("RGB")
    return image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGBA")


def _in_full_colours(image: Image.Image) -> Image.Image:
    """Colours between two of a palette are not in it, so a picture is scaled without one."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image


def _check_room(lesson: Lesson, size: int) -> None:
    used = lesson.images.aggregate(bytes=Sum("size"))["bytes"] or 0
    if lesson.images.count() >= MOST_IN_A_LESSON:
        raise Conflict(f"A lesson can have {MOST_IN_A_LESSON} pictures, and this one has them. Begin a second lesson.")
    if used + size > MOST_BYTES_IN_A_LESSON:
        raise Conflict(
            f"The pictures of a lesson can have {MOST_BYTES_IN_A_LESSON // 1_000_000} MB together. "
            "Make this one smaller, or begin a second lesson."
        )


def free_picture_name(name: str, image: LessonImage, taken: Container[str]) -> str:
    """`map.png`; where that is taken, `map-2.png`."""
    extension = image.file.rpartition(".")[2]
    stem = slugify(PurePosixPath(name.replace("\\", "/")).stem)[: LONGEST_NAME - 10].strip("-") or "picture"
    found, count = f"{stem}.{extension}", 1
    while found in taken:
        count += 1
        found = f"{stem}-{count}.{extension}"
    return found
