"""What an author surely did not mean is told before students see it."""

from __future__ import annotations

import pytest

from courses.services.revisions import problems_of
from tests.factories import LessonFactory

pytestmark = pytest.mark.django_db


def problems(body: str) -> list[tuple[int, str]]:
    lesson = LessonFactory(published=False, content__body=body)
    return [(problem.line, problem.message) for problem in problems_of(lesson, lesson.head)]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("One.\n\n[words](https://)\n", 3),
        ("One\ntwo [words](http://) three.\n", 2),
        ("- [words]()\n", 1),
        ("Text.\n\n:::note Title\nOne.\n[words](https://)\n:::\n", 5),
        ("| a |\n|---|\n| [b](https://) |\n", 3),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_its_line(body: str, line: int) -> None:
    [(where, words)] = problems(body)
    assert where == line
    assert "leads nowhere" in words


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("words. :::demo explorer city\n", 1),
        ("One.\n\nOne\ntwo :::note\nthree\n", 4),
        ("## A part :::demo explorer\n", 1),
    ],
)
def test_a_block_in_the_middle_of_a_line_is_told_with_its_line(body: str, line: int) -> None:
    [(where, words)] = problems(body)
    assert where == line
    assert "in the middle of a line" in words


@pytest.mark.parametrize(
    "body",
    [
        "[words](https://example.org), <https://example.org> and [up](#part)\n",
        "Write `words :::demo explorer` so.\n",
        "    words :::demo explorer\n",
        "Three colons ::: and a word, or :::nothing of ours.\n",
        ":::demo explorer\n\n:::note Title\nWords.\n:::\n",
    ],
)
def test_what_is_meant_is_no_slip(body: str) -> None:
    assert problems(body) == []
