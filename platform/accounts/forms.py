"""Forms of the account pages; allauth brings the rest."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.validators import validate_name


class NameField(forms.CharField):
    default_validators = [validate_name]


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name"]
        field_classes = {"name": NameField}
        labels = {"name": "Your name"}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class SignupForm(forms.Form):
    """allauth puts this in front of its own sign-up form, which brings email and password."""

    name = NameForm.base_fields["name"]
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
