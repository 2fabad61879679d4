from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common.markdown import render
from courses.models import Course, GlossaryTerm
from courses.services.glossary import GlossaryFileError, Term, read_glossary, read_term, replace_glossary
from courses.services.sync import CourseFilesError, sync_course
from mlcore.registry import LESSONS
from tests.factories import CourseFactory, LessonFactory

FORMS = (("cell", "#c"), ("memory cell", "#m"), ("memory cells", "#m"), ("one-hot vector", "#o"), ("Bayes' rule", "#b"))


def linked(text: str, forms: tuple[tuple[str, str], ...] = FORMS) -> str:
    return str(render(text, {}, {}, forms).html)


# --- in the text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cell here, a cell there.", '<p>A <a href="#c" class="term">cell</a> here, a cell there.</p>'),
        ("Two Memory Cells.", '<p>Two <a href="#m" class="term">Memory Cells</a>.</p>'),
        ("A memory\ncell.", '<p>A <a href="#m" class="term">memory\ncell</a>.</p>'),
        ("A memory\tcell.", '<p>A <a href="#m" class="term">memory\tcell</a>.</p>'),
        ("A **cell**.", '<p>A <strong><a href="#c" class="term">cell</a></strong>.</p>'),
        ("A one-hot vector.", '<p>A <a href="#o" class="term">one-hot vector</a>.</p>'),
        ("It is Bayes' rule.", '<p>It is <a href="#b" class="term">Bayes’ rule</a>.</p>'),
        (
            "Memory cell, then cell.",
            '<a href="#m" class="term">Memory cell</a>, then <a href="#c" class="term">cell</a>',
        ),
        ("A memory cell, memory cells.", '<a href="#m" class="term">memory cell</a>, memory cells.'),
    ],
)
def test_the_first_use_of_a_term_is_a_link_and_the_longest_one_wins(text: str, expected: str) -> None:
    assert expected in linked(text)


@pytest.mark.parametrize(
    "text",
    [
        "cells and excellent",
        "A one, hot vector.",
        "## The cell",
        "`cell`",
        "    cell",
        "$cell$",
        "[the cell](https://example.org)",
        "[the **cell** and](https://example.org)",
        ":::cell",
    ],
)
def test_parts_of_words_headings_code_math_and_links_stay_as_they_are(text: str) -> None:
    assert 'class="term"' not in linked(text)


def test_a_text_says_which_terms_it_leads_to() -> None:
    assert render("A memory cell, a cell, memory cells.", {}, {}, FORMS).terms == ("#m", "#c")
    assert render("Nothing.", {}, {}, FORMS).terms == ()


def test_a_note_below_says_nothing_twice_and_a_link_after_a_link_works() -> None:
    assert linked("[x](https://example.org) cell").count('class="term"') == 1


@given(
    st.lists(st.sampled_from(["cell", "memory", "cells", "\n", " ", "*", "[", "](x)", "`", "$", "<b>", "|", "-"])),
    st.lists(st.text(min_size=1, max_size=10), max_size=5),
)
def test_whatever_the_text_and_the_terms_nothing_is_lost(pieces: list[str], terms: list[str]) -> None:
    text = " ".join(pieces)
    forms = FORMS + tuple((term, f"#{number}") for number, term in enumerate(terms))
    assert _without_terms(linked(text, forms)) == render(text, {}, {}).html


def _without_terms(html: str) -> str:
    pieces = html.split('<a href="#')
    return pieces[0] + "".join(_unlinked(piece) for piece in pieces[1:])


def _unlinked(piece: str) -> str:
    if 'class="term">' not in piece.partition(">")[0] + ">":
        return '<a href="#' + piece
    return piece.partition(">")[2].replace("</a>", "", 1)


# --- pages


@pytest.fixture
def course(db: None) -> Course:
    course = CourseFactory(slug="a-course", title="A course")
    replace_glossary(
        course=course,
        terms=[
            Term("Zeta", "Comes **last**."),
            Term("gate", "Lets some of it through, $0 < g < 1$.", ("gates",)),
            Term("<b>", "<script>alert(1)</script>"),
        ],
    )
    LessonFactory(
        course=course, slug="a-lesson", content__body="Two gates, and no more.\n\n:::note Gate\nA gate.\n:::\n"
    )
    return course


