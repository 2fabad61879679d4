"""Asking, answering, and the small forms about one post. Services say who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import ApiError
from discussion.forms import AnswerForm, HideForm, QuestionForm, ReportForm, TextForm, TitleForm
from discussion.models import TEXT_LENGTH, Question
from discussion.rendering import render_post
from discussion.selectors.posts import Discussion, PostInView, discussion_in_view, post_in_view
from discussion.services.moderating import hide_post, report_post, resolve_reports, unhide_post
from discussion.services.posting import (
    accept_answer,
    answer_question,
    ask_question,
    delete_post,
    edit_post,
    spend_preview,
    unaccept_answer,
    writer,
)
from discussion.views.reading import show_question
from discussion.views.shared import show, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: Any, course: str, lesson: str) -> HttpResponse:
    discussion = discussion_in_view(request.actor, course, lesson)
    try:
        writer(discussion)
    except ApiError as refused:
        raise PermissionDenied(refused.message) from refused
    form, error = QuestionForm(request.POST or None), None
    if form.is_valid():
        try:
            question = ask_question(discussion=discussion, **form.cleaned_data)
            messages.success(request, "Your question is posted.")
            return redirect(f"{question.get_absolute_url()}?post={question.anchor}")
        except ApiError as refused:
            error = refused
            form.add_error(None, error.message)
    words = {"title": "Ask a question", "submit": "Post your question", "back": _list_url(discussion)}
    return show(request, discussion, "form", {"form": form, **words}, error)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def answer(request: Any, course: str, lesson: str, question: int) -> HttpResponse:
    """The form stands under the question, so there is nothing here to read."""
    discussion = discussion_in_view(request.actor, course, lesson)
    asked = post_in_view(discussion, "question", question)
    if request.method != "POST":
        return redirect(_url(asked))
    form, error = AnswerForm(request.POST), None
    if form.is_valid():
        try:
            given = answer_question(question=asked, **form.cleaned_data)
            messages.success(request, "Your answer is posted.")
            return redirect(given)
        except ApiError as refused:
            error = refused
            form.add_error(None, error.message)
    return show_question(request, discussion, question, form, error)


@require_POST
@signed_in
def preview(request: Any, course: str, lesson: str) -> HttpResponse:
    """What a post will look like, while it is written."""
    discussion_in_view(request.actor, course, lesson)
    try:
        spend_preview(request.user)
    except ApiError as refused:
        return HttpResponse(refused.message, status=refused.status, headers=refused.headers, content_type="text/plain")
    return HttpResponse(render_post(request.POST.get("text", "")[:TEXT_LENGTH], prefix="preview"))


@dataclass(frozen=True)
class Task:
    """Something that is done with a post by a small form on a page of its own."""

    title: str
    submit: str
    done: str
    may: Callable[[PostInView], bool]
    refused: str
    form: Callable[[PostInView, Any], forms.Form]
    do: Callable[[PostInView, dict[str, Any]], object]
    danger: bool = False


def _edit_form(post: PostInView, data: Any) -> forms.Form:
    words = {"text": post.post.text}
    if isinstance(post.post, Question):
        return TitleForm(data, initial={**words, "title": post.post.title})
    return TextForm(data, initial=words)


TASKS = {
    "edit": Task(
        title="Edit your {kind}",
        submit="Save",
        done="Your {kind} is saved.",
        may=lambda post: post.may_edit,
        refused="You can change only what you wrote yourself, while it is shown and the course is open.",
        form=_edit_form,
        do=lambda post, words: edit_post(post=post, **words),
    ),
    "delete": Task(
        title="Delete your {kind}",
        submit="Delete for good",
        done="Your {kind} is deleted.",
        may=lambda post: post.may_delete,
        refused="You can delete only what you wrote yourself.",
        form=lambda post, data: forms.Form(data),
        do=lambda post, words: delete_post(post=post),
        danger=True,
    ),
    "report": Task(
        title="Report this {kind}",
        submit="Report",
        done="Thank you. Whoever looks after this course will look at it.",
        may=lambda post: post.may_report,
        refused="You can report what others wrote, as long as it is shown.",
        form=lambda post, data: ReportForm(data),
        do=lambda post, words: report_post(post=post, **words),
    ),
    "hide": Task(
        title="Hide this {kind}",
        submit="Hide",
        done="The {kind} is hidden.",
        may=lambda post: post.may_hide,
        refused="Only the course's instructors can hide a post.",
        form=lambda post, data: HideForm(data),
        do=lambda post, words: hide_post(post=post, **words),
        danger=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def task_page(request: Any, course: str, lesson: str, *, kind: str, pk: int, task: str) -> HttpResponse:
    discussion = discussion_in_view(request.actor, course, lesson)
    post, what = post_in_view(discussion, kind, pk), TASKS[task]
    if not what.may(post):
        raise PermissionDenied(what.refused)
    form, error = what.form(post, request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            what.do(post, form.cleaned_data)
            messages.success(request, what.done.format(kind=kind))
            return redirect(_after(post))
        except ApiError as refused:
            error = refused
            form.add_error(None, error.message)
    words = {"title": what.title.format(kind=kind), "submit": what.submit, "danger": what.danger, "back": _url(post)}
    return show(request, discussion, "form", {"form": form, "about": post, "task": task, **words}, error)


ACTIONS: dict[str, tuple[Callable[[PostInView], object], str]] = {
    "accept": (lambda post: accept_answer(answer=post), "This answer is the accepted one now."),
    "unaccept": (lambda post: unaccept_answer(answer=post), "No answer is accepted now."),
    "unhide": (lambda post: unhide_post(post=post), "Everybody sees the post again."),
    "resolve": (lambda post: resolve_reports(post=post), "The reports are dealt with."),
}


@require_POST
@signed_in
def act(request: Any, course: str, lesson: str, *, kind: str, pk: int, action: str) -> HttpResponse:
    """A button beside a post."""
    post = post_in_view(discussion_in_view(request.actor, course, lesson), kind, pk)
    if action not in ACTIONS:
        raise Http404(f"no action {action}")
    do, done = ACTIONS[action]
    try:
        do(post)
    except ApiError as error:
        raise PermissionDenied(error.message) from error
    messages.success(request, done)
    return redirect(_url(post))


def _url(post: PostInView) -> str:
    """The post in its question's page."""
    return f"{post.post.in_question.get_absolute_url()}?post={post.post.anchor}#{post.post.anchor}"


def _after(post: PostInView) -> str:
    """Where to go when something was done with a post, which may be gone by that."""
    if type(post.post)._default_manager.filter(pk=post.post.pk).exists():
        return _url(post)
    return _list_url(post.discussion) if isinstance(post.post, Question) else post.post.question.get_absolute_url()


def _list_url(discussion: Discussion) -> str:
    return reverse("discussion", args=[discussion.course.slug, discussion.lesson.slug])
