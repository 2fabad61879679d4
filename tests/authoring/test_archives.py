"""Lessons and courses as zip files: out, in again, and what is refused."""

from __future__ import annotations

import io
import stat
import string
import struct
import tracemalloc
import zipfile
from collections.abc import Iterable
from functools import partial

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from authoring.services import archive_reading, glossary, imports
from authoring.services.archive_reading import ArchiveRefused, open_archive
from authoring.services.archives import write_course_archive, write_lesson_archive
from authoring.services.images import PixelAllowance, store_image
from authoring.services.imports import Outcome, Report, SameName, import_bundle
from authoring.services.lesson_bundles import Bundle, LessonBundle, NothingToImport, PictureFile, read_bundle
from courses.lesson_files import LessonContent, read_lesson, write_lesson
from courses.models import Course, GlossaryTerm, Lesson
from courses.services.sync import read_folder
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db


def png(colour: tuple[int, int, int] = (200, 30, 40), size: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "PNG")
    return out.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def lesson_md(title: str = "Bigrams", body: str = "Some text.\n", **settings: object) -> str:
    return "\n".join(
        ["---", f"title: {title}", *(f"{name}: {value}" for name, value in settings.items()), "---", "", body]
    )


def bring(course: Course, data: bytes, *, name: str = "a.zip", same_name: SameName = SameName.REVISION) -> Report:
    bundle = read_bundle(io.BytesIO(data), name)
    return import_bundle(course=course, bundle=bundle, by=UserFactory(), same_name=same_name, with_settings=True)


def exported(what: Course | Lesson) -> bytes:
    out = io.BytesIO()
    if isinstance(what, Course):
        write_course_archive(what, out)
    else:
        write_lesson_archive(what, out)
    return out.getvalue()


def contents(course: Course) -> list[tuple[str, int, LessonContent]]:
    lessons = course.lessons.filter(removed_at=None).select_related("head")
    return sorted((lesson.slug, lesson.order, LessonContent.of(lesson.head)) for lesson in lessons)


def pictures(course: Course) -> dict[tuple[str, str], bytes]:
    found = {}
    for lesson in course.lessons.all():
        for image in lesson.images.all():
            with default_storage.open(f"images/{image.file}") as file:
                found[lesson.slug, image.name] = file.read()
    return found


def terms(course: Course) -> list[tuple[str, list[str], str]]:
    return [(term.term, term.also, term.definition) for term in course.terms.all()]


def left_out(report: Report) -> dict[str, str]:
    return {item.path: item.words for item in report.left_out}


# --- the round trip

letters = st.characters(codec="utf-8", exclude_characters="\0\r")
texts = st.text(letters, max_size=60)
lines = texts.map(str.strip).filter(bool)
written = st.one_of(texts, st.text("-:#$ \n\t'\"[]{}&*!|>%@`ab", max_size=60))
lesson_contents = st.builds(
    LessonContent,
    title=st.one_of(lines, written.map(str.strip).filter(bool)),
    summary=written.map(str.strip),
    aims=st.lists(st.one_of(lines, written.map(str.strip).filter(bool)), max_size=3).map(tuple),
    body=written.map(lambda text: text.lstrip("\n")),
    quiz=written,
).map(LessonContent.storable)
slugs = st.text(string.ascii_lowercase + "-9", min_size=1, max_size=50).filter(
    lambda slug: slug not in ("new", "glossary", "leave", "announcements")
)
colours = st.tuples(*[st.integers(0, 255)] * 3)
courses = st.lists(st.tuples(lesson_contents, st.lists(st.tuples(colours, lines), max_size=2)), min_size=1, max_size=3)


@given(lesson_contents)
@settings(max_examples=300, deadline=None)
def test_a_lessons_file_is_read_as_it_was_written(content):
    assert read_lesson(write_lesson(content, order=3), quiz=content.quiz).content == content


