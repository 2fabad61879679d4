"""The guide for authors, in the product."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_guide_is_a_page_whose_links_lead_somewhere() -> None:
    html = Client().get("/author/help/").content.decode()
    guide = html[html.index("<article") : html.index("</article>")]
    assert "Writing courses</h1>" in guide
    assert "Line " not in re.sub(r"<[^>]+>", "", guide)  # nothing in it is wrong
    anchors = re.findall(r'href="([^"]+)"', guide)
    assert anchors
    assert [anchor for anchor in anchors if not anchor.startswith("#")] == []
    assert [anchor for anchor in anchors if f'id="{anchor[1:]}"' not in guide] == []


def test_the_guide_shows_blocks_as_they_are_written() -> None:
    assert ":::figure map.png" in Client().get("/author/help/").content.decode()


def test_the_pages_of_an_author_and_the_front_page_lead_to_the_guide() -> None:
    ada = UserFactory(role="instructor")
    LessonFactory(course=CourseFactory(slug="signs", instructor=ada), slug="waves")
    for path in ("/author/", "/author/courses/signs/", "/author/courses/signs/lessons/waves/"):
        html = signed_in(ada).get(path).content.decode()
        assert 'href="/author/help/"' in html[: html.index("<footer")]
    assert 'href="/author/help/"' in Client().get("/").content.decode()
