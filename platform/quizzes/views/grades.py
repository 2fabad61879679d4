"""The grades of a course: everybody's, one student's, one attempt, and all of them as a file."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from authoring.forms import tell_error
from authoring.pages import of_taught_course
from common.downloads import file_response
from common.errors import ApiError
from courses.models import Course, Membership
from quizzes.exports import attempt_table, grade_table, write_csv, write_xlsx
from quizzes.models import Attempt
from quizzes.selectors.demo_answers import lessons_without_demo_answers
from quizzes.selectors.gradebook import Gradebook, attempts_in_course, attempts_of_course, attempts_of_member, gradebook
from quizzes.selectors.marking import marked_questions
from quizzes.selectors.regrade import graded_with_another_key
from quizzes.services.grading import LONGEST_REASON, override_points
from quizzes.services.taking import close_overdue_attempts

STUDENTS_ON_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PointsForm(forms.Form):
    points = forms.FloatField(
        required=False, min_value=0, help_text="Left empty, the points that were computed count again."
    )
    reason = forms.CharField(max_length=LONGEST_REASON, help_text="Kept with the change, for whoever asks later.")


@require_safe
@of_taught_course
def gradebook_page(request: Any, course: Course) -> HttpResponse:
    close_overdue_attempts()
    words, sort, only = (request.GET.get(name, "").strip() for name in ("q", "sort", "lesson"))
    book = gradebook(course, words=words)
    place = book.column(only)
    shown = range(len(book.columns)) if place is None else [place]
    page = Paginator(book.sorted_by(sort), STUDENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "quizzes/grades/gradebook.html",
        {
            "course": course,
            "page_obj": page,
            "rows": [(row, [row.cells[place] for place in shown]) for row in page],
            "columns": [(book.columns[place], book.class_mean(place)) for place in shown],
            "all_columns": book.columns,
            "headings": _headings(book, shown, sort),
            "words": words,
            "only": "" if place is None else only,
            "sort": sort,
            "with_older_key": _with_older_key(book),
            "without_demo_answers": lessons_without_demo_answers(column.lesson for column in book.columns),
        },
    )


@require_safe
@of_taught_course
def student_page(request: Any, course: Course, pk: int) -> HttpResponse:
    """By the membership's number, as everywhere in the pages of a course."""
    membership = get_object_or_404(Membership.objects.select_related("user"), course=course, pk=pk)
    return render(
        request,
        "quizzes/grades/student.html",
        {"course": course, "membership": membership, "attempts": attempts_of_member(membership)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@of_taught_course
def attempt_page(request: Any, course: Course, attempt: UUID) -> HttpResponse:
    """Posting gives it other points."""
    found = get_object_or_404(attempts_in_course(course), pk=attempt)
    form = PointsForm(request.POST) if request.method == "POST" else PointsForm(initial={"points": found.override})
    if form.is_valid() and _points_given(request, found, form):
        return redirect("author-attempt", course.slug, found.pk)
    context = {
        "course": course,
        "attempt": found,
        "membership": course.memberships.filter(user=found.user_id).first() if found.user_id else None,
        "questions": marked_questions(found),
        "form": form,
    }
    return render(request, "quizzes/grades/attempt.html", context, status=422 if form.errors else 200)


def _points_given(request: Any, attempt: Attempt, form: PointsForm) -> bool:
    try:
        change = override_points(attempt=attempt, by=request.user, **form.cleaned_data)
    except ApiError as error:
        tell_error(form, error)
        return False
    if change:
        messages.success(request, "These points count now.")
    else:
        messages.info(request, "These points count already, so nothing was changed.")
    return True


@require_safe
@of_taught_course
def grades_file(request: Any, course: Course) -> FileResponse:
    """`?as=xlsx` has both tables; `?as=csv` one of them, `rows=students` or `rows=attempts`."""
    form, rows = request.GET.get("as", "csv"), request.GET.get("rows", "students")
    if form not in ("csv", "xlsx") or rows not in ("students", "attempts"):
        raise Http404(f"no {rows} as {form}")
    close_overdue_attempts()
    attempts = attempt_table(attempts_of_course(course).iterator(chunk_size=1_000))
    if form == "xlsx":
        write = partial(write_xlsx, {"Students": grade_table(gradebook(course)), "Attempts": attempts})
    else:
        write = partial(write_csv, attempts if rows == "attempts" else grade_table(gradebook(course)))
    name = f"{course.slug}-{'attempts' if form == 'csv' and rows == 'attempts' else 'grades'}"
    return file_response(
        write,
        name=f"{name}-{timezone.localdate():%Y-%m-%d}.{form}",
        content_type=XLSX if form == "xlsx" else "text/csv; charset=utf-8",
    )


def _headings(book: Gradebook, shown: Any, sort: str) -> list[dict[str, str]]:
    """What the table can be sorted by: names from the first, numbers from the highest; once more, the other way."""
    keys = [("Name", "name"), ("Mean", "mean"), ("Attempts", "attempts")]
    keys += [(book.columns[place].lesson.title, book.columns[place].key) for place in shown]
    current = sort if sort.removeprefix("-") in {key for _, key in keys} else "name"
    return [_heading(title, key, current) for title, key in keys]


def _heading(title: str, key: str, current: str) -> dict[str, str]:
    ways = {key: "ascending", f"-{key}": "descending"}
    first, second = ways if key == "name" else reversed(ways)
    return {"title": title, "state": ways.get(current, ""), "next": second if current == first else first}


def _with_older_key(book: Gradebook) -> set[int]:
    """The lessons with attempts that are graded with another key than the one that students see now."""
    attempts = graded_with_another_key([column.lesson for column in book.columns])
    return set(attempts.order_by().values_list("lesson", flat=True).distinct())