@given(
    lessons=courses,
    slugs=st.lists(slugs, min_size=3, max_size=3, unique_by=str.lower),
    words=st.lists(st.tuples(lines.map(lambda word: word[:40]), st.lists(lines, max_size=2), lines), max_size=3),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_a_course_comes_back_as_it_went(lessons, slugs, words):
    course = CourseFactory(title="A title", summary="Two\nlines")
    for order, (slug, (content, colours_and_names)) in enumerate(zip(slugs, lessons, strict=False)):
        lesson = LessonFactory(course=course, slug=slug, order=order * 3, content=content, published=False)
        for colour, name in colours_and_names:
            store_image(lesson=lesson, name=name, file=io.BytesIO(png(colour)), by=None)
    for number, (term, also, definition) in enumerate(words):
        forms = [f"{form}, {number}.{place}" for place, form in enumerate(also)]
        GlossaryTerm.objects.create(course=course, term=f"{term.strip()}{number}", also=forms, definition=definition)

    first = exported(course)
    second_course = CourseFactory()
    report = bring(second_course, first)
    second = exported(second_course)

    assert contents(second_course) == contents(course)
    assert pictures(second_course) == pictures(course)
    assert terms(second_course) == terms(course)
    assert (second_course.title, second_course.summary) == (course.title, course.summary)
    assert second == first == exported(course)
    assert {item.outcome for item in report.came_in} <= {Outcome.NEW, Outcome.CHANGED}


def test_a_picture_that_only_another_server_has_comes_back_byte_for_byte():
    lesson = LessonFactory()
    store_image(lesson=lesson, name="map.png", file=io.BytesIO(png()), by=None)
    data, before = exported(lesson), pictures(lesson.course)
    lesson.images.all().delete()  # here nothing is known of it any more

    course = CourseFactory()
    bring(course, data)

    assert list(pictures(course).values()) == list(before.values())


def test_a_picture_whose_file_is_gone_costs_the_export_this_picture_only():
    lesson = LessonFactory(slug="a")
    gone = store_image(lesson=lesson, name="gone.png", file=io.BytesIO(png()), by=None)
    store_image(lesson=lesson, name="there.png", file=io.BytesIO(png((1, 2, 3))), by=None)
    default_storage.delete(f"images/{gone.file}")

    assert zipfile.ZipFile(io.BytesIO(exported(lesson))).namelist() == ["a/lesson.md", "a/static/there.png"]


def test_what_is_exported_can_be_put_under_lessons(tmp_path):
    lesson = LessonFactory(
        slug="n-grams", order=4, content__title="N-grams", content__quiz="- question: one\n", published=False
    )
    store_image(lesson=lesson, name="map.png", file=io.BytesIO(png()), by=None)
    with zipfile.ZipFile(io.BytesIO(exported(lesson))) as archive:
        assert archive.namelist() == ["n_grams/lesson.md", "n_grams/quiz.yaml", "n_grams/static/map.png"]
        archive.extractall(tmp_path)

    read = read_folder(tmp_path / "n_grams" / "lesson.md")

    assert (read.slug, read.file.order) == ("n-grams", 4)
    assert read.file.content == LessonContent.of(lesson.head)


def test_the_pictures_of_the_built_in_lesson_go_along_with_its_copy(settings, tmp_path):
    (tmp_path / "map.png").write_bytes(png())
    (tmp_path / "unused.png").write_bytes(png())
    settings.STATICFILES_DIRS = [("some_folder", tmp_path)]
    finders.get_finder.cache_clear()
    try:
        lesson = LessonFactory(
            folder="some_folder",
            content__body=":::figure map.png A map\n\n:::figure ../secret.png x\n",
            published=False,
        )
        names = zipfile.ZipFile(io.BytesIO(exported(lesson))).namelist()
    finally:
        finders.get_finder.cache_clear()

    assert [name.partition("/")[2] for name in names] == ["lesson.md", "static/map.png"]


# --- what comes in


def test_a_lesson_of_the_same_name_gets_a_revision_or_stays_beside_a_new_one():
    course = CourseFactory()
    lesson = LessonFactory(course=course, slug="bigrams", order=1)
    data = zipped({"bigrams/lesson.md": lesson_md(body="New text.\n")})

    assert [item.outcome for item in bring(course, data).items] == [Outcome.CHANGED]
    lesson.refresh_from_db()
    assert lesson.head.body == "New text.\n"
    assert lesson.published.body == "Some text.\n"
    assert [item.outcome for item in bring(course, data).items] == [Outcome.UNCHANGED]

    bring(course, data, same_name=SameName.NEW)
    new = course.lessons.get(slug="bigrams-2")
    assert new.published is None
    assert new.order == 2


def test_a_lesson_that_was_put_away_is_not_written_into():
    course = CourseFactory()
    LessonFactory(course=course, slug="bigrams", removed_at=timezone.now())

    bring(course, zipped({"bigrams/lesson.md": lesson_md()}))

    assert course.lessons.filter(slug="bigrams-2").exists()


def test_a_picture_that_gets_another_name_is_found_by_the_text():
    body = "![a](My%20Map.PNG) ![b](<My Map.PNG>) ![c][m]\n\n[m]: <My Map.PNG>\n\n:::figure old.png Old\n:::\n"
    course = CourseFactory()
    lesson = LessonFactory(course=course, slug="maps", order=1)
    store_image(lesson=lesson, name="old.png", file=io.BytesIO(png((1, 2, 3))), by=None)

    bring(
        course,
        zipped(
            {
                "maps/lesson.md": lesson_md("Maps", body),
                "maps/static/My Map.PNG": png(),
                "maps/static/old.png": png((9, 9, 9)),
            }
        ),
    )

    lesson.refresh_from_db()
    assert lesson.head.body == body.replace("My%20Map.PNG", "my-map.png").replace("<My Map.PNG>", "my-map.png").replace(
        "old.png", "old-2.png"
    )


def test_the_questions_find_a_picture_that_gets_another_name():
    quiz = "- image: My Map.PNG\n  text: 'Where? ![a](<My Map.PNG>)'\n  choices: [{image: 'My Map.PNG', text: b}]\n"
    course = CourseFactory()

    bring(course, zipped({"maps/lesson.md": lesson_md(), "maps/quiz.yaml": quiz, "maps/static/My Map.PNG": png()}))

    assert course.lessons.get().head.quiz == (
        "- image: my-map.png\n  text: 'Where? ![a](my-map.png)'\n  choices: [{image: my-map.png, text: b}]\n"
    )


def test_no_more_pictures_are_unpacked_than_a_lesson_has_room_for(monkeypatch):
    monkeypatch.setattr(imports, "MOST_IN_A_LESSON", 1)
    course = CourseFactory()

    report = bring(
        course, zipped({"maps/lesson.md": lesson_md(), "maps/a.png": png(), "maps/b.png": b"is not even looked at"})
    )

    assert left_out(report) == {"maps/b.png": "The lesson has more pictures than one can have."}
    assert [image.name for image in course.lessons.get().images.all()] == ["a.png"]


def test_no_more_pixels_are_unpacked_than_one_file_may_bring(monkeypatch):
    monkeypatch.setattr(imports, "PixelAllowance", partial(PixelAllowance, left=100))
    course = CourseFactory()

    report = bring(
        course,
        zipped(
            {
                "first/lesson.md": lesson_md(),
                "first/a.png": png(size=8),
                "second/lesson.md": lesson_md(),
                "second/b.png": png(size=7),
                "second/c.png": png(size=6),
            }
        ),
    )

    assert list(left_out(report)) == ["second/b.png"]
    assert "import the lessons singly" in left_out(report)["second/b.png"]
    assert sorted(name for _, name in pictures(course)) == ["a.png", "c.png"]


@pytest.mark.django_db(transaction=True)
def test_pictures_are_unpacked_while_nothing_is_locked():
    locked = []

    def read():
        locked.append(connection.in_atomic_block)
        return png()

    lesson = LessonBundle("a/lesson.md", "a", LessonContent("A"), pictures=(PictureFile("a.png", "a.png", read),))
    course = CourseFactory()
    import_bundle(course=course, bundle=Bundle([lesson]), by=UserFactory(), same_name=SameName.NEW)

    assert locked == [False]
    assert list(pictures(course)) == [("a", "a.png")]


def test_a_glossary_that_comes_in_explains_no_word_twice(monkeypatch):
    course = CourseFactory()
    GlossaryTerm.objects.create(course=course, term="vector", also=["vectors"], definition="Here.")
    new = (
        "[{term: Embedding, also: [Vectors], definition: A.}, {term: bit, definition: B.},"
        " {term: bits, also: [bit], definition: C.}, {term: byte, definition: D.}]"
    )
    monkeypatch.setattr(glossary, "MOST_TERMS", 2)

    report = bring(course, zipped({"glossary.yaml": new, "a/lesson.md": lesson_md()}))

    assert [term for term, _, _ in terms(course)] == ["bit", "vector"]
    told = left_out(report)
    assert "explained already, under “vector”" in told["glossary.yaml: Embedding"]
    assert "explained already, under “bit”" in told["glossary.yaml: bits"]
    assert "at most 2 terms" in told["glossary.yaml: byte"]


def test_of_a_thousand_lessons_the_first_two_hundred_come_in():
    files = {}
    for number in range(900):
        files[f"a/b/c/d/e/l{number:03}/lesson.md"] = lesson_md()
        files[f"a/b/c/d/e/l{number:03}/quiz.yaml"] = "[]"

    bundle = read_bundle(io.BytesIO(zipped(files)), "a.zip")

    assert [lesson.slug for lesson in bundle.lessons] == [f"l{number:03}" for number in range(200)]
    assert [skipped.path for skipped in bundle.skipped] == [
        f"a/b/c/d/e/l{number:03}/lesson.md" for number in range(200, 900)
    ]
    assert "Bring the others in another" in bundle.skipped[0].reason


GLOSSARY = "- term: vector\n  definition: New.\n- nonsense\n- term: Bit\n  definition: Small.\n"


def test_what_cannot_be_read_is_left_out_with_a_reason_and_the_rest_comes_in():
    course = CourseFactory()
    GlossaryTerm.objects.create(course=course, term="Vector", definition="Known.")
    report = bring(
        course,
        zipped(
            {
                "lessons/course.yaml": "title: [",
                "lessons/glossary.yaml": GLOSSARY,
                "lessons/good/lesson.md": lesson_md(mood="sunny"),
                "lessons/good/quiz.yaml": "a: [",
                "lessons/good/static/fine.png": png(),
                "lessons/good/static/fake.png": b"MZ",
                "lessons/good/static/drawing.svg": "<svg/>",
                "lessons/good/static/run.js": "alert(1)",
                "lessons/good/demos/evil.py": "import os",
                "lessons/untitled/lesson.md": "Only text.",
                "lessons/latin/lesson.md": b"---\ntitle: caf\xe9\n---\n",
                "lessons/month/lesson.md": "---\ntitle: x\nat: 2020-13-45\n---\n",
                "lessons/long/lesson.md": lesson_md(body="a" * 400_001),
                "lessons/__init__.py": "",
                "__MACOSX/lessons/good/._lesson.md": "x",
            }
        ),
        same_name=SameName.NEW,
    )

    said = left_out(report)
    assert [lesson.slug for lesson in course.lessons.all()] == ["good"]
    assert [image.name for image in course.lessons.get().images.all()] == ["fine.png"]
    assert sorted(course.terms.values_list("term", flat=True)) == ["Bit", "Vector"]
    assert "scripts" in said["lessons/good/static/drawing.svg"]
    assert "not a picture" in said["lessons/good/static/fake.png"]
    assert "title" in said["lessons/untitled/lesson.md"]
    assert "UTF-8" in said["lessons/latin/lesson.md"]
    assert "too long" in said["lessons/long/lesson.md"]
    assert "cannot be read" in said["lessons/month/lesson.md"]
    assert "belongs to no lesson" in said["lessons/__init__.py"]
    assert "Only texts" in said["lessons/good/demos/evil.py"]
    assert "already" in said["glossary.yaml: vector"]
    assert "Entry 2" in said["lessons/glossary.yaml"]
    assert "Title and summary" in said["lessons/course.yaml"]
    assert not any("__MACOSX" in path for path in said)


def test_a_single_file_is_taken_by_what_is_in_it_whatever_its_name():
    course = CourseFactory()

    bring(course, lesson_md("By itself").encode(), name="picture.png")

    assert course.lessons.get().slug == "by-itself"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"no front matter",
        b"{}",
        b"[" * 100_000,
        b"---\ntitle: [\n---\n",
        b"---\na: " + b"[" * 50_000 + b"\n---\n",
    ],
)
def test_what_holds_no_lesson_is_refused_in_words(data):
    with pytest.raises(NothingToImport):
        bring(CourseFactory(), data, name="x")


