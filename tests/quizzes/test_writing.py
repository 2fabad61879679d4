"""Questions are written by forms and as text; every save is a revision, and a mistake is told at its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from accounts.models import User
from courses.models import Lesson, Revision
from quizzes.forms import TITLES, Options
from quizzes.question_editor import QuestionEditor, fields_of, kept_in
from quizzes.questions import AnyQuestion
from quizzes.quiz_files import read_quiz
from quizzes.services.writing import has_comments
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.quizzes.test_questions import QUIZ

pytestmark = pytest.mark.django_db

EVERY = (read_quiz(QUIZ).quiz or pytest.fail("the quiz of the tests is faulty")).questions


def sent(question: AnyQuestion, **changes: str) -> QueryDict:
    """What a browser sends of a question's form."""
    initial, rows = fields_of(question)
    editor = QuestionEditor(question.type, Options(kept=kept_in(question)), initial=initial, rows=rows)
    data = QueryDict(mutable=True)
    for form in [editor.form, *(row for one in editor.rows for row in [one.forms.management_form, *one.forms])]:
        for bound in form:
            value = bound.value()
            if is_sent(value):
                data[bound.html_name] = "on" if value is True else str(value)
    data.update(changes)
    return data


def is_sent(value: Any) -> bool:
    return value is not None and value is not False


def editor_of(question: AnyQuestion, **changes: str) -> QuestionEditor:
    return QuestionEditor(question.type, Options(kept=kept_in(question)), data=sent(question, **changes))


def test_there_is_a_question_of_every_type_here() -> None:
    assert {question.type for question in EVERY} == set(TITLES)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.type)
def test_a_form_that_is_sent_as_it_opened_changes_nothing(question: AnyQuestion) -> None:
    assert editor_of(question).question() == question


@pytest.mark.parametrize("kind", ["ordering", "matching", "blanks", "demo"])
def test_the_form_of_a_question_without_choices_names_the_demo_that_shows_why(kind: str) -> None:
    question = next(question for question in EVERY if question.type == kind)
    seen = editor_of(question, see="explorer/odd").question()
    assert seen == question.model_copy(update={"see": "explorer/odd"})
    assert editor_of(seen).question() == seen


@pytest.mark.parametrize("kind", TITLES)
def test_an_empty_form_says_what_is_missing_at_its_field(kind: str) -> None:
    editor = QuestionEditor(kind, Options(), data=QueryDict("choices-TOTAL_FORMS=99999999&choices-INITIAL_FORMS=x"))
    assert editor.question() is None
    assert editor.form.errors or any(rows.forms.non_form_errors() for rows in editor.rows)


def single(**changes: str) -> QuestionEditor:
    return editor_of(next(question for question in EVERY if question.type == "single"), **changes)


def test_a_choice_without_an_explanation_is_told_at_the_explanation() -> None:
    editor = single(**{"choices-1-why": ""})
    assert editor.question() is None
    (rows,) = editor.rows
    assert rows.forms[1].errors == {"why": ["This is missing."]}
    assert not rows.forms[0].errors


def test_too_few_choices_are_counted_only_where_none_is_faulty() -> None:
    few = single(
        **{f"choices-{place}-{name}": "" for place in (1, 2) for name in ("text", "why", "misconception", "see")}
    )
    assert few.question() is None
    assert few.form.non_field_errors() == ["Choices: fill in at least 2."]
    faulty = single(**{f"choices-{place}-why": "" for place in range(3)})
    assert faulty.question() is None
    assert not faulty.form.errors


def test_a_decimal_comma_is_told_as_such() -> None:
    editor = editor_of(next(question for question in EVERY if question.type == "numeric"), answer="1,5")
    assert editor.question() is None
    assert "with a point, and without commas: 1.5" in str(editor.form.errors["answer"])


def test_two_right_choices_are_told_above_the_form() -> None:
    editor = single(**{"choices-1-correct": "on"})
    assert editor.question() is None
    assert "Exactly one" in str(editor.form.non_field_errors())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("variables", "n is 3", "Line 1"),
        ("variables", "n = 9 to 2", "must not be above"),
        ("variables", "n = 1\nn = 2", "twice"),
        ("points", "many", "Enter a number"),
        ("points", "-1", "more than 0"),
        ("tags", "!", "small letters"),
        ("image", "gone.png", "not one of the available choices"),
        ("prompt", "  ", "missing"),
        ("id", "Not An Id", "small letters"),
    ],
)
def test_a_mistake_is_told_at_its_field(field: str, value: str, said: str) -> None:
    editor = single(**{field: value})
    assert editor.question() is None
    assert said in str(editor.form.errors[field])


