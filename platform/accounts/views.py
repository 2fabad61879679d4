"""The account page, what allauth's pages need beyond allauth, and the staff's page about people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import views as allauth_views
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services
from accounts.forms import NameForm
from accounts.models import User
from accounts.permissions import staff_required
from common.errors import Conflict

PEOPLE_ON_A_PAGE = 50


@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    # A copy, so that a name that was refused does not show up in the page's header.
    person = User.objects.get(pk=request.user.pk)
    form = NameForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form, "has_two_steps": is_mfa_enabled(person)})


class NeedsMail:
    """For a page of allauth's that sends mail: without a mail server it takes no form and says what to do instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "has_mail": settings.HAS_MAIL}  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.HAS_MAIL:
            return self.get(request, *args, **kwargs)  # type: ignore[attr-defined]
        return super().post(request, *args, **kwargs)  # type: ignore[misc]


class PasswordResetView(NeedsMail, allauth_views.PasswordResetView):
    pass


class EmailView(NeedsMail, allauth_views.EmailView):
    pass


@require_safe
@staff_required
def people_page(request: HttpRequest) -> HttpResponse:
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    people = selectors.find_people(words=words, role=role)
    return render(
        request,
        "accounts/people.html",
        {
            "page_obj": Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page")),
            "words": words,
            "role": role,
            "roles": User.Role,
            "has_mail": settings.HAS_MAIL,
            "audit_entries": selectors.recent_audit_entries(limit=10),
        },
    )


@require_POST
@staff_required
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        role = User.Role(request.POST.get("role", ""))
    except ValueError:
        return HttpResponseBadRequest("There is no such role.")
    return _change_person(request, pk, services.change_role, role=role)


@require_POST
@staff_required
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _change_person(request, pk, services.deactivate_user)


@require_POST
@staff_required
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _change_person(request, pk, services.reactivate_user)


def _change_person(request: HttpRequest, pk: int, service: Any, **how: Any) -> HttpResponse:
    """Do it and show the person's row again; without JavaScript, the page."""
    person, problem = get_object_or_404(User, pk=pk), ""
    try:
        person = service(user=person, by=request.user, **how)
    except Conflict as error:
        problem = error.message
    if getattr(request, "htmx", False):
        context = {"person": person, "roles": User.Role, "problem": problem, "saved": not problem}
        return render(request, "accounts/person_row.html", context)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, f"{person.name}: saved.")
    return redirect("staff-people")


@require_POST
@staff_required
@never_cache
def make_reset_link(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    assert isinstance(request.user, User)
    try:
        link = services.make_reset_link(user=person, by=request.user)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("staff-people")
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return render(request, "accounts/reset_link.html", {"person": person, "link": link, "until": until})
