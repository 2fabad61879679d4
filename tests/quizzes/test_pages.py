"""What a student sees of a quiz: the blocks, the form without JavaScript, predictions, results, and My work."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.actors import GUEST_COOKIE
from accounts.models import User
from courses.blocks import render_lesson, source_of
from courses.models import Course, Lesson
from courses.selectors.work import work_of
from courses.services.revisions import problems_of
from quizzes.models import Attempt, ExtraTime, Prediction, QuizSettings, Response
from quizzes.question_forms import AskedQuestion, read_form
from quizzes.seeds import draw_seed
from quizzes.selectors.showing import fresh_questions
from quizzes.selectors.taking import quiz_of
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of, count_queries
from tests.quizzes.test_questions import QUIZ as EVERY_TYPE_WITH_RULES

pytestmark = pytest.mark.django_db

QUIZ = """
title: Gates
questions:
  - id: guess
    type: single
    prompt: What will the demo say?
    choices:
      - {text: Surely, correct: true, why: It always says SECRET-GUESS.}
      - {text: Never, why: It never does.}
  - id: gate
    type: single
    prompt: Which gate forgets?
    tags: [gates]
    choices:
      - {text: The forget gate, correct: true, why: It is SECRET-RIGHT.}
      - {text: The input gate, why: It is SECRET-WRONG., misconception: all-alike, see: explorer/capitals}
  - id: word
    type: text
    prompt: Say it.
    points: 3
    hint: It begins with m.
    accept: [memory]
