"""What an author sends from the editor, as a form or as JSON."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from common.errors import InvalidParams
from courses.lesson_files import LONGEST_TEXT, LONGEST_TITLE, LessonContent
from courses.models import Lesson, Revision

LONGEST_SUMMARY = 2_000
LONGEST_AIMS = 5_000
LONGEST_MESSAGE = Revision._meta.get_field("message").max_length
TOO_LONG = f"This is too long: {LONGEST_TEXT:,} characters fit. Move a part of it to a lesson of its own."


class TooLarge(InvalidParams):
    code = "too_large"
    status = 413


class LessonForm(forms.Form):
    title = forms.CharField(
        max_length=LONGEST_TITLE, error_messages={"required": "A lesson needs a title. Write one, then save again."}
    )
    summary = forms.CharField(
        required=False,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One or two sentences, for the course's page.",
    )
    aims = forms.CharField(
        required=False,
        max_length=LONGEST_AIMS,
        label="You will be able to",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One aim a line, such as: tell a bigram from a trigram",
    )
    body = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        label="Text",
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "class": "source"}),
    )
    quiz = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        label="Questions (quiz.yaml)",
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "source"}),
    )
    message = forms.CharField(required=False, max_length=LONGEST_MESSAGE, label="What did you change?")
    base = forms.IntegerField(
        widget=forms.HiddenInput(),
        error_messages={"required": "This does not say what it was written on. Reload the page, then save again."},
    )

    @classmethod
    def of(cls, lesson: Lesson) -> LessonForm:
        """The form as it opens: with what was saved last."""
        assert lesson.head
        content = LessonContent.of(lesson.head)
        initial = {**vars(content), "aims": "\n".join(content.aims), "base": lesson.head.number}
        return cls(initial=initial, auto_id="lesson-%s")

    def content(self) -> LessonContent:
        """
        Raises:
            InvalidParams: something is missing or too long; `fields` says what.
        """
        if not self.is_valid():
            fields = {name: [str(error) for error in errors] for name, errors in self.errors.items()}
            raise InvalidParams("This cannot be saved yet. Look at the marked fields.", fields=fields)
        return content_of(self.cleaned_data)


class DraftForm(LessonForm):
    """The same while somebody is still writing: a title may be missing for a moment, and nothing is saved."""

    base = forms.IntegerField(required=False)
    title = forms.CharField(required=False, max_length=LONGEST_TITLE)


def content_of(values: dict[str, Any]) -> LessonContent:
    return LessonContent(
        title=values["title"],
        summary=values["summary"],
        aims=tuple(aim.strip() for aim in values["aims"].splitlines() if aim.strip()),
        body=values["body"],
        quiz=values["quiz"],
    ).storable()


def sent_data(request: HttpRequest) -> Any:
    """The fields that were sent, as a form or as JSON of texts and numbers.

    Raises:
        InvalidParams: the JSON cannot be read, or holds something else.
    """
    if request.content_type != "application/json":
        return request.POST
    try:
        data = json.loads(request.body)
    except RequestDataTooBig as error:
        raise TooLarge("This is more than can be sent at once. Save a shorter text.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidParams("What was sent is no JSON. Reload the page and try again.") from error
    if not isinstance(data, dict) or not all(value is None or isinstance(value, str | int) for value in data.values()):
        raise InvalidParams("What was sent are no fields of a lesson. Reload the page and try again.")
    return {name: _storable("" if value is None else str(value)) for name, value in data.items()}


def _storable(text: str) -> str:
    """Without what no database keeps: it shows in the text, where the form would refuse all of it."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def sent_number(data: Any, name: str) -> int | None:
    """A whole number among the fields that were sent; None where there is none."""
    value = str(data.get(name, "")).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
