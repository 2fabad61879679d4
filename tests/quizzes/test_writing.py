"""Questions are written by forms and as text; every save is a revision, and a mistake is told at its field."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from quizzes.forms import TITLES, Options, QuestionEditor, fields_of, kept_in
from quizzes.questions import AnyQuestion
from quizzes.quiz_files import read_quiz
from quizzes.services.writing import has_comments
from tests.quizzes.test_questions import QUIZ

EVERY = (read_quiz(QUIZ).quiz or pytest.fail("the quiz of the tests is faulty")).questions


def sent(question: AnyQuestion, **changes: str) -> QueryDict:
    """What a browser sends of a question's form."""
    initial, rows = fields_of(question)
    editor = QuestionEditor(question.type, Options(kept=kept_in(question)), initial=initial, rows=rows)
    data = QueryDict(mutable=True)
    for form in [editor.form, *(row for one in editor.rows for row in [one.forms.management_form, *one.forms])]:
        for bound in form:
            value = bound.value()
            if value not in (None, False):
                data[bound.html_name] = "on" if value is True else str(value)
    data.update(changes)
    return data


def editor_of(question: AnyQuestion, **changes: str) -> QuestionEditor:
    return QuestionEditor(question.type, Options(kept=kept_in(question)), data=sent(question, **changes))


def test_there_is_a_question_of_every_type_here() -> None:
    assert {question.type for question in EVERY} == set(TITLES)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.type)
def test_a_form_that_is_sent_as_it_opened_changes_nothing(question: AnyQuestion) -> None:
    assert editor_of(question).question() == question


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
        ("points", "-1", "greater than 0"),
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
    assert [form["text"].value() for form in more.rows[0].forms][0] == "typed"
    assert len(more.rows[0].forms.forms) == len(editor.rows[0].forms.forms) + 1
    fewer = editor.changed("remove:choices:0")
    assert fewer.rows[0].forms[0]["text"].value() == "less"
    up = editor.changed("up:choices:1")
    assert [form["text"].value() for form in up.rows[0].forms][:2] == ["less", "typed"]


@pytest.mark.parametrize("act", ["", "add", "add:", "add:none", "remove:choices:99", "remove:choices:x", "up:choices:0"])
def test_an_act_that_means_nothing_changes_nothing(act: str) -> None:
    editor = single()
    assert len(editor.changed(act).rows[0].forms.forms) == len(editor.rows[0].forms.forms)


def test_a_question_without_an_id_gets_one_that_is_free() -> None:
    question = next(question for question in EVERY if question.type == "text")
    data = sent(question, id="", prompt="Say it!")
    made = QuestionEditor("text", Options(taken=frozenset({"say-it"})), data=data).question()
    assert made and made.id == "say-it-2"
    data["id"] = "say-it"
    taken = QuestionEditor("text", Options(taken=frozenset({"say-it"})), data=data)
    assert taken.question() is None and "Another question" in str(taken.form.errors["id"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a comment\nquestions: []", True),
        ("questions: [] # at the end", True),
        ('title: "no # comment"\nquestions: []', False),
        ("title: |\n  # in a text\n  more\nquestions: []\n", False),
        ("title: 😀 plain\n# here\n", True),
        ("title: [", False),
        ("", False),
    ],
)
def test_comments_are_noticed(text: str, expected: bool) -> None:
    assert has_comments(text) is expected