def test_rows_are_added_and_removed_and_nothing_typed_is_lost() -> None:
    editor = single(**{"choices-0-text": "typed", "prompt": ""})
    more = editor.changed("add:choices")
    assert more.rows[0].forms[0]["text"].value() == "typed"
    assert len(more.rows[0].forms.forms) == len(editor.rows[0].forms.forms) + 1
    fewer = editor.changed("remove:choices:0")
    assert fewer.rows[0].forms[0]["text"].value() == "less"
    up = editor.changed("up:choices:1")
    assert [form["text"].value() for form in up.rows[0].forms][:2] == ["less", "typed"]


@pytest.mark.parametrize(
    "act", ["", "add", "add:", "add:none", "remove:choices:99", "remove:choices:x", "up:choices:0"]
)
def test_an_act_that_means_nothing_changes_nothing(act: str) -> None:
    editor = single()
    assert len(editor.changed(act).rows[0].forms.forms) == len(editor.rows[0].forms.forms)


def test_a_question_without_an_id_gets_one_that_is_free() -> None:
    question = next(question for question in EVERY if question.type == "text")
    data = sent(question, id="", prompt="Say it!")
    made = QuestionEditor("text", Options(taken=frozenset({"say-it"})), data=data).question()
    assert made
    assert made.id == "say-it-2"
    data["id"] = "say-it"
    taken = QuestionEditor("text", Options(taken=frozenset({"say-it"})), data=data)
    assert taken.question() is None
    assert "Another question" in str(taken.form.errors["id"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a comment\nquestions: []", True),
        ("questions: [] # at the end", True),
        ('title: "no # comment"\nquestions: []', False),
        ("title: |\n  # in a text\n  more\nquestions: []\n", False),
        ("title: 😀 plain\n# here\n", True),
        ("title: [", False),
        ("#" * 300_000, True),
        ("", False),
    ],
)
def test_comments_are_noticed(text: str, expected: bool) -> None:
    assert has_comments(text) is expected


# The pages -------------------------------------------------------------------------------------------------------

PAGE = "/author/courses/grammar/lessons/words/quiz/"
TWO = """# by hand
questions:
  - {id: one, type: text, prompt: First?, accept: [a]}
  - {id: two, type: text, prompt: Second?, accept: [b]}
"""


@pytest.fixture
def lesson(db: None) -> Lesson:
    course = CourseFactory(slug="grammar", instructor=UserFactory(role=User.Role.INSTRUCTOR))
    return LessonFactory(course=course, slug="words", content__quiz=TWO)


@pytest.fixture
def client(lesson: Lesson) -> Client:
    return signed_in(lesson.course.memberships.get().user)


def head(lesson: Lesson) -> Revision:
    lesson.refresh_from_db()
    assert lesson.head
    return lesson.head


def ids(lesson: Lesson) -> list[str]:
    return [question.id for question in (read_quiz(head(lesson).quiz).quiz or pytest.fail("faulty")).questions]


def html(response: HttpResponse) -> str:
    return response.content.decode()


def form_of(client: Client, name: str, **changes: str) -> dict[str, str]:
    """What a browser sends of the page of a question."""
    page = client.get(f"{PAGE}questions/{name}/")
    editor = page.context["editor"]
    data = {"base": str(page.context["base"]), "seed": page.context["seed"], "act": "save"}
    for form in [editor.form, *(row for one in editor.rows for row in [one.forms.management_form, *one.forms])]:
        data |= {bound.html_name: str(bound.value()) for bound in form if is_sent(bound.value())}
    return {**data, **changes}


def test_the_page_lists_the_questions_and_says_that_comments_will_be_lost(client: Client) -> None:
    text = html(client.get(PAGE))
    assert "First?" in text
    assert "has comments" in text
    assert "has comments" in html(client.get(f"{PAGE}questions/one/"))


def test_a_saved_form_is_a_new_revision_and_the_students_still_read_the_old_one(client: Client, lesson: Lesson) -> None:
    before = head(lesson).number
    response = client.post(f"{PAGE}questions/one/", form_of(client, "one", prompt="Changed?"))
    assert (response.status_code, head(lesson).number) == (302, before + 1)
    assert "Changed?" in head(lesson).quiz
    assert lesson.published
    assert "Changed?" not in lesson.published.quiz


def test_a_new_question_comes_last(client: Client, lesson: Lesson) -> None:
    data = {"prompt": "Third, and new?", "accept": "c\nd", "wrong-TOTAL_FORMS": "0", "wrong-INITIAL_FORMS": "0"}
    client.post(f"{PAGE}new/?type=text", data)
    assert ids(lesson) == ["one", "two", "third-and-new"]


