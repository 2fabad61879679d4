"""Who reads a course: owner, peer, outsider, and what its dates change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Lesson
from courses.selectors.access import (
    course_in_view,
    readable_courses,
    taught_course,
    taught_courses,
    teaching,
    visible_courses,
)
from courses.selectors.lessons import lesson_in_course
from courses.services.revisions import remove_lesson, withdraw_lesson
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def actor(user: User | None) -> Actor:
    return Actor(user=user, guest="" if user else "a-guest", address="127.0.0.1")


class Around:
    """A course and whoever might read it."""

    def __init__(self, **course: object) -> None:
        self.instructor = UserFactory(role=User.Role.INSTRUCTOR)
        self.member = UserFactory()
        self.course: Course = CourseFactory(instructor=self.instructor, student=self.member, **course)
        self.lesson: Lesson = LessonFactory(course=self.course)
        LessonFactory(course=self.course, published=False)

    def readers(self) -> dict[str, bool | str]:
        """Who reads the lesson: yes, no (they are told why), or it is not there for them."""
        people = {
            "guest": None,
            "student": UserFactory(),
            "member": self.member,
            "instructor": self.instructor,
            "other instructor": UserFactory(role=User.Role.INSTRUCTOR),
            "staff": UserFactory(role=User.Role.STAFF),
        }
        return {name: self._reads(actor(user)) for name, user in people.items()}

    def _reads(self, reader: Actor) -> bool | str:
        try:
            lesson_in_course(reader, self.course.slug, self.lesson.slug)
        except PermissionDenied as why:
            return "why not?" if self.course.title not in str(why) else False
        except Http404:
            return "nothing"
        return True


INSIDERS = {"member": True, "instructor": True, "staff": True}


def test_a_public_course_is_read_by_everybody() -> None:
    assert set(Around(is_public=True).readers().values()) == {True}


def test_a_course_for_members_is_not_there_for_anybody_else() -> None:
    outsiders = dict.fromkeys(["guest", "student", "other instructor"], "nothing")
    assert Around(is_public=False).readers() == {**outsiders, **INSIDERS}


def test_before_it_opens_only_instructors_and_staff_read_it() -> None:
    readers = Around(is_public=True, opens=timezone.now() + DAY).readers()
    assert {name for name, reads in readers.items() if reads is True} == {"instructor", "staff"}
    assert readers["member"] is readers["guest"] is False


def test_after_it_has_closed_its_members_still_read_it() -> None:
    readers = Around(is_public=True, opens=timezone.now() - 2 * DAY, closes=timezone.now() - DAY).readers()
    assert readers == {**dict.fromkeys(["guest", "student", "other instructor"], False), **INSIDERS}


def test_nobody_takes_part_in_a_closed_course_but_its_instructors() -> None:
    around = Around(is_public=True, closes=timezone.now() - DAY)
    views = {who: course_in_view(actor(who), around.course.slug) for who in (around.member, around.instructor)}
    assert [view.may_take_part for view in views.values()] == [False, True]


def test_a_course_put_away_is_there_for_its_instructors_pages_only() -> None:
    around = Around(is_public=True)
    Course.objects.update(removed_at=timezone.now())
    assert set(around.readers().values()) == {"nothing"}
    assert taught_course(around.instructor, around.course.slug) == around.course


def test_students_never_see_a_draft_nor_what_is_withdrawn_or_put_away() -> None:
    around = Around(is_public=True)
    lesson = around.lesson
    drafts = around.course.lessons.filter(published=None)
    with pytest.raises(Http404):
        lesson_in_course(actor(around.instructor), around.course.slug, drafts.get().slug)
    remove_lesson(lesson=lesson)
    assert set(around.readers().values()) == {"nothing"}
    Lesson.objects.filter(pk=lesson.pk).update(removed_at=None)
    withdraw_lesson(lesson=lesson)
    assert set(around.readers().values()) == {"nothing"}


def test_only_an_instructor_of_the_course_teaches_it() -> None:
    around = Around(is_public=True)
    assert taught_course(around.instructor, around.course.slug) == around.course
    for stranger in (around.member, UserFactory(role=User.Role.INSTRUCTOR), UserFactory(role=User.Role.STAFF)):
        with pytest.raises(Http404):
            taught_course(stranger, around.course.slug)


def test_an_instructor_who_is_made_a_student_teaches_no_more() -> None:
    around = Around()
    User.objects.filter(pk=around.instructor.pk).update(role=User.Role.STUDENT)
    around.instructor.refresh_from_db()
    with pytest.raises(Http404):
        taught_course(around.instructor, around.course.slug)


@pytest.mark.parametrize("lost", [{"role": User.Role.STUDENT}, {"is_active": False}])
def test_whoever_lost_the_role_or_the_account_is_no_instructor_of_the_course(lost: dict[str, object]) -> None:
    around = Around(is_public=False, opens=timezone.now() + DAY)
    User.objects.filter(pk=around.instructor.pk).update(**lost)
    assert not taught_courses(around.instructor).exists()
    assert not teaching().exists()


def test_an_instructor_who_is_made_a_student_reads_what_students_read() -> None:
    around = Around(is_public=False)
    User.objects.filter(pk=around.instructor.pk).update(role=User.Role.STUDENT)
    around.instructor.refresh_from_db()
    demoted = actor(around.instructor)
    view = course_in_view(demoted, around.course.slug)
    assert (view.is_instructor, view.is_member, view.may_read_lessons) == (False, True, True)
    Course.objects.update(opens=timezone.now() + DAY)
    assert not course_in_view(demoted, around.course.slug).may_read_lessons
    assert not readable_courses(demoted).exists()


def test_a_list_of_courses_holds_what_one_may_open() -> None:
    secret, public = Around(is_public=False), Around(is_public=True)
    assert set(visible_courses(actor(None))) == {public.course}
    assert set(visible_courses(actor(secret.member))) == {public.course, secret.course}
    assert set(visible_courses(actor(public.instructor))) == {public.course}
    assert set(visible_courses(actor(UserFactory(role=User.Role.STAFF)))) == {public.course, secret.course}


def test_a_course_cannot_close_before_it_opens() -> None:
    with pytest.raises(IntegrityError, match="course_closes_after_it_opens"):
        CourseFactory(opens=timezone.now(), closes=timezone.now() - DAY)
