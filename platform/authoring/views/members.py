"""The members of a course: who they are, how far they have come, and the ways in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from authoring.forms import tell_error
from authoring.pages import of_taught_course, told
from authoring.selectors.members import find_members, members_csv, with_progress
from authoring.services import members as services
from common.errors import ApiError
from courses.models import Course, Invitation, Membership
from courses.services.enrolment import end_membership

MEMBERS_ON_A_PAGE = 50
MOST_INVITATIONS = 500
"""That the page lists; all are kept."""


class InviteForm(forms.Form):
    emails = forms.CharField(
        label="Emails",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="One on each line, or pasted from a table.",
    )
    file = forms.FileField(
        label="Or a CSV file",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text="A column has the emails; which one makes no difference.",
    )

    def text(self) -> str:
        """Both, one below the other."""
        file = self.cleaned_data["file"]
        return "\n".join([*([_decoded(file.read())] if file else []), self.cleaned_data["emails"]])


@require_safe
@of_taught_course
def members_page(request: Any, course: Course) -> HttpResponse:
    return _members(request, course, InviteForm())


@require_safe
@of_taught_course
def members_file(request: Any, course: Course) -> HttpResponse:
    name = f"{course.slug}-members-{timezone.localdate():%Y-%m-%d}.csv"
    # With a mark at its beginning, without which Excel takes the letters for others.
    return HttpResponse(
        members_csv(course).encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@of_taught_course
def invite(request: Any, course: Course) -> HttpResponse:
    form, invited = InviteForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            invited = services.invite(course=course, text=form.text(), by=request.user)
        except ApiError as error:
            tell_error(form, error)
        else:
            form = InviteForm()
    return _members(request, course, form, invited)


@require_POST
@of_taught_course
def renew_way_in(request: Any, course: Course, way: str) -> HttpResponse:
    services.renew_way_in(course=course, way=_way(way))
    messages.success(request, f"There is a new {way}.")
    return redirect("author-members", course.slug)


@require_POST
@of_taught_course
def close_way_in(request: Any, course: Course, way: str) -> HttpResponse:
    services.close_way_in(course=course, way=_way(way))
    messages.success(request, f"Nobody can join by a {way} any more.")
    return redirect("author-members", course.slug)


@require_POST
@of_taught_course
def remove_member(request: Any, course: Course, pk: int) -> HttpResponse:
    """By the membership's number, which says nothing about the account."""
    membership = get_object_or_404(
        Membership.objects.select_related("user"), course=course, pk=pk, role=Membership.Role.STUDENT
    )
    with told(request):
        end_membership(course=course, user=membership.user)
        messages.success(request, f"{membership.user.name} is not in this course any more.")
    return redirect("author-members", course.slug)


@require_POST
@of_taught_course
def withdraw_invitation(request: Any, course: Course, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, course=course, pk=pk)
    services.withdraw_invitation(invitation=invitation)
    messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect("author-members", course.slug)


def _members(request: Any, course: Course, form: InviteForm, invited: services.Invited | None = None) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    page = Paginator(find_members(course, words=words), MEMBERS_ON_A_PAGE).get_page(request.GET.get("page"))
    invitations = Invitation.objects.filter(course=course).order_by("email")
    link = reverse("enrol-link", args=[course.join_token]) if course.join_token else ""
    return render(
        request,
        "authoring/members.html",
        {
            "course": course,
            "page_obj": page,
            "members": with_progress(course, page),
            "words": words,
            "invitations": invitations[:MOST_INVITATIONS],
            "invitation_count": invitations.count(),
            "form": form,
            "invited": invited,
            "link": f"{settings.PUBLIC_URL}{link}" if link else "",
            "enrol_address": f"{settings.PUBLIC_URL}{reverse('enrol')}",
            "has_mail": settings.HAS_MAIL,
        },
    )


def _way(way: str) -> services.WayIn:
    if way not in ("code", "link"):
        raise Http404(f"no way in by {way}")
    return cast(services.WayIn, way)


def _decoded(data: bytes) -> str:
    """A file's text: UTF-8, or what spreadsheets of western Europe write. Emails have the same letters in both."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
