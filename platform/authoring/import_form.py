"""What an author says about a file that is to be imported."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from authoring.services.imports import SameName


class ImportForm(forms.Form):
    file = forms.FileField(
        allow_empty_file=True,
        help_text="A zip file of a lesson or a course, a lesson.md, or a Jupyter notebook (.ipynb).",
        widget=forms.FileInput(attrs={"accept": ".zip,.md,.ipynb"}),
    )
    same_name = forms.ChoiceField(
        label="Where the course has a lesson of the same name",
        choices=[
            (SameName.REVISION, "Make it a new revision of that lesson. Students read on what is published."),
            (SameName.NEW, "Keep both: it becomes a lesson of its own."),
        ],
        initial=SameName.REVISION,
        widget=forms.RadioSelect,
    )
    with_settings = forms.BooleanField(
        label="Also take over title and summary of the course, where the file has them", required=False
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > settings.MAX_ARCHIVE_BYTES:
            most = settings.MAX_ARCHIVE_BYTES // 1_000_000
            raise forms.ValidationError(f"This file is larger than {most} MB. Import the lessons singly.")
        return file