def test_a_lesson_leads_to_the_term_and_carries_its_definition(client: Client, course: Course) -> None:
    html = client.get("/courses/a-course/a-lesson/").content.decode()
    gate = GlossaryTerm.objects.get(term="gate")
    assert f'<a href="/courses/a-course/glossary/#term-{gate.pk}" class="term">gates</a>' in html
    assert f'<template data-term="term-{gate.pk}">' in html
    assert "Lets some of it through" in html
    assert "Comes" not in html


def test_a_changed_definition_shows_at_once(client: Client, course: Course) -> None:
    client.get("/courses/a-course/a-lesson/")
    GlossaryTerm.objects.filter(term="gate").update(definition="Something else.")
    assert "Something else." in client.get("/courses/a-course/a-lesson/").content.decode()
    GlossaryTerm.objects.all().delete()
    assert 'class="term"' not in client.get("/courses/a-course/a-lesson/").content.decode()


def test_the_glossary_lists_the_terms_by_letter_and_runs_none_of_them(client: Client, course: Course) -> None:
    html = client.get("/courses/a-course/glossary/").content.decode()
    assert html.index("&lt;b&gt;") < html.index(">gate") < html.index("Zeta")
    assert "also gates" in html
    assert "<strong>last</strong>" in html
    assert "<script>alert" not in html
    assert html.count('id="letter-G"') == 1


def test_the_glossary_is_for_those_who_read_the_lessons(client: Client, course: Course) -> None:
    Course.objects.update(is_public=False)
    assert client.get("/courses/a-course/glossary/").status_code == 404


def test_a_course_without_terms_says_so(client: Client, db: None) -> None:
    CourseFactory(slug="bare")
    assert "explains no words yet" in client.get("/courses/bare/glossary/").content.decode()


# --- the file


def test_the_glossary_of_the_course_can_be_read_and_is_synced(db: None) -> None:
    terms = read_glossary((LESSONS / "glossary.yaml").read_text(encoding="utf-8"))
    assert len(terms) >= 30
    forms = [form.lower() for term in terms for form in (term.term, *term.also)]
    assert len(forms) == len(set(forms))
    course = sync_course(folder=LESSONS).course
    assert course.terms.count() == len(terms)


def test_a_sync_replaces_the_terms_and_keeps_the_addresses_of_those_that_stay(tmp_path: Path, db: None) -> None:
    (tmp_path / "course.yaml").write_text("title: T\nsummary: S\n")
    sync_course(folder=tmp_path)
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text("- {term: gate, definition: Old.}\n- {term: gone, definition: Going.}\n")
    course = sync_course(folder=tmp_path).course
    before = course.terms.get(term="gate").pk
    glossary.write_text("- {term: Gate, also: [gates], definition: New.}\n")
    sync_course(folder=tmp_path)
    term = course.terms.get()
    assert (term.pk, term.term, term.also, term.definition) == (before, "Gate", ["gates"], "New.")
    glossary.unlink()
    sync_course(folder=tmp_path)
    assert course.terms.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("term: x", "is a list"),
        ("- x", "Entry 1 is not"),
        ("- {term: x}", "Entry 1: “definition” must be text"),
        ("- {term: 5, definition: x}", "Entry 1: “term” must be text"),
        ("- {term: x, definition: y, also: z}", "“also” must be a list"),
        ("- {term: x, definition: y}\n- {term: X, definition: y}", "“x” is there twice"),
        (f"- {{term: {'x' * 81}, definition: y}}", "has 81 characters"),
        ("- {", "not YAML"),
        ("[" * 10_000, "not YAML"),
    ],
)
def test_a_glossary_that_cannot_be_read_says_why(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(GlossaryFileError, match=words):
        read_glossary(text)
    (tmp_path / "course.yaml").write_text("title: T\nsummary: S\n")
    (tmp_path / "glossary.yaml").write_text(text)
    with pytest.raises(CourseFilesError, match=r"glossary\.yaml"):
        sync_course(folder=tmp_path)


def test_a_term_has_letters(db: None) -> None:
    with pytest.raises(GlossaryFileError, match="“term” must be text"):
        read_term({"term": "\0 ", "definition": "Nothing."}, 1)
    with pytest.raises(IntegrityError, match="term_has_letters"):
        GlossaryTerm.objects.create(course=CourseFactory(), term="", definition="Nothing.")
