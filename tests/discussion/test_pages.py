"""Reading, asking and answering, as plain pages and in the lesson's page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from discussion.models import Answer, Question
from discussion.selectors.posts import POSTS_ON_A_PAGE
from tests.discussion.conftest import Ask, Reply, signed_in

pytestmark = pytest.mark.django_db

URL = "/courses/own/first/discussion/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def read(client: Client, url: str = URL, **headers: str) -> str:
    response = client.get(url, **headers)
    assert response.status_code == 200
    return response.content.decode()


def test_a_member_asks_and_a_peer_answers(lesson: Lesson, asker: User, peer: User) -> None:
    asks = signed_in(asker)
    form = asks.get(f"{URL}ask/").context["form"]
    sent = {"title": "Why cosine?", "text": "Is it *faster*?", "form_key": form["form_key"].value()}
    page = asks.post(f"{URL}ask/", sent, follow=True)
    assert "Your question is posted." in page.content.decode()
    question = Question.objects.get()
    assert (question.title, question.text, question.author) == ("Why cosine?", "Is it *faster*?", asker)

    answers = signed_in(peer)
    page = answers.post(f"{URL}{question.pk}/answer/", {"text": "No.", "form_key": uuid4()}, follow=True)
    html = page.content.decode()
    assert "Is it <em>faster</em>?" in html
    assert "<p>No.</p>" in html
    assert "1 answer" in read(asks)


def test_the_lessons_page_asks_for_the_discussion_but_does_not_read_it(
    lesson: Lesson, asker: User, ask: Ask, django_assert_num_queries: object
) -> None:
    ask(title="A title of its own")
    html = read(signed_in(asker), "/courses/own/first/")
    assert f'hx-get="{URL}"' in html
    assert "A title of its own" not in html


def test_htmx_gets_the_part_without_the_page_and_below_the_lessons_heading(
    lesson: Lesson, asker: User, ask: Ask
) -> None:
    question = ask()
    part = read(signed_in(asker), **HTMX)
    assert "<html" not in part
    assert "<h1" not in part
    assert 'hx-boost="true"' in part
    assert "<h3" in read(signed_in(asker), f"{URL}{question.pk}/", **HTMX)


def test_a_double_click_makes_one_post(lesson: Lesson, asker: User) -> None:
    client = signed_in(asker)
    sent = {"title": "Why?", "text": "I mean it.", "form_key": uuid4()}
    first, second = client.post(f"{URL}ask/", sent), client.post(f"{URL}ask/", sent)
    assert first["Location"] == second["Location"]
    question = Question.objects.get()
    again = {"text": "Because.", "form_key": uuid4()}
    client.post(f"{URL}{question.pk}/answer/", again)
    client.post(f"{URL}{question.pk}/answer/", again)
    assert Answer.objects.count() == 1


def test_other_words_in_a_form_that_was_sent_are_not_lost(lesson: Lesson, asker: User) -> None:
    client = signed_in(asker)
    key = uuid4()
    client.post(f"{URL}ask/", {"title": "First", "text": "One.", "form_key": key})
    client.post(f"{URL}ask/", {"title": "Second", "text": "Two.", "form_key": key})
    assert set(Question.objects.values_list("title", flat=True)) == {"First", "Second"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "Say in one line what you would like to know."),
        ({"text": ""}, "Write something first."),
        ({"text": "x" * 10_001}, "This has 10001 characters, and there is room for 10000."),
        ({"title": "x" * 121}, "This has 121 characters, and there is room for 120."),
        ({"title": "\u200b\u2060"}, "There is nothing to see in this."),
        ({"text": "a\0b"}, "There is a character in this that no text may have"),
        ({"form_key": "no key"}, "This form is broken."),
    ],
)
def test_what_cannot_be_posted_comes_back_with_words_beside_the_field(
    lesson: Lesson, asker: User, changes: dict[str, str], words: str
) -> None:
    sent = {"title": "Why?", "text": "Some text of mine.", "form_key": uuid4(), **changes}
    page = signed_in(asker).post(f"{URL}ask/", sent)
    assert words in page.content.decode()
    assert not Question.objects.exists()
    if "text" not in changes:
        assert "Some text of mine." in page.content.decode()


def test_the_reader_goes_on_at_the_field_that_was_refused(lesson: Lesson, asker: User) -> None:
    page = signed_in(asker).post(f"{URL}ask/", {"title": "Why?", "text": "", "form_key": uuid4()})
    html = page.content.decode()
    assert 'aria-invalid="true"' in html
    assert "autofocus" in html[html.index('name="text"') :][:300]


def test_a_guest_is_asked_to_sign_in_and_a_closed_course_is_only_read(
    course: Course, lesson: Lesson, asker: User
) -> None:
    course.is_public = True
    course.save()
    assert "Sign in to ask" in read(Client())
    away = Client().get(f"{URL}ask/")
    assert (away.status_code, away["Location"]) == (302, f"/accounts/login/?next={URL}ask/")
    course.closes = timezone.now()
    course.save()
    assert "has closed" in read(signed_in(asker))
    assert signed_in(asker).get(f"{URL}ask/").status_code == 403


def test_questions_come_latest_first_or_unanswered_first(
    lesson: Lesson, asker: User, peer: User, ask: Ask, reply: Reply
) -> None:
    old, middle, new = ask(title="An old one"), ask(title="A middle one"), ask(title="A new one")
    reply(old, by=peer)

    def order(query: str) -> list[str]:
        html = read(signed_in(asker), URL + query)
        return sorted((str(old), str(middle), str(new)), key=html.index)

    assert order("") == ["An old one", "A new one", "A middle one"]
    assert order("?order=unanswered") == ["A new one", "A middle one", "An old one"]


def test_a_link_to_an_answer_opens_the_page_it_stands_on(
    lesson: Lesson, instructor: User, peer: User, ask: Ask
) -> None:
    question = ask()
    answers = [
        Answer.objects.create(question=question, author=peer, text=f"Number {n}.", form_key=uuid4())
        for n in range(POSTS_ON_A_PAGE + 2)
    ]
    html = read(signed_in(instructor), answers[-1].get_absolute_url())
    assert f"Number {POSTS_ON_A_PAGE + 1}." in html
    assert "Number 0." not in html


def test_the_preview_shows_what_the_post_will_be(lesson: Lesson, asker: User) -> None:
    page = signed_in(asker).post(f"{URL}preview/", {"text": "*so*"})
    assert page.content.decode() == "<p><em>so</em></p>\n"


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_a_question_that_is_not_there_is_a_404(lesson: Lesson, asker: User, number: str) -> None:
    client = signed_in(asker)
    assert client.get(f"{URL}{number}/").status_code == 404
    assert client.get(f"{URL}question/{number}/edit/").status_code == 404
    assert client.get(f"{URL}nothing/{number}/edit/").status_code == 404
