"""The page on which the questions of a lesson are written: by forms, and as text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import instructor_required
from authoring.diff import diff_contents
from authoring.lesson_form import sent_number
from authoring.selectors.editing import taught_lesson
from authoring.views.answers import revision_row
from common.errors import ApiError
from courses.lesson_files import LONGEST_TEXT, LessonContent
from courses.models import Lesson
from courses.services.revisions import EditConflict
from quizzes.forms import TITLES, Options
from quizzes.question_editor import QuestionEditor, fields_of, kept_in
from quizzes.questions import AnyQuestion
from quizzes.selectors.demo_answers import DemoAnswerState, demo_answer_states
from quizzes.selectors.taking import images_of, published_revision
from quizzes.selectors.writing import excerpt_of, new_seed, try_question, written_quiz
from quizzes.services import writing as services
from quizzes.services.demo_answers import provide_demo_answers, try_demo

STEPS = {"up": -1, "down": 1}
TRIES = ("preview", "check", "other")
"""What one can do in a form beside saving it: look at the question, answer it, see it with other numbers."""


@require_safe
@instructor_required
def quiz_page(request: Any, course: str, lesson: str) -> HttpResponse:
    return _page(request, taught_lesson(request.user, course, lesson))


def _page(request: Any, lesson: Lesson, *, status: int = 200, **more: Any) -> HttpResponse:
    assert lesson.head
    context = {
        "lesson": lesson,
        "course": lesson.course,
        "written": written_quiz(lesson),
        "kinds": TITLES.items(),
        "demo_answers": _demo_answers(lesson),
        "text": lesson.head.quiz,
        "base": lesson.head.number,
        **more,
    }
    return render(request, "quizzes/author/questions.html", context, status=status)


def _demo_answers(lesson: Lesson) -> list[DemoAnswerState]:
    """What demos still owe to the questions that students see."""
    revision = published_revision(lesson)
    if revision is None:
        return []
    provide_demo_answers(revision=revision)
    return [state for state in demo_answer_states(revision) if state.state != "ready"]


@require_POST
@instructor_required
def save_text(request: Any, course: str, lesson: str) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        said = f"This is too long: {LONGEST_TEXT:,} characters fit. Move some questions to another lesson."
        return _page(request, found, status=422, text=text, text_error=said)
    try:
        services.save_text(lesson=found, text=text, by=request.user, base=sent_number(request.POST, "base"))
    except EditConflict as error:
        found.head = error.head
        mine = replace(LessonContent.of(error.head), quiz=text)
        conflict = {"head": revision_row(error.head), "diffs": diff_contents(LessonContent.of(error.head), mine)}
        return _page(request, found, status=409, text=text, conflict=conflict)
    messages.success(request, "Saved.")
    return redirect(reverse("author-quiz", args=[course, lesson]) + "#text")


@require_POST
@instructor_required
def change_question(request: Any, course: str, lesson: str, question: str, action: str) -> HttpResponse:
    """`action`: up, down, duplicate or delete."""
    found = taught_lesson(request.user, course, lesson)
    how: dict[str, Any] = {"lesson": found, "name": question, "by": request.user}
    how["base"] = sent_number(request.POST, "base")
    try:
        if action in STEPS:
            services.move_question(**how, steps=STEPS[action])
        elif action == "duplicate":
            services.duplicate_question(**how)
            messages.success(request, f"“{question}” is there twice now. Change the copy as you like.")
        elif action == "delete":
            services.delete_question(**how)
            messages.success(request, f"“{question}” is deleted. It is still in the revisions of the lesson.")
        else:
            raise Http404(f"no action {action}")
    except EditConflict as error:
        who = revision_row(error.head)["author"]
        messages.error(request, f"{who} has saved this lesson in the meantime. Here is what is there now; try again.")
    except ApiError as error:
        messages.error(request, error.message)
    anchor = "" if action == "delete" else f"#question-{question}"
    return redirect(reverse("author-quiz", args=[course, lesson]) + anchor)


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def new_question(request: Any, course: str, lesson: str) -> HttpResponse:
    """`?type=` says which form; that of one choice, where it does not."""
    found = taught_lesson(request.user, course, lesson)
    kind = request.GET.get("type") or "single"
    if kind not in TITLES:
        raise Http404(f"no type {kind}")
    return _form(request, found, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def question_page(request: Any, course: str, lesson: str, question: str) -> HttpResponse:
    found = taught_lesson(request.user, course, lesson)
    try:
        there = services.quiz_of_head(found).question(question)
    except services.FaultyQuiz as error:
        messages.error(request, error.message)
        return redirect("author-quiz", course, lesson)
    if there is None:
        raise Http404(f"no question {question}")
    return _form(request, found, there.type, there)


def _form(request: Any, lesson: Lesson, kind: str, there: AnyQuestion | None) -> HttpResponse:
    """The form of a question, of one that is there or a new one, and what was done with it."""
    assert lesson.head
    images = images_of(lesson)
    taken = frozenset(one.id for one in _others(lesson, there))
    options = Options(tuple(images), taken, kept_in(there) if there else {})
    context: dict[str, Any] = {"base": lesson.head.number, "seed": request.POST.get("seed", "")[:32] or new_seed()}
    if request.method != "POST":
        initial, rows = fields_of(there) if there else (None, None)
        editor = QuestionEditor(kind, options, initial=initial, rows=rows)
        if there:
            context["asked"] = try_question(there, images, context["seed"])
        return _show(request, lesson, editor, there, context)

    editor = QuestionEditor(kind, options, data=request.POST)
    act = request.POST.get("act", "save")
    context["base"] = sent_number(request.POST, "base") or lesson.head.number
    if act not in ("save", *TRIES):
        return _show(request, lesson, editor.changed(act), there, context)
    question = editor.question()
    if act in TRIES:
        if act == "other":
            context["seed"] = new_seed()
        if question:
            context["asked"] = try_question(question, images, context["seed"], request.POST if act == "check" else None)
        if kind == "demo" and (asked := editor.demo_run()):
            context["trial"] = try_demo(asked=asked, actor=request.actor)
        return _show(request, lesson, editor, there, {**context, "not_yet": question is None})
    if question is None:
        return _show(request, lesson, editor, there, context, status=422)
    return _save(request, lesson, editor, question, there=there, context=context)


def _save(
    request: Any,
    lesson: Lesson,
    editor: QuestionEditor,
    question: AnyQuestion,
    *,
    there: AnyQuestion | None,
    context: dict[str, Any],
) -> HttpResponse:
    base = context["base"]
    try:
        services.save_question(
            lesson=lesson, question=question, replaces=there.id if there else "", by=request.user, base=base
        )
    except EditConflict as error:
        context |= {"conflict": _conflict(lesson, error, base), "base": error.head.number}
        return _show(request, lesson, editor, there, context, status=409)
    except ApiError as error:
        editor.form.add_error("id" if "id" in error.fields else None, error.message)
        return _show(request, lesson, editor, there, context, status=error.status)
    messages.success(request, f"Saved: “{excerpt_of(question)}”")
    return redirect(reverse("author-quiz", args=[lesson.course.slug, lesson.slug]) + f"#question-{question.id}")


def _others(lesson: Lesson, there: AnyQuestion | None) -> list[AnyQuestion]:
    try:
        return [one for one in services.quiz_of_head(lesson).questions if there is None or one.id != there.id]
    except services.FaultyQuiz:
        return []


def _conflict(lesson: Lesson, error: EditConflict, base: int) -> dict[str, Any]:
    """What somebody else has changed since the form was opened."""
    opened = lesson.revisions.filter(number=base).first()
    before = LessonContent.of(opened) if opened else LessonContent(title="")
    return {"head": revision_row(error.head), "diffs": diff_contents(before, LessonContent.of(error.head))}


def _show(
    request: Any,
    lesson: Lesson,
    editor: QuestionEditor,
    there: AnyQuestion | None,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    assert lesson.head
    context |= {
        "lesson": lesson,
        "course": lesson.course,
        "editor": editor,
        "question": there,
        "title": TITLES[editor.kind],
        "loses_comments": services.has_comments(lesson.head.quiz),
    }
    return render(request, "quizzes/author/question.html", context, status=status)
