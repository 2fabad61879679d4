"""What people send. The words of a refusal stand beside the field."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from discussion.models import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH


def _has_something_to_see(text: str) -> None:
    """Letters, digits, signs: a post of spaces and invisible characters would be an empty place in the page."""
    if text and not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise ValidationError("There is nothing to see in this. Write something.")


class WordsField(forms.CharField):
    """Text that a person reads; a line ends in one way, as browsers count it. On one line unless `lines` says so."""

    default_validators = [_has_something_to_see]

    def __init__(self, *, longest: int, missing: str, lines: int = 1, **kwargs: Any) -> None:
        self.lines = lines
        messages = {
            "required": missing,
            "max_length": "This has %(show_value)d characters, and there is room for %(limit_value)d. Make it shorter.",
            "null_characters_not_allowed": "There is a character in this that no text may have (U+0000). Take it out.",
        }
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=longest, error_messages=messages, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if self.lines > 1:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        return " ".join(text.split())


class TextForm(forms.Form):
    text = WordsField(
        label="Text",
        longest=TEXT_LENGTH,
        lines=7,
        missing="Write something first.",
        help_text="Markdown works: **bold**, `code`, lists, and formulas between dollar signs, as in $x_t$.",
    )


class TitleForm(TextForm):
    title = WordsField(
        label="Your question in one line",
        longest=TITLE_LENGTH,
        missing="Say in one line what you would like to know.",
    )
    field_order = ["title", "text"]


class OnceForm(forms.Form):
    """Has a key of its own, so that sending it twice does one thing."""

    form_key = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={
            "required": "This form is broken. Copy your text, reload the page, and send it again.",
            "invalid": "This form is broken. Copy your text, reload the page, and send it again.",
        },
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with a field that nobody sees is told above the form."""
        super().add_error(None if field == "form_key" else field, error)


class QuestionForm(OnceForm, TitleForm):
    pass


class AnswerForm(OnceForm, TextForm):
    text = WordsField(
        label="Your answer",
        longest=TEXT_LENGTH,
        lines=5,
        missing="Write something first.",
        help_text=TextForm.base_fields["text"].help_text,
    )


class ReportForm(forms.Form):
    reason = WordsField(
        label="What is wrong with it?",
        longest=REASON_LENGTH,
        missing="Say in a few words what is wrong with it.",
        help_text="Whoever looks after this course reads it, and your name. Nobody else does.",
    )


class HideForm(forms.Form):
    reason = WordsField(
        label="Why?",
        longest=REASON_LENGTH,
        missing="Say in a few words why; the author reads it.",
        help_text="Whoever wrote the post reads this. They still see the post, and so do the course's instructors.",
    )
