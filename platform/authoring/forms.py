"""What instructors fill in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy

from authoring.slugs import LONGEST
from common.errors import ApiError
from courses.models import Announcement


class MomentField(forms.DateTimeField):
    """A day and a time of day, in the server's time zone, which it names."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_validators = [
        MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC), "This is too long ago."),
        MaxValueValidator(datetime(2200, 1, 1, tzinfo=UTC), "This is too far away."),
    ]

    def __init__(self, *, help_text: str = "", **how: Any) -> None:
        where = lazy(timezone.get_default_timezone_name, str)()
        super().__init__(help_text=format_lazy("{} Time zone: {}.", help_text, where), **how)


def _summary() -> forms.CharField:
    return forms.CharField(
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Two sentences: what one learns, and for whom it is.",
    )


def _address() -> forms.SlugField:
    return forms.SlugField(
        label="Address",
        max_length=LONGEST,
        required=False,
        help_text="The last part of its link. Left empty, it is made from the title. It stays as it is afterwards.",
    )


class NewCourseForm(forms.Form):
    title = forms.CharField(max_length=120)
    summary = _summary()
    slug = _address()


class CourseForm(forms.Form):
    title = forms.CharField(max_length=120)
    summary = _summary()
    is_public = forms.TypedChoiceField(
        label="Who can read it",
        choices=[(False, "Its members"), (True, "Everybody")],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    opens = MomentField(required=False, help_text="Before it only instructors read the lessons.")
    closes = MomentField(
        required=False, help_text="From then on nobody can join. Whoever is in the course can still read it."
    )


class EmailForm(forms.Form):
    email = forms.EmailField(label="Email of their account")


class NewLessonForm(forms.Form):
    title = forms.CharField(max_length=120)
    slug = _address()


class DueForm(forms.Form):
    due = MomentField(label="Due", required=False)


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"text": "Markdown: **bold**, [a link](https://…), lists, $formulas$."}


class TermForm(forms.Form):
    term = forms.CharField(max_length=80)
    also = forms.CharField(
        label="Other forms",
        required=False,
        max_length=500,
        help_text="Plural, abbreviation and so on, with commas between them.",
    )
    definition = forms.CharField(
        label="What it means",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown: **bold**, $formulas$, links.",
    )

    def clean_also(self) -> list[str]:
        forms_of_it = [form.strip() for form in self.cleaned_data["also"].split(",") if form.strip()]
        if any(len(form) > 80 for form in forms_of_it):
            raise forms.ValidationError("One of these is longer than 80 characters. Put commas between them.")
        return list(dict.fromkeys(forms_of_it))


def tell_error(form: forms.BaseForm, error: ApiError) -> None:
    """Say what a service refused at the field that it is about, or above the form."""
    fields = {name: said for name, said in error.fields.items() if name in form.fields}
    for name, said in fields.items():
        form.add_error(name, said)
    if not fields:
        form.add_error(None, error.message)
