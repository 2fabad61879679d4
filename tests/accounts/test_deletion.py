"""Deleting one's account."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.actors import Actor
from accounts.deletion import delete_user
from accounts.models import AuditEntry, User
from accounts.services import change_role
from common.errors import Conflict
from courses.models import Announcement, Invitation, LessonProgress, Membership
from courses.services.enrolment import end_membership
from discussion.models import Question
from jobs.models import Artifact, Job, Run, State
from jobs.services import share_job, submit_job
from tests.accounts.test_export import with_password
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import all_at_once

pytestmark = pytest.mark.django_db


def actor(user: User) -> Actor:
    return Actor(user=user, guest="", address="127.0.0.1")


def mentions(words: list[str]) -> list[str]:
    """Every column of every table in which one of these stands, asked of the database itself."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{model._meta.db_table}" AS t WHERE t::text ILIKE %s',
                    [f"%{word}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{model._meta.label}: {word}")
    return found


def references(pk: int) -> list[str]:
    """Every foreign key that leads to this user."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is User and model._base_manager.filter(**{field.attname: pk}).exists()
    ]


def test_nothing_is_left_that_names_the_person():
    ada = UserFactory(pk=987_654_321, email="ada.lovelace@example.org", name="Ada Lovelace")
    staff = UserFactory(role="staff")
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    EmailAddress.objects.create(user=ada, email="countess@example.org")
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "x"})
    change_role(user=ada, role=User.Role.INSTRUCTOR, by=staff)
    AuditEntry.objects.create(about=staff, by=ada, action="role_changed")
    course = CourseFactory(student=ada)
    Invitation.objects.create(course=CourseFactory(), email=ada.email, invited_by=staff)
    Invitation.objects.create(course=CourseFactory(), email="other@example.org", invited_by=ada)
    lesson = LessonFactory(course=course, author=ada)
    LessonProgress.objects.create(user=ada, lesson=lesson)
    Announcement.objects.create(course=course, title="t", text="x", author=ada)
    question = Question.objects.create(lesson=lesson, author=ada, title="Why?", text="x", form_key=uuid4())
    share_job(job=submit_job(demo="explorer", params={}, actor=actor(ada)))
    client = with_password(ada)
    assert mentions(["ada.lovelace", "987654321"])
    assert references(ada.pk)

    answer = client.post("/account/delete/", {"email": "Ada.Lovelace@example.org "}, follow=True)

    assert "Your account is deleted" in answer.content.decode()
    assert mentions(["ada.lovelace", "countess@", "Ada Lovelace", "987654321"]) == []
    assert references(987_654_321) == []
    lesson.refresh_from_db()
    assert lesson.head.author is None
    assert course.announcements.get().author is None
    question.refresh_from_db()
    assert question.author is None


def test_every_session_of_the_person_ends_and_no_other():
    ada, bob = UserFactory(), UserFactory()
    one, two, others = with_password(ada), with_password(ada), with_password(bob)
    assert Session.objects.count() == 3

    one.post("/account/delete/", {"email": ada.email})

    assert two.get("/account/").url.startswith("/accounts/login/")
    assert others.get("/account/").status_code == 200


def test_sessions_that_have_expired_go_unread():
    ada = UserFactory()
    client = with_password(ada)
    Session.objects.create(session_key="old", session_data="x", expire_date=timezone.now() - timedelta(days=1))

    client.post("/account/delete/", {"email": ada.email})

    assert not Session.objects.filter(session_key="old").exists()


def test_runs_go_with_their_files_but_those_that_others_asked_for_stay(django_capture_on_commit_callbacks):
    ada, bob = UserFactory(), UserFactory()
    shared = submit_job(demo="explorer", params={}, actor=actor(ada)).run
    other = submit_job(demo="explorer", params={}, actor=actor(bob))
    assert other.run_id == shared.pk
    own = Run.objects.create(
        demo="explorer",
        version="1",
        params={},
        queue="inference",
        payer=f"user:{ada.pk}",
        state=State.SUCCEEDED,
        result={},
        ended=timezone.now(),
    )
    Job.objects.create(run=own, owner=ada, made_run=True)
    artifact = Artifact(run=own, name="checkpoint", size=1)
    artifact.file.save("checkpoint", ContentFile(b"x"), save=True)
    waiting = Run.objects.create(demo="explorer", version="1", params={}, queue="inference", payer=f"user:{ada.pk}")
    Job.objects.create(run=waiting, owner=ada, made_run=True)

    with django_capture_on_commit_callbacks(execute=True):
        delete_user(user=ada)

    assert list(Run.objects.all()) == [shared]
    assert Run.objects.get().state == State.QUEUED
    assert Run.objects.get().payer == "nobody"
    assert not default_storage.exists(artifact.file.name)
    assert list(Job.objects.all()) == [other]


def test_the_only_staff_account_stays():
    staff = UserFactory(role="staff")

    with pytest.raises(Conflict, match="only staff account"):
        delete_user(user=staff)
    UserFactory(role="staff")
    delete_user(user=staff)
    assert not User.objects.filter(pk=staff.pk).exists()


def test_a_course_with_students_keeps_its_only_instructor():
    ada = UserFactory(role="instructor")
    course = CourseFactory(title="N-grams", instructor=ada)
    submit_job(demo="explorer", params={}, actor=actor(ada))
    lonely = UserFactory(role="instructor")
    CourseFactory(instructor=lonely)
    delete_user(user=lonely)
    MembershipFactory(course=course)

    page = with_password(ada).post("/account/delete/", {"email": ada.email})

    assert page.status_code == 422
    assert "Nobody else teaches “N-grams”" in page.content.decode()
    assert User.objects.filter(pk=ada.pk).exists()
    assert Job.objects.filter(owner=ada).exists()
    MembershipFactory(course=course, user=UserFactory(role="instructor"), role=Membership.Role.INSTRUCTOR)
    delete_user(user=ada)
    assert course.memberships.count() == 2


@pytest.mark.parametrize("lost", [{"role": "student"}, {"role": "instructor", "is_active": False}])
def test_whoever_cannot_teach_any_more_does_not_count_as_the_instructor_who_stays(lost):
    ada = UserFactory(role="instructor")
    course = CourseFactory(instructor=ada, student=UserFactory())
    MembershipFactory(course=course, user=UserFactory(**lost), role="instructor")

    with pytest.raises(Conflict, match="Nobody else teaches"):
        delete_user(user=ada)


@pytest.mark.django_db(transaction=True)
def test_of_two_instructors_one_who_leaves_and_one_who_is_deleted_one_stays():
    for _ in range(5):
        teachers = [UserFactory(role="instructor") for _ in range(2)]
        course = CourseFactory(instructor=teachers[0], student=UserFactory())
        MembershipFactory(course=course, user=teachers[1], role="instructor")

        def go(n, course=course, teachers=teachers):
            try:
                delete_user(user=teachers[0]) if n else end_membership(course=course, user=teachers[1])
            except Conflict:
                return "stays"
            return "gone"

        assert sorted(all_at_once(2, go)) == ["gone", "stays"]
        assert course.memberships.filter(role="instructor").count() == 1


def test_the_page_wants_the_password_and_the_email(client):
    ada = UserFactory()
    client.force_login(ada)
    assert client.get("/account/delete/").url.startswith("/accounts/reauthenticate/")
    client = with_password(ada)
    assert "What stays" in client.get("/account/delete/").content.decode()

    for said in ("", "somebody@example.org"):
        assert client.post("/account/delete/", {"email": said}).status_code == 422

    assert User.objects.filter(pk=ada.pk).exists()


def test_a_guest_has_nothing_to_delete(client):
    assert client.get("/account/delete/").url.startswith("/accounts/login/")
