"""What becomes of the pictures that instructors bring."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from authoring.services import images
from authoring.services.images import PictureRefused, read_picture, store_image
from common.errors import Conflict
from courses.models import Lesson, LessonImage
from tests.factories import LessonFactory, UserFactory

pytestmark = pytest.mark.django_db


def drawing(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = Image.new(mode, size)
    ImageDraw.Draw(image).line((0, 0, *size), fill=1 if mode == "1" else None, width=3)
    return image


def photograph(size: tuple[int, int] = (64, 48)) -> Image.Image:
    gradients = [Image.radial_gradient("L").resize(size), Image.linear_gradient("L").resize(size)]
    return Image.merge("RGB", [*gradients, Image.new("L", size, 90)])


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def store(lesson: Lesson, data: bytes, name: str = "map.png") -> LessonImage:
    return store_image(lesson=lesson, name=name, file=io.BytesIO(data), by=None)


def kept(image: LessonImage) -> bytes:
    with default_storage.open(f"images/{image.file}") as file:
        return file.read()


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (encoded(drawing()), "png"),
        (encoded(photograph(), "JPEG"), "jpg"),
        (encoded(photograph(), "WEBP"), "jpg"),
        (encoded(drawing("RGBA"), "WEBP", lossless=True), "png"),
        (encoded(drawing("P"), "GIF"), "png"),
    ],
)
def test_every_kind_of_picture_is_kept_and_served_under_a_random_name(client, data, extension):
    image = store_image(lesson=LessonFactory(), name="My Map!.bin", file=io.BytesIO(data), by=UserFactory())

    assert image.name == f"my-map.{extension}"
    assert image.file.endswith(f".{extension}")
    assert "map" not in image.file
    answer = client.get(image.url)
    body = b"".join(answer.streaming_content)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(body)).size == (image.width, image.height)
    assert len(body) == image.size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_mode_of_png_stays_what_it_was(mode):
    source = drawing(mode)
    if mode == "I;16":
        source.putpixel((5, 1), 65_535)

    after = Image.open(io.BytesIO(read_picture(encoded(source)).data))

    if mode == "I;16":
        assert after.mode == "L"
        assert after.getpixel((5, 1)) == 255
    else:
        assert after.convert("RGBA").tobytes() == source.convert("RGBA").tobytes()


def test_a_transparent_palette_stays_transparent():
    source = drawing("P")
    after = Image.open(io.BytesIO(read_picture(encoded(source, transparency=0)).data))

    assert after.convert("RGBA").getpixel((50, 0))[3] == 0


def test_inks_become_colours():
    after = Image.open(io.BytesIO(read_picture(encoded(photograph().convert("CMYK"), "JPEG")).data))

    assert after.mode == "RGB"


def test_a_photograph_forgets_where_it_was_taken_and_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(photograph((64, 48)), "JPEG", exif=exif, comment=b"secret")

    after = Image.open(io.BytesIO(read_picture(data).data))

    assert after.size == (48, 64)
    assert not after.getexif()
    assert "comment" not in after.info
    assert b"secret" not in read_picture(data).data


def test_what_hides_behind_a_picture_is_gone():
    data = encoded(drawing()) + b"<script>alert(1)</script>PK\x03\x04"

    assert b"script" not in read_picture(data).data


def test_a_large_picture_is_made_smaller():
    picture = read_picture(encoded(drawing("P", (3_000, 1_500))))

    assert (picture.width, picture.height) == (2_400, 1_200)


def test_a_second_pass_changes_a_drawing_not_at_all_and_a_photograph_hardly():
    first = read_picture(encoded(drawing("P"))).data
    assert read_picture(first).data == first

    before = read_picture(encoded(photograph(), "JPEG", quality=40)).data
    after = read_picture(before).data
    pairs = zip(*(Image.open(io.BytesIO(data)).convert("RGB").tobytes() for data in (before, after)), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 3


def claimed(width: int, height: int) -> bytes:
    """A PNG whose header says this size, with hardly anything behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")]
    made = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + made


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"<html>", "not a picture"),
        (b"%PDF-1.4", "not a picture"),
        (encoded(drawing(), "BMP"), "not a picture"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "can carry scripts"),
        (encoded(drawing())[:-40], "damaged or cut off"),
        (encoded(photograph(), "JPEG")[:-100], "damaged or cut off"),
        (claimed(7_000, 7_000), "40 million pixels"),
        (claimed(60_000, 60_000), "40 million pixels"),
        (claimed(1_000, 1_000), "damaged or cut off"),
        (
            encoded(drawing(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40), "red")]),
            "Moving pictures",
        ),
    ],
)
def test_what_is_no_picture_for_us_is_refused_in_words(data, words):
    with pytest.raises(PictureRefused, match=words):
        read_picture(data)


def test_a_picture_of_too_many_bytes_is_refused(settings):
    settings.MAX_IMAGE_BYTES = 100
    lesson = LessonFactory()

    with pytest.raises(PictureRefused, match="larger than"):
        store(lesson, encoded(drawing()))
    assert not lesson.images.exists()


def test_names_are_found_and_the_same_picture_is_kept_once():
    lesson = LessonFactory()
    first = store(lesson, encoded(drawing()))
    second = store(lesson, encoded(drawing(size=(30, 30))))
    third = store(lesson, encoded(drawing(size=(20, 20))), name="图.png")
    again = store(lesson, encoded(drawing()), name="other.png")

    assert [first.name, second.name, third.name] == ["map.png", "map-2.png", "picture.png"]
    assert again == first


@pytest.mark.parametrize("name", ["a" * 300 + ".png", "../../etc/passwd", "C:\\map.png", "<b>.png", "", ".png"])
def test_a_name_is_made_harmless(name):
    image = store(LessonFactory(), encoded(drawing()), name=name)

    assert len(image.name) <= 100
    assert image.name.replace("-", "").replace(".", "").isalnum()


def test_our_own_file_comes_back_as_it_is_and_shares_the_file():
    image = store(LessonFactory(), encoded(photograph(), "JPEG"))

    copy = store(LessonFactory(), kept(image), name=image.name)

    assert (copy.file, copy.sha256) == (image.file, image.sha256)
    assert kept(copy) == kept(image)


def test_a_lesson_has_room_for_so_many_pictures_and_no_more(monkeypatch):
    monkeypatch.setattr(images, "MOST_IN_A_LESSON", 1)
    lesson = LessonFactory()
    store(lesson, encoded(drawing()))

    with pytest.raises(Conflict, match="Begin a second lesson"):
        store(lesson, encoded(photograph()))


def test_a_lesson_has_room_for_so_many_bytes_and_no_more(monkeypatch):
    monkeypatch.setattr(images, "MOST_BYTES_IN_A_LESSON", 100)

    with pytest.raises(Conflict, match="together"):
        store(LessonFactory(), encoded(drawing()))


def test_the_file_of_a_picture_goes_where_its_row_does_not_stay():
    lesson = LessonFactory()
    ready = images.ready_picture(encoded(drawing()))

    kept_files = []

    def keep_and_fail():
        with images.files_or_nothing() as written:
            images.keep_picture(lesson=lesson, name="a.png", picture=ready, by=None, written=written)
            kept_files.extend(path for path in written if default_storage.exists(path))
            raise RuntimeError("something else is wrong")

    with pytest.raises(RuntimeError):
        keep_and_fail()
    assert len(kept_files) == 1
    assert not default_storage.exists(kept_files[0])
    assert not lesson.images.exists()
