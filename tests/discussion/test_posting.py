"""What becomes of a post: changed, deleted, accepted, hidden, reported; and how many one may send."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import write_personal_data
from common.errors import AllowanceUsedUp, Conflict, NotAllowed, NotFound
from courses.models import Course, Lesson
from discussion.models import Answer, Question, Report
from discussion.services.moderating import hide_post, report_post, resolve_reports, unhide_post
from discussion.services.posting import accept_answer, ask_question, delete_post, edit_post
from tests.discussion.conftest import Ask, Reply, post_seen_by, seen_by, signed_in
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_edited_post_says_so(asker: User, ask: Ask) -> None:
    question = ask()
    edit_post(post=post_seen_by(asker, question), title="Why not?", text="Better words.")
    html = signed_in(asker).get(question.get_absolute_url()).content.decode()
    assert "Better words." in html
    assert ">edited</span>" in html


def test_a_question_nobody_else_answered_is_deleted(asker: User, ask: Ask, reply: Reply) -> None:
    question = ask()
    reply(question, by=asker)
    page = signed_in(asker).post(f"/courses/own/first/discussion/question/{question.pk}/delete/", follow=True)
    assert "Your question is deleted." in page.content.decode()
    assert not Question.objects.exists()


def test_a_question_others_answered_loses_its_words_and_keeps_the_answers(
    asker: User, peer: User, ask: Ask, reply: Reply
) -> None:
    question = ask(text="My address is 1 Main Street.")
    reply(question, by=peer)
    page = signed_in(asker).post(f"/courses/own/first/discussion/question/{question.pk}/delete/", follow=True)
    html = page.content.decode()
    assert "A question that was withdrawn" in html
    assert "Because length does not matter." in html
    question.refresh_from_db()
    assert (question.title, question.text) == ("", "")
    assert not post_seen_by(peer, question).may_answer


def test_one_answer_is_accepted_and_stands_first(
    asker: User, peer: User, instructor: User, ask: Ask, reply: Reply
) -> None:
    question = ask()
    first, second = reply(question, by=peer, text="Number one."), reply(question, by=instructor, text="Number two.")
    accept_answer(answer=post_seen_by(asker, first))
    accept_answer(answer=post_seen_by(instructor, second))
    assert Answer.objects.get(accepted_at__isnull=False) == second
    html = signed_in(peer).get(question.get_absolute_url()).content.decode()
    assert html.index("Number two.") < html.index("Number one.")
    assert html.count("Accepted answer") == 1
    assert "Answered" in signed_in(peer).get("/courses/own/first/discussion/").content.decode()


def test_the_database_takes_no_second_accepted_answer(peer: User, ask: Ask, reply: Reply) -> None:
    question = ask()
    reply(question, by=peer)
    reply(question, by=peer)
    with pytest.raises(IntegrityError, match="question_has_one_accepted_answer"), transaction.atomic():
        Answer.objects.update(accepted_at=timezone.now())


def test_a_hidden_answer_is_not_the_accepted_one(
    asker: User, peer: User, instructor: User, ask: Ask, reply: Reply
) -> None:
    question = ask()
    answer = reply(question, by=peer)
    accept_answer(answer=post_seen_by(asker, answer))
    hide_post(post=post_seen_by(instructor, answer), reason="Wrong.")
    assert "Answered" not in signed_in(asker).get("/courses/own/first/discussion/").content.decode()


def test_a_post_is_reported_once_by_a_person(asker: User, peer: User, ask: Ask) -> None:
    question = ask()
    report_post(post=post_seen_by(peer, question), reason="Spam.")
    with pytest.raises(Conflict, match="already"):
        report_post(post=post_seen_by(peer, question), reason="Still spam.")
    assert Report.objects.count() == 1
    again = signed_in(peer).post(f"/courses/own/first/discussion/question/{question.pk}/report/", {"reason": "Spam!"})
    assert again.status_code == 409
    assert "You have reported this already." in again.content.decode()


def test_a_post_is_reported_again_once_the_first_report_is_dealt_with(
    peer: User, instructor: User, ask: Ask, asker: User
) -> None:
    question = ask()
    report_post(post=post_seen_by(peer, question), reason="Spam.")
    resolve_reports(post=post_seen_by(instructor, question))
    edit_post(post=post_seen_by(asker, question), text="Worse spam.")
    report_post(post=post_seen_by(peer, question), reason="It got worse.")
    assert Report.objects.filter(resolved_at=None).get().reason == "It got worse."


def test_what_was_hidden_or_deleted_meanwhile_is_neither_accepted_nor_hidden_again(
    asker: User, peer: User, instructor: User, ask: Ask, reply: Reply
) -> None:
    answer = reply(ask(), by=peer)
    seen_before, moderated_before = post_seen_by(asker, answer), post_seen_by(instructor, answer)
    hide_post(post=post_seen_by(instructor, answer), reason="Wrong.")
    with pytest.raises(NotAllowed):
        accept_answer(answer=seen_before)
    with pytest.raises(NotAllowed):
        hide_post(post=moderated_before, reason="Once more.")
    hidden = Answer.objects.get()
    assert (hidden.accepted_at, hidden.hidden_reason) == (None, "Wrong.")
    hidden.delete()
    for act in (
        lambda: accept_answer(answer=seen_before),
        lambda: hide_post(post=moderated_before, reason="Gone."),
        lambda: unhide_post(post=moderated_before),
        lambda: edit_post(post=seen_before, text="Gone."),
        lambda: delete_post(post=seen_before),
    ):
        with pytest.raises(NotFound):
            act()


def test_instructors_read_reports_and_resolve_them(asker: User, peer: User, instructor: User, ask: Ask) -> None:
    question = ask()
    report_post(post=post_seen_by(peer, question), reason="Off the point.")
    url = question.get_absolute_url()
    assert "Off the point." in signed_in(instructor).get(url).content.decode()
    assert "Off the point." not in signed_in(asker).get(url).content.decode()
    assert "Off the point." not in signed_in(peer).get(url).content.decode()
    resolve_reports(post=post_seen_by(instructor, question))
    assert "Off the point." not in signed_in(instructor).get(url).content.decode()
    assert Report.objects.get().resolved_by == instructor


def test_hiding_a_post_resolves_its_reports(peer: User, instructor: User, ask: Ask) -> None:
    question = ask()
    report_post(post=post_seen_by(peer, question), reason="Spam.")
    hide_post(post=post_seen_by(instructor, question), reason="Spam.")
    assert Report.objects.get().resolved_at


@pytest.mark.parametrize(
    "broken",
    [
        lambda question, answer: Report.objects.create(reason="None."),
        lambda question, answer: Report.objects.create(question=question, answer=answer, reason="Both."),
        lambda question, answer: Question.objects.update(hidden_at=timezone.now()),
        lambda question, answer: Question.objects.update(title=""),
        lambda question, answer: Question.objects.update(withdrawn_at=timezone.now()),
        lambda question, answer: Answer.objects.update(text=""),
    ],
    ids=[
        "a report of nothing",
        "of two posts",
        "hidden without a reason",
        "no title",
        "withdrawn with words",
        "no text",
    ],
)
def test_the_database_refuses(peer: User, ask: Ask, reply: Reply, broken: Callable[..., Any]) -> None:
    question = ask()
    answer = reply(question, by=peer)
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(question, answer)


def test_posts_of_somebody_who_has_left_stay_without_a_name(peer: User, asker: User, ask: Ask, reply: Reply) -> None:
    question = ask()
    reply(question, by=peer)
    report_post(post=post_seen_by(peer, question), reason="Spam.")
    peer.delete()
    html = signed_in(asker).get(question.get_absolute_url()).content.decode()
    assert "Somebody who has left" in html
    assert "Because length does not matter." in html
    assert Report.objects.get().reporter is None


def test_somebody_takes_along_what_they_wrote(peer: User, asker: User, ask: Ask, reply: Reply) -> None:
    question = ask(text="Why *not*?")
    reply(question, by=peer)
    report_post(post=post_seen_by(peer, question), reason="Spam.")
    saved = BytesIO()
    write_personal_data(asker, saved)
    with zipfile.ZipFile(saved) as archive:
        assert [(row["title"], row["text"]) for row in json.loads(archive.read("questions.json"))] == [
            ("Why cosine?", "Why *not*?")
        ]
        assert json.loads(archive.read("answers.json")) == []
    write_personal_data(peer, saved := BytesIO())
    with zipfile.ZipFile(saved) as archive:
        assert json.loads(archive.read("answers.json"))[0]["to"] == "Why cosine?"
        assert json.loads(archive.read("reports_of_posts.json"))[0]["reason"] == "Spam."


def test_badges_say_who_teaches_this_course_and_who_is_staff(
    course: Course, asker: User, instructor: User, ask: Ask, reply: Reply
) -> None:
    elsewhere, staff = UserFactory(role="instructor"), UserFactory(role="staff")
    for user in (elsewhere, staff):
        MembershipFactory(course=course, user=user)
    question = ask()
    badges = {
        user.pk: post_seen_by(asker, reply(question, by=user)).badge for user in (instructor, elsewhere, staff, asker)
    }
    assert badges == {instructor.pk: "instructor", elsewhere.pk: "", staff.pk: "staff", asker.pk: ""}


def test_who_posts_too_much_is_told_when_to_go_on(lesson: Lesson, asker: User, settings: Any) -> None:
    settings.ALLOWANCES = {**settings.ALLOWANCES, "user_posts": 2}
    client = signed_in(asker)
    url = "/courses/own/first/discussion/ask/"
    for number in range(2):
        client.post(url, {"title": f"Number {number}", "text": "Text.", "form_key": uuid4()})
    refused = client.post(url, {"title": "One more", "text": "My text.", "form_key": uuid4()})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "You have sent 2 posts in the last 10 minutes" in refused.content.decode()
    assert "My text." in refused.content.decode()
    assert Question.objects.count() == 2
    part = client.post(url, {"title": "x", "text": "My text.", "form_key": uuid4()}, HTTP_HX_REQUEST="true")
    assert part.status_code == 200
    assert "You have sent 2 posts" in part.content.decode()
    with pytest.raises(AllowanceUsedUp):
        ask_question(discussion=seen_by(asker, lesson), title="x", text="y", form_key=uuid4())


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_the_same_time_makes_one_post(lesson: Lesson, asker: User) -> None:
    discussion, key = seen_by(asker, lesson), uuid4()

    def send(_: int) -> int:
        try:
            return ask_question(discussion=discussion, title="Why?", text="So.", form_key=key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    assert Question.objects.count() == 1


def test_pages_ask_as_often_for_many_posts_as_for_few(
    lesson: Lesson, asker: User, peer: User, instructor: User, ask: Ask
) -> None:
    def fill(number: int) -> Question:
        question = ask()
        for _ in range(number):
            answer = Answer.objects.create(question=question, author=UserFactory(), text="Text.", form_key=uuid4())
            Report.objects.create(answer=answer, reporter=peer, reason="Spam.")
        return question

    def cost(url: str) -> int:
        client = signed_in(instructor)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few, pages = fill(1), ("/courses/own/first/discussion/", "/author/courses/own/questions/?show=all")
    before = [cost(url) for url in (*pages, few.get_absolute_url())]
    for number in range(2, 8):
        many = fill(number)
    assert [cost(url) for url in (*pages, many.get_absolute_url())] == before


def test_changing_a_post_counts_like_sending_one_and_previews_have_an_end(
    lesson: Lesson, asker: User, settings: Any
) -> None:
    question = ask_question(discussion=seen_by(asker, lesson), title="Why?", text="So.", form_key=uuid4())
    settings.ALLOWANCES = {**settings.ALLOWANCES, "user_posts": 1}
    client = signed_in(asker)
    edit = f"{question.get_absolute_url().rsplit('/', 2)[0]}/question/{question.pk}/edit/"
    answers = [client.post(edit, {"title": "Why?", "text": f"Text {number}."}).status_code for number in range(3)]
    assert 429 in answers
    preview = "/courses/own/first/discussion/preview/"
    looked = [client.post(preview, {"text": "a"}).status_code for _ in range(40)]
    assert (looked[0], looked[-1]) == (200, 429)


def test_a_part_of_a_page_is_not_kept_as_the_page(lesson: Lesson, asker: User) -> None:
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        assert "HX-Request" in signed_in(asker).get("/courses/own/first/discussion/", **headers)["Vary"]
