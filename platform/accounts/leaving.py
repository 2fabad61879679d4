"""Taking one's data along, and deleting one's account. Both ask for the password where it was not given just now."""

from __future__ import annotations

from functools import partial

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deletion import delete_user
from accounts.models import User, UserManager
from accounts.personal_data import write_personal_data
from common.downloads import file_response
from common.errors import Conflict


class DeletionForm(forms.Form):
    """Nobody deletes an account by a slip of the hand."""

    email = forms.CharField(
        label="Type your email to go on",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, user: User, **how: object) -> None:
        super().__init__(*args, **how)  # type: ignore[arg-type]
        self.user = user

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        if email != self.user.email:
            raise forms.ValidationError(f"This is not the email of this account, which is {self.user.email}.")
        return email


@require_safe
@login_required
@reauthentication_required
@never_cache
def export_account(request: HttpRequest) -> FileResponse:
    assert isinstance(request.user, User)
    write = partial(write_personal_data, request.user)
    return file_response(write, name="unroll-my-data.zip", content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
@never_cache
def delete_account(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    user = User.objects.get(pk=request.user.pk)
    form = DeletionForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        try:
            delete_user(user=user)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            logout(request)
            messages.success(request, "Your account is deleted. You can still read and try things as a guest.")
            return redirect("home")
    return render(request, "accounts/delete.html", {"form": form}, status=422 if form.errors else 200)