def test_whoever_saves_second_is_told_and_loses_nothing(client: Client, lesson: Lesson) -> None:
    mine = form_of(client, "one", prompt="Mine?")
    client.post(f"{PAGE}questions/two/", form_of(client, "two", prompt="Theirs?"))
    refused = client.post(f"{PAGE}questions/one/", mine)
    assert refused.status_code == 409
    assert "Mine?" in html(refused)
    assert "Theirs?" in html(refused)
    assert "Mine?" not in head(lesson).quiz
    client.post(f"{PAGE}questions/one/", {**mine, "base": str(refused.context["base"])})
    assert "Mine?" in head(lesson).quiz
    assert "Theirs?" in head(lesson).quiz


def test_questions_are_moved_copied_and_deleted(client: Client, lesson: Lesson) -> None:
    for question, action, expected in [
        ("two", "up", ["two", "one"]),
        ("two", "up", ["two", "one"]),
        ("two", "down", ["one", "two"]),
        ("one", "duplicate", ["one", "one-2", "two"]),
        ("one", "delete", ["one-2", "two"]),
        ("one", "delete", ["one-2", "two"]),
    ]:
        client.post(f"{PAGE}questions/{question}/{action}/", {"base": head(lesson).number})
        assert ids(lesson) == expected


def test_an_old_page_deletes_nothing(client: Client, lesson: Lesson) -> None:
    old = head(lesson).number
    client.post(f"{PAGE}questions/one/duplicate/", {"base": old})
    response = client.post(f"{PAGE}questions/one/delete/", {"base": old}, follow=True)
    assert "in the meantime" in html(response)
    assert ids(lesson) == ["one", "one-2", "two"]


def test_a_faulty_text_is_kept_and_told_with_its_line_and_no_form_touches_it(client: Client, lesson: Lesson) -> None:
    faulty = TWO.replace("accept: [b]", "acept: [b]")
    text = html(client.post(f"{PAGE}text/", {"text": faulty, "base": head(lesson).number}, follow=True))
    assert "Line 4: questions[1].acept" in text
    assert "Add</button>" not in text
    client.post(f"{PAGE}questions/one/delete/", {"base": head(lesson).number})
    client.post(f"{PAGE}new/?type=text", {"prompt": "New?", "accept": "c", "wrong-TOTAL_FORMS": "0"})
    assert client.get(f"{PAGE}questions/one/").status_code == 302
    assert head(lesson).quiz == faulty


def test_what_the_text_cannot_know_is_told_with_its_line_too(client: Client, lesson: Lesson) -> None:
    text = TWO.replace("accept: [b]", "accept: [b], image: no.png")
    client.post(f"{PAGE}text/", {"text": text, "base": head(lesson).number})
    assert "Line 4: questions[1]: There is no picture “no.png” in this lesson." in html(client.get(PAGE))


def test_a_text_on_top_of_somebody_elses_is_refused_until_it_was_seen(client: Client, lesson: Lesson) -> None:
    old = head(lesson).number
    client.post(f"{PAGE}questions/one/delete/", {"base": old})
    refused = client.post(f"{PAGE}text/", {"text": "title: Mine", "base": old})
    assert refused.status_code == 409
    assert ids(lesson) == ["two"]
    client.post(f"{PAGE}text/", {"text": "title: Mine", "base": refused.context["base"]})
    assert ids(lesson) == []


def test_the_preview_shows_the_question_and_what_is_said_about_an_answer(client: Client, lesson: Lesson) -> None:
    before = head(lesson).number
    page = html(client.post(f"{PAGE}questions/one/", form_of(client, "one", act="preview", prompt="Look **here**?")))
    assert "Look <strong>here</strong>?" in page
    assert "Right." not in page
    page = html(client.post(f"{PAGE}questions/one/", form_of(client, "one", act="check", **{"q.one": "a"})))
    assert "Right." in page
    assert "Look at the marked fields" in html(client.post(f"{PAGE}questions/one/", form_of(client, "one", prompt="")))
    assert head(lesson).number == before


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("act", ["save", "preview", "check", "other", "add:choices", "remove:wrong:9"])
def test_any_form_is_answered_in_words(client: Client, kind: str, act: str) -> None:
    data = {
        "act": act,
        "prompt": "{{ n }} \ufffe",
        "points": "1e999",
        "variables": "n = 1/0",
        "choices-TOTAL_FORMS": "-3",
    }
    data |= {"answer": "9**9**9**9", "pattern": "(((((", "text": "[[a]] [[a]]", "params": "*x", "base": "9" * 30}
    response = client.post(f"{PAGE}new/?type={kind}", data)
    assert response.status_code in (200, 422)
