"""Taking a quiz by HTTP: who gets in, what is said, and that no key is said before it may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Lesson
from courses.services.revisions import withdraw_lesson
from jobs.models import Run
from quizzes.models import Attempt, DemoAnswer, QuizSettings
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.jobs.conftest import demos

pytestmark = pytest.mark.django_db
__all__ = ["demos"]  # a fixture

KEY = "zzKEYzz"
ASKED = f"""
questions:
  - id: one
    type: single
    prompt: Choose.
    why: "{KEY} 1"
    choices:
      - {{text: A, correct: true, why: "{KEY} a"}}
      - {{text: B, why: "{KEY} b", misconception: zzkeyzz-mistake, see: doubling}}
      - {{text: C, why: "{KEY} c"}}
  - id: several
    type: multiple
    prompt: Choose some.
    choices:
      - {{text: A, correct: true, why: "{KEY} d"}}
      - {{text: B, correct: true, why: "{KEY} e"}}
      - {{text: C, why: "{KEY} f"}}
  - id: number
    type: numeric
    prompt: "How much is {{{{ a }}}}?"
    variables: {{a: [2, 3]}}
    answer: a + 918273
    wrong: [{{answer: a + 645546, why: "{KEY} g"}}]
  - id: word
    type: text
    prompt: Say it.
    accept: ["{KEY} h"]
    pattern: "{KEY} .*"
    wrong: [{{answer: "{KEY} i", why: "{KEY} j"}}]
  - id: order
    type: ordering
    prompt: Order them.
    why: "{KEY} k"
    items: [first, second, third]
  - id: pairs
    type: matching
    prompt: Match them.
    pairs: [{{left: a, right: A, why: "{KEY} l"}}, {{left: b, right: B, why: "{KEY} m"}}]
    extra: [C]
  - id: gaps
    type: blanks
    prompt: Fill in.
    text: "It has [[gap]] gates."
    blanks: {{gap: {{accept: ["{KEY} n"], why: "{KEY} o"}}}}
  - id: run
    type: demo
    prompt: What does it say?
    why: "{KEY} p"
    demo: {{slug: doubling, params: {{number: 21}}, read: twice}}
  - id: opinion
    type: poll
    prompt: How was it?
    choices: [{{text: good}}, {{text: bad}}]
  - id: guess
    type: numeric
    prompt: What will come?
    why: "{KEY} q"
    answer: 918273
