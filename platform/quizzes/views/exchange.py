"""Questions come in from files of other systems, and go out to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from authoring.pages import of_taught_course
from common.errors import ApiError
from courses.models import Course, Lesson
from quizzes.exchange.gift import read_gift
from quizzes.exchange.gift_writing import write_gift
from quizzes.exchange.report import LONGEST_FILE, FileRefused, Imported
from quizzes.exchange.sheets import read_csv, read_sheet, write_csv, write_sheet
from quizzes.questions import AnyQuestion
from quizzes.quiz_files import EMPTY, read_quiz
from quizzes.services.writing import add_questions

READERS = {".gift": read_gift, ".txt": read_gift, ".csv": read_csv, ".xlsx": read_sheet}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = [("gift", "Moodle GIFT"), ("csv", "CSV"), ("xlsx", "Excel (xlsx)")]


class _LessonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.head.title)


class _OfCourse(forms.Form):
    lesson = _LessonChoice(Lesson.objects.none(), to_field_name="slug")

    def __init__(self, *args: Any, course: Course, **how: Any) -> None:
        super().__init__(*args, **how)
        field = self.fields["lesson"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = course.lessons.filter(removed_at=None).select_related("head")


class ImportForm(_OfCourse):
    file = forms.FileField(
        allow_empty_file=True,
        help_text="A Moodle GIFT file (.gift, .txt), a table as CSV, or an Excel file (.xlsx).",
        widget=forms.FileInput(attrs={"accept": ",".join(READERS)}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LONGEST_FILE:
            raise forms.ValidationError(f"This file is larger than {LONGEST_FILE // 1000} kB. Divide it into several.")
        if _ending(file) not in READERS:
            raise forms.ValidationError("Choose a file that ends in .gift, .txt, .csv or .xlsx.")
        return file


class ExportForm(_OfCourse):
    format = forms.ChoiceField(choices=FORMATS)

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        field = self.fields["lesson"]
        assert isinstance(field, forms.ModelChoiceField)
        field.required, field.empty_label = False, "All lessons"


def _ending(file: UploadedFile) -> str:
    name = (file.name or "").lower()
    return name[name.rfind(".") :] if "." in name else ""


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def import_page(request: Any, course: Course) -> HttpResponse:
    """The forms; and once a file was sent, what has become of each question in it."""
    chosen = {"lesson": request.GET.get("lesson", "")}
    form = ImportForm(course=course, initial=chosen)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, course=course)
    if form.is_valid():
        file, lesson = form.cleaned_data["file"], form.cleaned_data["lesson"]
        try:
            imported = READERS[_ending(file)](file.read())
            _keep(imported, lesson, request.user, file.name)
        except FileRefused as error:
            form.add_error("file", error.message)
        except ApiError as error:
            form.add_error(None, error.message)
        else:
            context = {"course": course, "lesson": lesson, "imported": imported, "file_name": file.name}
            return render(request, "quizzes/author/import_report.html", context)
    context = {
        "course": course,
        "form": form,
        "export_form": ExportForm(course=course, initial=chosen, auto_id="export-%s"),
        "most_kilobytes": LONGEST_FILE // 1000,
    }
    return render(request, "quizzes/author/import.html", context, status=422 if form.errors else 200)


def _keep(imported: Imported, lesson: Lesson, by: Any, file_name: str) -> None:
    """All that could be read as one new revision."""
    if imported.questions:
        message = f"Questions from {file_name}"
        add_questions(lesson=lesson, questions=imported.questions, by=by, base=None, message=message)


@require_safe
@of_taught_course
def export(request: Any, course: Course) -> HttpResponse:
    """The questions of a lesson, or of all, as they were saved last."""
    form = ExportForm(request.GET, course=course)
    if not form.is_valid():
        messages.error(request, "Choose a lesson and what kind of file you want.")
        return redirect("author-quiz-import", course.slug)
    lesson = form.cleaned_data["lesson"]
    questions = _questions([lesson] if lesson else course.lessons.filter(removed_at=None).select_related("head"))
    name = f"{lesson.slug if lesson else course.slug}-questions"
    match form.cleaned_data["format"]:
        case "gift":
            return _download(write_gift(questions), "text/plain; charset=utf-8", f"{name}.gift")
        case "csv":
            # With a mark at the beginning, by which a spreadsheet sees that this is UTF-8.
            return _download("\ufeff" + write_csv(questions), "text/csv; charset=utf-8", f"{name}.csv")
        case _:
            return _download(write_sheet(questions), XLSX, f"{name}.xlsx")


def _questions(lessons: Any) -> list[AnyQuestion]:
    return [
        question
        for lesson in lessons
        if lesson.head
        for question in (read_quiz(lesson.head.quiz).quiz or EMPTY).questions
    ]


def _download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
