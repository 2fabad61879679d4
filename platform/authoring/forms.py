"""What instructors fill in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy

from common.errors import ApiError
from courses.models import Announcement, Course, GlossaryTerm


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


class NewCourseForm(forms.ModelForm):
    slug = forms.SlugField(
        label="Address",
        max_length=50,
        required=False,
        help_text="The last part of its link. Left empty, it is made from the title. It stays as it is afterwards.",
    )

    class Meta:
        model = Course
        fields = ["title", "summary", "slug"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3, "maxlength": 1_000})}
        help_texts = {"summary": "Two sentences: what one learns, and for whom it is."}

    def clean_summary(self) -> str:
        return _short(self.cleaned_data["summary"])

    def _get_validation_exclusions(self) -> set[str]:
        # Whether the address is free says the service, which asks the database.
        return {*super()._get_validation_exclusions(), "slug"}  # type: ignore[misc]


class CourseForm(forms.ModelForm):
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

    class Meta:
        model = Course
        fields = ["title", "summary", "is_public", "opens", "closes"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "maxlength": 1_000}),
        }

    def clean_summary(self) -> str:
        return _short(self.cleaned_data["summary"])

    def _post_clean(self) -> None:
        """The service checks and saves; the course in hand stays as it is, for the page's heading."""


class EmailForm(forms.Form):
    email = forms.EmailField(label="Email of their account")


class NewLessonForm(forms.Form):
    title = forms.CharField(max_length=120)
    slug = forms.SlugField(
        label="Address",
        max_length=50,
        required=False,
        help_text="The last part of its link. Left empty, it is made from the title. It stays as it is afterwards.",
    )


class DueForm(forms.Form):
    due = MomentField(label="Due", required=False)


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"text": "Markdown: **bold**, [a link](https://…), lists, $formulas$."}


class TermForm(forms.ModelForm):
    also = forms.CharField(
        label="Other forms",
        required=False,
        max_length=500,
        help_text="Plural, abbreviation and so on, with commas between them.",
    )

    class Meta:
        model = GlossaryTerm
        fields = ["term", "also", "definition"]
        widgets = {"definition": forms.Textarea(attrs={"rows": 4})}
        labels = {"term": "Term", "definition": "What it means"}
        help_texts = {"definition": "Markdown: **bold**, $formulas$, links."}

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        if self.instance.pk:
            self.initial["also"] = ", ".join(self.instance.also)

    def clean_also(self) -> list[str]:
        forms_of_it = [form.strip() for form in self.cleaned_data["also"].split(",") if form.strip()]
        if any(len(form) > 80 for form in forms_of_it):
            raise forms.ValidationError("One of these is longer than 80 characters. Put commas between them.")
        return list(dict.fromkeys(forms_of_it))

    def _post_clean(self) -> None:
        """The service checks and saves."""


def tell_error(form: forms.BaseForm, error: ApiError) -> None:
    """Say what a service refused at the field that it is about, or above the form."""
    fields = {name: said for name, said in error.fields.items() if name in form.fields}
    for name, said in fields.items():
        form.add_error(name, said)
    if not fields:
        form.add_error(None, error.message)


def _short(text: str) -> str:
    if len(text) > 1_000:
        raise forms.ValidationError("This is too long: 1,000 characters fit.")
    return text
