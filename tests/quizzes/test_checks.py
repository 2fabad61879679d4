"""What keeps a quiz from being published, and that one that is all right is published."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from courses.blocks import render_lesson
from courses.extensions import LessonSource
from courses.models import LessonImage
from courses.services.revisions import NotPublishable, problems_of, publish_revision
from mlcore.registry import LESSONS
from tests.factories import LessonFactory

pytestmark = pytest.mark.django_db

CHOICES = """
questions:
  - id: first
    type: single
    prompt: {prompt}
    {more}
    choices:
      - {{text: a, correct: true, why: a, {choice}}}
      - {{text: b, why: "{why}", see: {see}}}
"""


def choices(prompt: str = "Which?", more: str = "", choice: str = "", why: str = "b", see: str = "explorer/odd") -> str:
    return CHOICES.format(prompt=prompt, more=more, choice=choice, why=why, see=see)


def problems(quiz: str, *pictures: str) -> list[str]:
    lesson = LessonFactory(content__quiz=quiz, published=False)
    for number, name in enumerate(pictures):
        LessonImage.objects.create(
            lesson=lesson, name=name, file=f"{number:032x}.png", width=1, height=1, size=1, sha256="0" * 64
        )
    assert lesson.head
    found = problems_of(lesson, lesson.head)
    if not found:
        publish_revision(lesson=lesson, revision=lesson.head)
        return []
    with pytest.raises(NotPublishable) as refused:
        publish_revision(lesson=lesson, revision=lesson.head)
    assert refused.value.problems == found
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("quiz", "words"),
    [
        ("questions:\n  - id: a\n    type: odd\n    prompt: p\n", "line 3: questions[0].type: “type” must be one of"),
        ("questions: [", "line 2: This is not YAML"),
        (choices(see="nothing"), "question “first”: “see” names the demo “nothing”, which does not exist."),
        (
            choices(see="explorer/no"),
            "question “first”: “see” names the preset “no”, which the demo “explorer”",
        ),
        (choices(more="image: map.png"), "question “first”: There is no picture “map.png” in this lesson."),
        (choices(choice="image: map.png"), "question “first”: There is no picture “map.png” in this lesson."),
        (choices(prompt='"![A map](map.png)"'), "question “first”: There is no picture “map.png” in this lesson."),
        (choices(why="![A map](map.png)"), "question “first”: There is no picture “map.png” in this lesson."),
        (
            choices(prompt='"{{ n }} or {{ m }}?"', more="variables: {n: [1, 2]}"),
            "question “first”: “{{ m }}” is none of its variables: n.",
        ),
    ],
)
def test_what_students_would_miss_keeps_a_quiz_from_being_published(quiz: str, words: str) -> None:
    (said,) = problems(quiz)
    assert said.startswith(f"In the questions (quiz.yaml), {words}")


def test_a_quiz_whose_pictures_and_demos_are_there_is_published() -> None:
    quiz = choices(prompt='"![A map](map.png)"', more="image: map.png", choice="image: other.png", see="explorer")
    assert problems(quiz, "map.png", "other.png") == []
    assert problems(choices(prompt="What is $x^{{n}}$?")) == []


@pytest.mark.parametrize(
    "question",
    [
        "type: numeric, answer: 1, wrong: [{answer: 2, why: w, see: nothing}]",
        "type: text, accept: [a], wrong: [{answer: b, why: w, see: nothing}]",
        "type: ordering, items: [a, '![x](nothing)']",
        "type: matching, pairs: [{left: a, right: b, why: '![x](nothing)'}, {left: c, right: d}]",
        "type: matching, pairs: [{left: a, right: b}, {left: c, right: d}], extra: ['![x](nothing)']",
        "type: blanks, text: 'A [[b]]', blanks: {b: {accept: [x], why: '![x](nothing)'}}",
        "type: poll, choices: [{text: a, image: nothing}, {text: b}]",
        "type: multiple, choices: [{text: a, why: a, correct: true}, {text: b, why: b, see: nothing}]",
    ],
)
def test_every_type_is_looked_through(question: str) -> None:
    (said,) = problems(f"questions: [{{id: one, prompt: p, {question}}}]")
    assert "“nothing”" in said


@pytest.mark.parametrize(
    ("text", "asked"),
    [("```\n:::predict first\n```\n", True), ("::: predict first\n", False), (":::predict first\n", False)],
)
def test_what_the_text_only_shows_as_code_is_not_predicted(text: str, asked: bool) -> None:
    html = render_lesson(LessonSource(body=f"{text}\n:::quiz\n", quiz=choices(), for_author=True)).html
    assert ("The quiz has no questions yet" not in html) == asked


def test_syncing_the_built_in_course_prints_what_is_wrong_with_its_quizzes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yaml").write_text("title: A course\nsummary: Short.\n")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "lesson.md").write_text("---\ntitle: Words\norder: 1\n---\n\nText.\n")
    (tmp_path / "words" / "quiz.yaml").write_text(choices(see="nothing"))
    monkeypatch.setattr("courses.management.commands.sync_course.LESSONS", tmp_path)
    said: Any = io.StringIO()
    call_command("sync_course", stderr=said, stdout=io.StringIO())
    assert "lessons/words/lesson.md:6: In the questions (quiz.yaml), question “first”: “see” names" in said.getvalue()


@pytest.mark.parametrize("quiz", sorted(LESSONS.glob("*/quiz.yaml")), ids=lambda path: path.parent.name)
def test_the_quizzes_of_the_built_in_course_have_no_problem(quiz: Path) -> None:
    assert problems(quiz.read_text()) == []