"""
BODY = "## About gates\n\nAll gates are gates.\n\n:::predict guess\n\n:::demo explorer\n\n## The end\n\n:::quiz\n"
EVERY_TYPE = EVERY_TYPE_WITH_RULES.replace("rules:\n  attempts: 3\n  shuffle: true\n", "")
SECRETS = ("SECRET", "See why", "memory")


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada")


@pytest.fixture
def course(ada: User) -> Course:
    return CourseFactory(slug="sequences", student=ada)


def lesson_in(course: Course, rules: str = "{}", quiz: str = QUIZ, body: str = BODY) -> Lesson:
    return LessonFactory(course=course, slug="gates", content__body=body, content__quiz=f"rules: {rules}\n{quiz}")


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lesson_in(course)


@pytest.fixture
def browser(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


PAGE = "/courses/sequences/gates/quiz/"


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the quiz's form, as a browser would send them back."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def choice(html: str, text: str) -> str:
    """The value of the choice with this text."""
    found = re.search(rf'value="(\d+)"(?:(?!value=).)*?{text}', html, re.DOTALL)
    assert found, text
    return found[1]


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- reading and answering


def test_reading_a_quiz_makes_no_attempt_and_no_cookie(lesson: Lesson) -> None:
    guest = Client()
    for address in ("/courses/sequences/gates/", f"{PAGE}part/", f"{PAGE}predictions/guess/", f"{PAGE}results/"):
        response = guest.get(address)
        assert response.status_code == 200
        assert not any(secret in text_of(response) for secret in SECRETS)
    assert not guest.cookies
    assert "Which gate forgets?" in text_of(guest.get(PAGE))
    assert GUEST_COOKIE not in guest.cookies
    assert not Attempt.objects.exists()


def test_the_first_answer_begins_the_attempt_with_the_questions_as_they_were_shown(
    lesson: Lesson, browser: Client
) -> None:
    html = text_of(browser.get(PAGE))
    sent = {**fields(html), "q.gate": choice(html, "The input gate"), "do": "save"}
    response = browser.post(PAGE, sent, follow=True)
    assert "Your answers are saved." in text_of(response)
    kept = Response.objects.get()
    assert (kept.question, kept.answer) == ("gate", 1)
    assert re.search(r'checked[^>]*>\s*<span class="choice-text">\s*The input gate', text_of(response))


def test_a_guest_who_answers_gets_a_cookie_and_finds_the_answer_again(lesson: Lesson) -> None:
    guest = Client()
    html = text_of(guest.get(PAGE))
    guest.post(PAGE, {**fields(html), "q.word": "gate", "do": "save"})
    assert GUEST_COOKIE in guest.cookies
    assert 'value="gate"' in text_of(guest.get(PAGE))
    assert 'value="gate"' not in text_of(Client().get(PAGE))


def test_checking_tells_what_is_right_of_that_question_only(lesson: Lesson, browser: Client) -> None:
    html = text_of(browser.get(PAGE))
    sent = {**fields(html), "q.gate": choice(html, "The input gate"), "q.word": "memo", "do": "check:gate"}
    response = browser.post(PAGE, sent)
    assert response["Location"] == f"{PAGE}#question-gate"
    html = text_of(browser.get(PAGE))
    assert "SECRET-WRONG" in html
    assert "SECRET-RIGHT" in html
    assert "/demos/explorer/?preset=capitals" in html
    assert "memory" not in html
    assert "SECRET-GUESS" not in html
    # And it stays.
    browser.post(PAGE, {**fields(html), "q.gate": choice(html, "The forget gate"), "do": "save"})
    assert Response.objects.get(question="gate").answer == 1


def test_nothing_is_told_before_it_may_be(course: Course, browser: Client) -> None:
    lesson = lesson_in(course, "{show: after the deadline, attempts: 2, minutes: 20}")
    QuizSettings.objects.create(lesson=lesson, deadline=timezone.now() + timedelta(days=1))
    told = text_of(browser.get(PAGE))
    assert "2 times; 2 are left" in told
    assert "<strong>20 minutes</strong>" in told
    assert "after the deadline" in told
    assert "Which gate forgets?" not in told
    browser.post(PAGE, {"do": "start"})
    during = browser.get(PAGE)
    assert "data-seconds-left" in text_of(during)
    sent = {**fields(text_of(during)), "q.word": "memo", "do": "submit"}
    after = browser.post(PAGE, sent, follow=True)
    for response in (during, after, browser.get(f"{PAGE}part/")):
        assert not any(secret in text_of(response) for secret in SECRETS)
    assert "You see what is right after the deadline" in text_of(after)
    QuizSettings.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    results = text_of(browser.get(f"{PAGE}results/"))
    assert "SECRET-RIGHT" in results
    assert "memory" in results


def test_two_forms_keep_one_answer_and_tell_the_other(lesson: Lesson, browser: Client) -> None:
    html = text_of(browser.get(PAGE))
    browser.post(PAGE, {**fields(html), "q.word": "first", "do": "save"})
    late = text_of(browser.post(PAGE, {**fields(html), "q.word": "second", "do": "save"}, follow=True))
    assert "Question 2: This question was answered in another tab" in late
    assert 'value="first"' in late


def test_a_form_that_comes_after_the_end_is_told(course: Course, browser: Client) -> None:
    lesson_in(course, "{attempts: 1}")
    browser.post(PAGE, {"do": "start"})
    html = text_of(browser.get(PAGE))
    assert "You can take it once." in html
    browser.post(PAGE, {**fields(html), "do": "submit"})
    late = text_of(browser.post(PAGE, {**fields(html), "q.word": "memory", "do": "save"}, follow=True))
    assert "No attempt is open any more" in late
    assert "You could take it once, and you have." in late
    again = text_of(browser.post(PAGE, {"do": "start"}, follow=True))
    assert "This quiz can be taken once, and you have done so." in again


def test_a_closed_course_takes_no_answers(course: Course, browser: Client, lesson: Lesson) -> None:
    course.closes = timezone.now() - timedelta(days=1)
    course.save()
    assert "can no longer be taken" in text_of(browser.get(PAGE))
    assert "can no longer be taken" in text_of(browser.post(PAGE, {"do": "start"}, follow=True))
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("sent", [{"do": "check:nothing"}, {"do": "check"}, {"do": "\0"}, {"q.gate": "9" * 50}, {}])
def test_whatever_is_posted_is_no_error_of_ours(lesson: Lesson, browser: Client, sent: dict[str, str]) -> None:
    assert browser.post(PAGE, {"nonce": "x", "v.gate": "²", **sent}).status_code == 302


# --- forms of every type


def test_a_form_of_every_type_is_read_as_it_was_filled_in(course: Course) -> None:
    lesson = lesson_in(course, quiz=EVERY_TYPE, body="Text.\n\n:::quiz\n")
    assert lesson.published
    quiz = quiz_of(lesson.published)
    assert quiz
    client = Client()
    html = text_of(client.get(PAGE))
    asked = {one.id: one for one in fresh_questions(lesson, quiz, draw_seed(quiz, fields(html)["nonce"]))}
    sent, answers = dict[str, Any](fields(html)), dict[str, Any]()
    for one in asked.values():
        answers[one.id], filled = filled_in(one)
        sent |= filled
    client.post(PAGE, {**sent, "do": "save"})
    again = {one.id: one for one in opened(client)}
    assert {name: one.answer for name, one in again.items()} == answers


def filled_in(one: AskedQuestion) -> tuple[Any, dict[str, Any]]:
    """An answer to this question, and the fields of a form that hold it."""
    name = f"q.{one.id}"
    match one.shown.type:
        case "single" | "poll":
            return 1, {name: "1"}
        case "multiple":
            return [1], {name: ["1"]}
        case "ordering":
            order = [*range(1, len(one.shown.choices)), 0]
            ranks = {f"{name}.{place}": str(rank) for rank, place in enumerate(order, 1)}
            return order, {name: [str(place) for place in range(len(order))], **ranks}
        case "matching":
            places = [0, *[None] * (len(one.shown.lefts) - 1)]
            return places, {f"{name}.0": "0"}
        case "blanks":
            words = {gap.name: "word" for gap in one.shown.gaps}
            return words, {f"{name}.{gap}": word for gap, word in words.items()}
        case _:
            return "7", {name: "7"}


def opened(client: Client) -> list[AskedQuestion]:
    return list(client.get(PAGE).context["found"].asked)


def test_an_ordering_left_as_it_was_shown_is_no_answer(course: Course) -> None:
    lesson = lesson_in(course, quiz=EVERY_TYPE, body="Text.\n\n:::quiz\n")
    assert lesson.published
    quiz = quiz_of(lesson.published)
    assert quiz
    (one,) = (one for one in fresh_questions(lesson, quiz, "seed") if one.shown.type == "ordering")
    form = QueryDict(mutable=True)
    form.setlist(f"q.{one.id}", [str(item.position) for item in one.items])
    for rank, item in enumerate(one.items, 1):
        form[f"q.{one.id}.{item.position}"] = str(rank)
    assert read_form(one.shown, form) is None


FORMULAS = """
questions:
  - id: pairs
    type: matching
    prompt: Which is which?
    pairs: [{left: a line, right: "$x$"}, {left: a parabola, right: "$x^2$"}]
  - id: one
    type: single
    prompt: Which is larger?
    shuffle: false
    choices: [{text: "$1 < 2$", correct: true, why: It is.}, {text: neither, why: One is.}]
