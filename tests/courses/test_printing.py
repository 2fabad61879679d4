from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses.extensions import LessonSource
from courses.models import GlossaryTerm, Lesson, LessonImage
from courses.models.lesson import IMAGE_FOLDER
from courses.printing import printable
from tests.factories import CourseFactory, LessonFactory

BODY = """## A part

The *gate* is $g \\in [0, 1]$, and

$$\\begin{aligned} a &= b \\\\ &+ c \\end{aligned}$$

:::demo explorer capitals

:::note Mind this
A [link](/courses/) and $x$.
:::

![A small picture](dot.png)
"""
FILE = f"{'0' * 32}.png"
PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def lesson(db: None, settings: Any, tmp_path: Path) -> Lesson:
    settings.MEDIA_ROOT = tmp_path
    default_storage.save(f"{IMAGE_FOLDER}/{FILE}", ContentFile(PNG))
    course = CourseFactory(slug="a-course", title="A course")
    GlossaryTerm.objects.create(course=course, term="gate", definition="Lets $g$ of it through.")
    lesson = LessonFactory(course=course, slug="a-lesson", content__title="A lesson", content__body="Text.")
    LessonImage.objects.create(lesson=lesson, name="dot.png", file=FILE, width=1, height=1, size=len(PNG), sha256="0")
    lesson.published.body = BODY
    lesson.published.save()
    return lesson


def html_of(client: Client, query: str = "") -> str:
    response = client.get(f"/courses/a-course/a-lesson/print/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_printed_page_has_text_formulas_pictures_and_the_terms_at_its_end(client: Client, lesson: Lesson) -> None:
    html = html_of(client)
    gate = GlossaryTerm.objects.get()
    assert "<h1>A lesson</h1>" in html
    assert html.count("<math") == 4
    assert '<div id="term-' in html
    assert f'href="#term-{gate.pk}" class="term">gate' in html
    assert "explorer.sample.png" in html
    assert "Which words are near?" in html
    assert 'href="http://testserver/courses/a-course/a-lesson/"' in html
    assert "/demos/explorer/?preset=capitals" in html
    assert "the text speaks of the example “" in html
    assert f"/images/{FILE}" in html
    for gone in ("<script", "data-demo", 'class="math', ":::", 'loading="lazy"'):
        assert gone not in html


def test_the_file_for_offline_needs_nothing_else(client: Client, lesson: Lesson) -> None:
    response = client.get("/courses/a-course/a-lesson/print/?download=1")
    assert response["Content-Disposition"] == 'attachment; filename="a-lesson.html"'
    html = response.content.decode()
    sources = re.findall(r'<img [^>]*?src="([^"]{0,30})', html)
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "<link" not in html
    assert "<script" not in html
    assert 'href="/' not in html
    assert "@media print" in html


def test_it_is_for_those_who_may_read_the_lesson(client: Client, lesson: Lesson) -> None:
    lesson.course.is_public = False
    lesson.course.save()
    assert client.get("/courses/a-course/a-lesson/print/").status_code == 404


@pytest.mark.parametrize("tex", ["\\frac{", "\\nothing{x}", "a & b", "\\begin{matrix}", "{", "\\\\\\"])
def test_a_formula_that_cannot_be_translated_stays_as_it_was_written(tex: str) -> None:
    html = printable(LessonSource(f"So ${tex}$ it is.")).html
    assert '<code class="tex">' in html or "math" not in html


@given(st.text(alphabet=st.sampled_from("<>&\"'\\{}$abc^_ =/script"), max_size=40))
def test_no_formula_lets_anything_into_the_page(tex: str) -> None:
    html = printable(LessonSource(f"$${tex}$$\n\n$\\text{{{tex}}}$")).html
    tags = set(re.findall(r"<\s*/?\s*([a-z!?]+)", html))
    assert (
        not tags
        - {"p", "code", "br", "a", "ul", "li", "ol", "em", "strong", "blockquote", "pre", "hr", "h"}
        - {tag for tag in tags if tag.startswith("m")}
    )
