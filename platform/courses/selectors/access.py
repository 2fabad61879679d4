"""Who may see what of a course. Every way to a course or a lesson goes through here.

* A public course is read by everybody, any other by its members and staff.
* Before it opens only its instructors and staff read the lessons; after it has closed only who is in it as well.
* Where it is put away nobody reads it; its instructors find it on their own pages, and can bring it back.
* Drafts, members and whatever else is the authors' is seen by a course's instructors alone, not even by staff.

What somebody may not see is not there for them: Http404.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Membership


@dataclass(frozen=True)
class CourseInView:
    """A course and what the viewer may do there."""

    course: Course
    role: str
    """Of the viewer's membership; empty without one. Who is no instructor in Unroll any more is a student here."""
    is_staff: bool

    @property
    def is_instructor(self) -> bool:
        return self.role == Membership.Role.INSTRUCTOR

    @property
    def is_member(self) -> bool:
        return self.role != ""

    @property
    def may_read_lessons(self) -> bool:
        if self.is_instructor or self.is_staff:
            return True
        return self.course.has_opened and (self.is_member or not self.course.has_closed)

    @property
    def may_take_part(self) -> bool:
        """Ask, answer, and have progress kept."""
        return self.is_instructor or (self.may_read_lessons and not self.course.has_closed)


def visible_courses(actor: Actor) -> QuerySet[Course]:
    """Those whose page the viewer may open, with `my_role`."""
    courses = _with_role(actor.user).filter(removed_at=None)
    return courses if actor.is_staff else courses.filter(Q(is_public=True) | ~Q(my_role=""))


def course_in_view(actor: Actor, slug: str) -> CourseInView:
    """One query. Raises Http404 where the viewer may not know of the course."""
    course = visible_courses(actor).filter(slug=slug).first()
    if course is None:
        raise Http404(f"no course {slug}")
    return view_of(actor, course)


def view_of(actor: Actor, course: Course) -> CourseInView:
    """The view of a course that came from one of the selectors here."""
    return CourseInView(course=course, role=cast(str, course.my_role), is_staff=actor.is_staff)  # type: ignore[attr-defined]


def readable_courses(actor: Actor) -> QuerySet[Course]:
    """Those whose lessons the viewer may read now: `CourseInView.may_read_lessons`, for all courses at once."""
    courses = visible_courses(actor)
    if actor.is_staff:
        return courses
    now = timezone.now()
    has_opened = Q(opens=None) | Q(opens__lte=now)
    not_closed = Q(closes=None) | Q(closes__gt=now)
    return courses.filter(Q(my_role=Membership.Role.INSTRUCTOR) | has_opened & (not_closed | ~Q(my_role="")))


def teaching() -> QuerySet[Membership]:
    """Of everybody who teaches a course now: in the course, in Unroll, and with an account that is in use."""
    return Membership.objects.filter(
        role=Membership.Role.INSTRUCTOR,
        user__role__in=[User.Role.INSTRUCTOR, User.Role.STAFF],
        user__is_active=True,
    )


def taught_courses(user: User) -> QuerySet[Course]:
    """Those that the user teaches, also while they are put away."""
    return Course.objects.filter(pk__in=teaching().filter(user=user).values("course"))


def taught_course(user: User, slug: str) -> Course:
    """Raises Http404 unless the user is an instructor of this course."""
    course = taught_courses(user).filter(slug=slug).first()
    if course is None:
        raise Http404(f"no course {slug}")
    return course


def _with_role(user: User | None) -> QuerySet[Course]:
    if user is None:
        return Course.objects.annotate(my_role=Value("", output_field=CharField()))
    mine = Membership.objects.filter(course=OuterRef("pk"), user=user)
    role = mine.values("role") if user.is_instructor else mine.values_list(Value(Membership.Role.STUDENT))
    return Course.objects.annotate(my_role=Coalesce(Subquery(role), Value("")))