"""


def test_formulas_to_choose_have_names_and_letters(course: Course) -> None:
    lesson_in(course, quiz=FORMULAS, body="Text.\n\n:::quiz\n")
    html = text_of(Client().get(PAGE))
    assert 'aria-label="1 &lt; 2"' in html
    assert re.search(r'<ol class="sides" type="A">\s*<li>\s*<span class="math inline">', html)
    assert re.search(r'<option value="1"\s*>B</option>', html)


def test_a_pair_that_stays_tells_in_full_what_was_chosen(course: Course, browser: Client) -> None:
    lesson_in(course, quiz=FORMULAS, body="Text.\n\n:::quiz\n")
    html = text_of(browser.get(PAGE))
    told = text_of(browser.post(PAGE, {**fields(html), "q.pairs.1": "0", "do": "check:pairs"}, follow=True))
    assert "<select" not in told
    (chosen,) = re.findall(r'<p class="pair-chosen">(.*?)</p>', told, re.DOTALL)
    assert chosen in told.partition('class="sides"')[2].partition("</li>")[0]


# --- in the lesson


def test_the_lesson_has_places_for_its_quiz_and_prediction_and_no_key(lesson: Lesson) -> None:
    html = text_of(Client().get("/courses/sequences/gates/"))
    assert f'data-quiz="{PAGE}"' in html
    assert f'data-predict="{PAGE}predictions/guess/"' in html
    assert "Take the quiz" in html
    assert not any(secret in html for secret in SECRETS)


def test_one_question_may_stand_in_the_text(course: Course) -> None:
    lesson_in(course, body=f"{BODY}\n:::quiz word\n")
    assert 'data-only="word"' in text_of(Client().get("/courses/sequences/gates/"))
    part = text_of(Client().get(f"{PAGE}part/?only=word"))
    assert "Say it." in part
    assert "Which gate forgets?" not in part


def test_an_author_sees_the_questions_in_the_preview(lesson: Lesson) -> None:
    assert lesson.head
    source = source_of(lesson, lesson.head, for_author=True)
    html = render_lesson(source).html
    assert "Which gate forgets?" in html
    assert "What will the demo say?" in html
    assert "data-quiz=" not in html
    broken = render_lesson(replace(source, quiz="questions:\n  - id: x\n    type: single\n")).html
    assert "Line 2 of the quiz: questions[0].prompt: This is missing." in broken


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (":::quiz nothing", "There is no question “nothing”."),
        (":::quiz guess", "cannot be asked in the quiz as well"),
        (":::predict", "Say what is to be predicted"),
        (":::predict nothing", "There is no question “nothing”."),
        (":::quiz\nText\n:::", "A quiz has no text inside."),
    ],
)
def test_what_is_wrong_with_a_block_is_told_to_its_author(lesson: Lesson, block: str, words: str) -> None:
    assert lesson.head
    lesson.head.body = f"{BODY}\n{block}\n"
    assert [words in problem.message for problem in problems_of(lesson, lesson.head)] == [True]


# --- predictions


def test_a_prediction_is_told_what_is_right_once_it_is_made(lesson: Lesson, browser: Client, ada: User) -> None:
    part = f"{PAGE}predictions/guess/"
    assert "SECRET-GUESS" not in text_of(browser.get(f"{part}?told=1"))
    Prediction.objects.create(lesson=lesson, user=ada, question="guess", answer=1)
    kept = text_of(browser.get(part))
    assert "Your prediction is kept" in kept
    assert "SECRET-GUESS" not in kept
    told = text_of(browser.get(f"{part}?told=1"))
    assert "You predicted" in told
    assert "SECRET-GUESS" in told
    assert browser.get(f"{PAGE}predictions/gate/").status_code == 404


# --- results and work


def take(browser: Client, **answers: str) -> str:
    browser.post(PAGE, {"do": "start"})
    html = text_of(browser.get(PAGE))
    sent = {name: choice(html, value) if name == "q.gate" else value for name, value in answers.items()}
    return text_of(browser.post(PAGE, {**fields(html), **sent, "do": "submit"}, follow=True))


def test_results_tell_what_was_right_and_what_to_look_at_again(lesson: Lesson, browser: Client) -> None:
    results = take(browser, **{"q.gate": "The input gate", "q.word": "memory"})
    assert "3 of 4 points" in results
    assert "SECRET-RIGHT" in results
    again = results[results.index("Look at again") : results.index("Your answers")]
    assert "/courses/sequences/gates/#about-gates" in again
    assert "/demos/explorer/?preset=capitals" in again
    assert re.search(r"for question\s+1", again)
    assert "Hint" not in results


def test_a_question_without_choices_sends_to_its_demo_too(course: Course, browser: Client) -> None:
    order = "questions: [{id: o, type: ordering, prompt: Sort., items: [x, y], see: explorer/odd}]\n"
    lesson_in(course, quiz=order, body=":::quiz\n")
    results = take(browser)
    again = results[results.index("Look at again") : results.index("Your answers")]
    assert "/demos/explorer/?preset=odd" in again
    assert "See why: One of these is no meal" in results


def test_results_list_every_attempt_and_mark_the_best(lesson: Lesson, browser: Client) -> None:
    take(browser, **{"q.gate": "The forget gate", "q.word": "memory"})
    results = take(browser, **{"q.word": "memory"})
    assert re.search(r"4 of 4 points\s*<span class=\"chip succeeded\">best", results)
    first = text_of(browser.get(f"{PAGE}results/?attempt=1"))
    assert re.search(r"<strong>4 of 4 points</strong>", first)
    assert "You have not taken this quiz yet" in text_of(Client().get(f"{PAGE}results/"))


def test_the_number_of_queries_does_not_grow_with_attempts(lesson: Lesson, browser: Client) -> None:
    take(browser, **{"q.word": "memory"})
    before = count_queries(lambda: browser.get(f"{PAGE}results/"))
    for _ in range(3):
        take(browser, **{"q.word": "x"})
    assert count_queries(lambda: browser.get(f"{PAGE}results/")) == before


def test_my_work_has_quizzes_with_a_deadline_until_they_are_done(
    course: Course, lesson: Lesson, browser: Client, ada: User
) -> None:
    def items() -> list[tuple[str, str, bool]]:
        work = work_of(actor_of(ada))
        return [(item.title, item.url, bool(item.done_at)) for item in [*work.due, *work.done]]

    assert items() == []
    settings = QuizSettings.objects.create(lesson=lesson, deadline=timezone.now() + timedelta(days=1))
    assert items() == [("Quiz: Gates", PAGE, False)]
    later = settings.deadline + timedelta(days=3)
    ExtraTime.objects.create(lesson=lesson, user=ada, deadline=later)
    assert [item.due for item in work_of(actor_of(ada)).due] == [later]
    take(browser, **{"q.word": "memory"})
    assert items() == [("Quiz: Gates", f"{PAGE}results/", True)]
    assert work_of(actor_of(UserFactory())).due == []


def test_a_submitted_quiz_counts_as_done_in_the_lesson(lesson: Lesson, browser: Client) -> None:
    progress = "/courses/sequences/gates/progress/"
    told = {"kind": "quiz", "key": "", "done": True}
    assert browser.post(progress, told, content_type="application/json").status_code == 422
    take(browser, **{"q.word": "memory"})
    assert browser.post(progress, told, content_type="application/json").json() == {"done": 1, "total": 3}


def test_on_paper_a_prediction_asks_and_a_quiz_says_where_it_is(lesson: Lesson, browser: Client) -> None:
    paper = text_of(browser.get("/courses/sequences/gates/print/"))
    assert "What do you expect?" in paper
    assert "What will the demo say?" in paper
    assert "2 questions wait for you" in paper
    assert f"{PAGE}" in paper
    assert "data-quiz" not in paper
    assert "data-predict" not in paper
    assert not [secret for secret in SECRETS if secret in paper]
