"""A course comes to be, is changed and put away, and people come to teach it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from authoring.slugs import RESERVED_COURSES, free_course_slug
from common.errors import Conflict, InvalidParams
from courses.models import Course, Membership

TRIES = 20
"""At an address that is made from a title, while others make courses of that title."""


@transaction.atomic
def create_course(*, by: User, title: str, summary: str, slug: str = "", is_public: bool = False) -> Course:
    """An empty course, taught by whoever makes it. Without a `slug` the title gives one.

    Raises:
        InvalidParams: another course has the slug, or it is reserved.
    """
    if slug in RESERVED_COURSES:
        raise _slug_refused(f"“{slug}” is kept for Unroll itself. Choose another address.")
    course = _new_course(title=title, summary=summary, slug=slug, is_public=is_public)
    Membership.objects.create(course=course, user=by, role=Membership.Role.INSTRUCTOR)
    return course


def _new_course(*, title: str, summary: str, slug: str, is_public: bool) -> Course:
    for _ in range(1 if slug else TRIES):
        try:
            with transaction.atomic():
                return Course.objects.create(
                    title=title, summary=summary, slug=slug or free_course_slug(title), is_public=is_public
                )
        except IntegrityError:
            continue  # one of the same title came to be in this moment
    raise _slug_refused("There is already a course at this address. Choose another one.")


@transaction.atomic
def change_course(
    *, course: Course, title: str, summary: str, is_public: bool, opens: datetime | None, closes: datetime | None
) -> Course:
    """
    Raises:
        InvalidParams: it would close before it opens.
    """
    if opens and closes and closes <= opens:
        said = "A course closes after it opens. Choose a later time, or leave one of the two empty."
        raise InvalidParams(said, fields={"closes": [said]})
    course.title, course.summary, course.is_public = title, summary, is_public
    course.opens, course.closes = opens, closes
    course.save(update_fields=["title", "summary", "is_public", "opens", "closes"])
    return course


@transaction.atomic
def remove_course(*, course: Course) -> Course:
    """Put the course away: only its instructors see it. Everything in it is kept."""
    course.removed_at = timezone.now()
    course.save(update_fields=["removed_at"])
    return course


@transaction.atomic
def bring_back_course(*, course: Course) -> Course:
    course.removed_at = None
    course.save(update_fields=["removed_at"])
    return course


@transaction.atomic
def add_instructor(*, course: Course, email: str) -> Membership:
    """Let somebody teach the course, who may have been a student of it before.

    Raises:
        InvalidParams: no instructor has this email.
    """
    user = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
    if user is None or not user.is_instructor:
        said = "No instructor has this email. Check it, or ask staff to make that person an instructor first."
        raise InvalidParams(said, fields={"email": [said]})
    membership, _ = Membership.objects.update_or_create(
        course=course, user=user, defaults={"role": Membership.Role.INSTRUCTOR}
    )
    return membership


@transaction.atomic
def name_instructor(*, course: Course, email: str, by: User) -> Membership:
    """The same, done by staff, who are not in the course: for one that nobody teaches any more. It is written down.

    Raises:
        Conflict: the course comes with Unroll.
        InvalidParams: no instructor has this email.
    """
    if course.is_built_in:
        raise Conflict("This course comes with Unroll and is written in files. An instructor can copy it.")
    membership = add_instructor(course=course, email=email)
    AuditEntry.objects.create(about=membership.user, by=by, action=AuditEntry.Action.COURSE_GIVEN, detail=course.title)
    return membership


def _slug_refused(said: str) -> InvalidParams:
    return InvalidParams(said, fields={"slug": [said]})
