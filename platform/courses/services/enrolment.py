"""How people come into a course, and leave it again."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from common.errors import Conflict, InvalidParams
from courses.models import Course, Invitation, Membership
from courses.selectors.access import teaching
from jobs.allowances import spend

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a code that is read from a wall and typed: none of them looks like another."""
TRIES_OF_ONE = 20
TRIES_OF_AN_ADDRESS = 3_000
"""A class of five hundred shares one address and joins in the same minute."""


def join_by_code(*, actor: Actor, code: str) -> Course:
    """Become a member of the course with this code.

    Raises:
        AllowanceUsedUp: too many codes were tried.
        InvalidParams: no course has it.
        Conflict: the course has closed.
    """
    assert actor.user is not None
    _count_try(actor)
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    course = Course.objects.filter(join_code=letters, removed_at=None).first() if letters else None
    if course is None:
        said = "No course has this code. Compare it letter by letter, or ask for a new one."
        raise InvalidParams(said, fields={"code": [said]})
    join_course(user=actor.user, course=course)
    return course


def join_course(*, user: User, course: Course) -> Membership:
    """Become a member. Doing it again changes nothing.

    Raises:
        Conflict: the course has closed.
    """
    if course.has_closed:
        member = Membership.objects.filter(course=course, user=user).first()
        if member is None:
            raise Conflict(f"“{course.title}” has closed. Nobody can join it any more; ask its instructor.")
        return member
    membership, _ = Membership.objects.get_or_create(course=course, user=user)
    return membership


@transaction.atomic
def end_membership(*, course: Course, user: User) -> None:
    """Somebody leaves a course, or is removed from it. Their progress is kept, in case they come back.

    Raises:
        Conflict: nobody would be left who teaches it.
    """
    # Locked, so that two instructors cannot leave each other alone in one moment.
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    instructors = teaching().filter(course=course).values_list("user_id", flat=True)
    if list(instructors) == [user.pk]:
        raise Conflict("A course needs an instructor. Add somebody else first, or put the course away.")
    Membership.objects.filter(course=course, user=user).delete()


@transaction.atomic
def accept_invitations(*, user: User) -> None:
    """Make the user a member wherever one of their addresses was invited, unless the course has closed or is put away:
    such an invitation waits, in case it is opened once more."""
    not_closed = Q(course__closes=None) | Q(course__closes__gt=timezone.now())
    mine = Invitation.objects.filter(not_closed, email__in=addresses_of(user), course__removed_at=None)
    invitations = list(mine.select_for_update(of=("self",)).order_by("pk"))
    if not invitations:
        return
    Membership.objects.bulk_create(
        [Membership(course_id=invitation.course_id, user=user) for invitation in invitations], ignore_conflicts=True
    )
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).delete()


def addresses_of(user: User) -> set[str]:
    """The emails that are theirs: those that were verified; where no mail can be sent, the account's."""
    if not settings.HAS_MAIL:
        return {user.email}
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {email.lower() for email in verified.values_list("email", flat=True)}


def owners_of(emails: Iterable[str]) -> dict[str, int]:
    """The account (its pk) that each of these emails belongs to, for those that belong to one. In small letters."""
    if not settings.HAS_MAIL:
        return dict(User.objects.filter(email__in=emails, is_active=True).values_list("email", "pk"))
    verified = EmailAddress.objects.filter(email__in=emails, verified=True, user__is_active=True)
    return dict(verified.values_list("email", "user_id"))


def _count_try(actor: Actor) -> None:
    sentence = "That were many codes, and guessing is not the way in. Ask for the code."
    spend(key=f"enrol:{actor.key}", amount=TRIES_OF_ONE, sentence=sentence)
    spend(key=f"enrol:address:{actor.address}", amount=TRIES_OF_AN_ADDRESS, sentence=sentence)
