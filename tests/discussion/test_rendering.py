"""Whatever somebody writes, the page shows it, and none of it runs."""

from __future__ import annotations

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Lesson
from discussion.models import Question
from discussion.rendering import render_post
from tests.discussion.conftest import Ask, signed_in

PIECES = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:x'>"),
    *("[x](javascript:alert(1))", "[x](https://example.org)", "![x](https://example.org/a.png)", "<https://a.example>"),
    *("$\\rule{9em}{9em}$", "$$\nx\n$$", "# heading", "## `<b>`", ":::demo explorer", ":::note x\ny\n:::", "[^1]"),
    *(
        "\n[^1]: note\n",
        "`code`",
        "```\n<i>\n```",
        "| a | b |\n|--:|---|\n| 1 | 2 |",
        "> q",
        "- a",
        "*",
        "_",
        "\\",
        "&#0;",
    ),
    *("\u202e", "\ud800", "\x85", '[a](b "<h1>")', '" onclick="x', "<h1 onclick=x>", "{{ x }}", "{% csrf_token %}"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map(" ".join) | st.lists(
    st.sampled_from(PIECES) | st.text(max_size=20), max_size=12
).map("\n".join)
NEVER = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "img",
    "svg",
    "form",
    "input",
    "button",
    "base",
    "link",
    "meta",
}
HEADINGS = {f"h{level}" for level in range(1, 7)}


class Look(HTMLParser):
    """Gathers tags, attributes and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_text_fails_runs_a_script_or_leaves_its_place(text: str) -> None:
    for tag, attributes in Look(render_post(text, prefix="answer-7")).found:
        assert tag not in NEVER | HEADINGS
        assert not any(name.startswith(("on", "hx-", "style", "src")) for name in attributes)
        assert (attributes.get("id") or "answer-7-").startswith("answer-7-")
        if tag == "a":
            assert attributes["rel"] == "nofollow ugc noopener"
            assert (attributes.get("href") or "#").startswith(("#", "http:", "https:", "mailto:", "/")) or (
                ":" not in (attributes.get("href") or "")
            )


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=150), text=TEXTS)
def test_whatever_is_sent_the_page_answers(lesson: Lesson, asker: User, title: str, text: str) -> None:
    Question.objects.all().delete()
    client = signed_in(asker)
    sent = {"title": title, "text": text, "form_key": uuid4()}
    encoded = {name: str(value).encode("utf-8", "replace") for name, value in sent.items()}
    response = client.post("/courses/own/first/discussion/ask/", encoded)
    assert response.status_code in (200, 302, 429)
    if response.status_code == 302:
        page = client.get(response["Location"])
        assert page.status_code == 200
        assert "alert(1)</script>" not in page.content.decode()


def test_links_say_that_we_do_not_stand_for_them() -> None:
    html = render_post("[x](https://example.org)", prefix="p")
    assert html == '<p><a href="https://example.org" rel="nofollow ugc noopener">x</a></p>\n'


def test_a_heading_is_none_of_the_pages() -> None:
    assert render_post("# Big *one*", prefix="p") == '<p class="post-heading">Big <em>one</em></p>\n'


def test_formulas_tables_and_code_keep_what_they_need() -> None:
    html = render_post("$x_t$\n\n| n |\n|--:|\n| 1 |\n\n`a < b`", prefix="p")
    assert '<span class="math inline">x_t</span>' in html
    assert '<td class="num">1</td>' in html
    assert '<div class="table-scroll">' in html
    assert "<code>a &lt; b</code>" in html


def test_two_posts_with_footnotes_do_not_share_an_address() -> None:
    html = render_post("Word[^1].\n\n[^1]: More.", prefix="answer-7")
    assert 'href="#answer-7-fn1"' in html
    assert 'id="answer-7-fn1"' in html


@pytest.mark.django_db
def test_a_post_shows_no_pictures_and_starts_no_demo(lesson: Lesson, asker: User, ask: Ask) -> None:
    question = ask(text="![a cat](https://example.org/cat.png)\n\n:::demo explorer")
    html = signed_in(asker).get(f"/courses/own/first/discussion/{question.pk}/").content.decode()
    assert "<img" not in html
    assert "data-demo" not in html
    assert "a cat" in html