def test_an_empty_zip_file_is_refused_in_words():
    with pytest.raises(NothingToImport, match="no lesson"):
        bring(CourseFactory(), zipped({}))


@given(st.binary(max_size=300), st.text(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_front_matter_and_no_yaml_breaks_an_import(quiz, front_matter):
    course = CourseFactory()
    data = zipped(
        {
            "a/lesson.md": f"---\n{front_matter}\n---\n".encode("utf-8", "replace"),
            "a/quiz.yaml": quiz,
            "glossary.yaml": front_matter.encode("utf-8", "replace"),
            "course.yaml": quiz,
            "b/lesson.md": lesson_md("Good"),
        }
    )

    bring(course, data)

    assert course.lessons.filter(slug="b").exists()


# --- hostile zip files


def entry(name: str, data: bytes = b"x", *, mode: int = 0o100644, flags: int = 0) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits = flags
    return info, data


def made(entries: Iterable[tuple[zipfile.ZipInfo, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for info, data in entries:
            info.compress_type = compression
            archive.writestr(info, data)
    return out.getvalue()


def refused(data: bytes, words: str) -> None:
    with pytest.raises(ArchiveRefused, match=words):
        open_archive(io.BytesIO(data))


@pytest.mark.parametrize(
    "name",
    [
        "../lesson.md",
        "a/../../lesson.md",
        "/etc/passwd",
        "//host/x",
        "a//b",
        "./x",
        "C:/x",
        "c:x",
        "a\\..\\b",
        "a/\x07",
        "a\x00.md",
        "x" * 300,
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    # Written as something harmless of this length first: zipfile itself would mend some of them.
    plain = "n" * len(name)
    data = made([entry(plain)])

    refused(data.replace(plain.encode(), name.encode()), "leads elsewhere")


def test_links_and_devices_are_refused():
    refused(made([entry("link", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)]), "a link")
    refused(made([entry("pipe", b"", mode=stat.S_IFIFO | 0o600)]), "a link")


def test_a_zip_file_with_a_password_is_refused():
    data = bytearray(made([entry("lesson.md")]))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    refused(bytes(data), "password")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.md", "a.md"), ("Map.png", "map.PNG"), ("a", "a/b"), ("\u00e9", "e\u0301")])
def test_two_files_of_one_name_are_refused(names):
    refused(made(entry(name) for name in names), "same name")


def test_folders_too_deep_in_each_other_are_refused():
    refused(made([entry("a/" * 8 + "lesson.md")]), "too deep")


def test_a_name_that_is_not_utf8_is_refused_and_one_that_says_nothing_of_it_is_read():
    data = made([entry("nn.md")])
    refused(data.replace(b"nn.md", b"\xff\xfe.md"), "cannot be read")

    assert open_archive(io.BytesIO(data.replace(b"nn.md", "ü.md".encode()))).names == ("ü.md",)

    marked = bytearray(made([entry("üü.md")]))
    broken = bytes(marked).replace("üü".encode(), b"\xff\xfe\xff\xfe")
    refused(broken, "damaged")


def test_more_entries_than_a_course_can_have_are_refused():
    refused(made(entry(f"{number}.md") for number in range(2_001)), "more than 2,000 files")


@pytest.mark.parametrize("claimed", [0xFFFF, 3])
def test_a_million_entries_cost_neither_time_nor_memory(claimed):
    """Whether the last record tells how many there are, or lies."""
    count = 1_000_000
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = one * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, claimed, claimed, len(directory), 0, 0)
    file = io.BytesIO(directory + end)
    tracemalloc.start()

    with pytest.raises(ArchiveRefused):
        open_archive(file)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_file_that_unpacks_to_far_too_much_is_refused():
    refused(made([entry("a.md", b"\0" * 5_000_000)], zipfile.ZIP_DEFLATED), "far too much")


def test_more_bytes_than_a_course_can_have_are_refused(monkeypatch):
    monkeypatch.setattr(archive_reading, "MOST_BYTES", 1_000)

    refused(made([entry("a.md", b"a" * 600), entry("b.md", b"b" * 600)]), "Import the lessons singly")


def test_sizes_that_are_not_true_are_found_out():
    """The directory says 10 bytes, a million lie there."""
    data = bytearray(made([entry("a.md", b"ab" * 500_000)], zipfile.ZIP_DEFLATED))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 10)

    refused(bytes(data), "damaged")


def test_files_that_lie_over_each_other_are_refused():
    """Two entries of the directory lead to one place, as in a zip bomb without nesting."""
    data = made([entry("a.md", b"a" * 100), entry("b.md", b"b" * 100)])
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    overlapping = bytearray(data)
    struct.pack_into("<L", overlapping, at + 42, 0)

    refused(bytes(overlapping), "over each other")


def test_a_file_that_reaches_into_the_next_is_refused():
    data = bytearray(made([entry("a.md", b"a" * 100), entry("b.md", b"b" * 100)]))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 20, 160)

    refused(bytes(data), "over each other")


def test_64_bit_numbers_parts_and_what_stands_before_or_behind_are_refused():
    data = made([entry("a.md")])
    end = data.index(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    for strange in (
        data[:end] + locator + data[end:],
        b"#!/bin/sh\n" + data,
        data + b"more",
        data[: end + 4] + b"\x01\x00" + data[end + 6 :],
    ):
        refused(strange, "not built as usual")


def test_a_zip_file_that_is_cut_off_is_refused():
    data = made([entry("a.md", b"a" * 100)])
    for length in (4, 50, len(data) - 30, len(data) - 1):
        refused(data[:length], "cut off")


def test_unusual_packing_is_refused():
    refused(made([entry("a.md", b"a" * 100)], zipfile.ZIP_LZMA), "unusual way")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_zip_file_is_refused_or_read_but_never_breaks(data):
    good = bytearray(made([entry("a/lesson.md", b"text " * 50), entry("a/quiz.yaml", b"x")], zipfile.ZIP_DEFLATED))
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))

    try:
        archive = open_archive(io.BytesIO(bytes(good)))
    except ArchiveRefused:
        return
    assert all(len(archive.read(name)) <= 250 for name in archive.names)


def test_nothing_is_written_where_a_zip_file_is_refused():
    course = CourseFactory()
    data = made([entry("a/lesson.md", lesson_md().encode()), entry("z", b"/etc", mode=stat.S_IFLNK | 0o777)])

    with pytest.raises(ArchiveRefused):
        bring(course, data)
    assert not course.lessons.exists()


def test_a_comment_behind_a_zip_file_is_harmless():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.md", "x")
        archive.comment = b"0123456789abcdef"

    assert open_archive(out).names == ("a.md",)


# --- the pages


def test_an_instructor_takes_a_course_out_and_brings_it_into_another(client):
    instructor = UserFactory(role="instructor")
    course = CourseFactory(instructor=instructor)
    lesson = LessonFactory(course=course, slug="bigrams", content__title="Bigrams")
    other = CourseFactory(instructor=instructor)
    client.force_login(instructor)

    answer = client.get(f"/author/courses/{course.slug}/export/")
    assert answer["Content-Disposition"] == f'attachment; filename="{course.slug}.zip"'
    data = b"".join(answer.streaming_content)
    one = client.get(f"/author/courses/{course.slug}/lessons/bigrams/export/")
    assert zipfile.ZipFile(io.BytesIO(b"".join(one.streaming_content))).namelist() == ["bigrams/lesson.md"]

    sent = {"file": SimpleUploadedFile("course.zip", data), "same_name": "revision"}
    page = client.post(f"/author/courses/{other.slug}/import/", sent)

    assert "Bigrams" in page.content.decode()
    assert f"/author/courses/{other.slug}/lessons/bigrams/" in page.content.decode()
    assert LessonContent.of(other.lessons.get().head) == LessonContent.of(lesson.head)
    assert other.title != course.title


@pytest.mark.parametrize("where", ["import/", "export/", "lessons/bigrams/export/"])
def test_nobody_but_a_courses_own_instructors_takes_lessons_out_or_brings_them_in(client, where):
    course = CourseFactory(instructor=UserFactory(role="instructor"), student=(student := UserFactory()))
    LessonFactory(course=course, slug="bigrams")
    address = f"/author/courses/{course.slug}/{where}"

    assert client.get(address).status_code == 302
    for user, status in [
        (student, 403),
        (UserFactory(role="instructor"), 404),
        (UserFactory(role="staff"), 404),
    ]:
        client.force_login(user)
        assert client.get(address).status_code == status


def test_the_import_page_says_what_is_wrong_with_a_file(client, settings):
    course = CourseFactory(instructor=(instructor := UserFactory(role="instructor")))
    client.force_login(instructor)
    address = f"/author/courses/{course.slug}/import/"

    def said(data: bytes) -> str:
        answer = client.post(address, {"file": SimpleUploadedFile("x.zip", data), "same_name": "new"})
        assert answer.status_code == 422
        return answer.content.decode()

    assert "a link to another file" in said(made([entry("z", b"/etc", mode=stat.S_IFLNK | 0o777)]))
    assert "cut off" in said(b"PK")
    assert "no zip file, no notebook" in said(b"")
    settings.MAX_ARCHIVE_BYTES = 10
    assert "larger than" in said(b"x" * 11)
    assert client.post(address, {}).status_code == 422
