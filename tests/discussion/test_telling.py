"""Who is told of what is new: in their pages, and by mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.extensions import author_news_of, work_of
from courses.models import Course, Lesson
from discussion.models import Unseen
from discussion.selectors.inbox import caretakers
from discussion.services.moderating import report_post
from discussion.services.telling import see_question, tell
from tests.discussion.conftest import Ask, Reply, post_seen_by, signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

INBOX = "/author/courses/own/questions/"


def counts(user: User) -> dict[int, int]:
    return {news.course_id: news.count for news in author_news_of(user)}


def inbox(user: User, show: str = "new") -> str:
    response = signed_in(user).get(f"{INBOX}?show={show}")
    assert response.status_code == 200
    return response.content.decode()


def test_each_instructor_is_told_of_a_question_until_they_have_opened_it(
    course: Course, instructor: User, ask: Ask
) -> None:
    other = UserFactory(role="instructor")
    MembershipFactory(course=course, user=other, role="instructor")
    question = ask()
    assert counts(instructor) == counts(other) == {course.pk: 1}
    assert "Why cosine?" in inbox(instructor)

    signed_in(instructor).get(question.get_absolute_url())
    assert counts(instructor) == {}
    assert counts(other) == {course.pk: 1}
    assert "Nothing is new." in inbox(instructor)
    assert "Why cosine?" in inbox(instructor, "unanswered")


def test_an_answer_and_a_report_make_a_question_new_again(
    instructor: User, peer: User, course: Course, ask: Ask, reply: Reply
) -> None:
    question = ask()
    for happens in (
        lambda: reply(question, by=peer),
        lambda: report_post(post=post_seen_by(peer, question), reason="No."),
    ):
        signed_in(instructor).get(question.get_absolute_url())
        assert counts(instructor) == {}
        happens()
        assert counts(instructor) == {course.pk: 1}
    assert "Reported" in inbox(instructor, "reported")
    assert "No question waits for an answer." in inbox(instructor, "unanswered")


def test_nobody_is_told_of_what_they_did_themselves(instructor: User, asker: User, ask: Ask, reply: Reply) -> None:
    reply(ask(by=instructor), by=instructor)
    assert counts(instructor) == {}
    reply(ask(by=asker), by=asker)
    assert not Unseen.objects.filter(user=asker).exists()


def test_who_asked_finds_new_answers_on_my_work(asker: User, peer: User, ask: Ask, reply: Reply) -> None:
    question = ask()
    assert work_of(asker) == []
    reply(question, by=peer)
    [item] = work_of(asker)
    assert (item.title, item.url) == ("New answers to “Why cosine?”", question.get_absolute_url())
    assert work_of(peer) == []
    assert f'<a href="{item.url}">New answers to' in signed_in(asker).get("/my/").content.decode()
    assert "My work <span" in signed_in(asker).get("/courses/").content.decode()
    assert "My work <span" not in signed_in(peer).get("/courses/").content.decode()
    signed_in(asker).get(item.url)
    assert work_of(asker) == []
    assert "My work <span" not in signed_in(asker).get("/courses/").content.decode()


def test_my_work_names_no_course_that_can_no_longer_be_read(
    course: Course, asker: User, peer: User, ask: Ask, reply: Reply
) -> None:
    reply(ask(), by=peer)
    course.memberships.filter(user=asker).delete()
    assert work_of(asker) == []


def test_staff_are_told_where_a_public_course_has_no_instructor(asker: User, ask: Ask) -> None:
    staff = UserFactory(role="staff")
    ask(lesson=LessonFactory(course=CourseFactory(student=asker, instructor=UserFactory(role="instructor"))))
    assert counts(staff) == {}
    nobodys = LessonFactory(course=CourseFactory(student=asker))
    ask(lesson=nobodys)
    assert counts(staff) == {nobodys.course_id: 1}


def test_all_can_be_marked_as_seen(instructor: User, ask: Ask) -> None:
    ask()
    ask(title="Another one")
    signed_in(instructor).post(f"{INBOX}seen/")
    assert counts(instructor) == {}


def test_news_of_a_lesson_that_is_put_away_wait_until_it_is_back(instructor: User, lesson: Lesson, ask: Ask) -> None:
    ask()
    published, lesson.published = lesson.published, None
    lesson.save()
    assert counts(instructor) == {}
    assert "Nothing is new." in inbox(instructor)
    lesson.published = published
    lesson.save()
    assert counts(instructor) == {lesson.course_id: 1}


def test_news_of_a_course_that_is_put_away_wait_until_it_is_back(instructor: User, course: Course, ask: Ask) -> None:
    ask()
    course.removed_at = timezone.now()
    course.save()
    assert counts(instructor) == {}
    assert "Nobody has asked anything yet." in inbox(instructor, "all")
    course.removed_at = None
    course.save()
    assert counts(instructor) == {course.pk: 1}


def test_whoever_lost_the_role_of_an_instructor_is_told_of_nothing(instructor: User, course: Course, ask: Ask) -> None:
    User.objects.filter(pk=instructor.pk).update(role=User.Role.STUDENT)
    instructor.refresh_from_db()
    question = ask()
    assert not caretakers(course).exists()
    assert not post_seen_by(instructor, question).may_hide


@pytest.mark.django_db(transaction=True)
def test_no_news_is_lost_to_whoever_looks_at_that_moment(instructor: User, asker: User, ask: Ask) -> None:
    """News is written, but not committed, when the instructor opens the question: they wait for it."""
    question = ask()

    def opens() -> None:
        see_question(user=instructor, lesson=question.lesson, pk=question.pk)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            tell(question=question, people=[instructor], by=asker)
            look = pool.submit(opens)
            while not _is_waiting():
                assert not look.done()
        look.result(timeout=30)
    assert not Unseen.objects.exists()


def _is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def has_mail(settings: Any) -> None:
    settings.HAS_MAIL = True


@pytest.mark.usefixtures("has_mail")
def test_instructors_get_a_mail_for_a_question_and_nobody_for_an_answer(
    instructor: User, peer: User, ask: Ask, reply: Reply, django_capture_on_commit_callbacks: Any
) -> None:
    other = MembershipFactory(course=Course.objects.get(), user__role="instructor", role="instructor").user
    with django_capture_on_commit_callbacks(execute=True):
        question = ask(by=other, title="Why <cosine> & co?")
    [sent] = mail.outbox
    assert sent.to == [instructor.email]
    assert sent.subject == "Unroll: New question in “A course”: Why <cosine> & co?"
    assert question.get_absolute_url() in sent.body
    assert "Why <cosine> & co?" in sent.body
    with django_capture_on_commit_callbacks(execute=True):
        reply(question, by=peer)
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("has_mail")
def test_an_instructor_turns_mails_off_and_on(
    instructor: User, ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(instructor)
    assert "Send me no mails" in inbox(instructor)
    client.post(f"{INBOX}mail/", {})
    with django_capture_on_commit_callbacks(execute=True):
        ask()
    assert mail.outbox == []
    client.post(f"{INBOX}mail/", {"mail": "on"})
    with django_capture_on_commit_callbacks(execute=True):
        ask(title="Another one")
    assert len(mail.outbox) == 1


def test_without_a_mail_server_nothing_is_sent_or_offered(
    instructor: User, ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask()
    assert mail.outbox == []
    assert "mails" not in inbox(instructor)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_cannot_be_sent_does_not_keep_anybody_from_asking(
    lesson: Lesson, asker: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens
    client = signed_in(asker)
    form = client.get("/courses/own/first/discussion/ask/").context["form"]
    sent = {"title": "Why?", "text": "I wonder.", "form_key": form["form_key"].value()}
    page = client.post("/courses/own/first/discussion/ask/", sent, follow=True)
    assert "Your question is posted." in page.content.decode()
    assert "refused" in caplog.text


def test_the_authors_pages_say_how_much_is_new(instructor: User, peer: User, ask: Ask) -> None:
    ask()
    header = signed_in(instructor).get("/courses/own/").content.decode().split("</header>")[0]
    assert f'href="{INBOX}"' in header
    assert "1 new" in header
    assert "new" not in signed_in(peer).get("/courses/own/").content.decode().split("</header>")[0]
    assert "new" not in Client().get("/").content.decode().split("</header>")[0]
