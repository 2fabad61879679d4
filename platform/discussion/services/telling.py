"""Telling people what is new: in their pages, and instructors by mail where the server sends any."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from discussion.models import Muted, Question, Unseen
from discussion.selectors.inbox import caretakers

MAIL_SECONDS = 10


def tell(*, question: Question, people: Iterable[User], by: User) -> None:
    """Something in the question is new to these people, all but the one it comes from.

    A row that is there already is written again, not left alone: that locks it until this transaction ends, so somebody
    who opens the question meanwhile waits, and then sees what is new as well.
    """
    now = timezone.now()
    told = sorted({person.pk for person in people} - {by.pk})
    Unseen.objects.bulk_create(
        [Unseen(user_id=person, question=question, at=now) for person in told],
        update_conflicts=True,
        unique_fields=["user", "question"],
        update_fields=["at"],
    )


def see_question(*, user: User, lesson: Lesson, pk: int) -> None:
    """The user opens this question. To be called before it is read, and not in a transaction with that."""
    Unseen.objects.filter(user=user, question=pk, question__lesson=lesson).delete()


def see_all_questions(*, user: User, course: Course) -> None:
    Unseen.objects.filter(user=user, question__lesson__course=course).delete()


def mute_course(*, user: User, course: Course) -> None:
    """No more mail about this course's questions."""
    Muted.objects.get_or_create(user=user, course=course)


def unmute_course(*, user: User, course: Course) -> None:
    Muted.objects.filter(user=user, course=course).delete()


def mail_question_on_commit(*, question: Question, by: User) -> None:
    """One mail to each who looks after the course and wants it. Where sending fails, the log says so."""
    if settings.HAS_MAIL:
        transaction.on_commit(lambda: _mail_question(question, by), robust=True)


def _mail_question(question: Question, by: User) -> None:
    course = question.lesson.course
    to = caretakers(course).exclude(pk=by.pk).exclude(muted_courses__course=course)
    words = render_to_string(
        "discussion/mail_question.txt",
        {
            "question": question,
            "course": course,
            "by": by,
            "url": f"{settings.PUBLIC_URL}{question.get_absolute_url()}",
            "questions_url": f"{settings.PUBLIC_URL}{reverse('author-questions', args=[course.slug])}",
        },
    )
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}New question in “{course.title}”: {question.title}"
    connection = get_connection(timeout=MAIL_SECONDS)
    connection.send_messages(
        [EmailMessage(" ".join(subject.split()), words, to=[person.email], connection=connection) for person in to]
    )