"""
SECRETS = (KEY, KEY.lower(), "918273", "918275", "918276", "645546", f"{KEY}-run")
"""Of every explanation, accepted answer, pattern, formula and misconception, and what the demo gave."""
ANSWERS = {
    "one": 1,
    "several": [0, 2],
    "number": "7",
    "word": "no",
    "order": [2, 0, 1],
    "pairs": [None, 1],
    "gaps": {"gap": "no"},
    "run": "no",
    "opinion": 0,
}


PAGES = ("lesson", "lesson-print", "quiz", "quiz-part", "quiz-results")


class Taker:
    """Somebody with a browser at one lesson, who keeps every answer of the server."""

    def __init__(self, lesson: Lesson, user: User | None = None) -> None:
        self.lesson, self.client = lesson, Client()
        self.heard: list[str] = []
        if user:
            self.client.force_login(user)

    def say(self, method: str, name: str, *args: Any, body: Any = None) -> Any:
        response = self.client.generic(
            method, reverse(name, args=args), json.dumps(body) if body is not None else "", "application/json"
        )
        self.heard.append(f"{response.headers} {response.content.decode()}")
        return response

    def start(self) -> dict[str, Any]:
        return dict(self.say("POST", "api-attempts", self.lesson.course.slug, self.lesson.slug, body={}).json())

    def answer(self, attempt: Any, question: str, answer: Any, **more: Any) -> Any:
        body = {"answer": answer, "version": 0, **more}
        return self.say("PUT", "api-answer", attempt["id"], question, body=body)

    def look_around(self) -> None:
        """Every page of the lesson."""
        where = [self.lesson.course.slug, self.lesson.slug]
        for name, args in (("course", where[:1]), *((name, where) for name in PAGES)):
            response = self.client.get(reverse(name, args=args))
            assert response.status_code == 200
            self.heard.append(f"{response.headers} {response.content.decode()}")

    def has_heard(self) -> list[str]:
        """The secrets that were said."""
        return [secret for secret in SECRETS if any(secret in heard for heard in self.heard)]


def lesson_with(rules: str = "{}", text: str = ASKED, **course: Any) -> Lesson:
    body = ":::quiz\n\n:::predict guess\n" if "id: guess" in text else "Text.\n"
    lesson = LessonFactory(course=CourseFactory(**course), content__body=body, content__quiz=f"rules: {rules}\n{text}")
    if "type: demo" in text:
        DemoAnswer.objects.create(
            revision_id=lesson.published_id, question="run", value=f"{KEY}-run", demo_version="v1", run=Run().pk
        )
    return lesson


@pytest.mark.usefixtures("demos")
@pytest.mark.parametrize("who", ["student", "guest"])
@pytest.mark.parametrize("show", ["at once", "after the attempt", "after the deadline"])
def test_no_answer_of_the_server_holds_a_key_before_it_may(show: str, who: str) -> None:
    lesson = lesson_with(f"{{show: {show}}}")
    QuizSettings.objects.create(lesson=lesson, deadline=timezone.now() + timedelta(days=1))
    taker = Taker(lesson, UserFactory() if who == "student" else None)
    attempt = taker.start()
    assert len(attempt["questions"]) == len(ANSWERS)
    where = (lesson.course.slug, lesson.slug)
    taker.say("PUT", "api-prediction", *where, "guess", body={"answer": "3"})
    taker.say("PUT", "api-prediction", *where, "guess", body={"answer": "4"})
    for question, answer in ANSWERS.items():
        assert taker.answer(attempt, question, answer, seconds=1).status_code == 200
        assert taker.answer(attempt, question, [[]]).status_code == 422
        taker.answer(attempt, question, answer if question == "one" else None)
        if show != "at once":
            assert taker.say("POST", "api-answer-check", attempt["id"], question).status_code == 409
    assert taker.answer(attempt, "one", 0, version=7).status_code == 409
    taker.start()
    taker.say("GET", "api-attempt", attempt["id"])
    taker.say("GET", "api-schema")
    taker.look_around()
    assert taker.has_heard() == []
    assert Attempt.objects.get().seed not in "".join(taker.heard)

    if show == "at once":
        checked = taker.say("POST", "api-answer-check", attempt["id"], "one").json()
        assert checked["feedback"]["is_right"] in (True, False)
        taker.look_around()
        said = {words[0] for heard in taker.heard for words in heard.split(f"{KEY} ")[1:]}
        assert said == {"1", "a", "b", "c"}, "what belongs to the checked question, and to no other"
        assert taker.has_heard() == [KEY, KEY.lower()]
        return
    done = taker.say("POST", "api-attempt-submit", attempt["id"]).json()
    taker.look_around()
    if show == "after the deadline":
        assert taker.has_heard() == []
        assert (done["points"], {question["feedback"] for question in done["questions"]}) == (None, {None})
        QuizSettings.objects.update(deadline=timezone.now() - timedelta(minutes=1))
        done = taker.say("GET", "api-attempt", attempt["id"]).json()
    assert done["points"] is not None
    assert all(question["feedback"] for question in done["questions"])
    assert KEY in taker.has_heard()


WORD = "questions: [{id: word, type: text, prompt: Say it., accept: [cell]}]\n"


def test_an_attempt_is_begun_answered_checked_and_handed_in() -> None:
    taker = Taker(lesson_with(text=WORD), UserFactory())
    attempt = taker.start()
    assert (attempt["is_open"], attempt["most_points"], attempt["points"]) == (True, 1, None)
    saved = taker.answer(attempt, "word", "cell", seconds=2.5)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    checked = taker.say("POST", "api-answer-check", attempt["id"], "word").json()
    assert (checked["feedback"]["points"], checked["feedback"]["right_answer"]) == (1, "cell")
    again = taker.answer(attempt, "word", "gate", version=1)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "answer_checked")
    assert again.json()["error"]["kept"] == {"answer": "cell", "version": 1, "checked": True}
    done = taker.say("POST", "api-attempt-submit", attempt["id"]).json()
    assert (done["is_open"], done["points"]) == (False, 1)
    late = taker.answer(attempt, "word", "gate", version=1)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "attempt_over")


def test_an_attempt_whose_time_is_up_is_handed_in_by_whoever_looks_at_it() -> None:
    taker = Taker(lesson_with("{minutes: 5}", text=WORD), UserFactory())
    attempt = taker.start()
    taker.answer(attempt, "word", "cell")
    long_ago = timezone.now() - timedelta(minutes=30)
    Attempt.objects.update(started=long_ago, until=long_ago + timedelta(minutes=5))
    seen = taker.say("GET", "api-attempt", attempt["id"]).json()
    assert (seen["is_open"], seen["points"], seen["submitted"]) == (False, 1, seen["until"])


def test_an_attempt_is_its_owners_alone() -> None:
    teacher = UserFactory(role=User.Role.INSTRUCTOR)
    lesson = lesson_with(text=WORD, instructor=teacher)
    owner = Taker(lesson, UserFactory())
    attempt = owner.start()
    for other in (UserFactory(), teacher, UserFactory(role=User.Role.STAFF), None):
        stranger = Taker(lesson, other)
        assert stranger.say("GET", "api-attempt", attempt["id"]).status_code == 404
        assert stranger.answer(attempt, "word", "x").status_code == 404
        assert stranger.say("POST", "api-answer-check", attempt["id"], "word").status_code == 404
        assert stranger.say("POST", "api-attempt-submit", attempt["id"]).status_code == 404
    assert owner.say("GET", "api-attempt", attempt["id"]).json()["is_open"]


def test_a_guest_goes_on_with_their_attempt_and_a_new_guest_begins_another() -> None:
    lesson = lesson_with(text=WORD)
    guest = Taker(lesson)
    attempt = guest.start()
    assert guest.start()["id"] == attempt["id"]
    assert Taker(lesson).start()["id"] != attempt["id"]


def test_who_may_not_read_a_lesson_takes_no_quiz_of_it() -> None:
    lesson = lesson_with(text=WORD, is_public=False)
    outsider = Taker(lesson, UserFactory())
    where = (lesson.course.slug, lesson.slug)
    assert outsider.say("POST", "api-attempts", *where, body={}).status_code == 404
    assert outsider.say("PUT", "api-prediction", *where, "word", body={"answer": "x"}).status_code == 404
    assert not Attempt.objects.exists()


def test_when_the_course_has_closed_what_is_answered_can_be_handed_in_and_nothing_else() -> None:
    student = UserFactory()
    lesson = lesson_with(text=WORD, student=student)
    taker = Taker(lesson, student)
    attempt = taker.start()
    taker.answer(attempt, "word", "cell")
    lesson.course.closes = timezone.now()
    lesson.course.save()
    refused = taker.answer(attempt, "word", "gate", version=1)
    assert (refused.status_code, "has closed" in refused.json()["error"]["message"]) == (403, True)
    assert taker.say("POST", "api-attempts", lesson.course.slug, lesson.slug, body={}).status_code == 403
    assert taker.say("POST", "api-attempt-submit", attempt["id"]).json()["points"] == 1


def test_a_withdrawn_lesson_keeps_its_attempts_until_it_is_published_again() -> None:
    lesson = lesson_with(text=WORD)
    taker = Taker(lesson, UserFactory())
    attempt = taker.start()
    published = lesson.published
    withdraw_lesson(lesson=lesson)
    assert taker.say("GET", "api-attempt", attempt["id"]).status_code == 404
    Lesson.objects.filter(pk=lesson.pk).update(published=published)
    assert taker.start()["id"] == attempt["id"]


@pytest.mark.parametrize("do", ["check:word\r\nSet-Cookie: a=b", "check:\0", "check:elsewhere", "save"])
def test_a_form_that_no_page_has_made_breaks_nothing(do: str) -> None:
    taker = Taker(lesson_with(text=WORD), UserFactory())
    page = reverse("quiz", args=[taker.lesson.course.slug, taker.lesson.slug])
    for version in ("9" * 5_000, "²", "-1"):
        response = taker.client.post(page, {"do": do, "q.word": "cell", "v.word": version})
        assert (response.status_code, response["Location"]) == (302, page)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.integers(-1, 4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["gap", "x", ""]), inner, max_size=3),
    max_leaves=6,
)
BODY = JSON | st.fixed_dictionaries(
    {},
    optional={"answer": JSON, "version": JSON | st.just(0), "seconds": JSON, "nonce": JSON, "x": JSON},
)


@pytest.fixture
def everything(demos: Any) -> Iterator[tuple[Taker, dict[str, Any]]]:
    taker = Taker(lesson_with(), UserFactory())
    return taker, taker.start()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_any_json_is_taken_or_refused_in_the_one_shape(everything: tuple[Taker, dict[str, Any]], data: Any) -> None:
    taker, attempt = everything
    where = (taker.lesson.course.slug, taker.lesson.slug)
    question = data.draw(st.sampled_from([*ANSWERS, "guess", "another"]))
    method, name, args = data.draw(
        st.sampled_from(
            [
                ("PUT", "api-answer", (attempt["id"], question)),
                ("PUT", "api-answer", (attempt["id"], question)),
                ("PUT", "api-prediction", (*where, question)),
                ("POST", "api-attempts", where),
                ("POST", "api-answer-check", (attempt["id"], question)),
            ]
        )
    )
    whole = {"answer": data.draw(JSON), "version": data.draw(st.integers(0, 3))}
    response = taker.say(method, name, *args, body=data.draw(BODY | st.just(whole)))
    assert response.status_code in (200, 400, 403, 404, 409, 422), response.content
    if response.status_code != 200:
        assert {"code", "message", "fields"} <= response.json()["error"].keys()


@pytest.mark.parametrize(
    "text",
    ["", "[", '{"answer": NaN, "version": 0}', "[" * 5_000, '{"answer": "\\u0000", "version": 0}', "\xff"],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    taker = Taker(lesson_with(text=WORD), UserFactory())
    address = reverse("api-answer", args=[taker.start()["id"], "word"])
    response = taker.client.generic("PUT", address, text, "application/json")
    assert response.status_code == 400
    assert response.json()["error"]["message"]
