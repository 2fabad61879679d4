"""`manage.py sync_course`: the built-in course's files become rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.services.revisions import problems_of
from courses.services.sync import CourseFilesError, read_folder, sync_course
from mlcore.registry import LESSONS


class Command(BaseCommand):
    help = "Brings the built-in course to what the files under lessons/ say."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            synced = sync_course(folder=LESSONS)
        except CourseFilesError as error:
            raise CommandError(str(error)) from error
        for lesson in synced.course.lessons.exclude(folder="").select_related("published"):
            path = LESSONS / lesson.folder / "lesson.md"
            if lesson.published is None or not path.is_file():
                continue
            before = read_folder(path).file.first_line - 1
            for problem in problems_of(lesson, lesson.published):
                self.stderr.write(f"lessons/{lesson.folder}/lesson.md:{before + problem.line}: {problem.message}")
        self.stdout.write(
            f"{synced.course}: {len(synced.new)} new, {len(synced.changed)} changed, {len(synced.unchanged)} unchanged"
        )
