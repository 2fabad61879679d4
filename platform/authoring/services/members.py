"""Who is let into a course, and how."""

from __future__ import annotations

import csv
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.validators import validate_email_letters
from common.errors import Conflict, InvalidParams
from courses.models import Course, Invitation, Membership
from courses.services.enrolment import CODE_LETTERS, owners_of
from jobs.allowances import spend

WayIn = Literal["code", "link"]
CODE_LENGTH = 8
MOST_AT_ONCE = 2_000
MOST_A_DAY = 5_000


@dataclass(frozen=True)
class BadLine:
    """A line of a list that was left out, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True)
class Emails:
    """What a list of emails says."""

    emails: tuple[str, ...]
    """In small letters, each once."""
    bad: tuple[BadLine, ...]


@dataclass(frozen=True)
class Invited:
    """What became of a list of emails."""

    joined: int
    invited: int
    known: int
    """Were members already, or invited."""
    bad: tuple[BadLine, ...]


@transaction.atomic
def renew_way_in(*, course: Course, way: WayIn) -> Course:
    """Let people in by a new code, or by a new link; the one of before leads nowhere."""
    if way == "code":
        course.join_code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    else:
        course.join_token = secrets.token_urlsafe(16)
    course.save(update_fields=["join_code", "join_token"])
    return course


@transaction.atomic
def close_way_in(*, course: Course, way: WayIn) -> Course:
    """Let nobody in by the code, or by the link. Who came in stays."""
    if way == "code":
        course.join_code = None
    else:
        course.join_token = None
    course.save(update_fields=["join_code", "join_token"])
    return course


@transaction.atomic
def invite(*, course: Course, text: str, by: User) -> Invited:
    """Make members of everybody whose email is in the text (`read_emails`): at once where it has an account, else as
    soon as it has one.

    Raises:
        InvalidParams: it cannot be read, or there are too many or none.
        Conflict: the course has closed, or is put away.
        AllowanceUsedUp: too many of one person in a day.
    """
    if course.has_closed or course.removed_at:
        raise Conflict("Nobody can join this course any more. Change when it closes, or bring it back first.")
    read = read_emails(text)
    if not read.emails and not read.bad:
        raise InvalidParams("There is no email in this list. Write one on each line.")
    if len(read.emails) > MOST_AT_ONCE:
        raise InvalidParams(
            f"There are {len(read.emails):,} emails in this list, and {MOST_AT_ONCE:,} fit. Bring them in parts."
        )
    # Who comes in at once has an account and who is invited has none: nobody learns that of a whole town.
    if read.emails:
        spend(
            key=f"invite:{by.pk}",
            amount=MOST_A_DAY,
            cost=len(read.emails),
            minutes=24 * 60,
            sentence="You have let in {amount} people today, as many as one person may.",
        )
    owners = owners_of(read.emails)
    people = set(owners.values())
    there = set(Membership.objects.filter(course=course, user__in=people).values_list("user_id", flat=True))
    Membership.objects.bulk_create(
        [Membership(course=course, user_id=user) for user in sorted(people - there)], ignore_conflicts=True
    )
    others = [email for email in read.emails if email not in owners]
    waiting = set(Invitation.objects.filter(course=course, email__in=others).values_list("email", flat=True))
    Invitation.objects.bulk_create(
        [Invitation(course=course, email=email, invited_by=by) for email in others if email not in waiting],
        ignore_conflicts=True,
    )
    joined, invited = len(people - there), len(others) - len(waiting)
    return Invited(joined=joined, invited=invited, known=len(read.emails) - joined - invited, bad=read.bad)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation) -> None:
    invitation.delete()


def read_emails(text: str) -> Emails:
    """The emails in a list or a CSV file, wherever they stand in their lines; a first line without any is its heading.

    Raises:
        InvalidParams: it cannot be read as CSV.
    """
    emails: dict[str, None] = {}
    bad: list[BadLine] = []
    for number, cells in _rows(text):
        found = [email for cell in cells for email in _emails(cell)]
        line = ", ".join(cells)[:100]
        if not found and number > 1:
            bad.append(BadLine(number, line, "There is no email in this line."))
        for email in found:
            try:
                validate_email(email)
                validate_email_letters(email)
            except ValidationError:
                bad.append(BadLine(number, line, "This is no email that works here."))
            else:
                emails[email] = None
    return Emails(tuple(emails), tuple(bad))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, with their numbers."""
    delimiter = max(",;\t", key=text.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        for row in reader:
            if cells := [cell.strip() for cell in row if cell.strip()]:
                yield reader.line_num, cells
    except csv.Error as error:
        raise InvalidParams("This list cannot be read. Save it as CSV, or paste the emails one a line.") from error


def _emails(cell: str) -> list[str]:
    """`ada@example.org`, also out of `Ada, L <Ada@example.org>; …`: everything with an “@”, so that none is lost."""
    return [User.objects.normalize_email(piece) for piece in re.split(r"[\s,;<>()\"]+", cell) if "@" in piece]
