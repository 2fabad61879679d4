"""What courses keep about a person: all of it on their request, and what becomes of it when they go."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts.models import User
from accounts.personal_data import Rows, register
from common.errors import Conflict
from courses.models import Announcement, Course, Invitation, LessonImage, LessonProgress, Membership, Revision
from courses.selectors.access import taught_courses, teaching


@transaction.atomic
def let_go_of(*, user: User) -> None:
    """Delete invitations to the person's address. What they wrote stays with the course, without their name.

    Raises:
        Conflict: a course with members would be left without anybody who teaches it.
    """
    # Locked before it is looked who else is there, as in `end_membership`: the last two instructors of a course cannot
    # go at the same time, whichever way they take.
    courses = taught_courses(user).filter(removed_at=None)
    locked = courses.select_for_update(of=("self",), no_key=True).order_by("pk")
    taught = list(locked.values_list("pk", flat=True))
    here = {"course": OuterRef("pk")}
    students = Membership.objects.filter(**here, role=Membership.Role.STUDENT)
    needed = Course.objects.filter(
        Exists(students), ~Exists(teaching().filter(**here).exclude(user=user)), pk__in=taught
    ).order_by("pk")
    if titles := [course.title for course in needed]:
        names = ", ".join(f"“{title}”" for title in titles)
        raise Conflict(
            f"Nobody else teaches {names}, and there are students in it. Add another instructor, or put it away, first."
        )
    Invitation.objects.filter(email__in=[user.email, *_addresses(user)]).delete()


def _addresses(user: User) -> list[str]:
    return [address.email.lower() for address in EmailAddress.objects.filter(user=user)]


def register_personal_data() -> None:
    for export in (memberships, invitations, progress, announcements, lesson_revisions, lesson_pictures):
        register(export.__name__, export)


def memberships(user: User) -> Rows:
    found = Membership.objects.filter(user=user).order_by("joined", "pk")
    return found.values("role", "joined", course_slug=F("course__slug"), course_title=F("course__title"))


def invitations(user: User) -> Rows:
    found = Invitation.objects.filter(email__in=[user.email, *_addresses(user)]).order_by("at", "pk")
    return found.values("email", "at", course_title=F("course__title"))


def progress(user: User) -> Rows:
    found = LessonProgress.objects.filter(user=user).order_by("began", "pk").prefetch_related("items")
    for one in found.select_related("lesson__course").iterator(chunk_size=100):
        yield {
            "course": one.lesson.course.slug,
            "lesson": one.lesson.slug,
            "began": one.began,
            "last_seen": one.last_seen,
            "position": one.position,
            "done": [{"kind": item.kind, "key": item.key, "at": item.at} for item in one.items.all()],
        }


def announcements(user: User) -> Rows:
    found = Announcement.objects.filter(author=user).order_by("at", "pk")
    return found.values("title", "text", "at", course_slug=F("course__slug"))


def lesson_revisions(user: User) -> Rows:
    """All that the person has written in lessons."""
    found = Revision.objects.filter(author=user).order_by("at", "pk")
    fields = ("number", "at", "message", "title", "summary", "aims", "body", "quiz")
    return found.values(*fields, course=F("lesson__course__slug"), lesson_slug=F("lesson__slug")).iterator()


def lesson_pictures(user: User) -> Rows:
    found = LessonImage.objects.filter(uploaded_by=user).order_by("at", "pk")
    return found.values("name", "file", "at", course=F("lesson__course__slug"), lesson_slug=F("lesson__slug"))
