from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from courses.models import Course, Lesson
from courses.services.sync import CourseFilesError, sync_course
from mlcore.registry import LESSONS

LESSON = """---
title: {title}
order: {order}
summary: About {title}.
aims:
  - say what {title} is
---
## Begin

Text.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "course.yaml").write_text("title: Sequences\nsummary: All of them.\n")
    for order, name in enumerate(["first_steps", "second_steps"], start=1):
        write(tmp_path, name, title=name.replace("_", " "), order=order)
    return tmp_path


def write(folder: Path, name: str, **settings: Any) -> None:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "lesson.md").write_text(LESSON.format(**settings))


@pytest.mark.django_db
def test_files_become_a_course_with_its_lessons(folder: Path) -> None:
    synced = sync_course(folder=folder)
    assert synced.new == ("first-steps", "second-steps")
    course = Course.objects.get()
    assert (course.slug, course.title, course.summary) == ("sequence-models", "Sequences", "All of them.")
    first, second = course.lessons.all()
    assert (first.slug, first.title, first.order, first.folder) == ("first-steps", "first steps", 1, "first_steps")
    assert first.aims == ["say what first steps is"]
    assert first.published.body.startswith("## Begin")
    assert second.order == 2


@pytest.mark.django_db
def test_a_second_sync_changes_nothing(folder: Path, django_assert_max_num_queries: Any) -> None:
    sync_course(folder=folder)
    before = list(Lesson.objects.values())
    with django_assert_max_num_queries(6):
        synced = sync_course(folder=folder)
    assert (synced.new, synced.changed, synced.unchanged) == ((), (), ("first-steps", "second-steps"))
    assert list(Lesson.objects.values()) == before


@pytest.mark.django_db
def test_what_changed_in_a_file_changes_its_row_and_no_other(folder: Path) -> None:
    sync_course(folder=folder)
    ids = dict(Lesson.objects.values_list("slug", "pk"))
    write(folder, "first_steps", title="renamed", order=5)
    (folder / "course.yaml").write_text("title: More\nsummary: Still all.\n")
    synced = sync_course(folder=folder)
    assert (synced.new, synced.changed, synced.unchanged) == ((), ("first-steps",), ("second-steps",))
    lesson = Lesson.objects.get(slug="first-steps")
    assert (lesson.title, lesson.order, lesson.pk) == ("renamed", 5, ids["first-steps"])
    assert Course.objects.get().title == "More"


@pytest.mark.django_db
def test_a_lesson_whose_folder_is_gone_keeps_its_row(folder: Path) -> None:
    sync_course(folder=folder)
    (folder / "second_steps" / "lesson.md").unlink()
    sync_course(folder=folder)
    assert Lesson.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_that_sync_at_once_make_one_course(folder: Path) -> None:
    barrier = threading.Barrier(4)
    errors: list[BaseException] = []

    def sync() -> None:
        barrier.wait()
        try:
            sync_course(folder=folder)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sync) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Course.objects.count() == 1
    assert sorted(Lesson.objects.values_list("slug", flat=True)) == ["first-steps", "second-steps"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("course.yaml", "title: only\n", "course.yaml: “summary” is missing"),
        ("course.yaml", "- a list\n", "course.yaml: “title” is missing"),
        ("course.yaml", "a: [\n", "course.yaml: "),
        ("first_steps/lesson.md", "---\ntitle: T\n---\n", "lesson.md: “order” is missing"),
        ("first_steps/lesson.md", "---\norder: 1\n---\n", "lesson.md: “title” is missing"),
        ("first_steps/lesson.md", "---\ntitle: T\norder: 1\nsummary: S\naims: one\n---\n", "“aims” must be a list"),
        ("first_steps/lesson.md", "---\ntitle: [\n---\n", "lesson.md: line 3"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_changes(
    folder: Path, name: str, text: str, words: str
) -> None:
    sync_course(folder=folder)
    before = list(Lesson.objects.values())
    write(folder, "second_steps", title="changed", order=2)
    (folder / name).write_text(text)
    with pytest.raises(CourseFilesError, match=words):
        sync_course(folder=folder)
    assert list(Lesson.objects.values()) == before


@pytest.mark.django_db
def test_a_missing_course_file_is_told_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.management.commands.sync_course.LESSONS", tmp_path)
    with pytest.raises(CommandError, match=r"course\.yaml"):
        call_command("sync_course")


@pytest.mark.django_db
def test_the_command_names_the_line_of_what_cannot_be_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "first_steps" / "lesson.md"
    path.write_text(path.read_text() + "\n:::demo nothing\n")
    monkeypatch.setattr("courses.management.commands.sync_course.LESSONS", folder)
    call_command("sync_course")
    said = capsys.readouterr()
    assert "Sequences: 2 new, 0 changed, 0 unchanged" in said.out
    assert "lessons/first_steps/lesson.md:12: There is no demo “nothing”." in said.err


@pytest.mark.django_db
def test_the_built_in_course_can_be_shown_without_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_course")
    assert capsys.readouterr().err == ""
    assert Lesson.objects.count() == len(list(LESSONS.glob("*/lesson.md")))
