import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common import markdown
from common.markdown import BlockError, FrontMatterError, blocks_of, plain_text, render, split_front_matter

BLOCK_HTML = '<section data-demo="explorer"><script type="application/json">{}</script></section>'


def demo(arguments: str, body: str, line: int) -> str:
    if not arguments:
        raise BlockError("Which demo?")
    return BLOCK_HTML


class Tags(HTMLParser):
    """Every tag of some HTML, and whether anything in it could run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.dangers: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in {"script", "style", "iframe", "object", "embed", "form", "input", "base", "link", "meta", "svg"}:
            self.dangers.append(tag)
        for name, value in attrs:
            scheme = "".join((value or "").split()).lower()
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                self.dangers.append(name)
            elif name in {"href", "src"} and scheme.startswith(("javascript:", "data:", "vbscript:")):
                self.dangers.append(f"{name}={value}")


PIECES = st.sampled_from(
    [
        *[":::", ":::demo", ":::demo x", ":::note", ":::note T", "::: note a", "\n", "\n\n", "    ", "\t", "> ", "- "],
        *["1. ", "```", "$", "$$", "`", "|", "|--|--:|", "[a](", "javascript:alert(1)", ")", "![", "](x)", "<script>"],
        *["</script>", "<img src=x onerror=alert(1)>", '<div title="', "<!--", "&lt;", "&#0;", "[^1]", "[^1]: "],
        *["---\n", "# ", "## ", "*", "_", "a", "\x00", "\ud800", "\u2028", "é", "0;", "-0;", '"', "'", "\\"],
        *["<a href='", "<style>", "~~"],
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example('<div title="\n\n:::demo x\n\n<script>alert(1)</script>\n">')
@example("<title>\n\n:::demo x\n")
@example("- a\n  :::demo x\n\n  :::\n> :::note\n> b\n> :::\n")
@example("[^1]\n\n[^1]: :::demo x\n")
def test_no_text_raises_or_lets_a_script_through(text):
    rendered = render(text, {"demo": demo})
    ours = rendered.html.count(BLOCK_HTML)
    found = Tags(rendered.html.replace(BLOCK_HTML, ""))
    assert found.dangers == []
    assert ours <= text.count(":::")


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_equal_texts_render_equally(text):
    assert render(text, {"demo": demo}) == render(text, {"demo": demo})


def test_a_placeholder_cannot_be_forged():
    text = "abc-0; " * 3 + "\n\n:::demo x\n"
    assert render(text, {"demo": demo}).html.count(BLOCK_HTML) == 1


def test_a_block_between_paragraphs_is_replaced_by_its_handlers_html():
    html = render("Before.\n:::demo explorer capitals\nAfter.", {"demo": demo}).html
    assert html == f"<p>Before.</p>\n{BLOCK_HTML}\n<p>After.</p>\n"


def test_a_handler_gets_its_arguments_its_body_and_the_line_in_the_file():
    seen = []

    def handler(*call: object) -> str:
        seen.append(call)
        return ""

    render("---\ntitle: T\n---\n\n:::demo a  b\nText.\n\n- more\n:::\n\n:::demo c\n", {"demo": handler})
    assert seen == [("a  b", "Text.\n\n- more", 5), ("c", "", 11)]


def test_a_block_ends_where_the_next_one_opens():
    html = render(":::demo x\n\nProse.\n\n:::note\nBody.\n:::\n", {"demo": demo}).html
    assert html.index(BLOCK_HTML) < html.index("<p>Prose.</p>") < html.index('<aside class="note">')


def test_a_block_in_a_code_fence_is_code():
    assert "<pre><code>:::demo x\n</code></pre>" in render("```\n:::demo x\n```\n", {"demo": demo}).html


def test_a_note_holds_markdown_and_an_escaped_title():
    html = render(":::note Why <b>?\nSome *words* and $x$.\n:::", {}).html
    assert '<aside class="note"><p class="note-title">Why &lt;b&gt;?</p><p>Some <em>words</em> and <span' in html


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("One.\n\n:::nosuch thing\n", 3, "There is no block “:::nosuch”. There are :::demo, :::note."),
        (":::demo\n", 1, "Which demo?"),
        ("a\n\n:::\n", 3, "closes nothing"),
        (":::note\nNever closed.\n", 1, "needs its text"),
    ],
)
def test_what_is_wrong_stands_in_the_page_with_its_line(text, line, words):
    rendered = render(text, {"demo": demo})
    [problem] = rendered.problems
    assert problem.line == line
    assert words in problem.message
    assert f"<strong>Line {line}:</strong>" in rendered.html


def test_math_keeps_its_source_and_its_class_and_is_escaped():
    html = render("Let $a<b$.\n\n$$\nx^2 < 1\n$$\n\nIt costs $5 or $6.", {}).html
    assert '<span class="math inline">a&lt;b</span>' in html
    assert '<div class="math block">\nx^2 &lt; 1\n</div>' in html
    assert "It costs $5 or $6." in html


def test_headings_have_addresses_that_are_unique_and_say_their_text():
    rendered = render("## Two states $h$\n\n### Two `states` $h$\n\n## Two states $h$\n\n## !\n", {})
    assert [(h.level, h.text) for h in rendered.headings] == [
        (2, "Two states h"), (3, "Two states h"), (2, "Two states h"), (2, "!")]  # fmt: skip
    addresses = [heading.id for heading in rendered.headings]
    assert len(set(addresses)) == 4
    assert all(f'id="{address}"' in rendered.html for address in addresses)


def test_the_address_of_a_heading_is_short_and_none_of_the_pages_own():
    rendered = render(f"## {'long ' * 60}\n\n## Main\n\n## {'long ' * 60}\n", {})
    addresses = [heading.id for heading in rendered.headings]
    assert max(map(len, addresses)) < 110
    assert addresses[1] == "section-main"


def test_footnotes_of_a_text_and_of_its_notes_do_not_share_an_address():
    note = ":::note\nWords.[^1]\n\n[^1]: Below.\n:::\n\n"
    html = render(f"Text.[^1]\n\n[^1]: Below.\n\n{note}{note}", {}).html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == 6
    assert len(set(ids)) == 6
    assert all(f'href="#{address}"' in html for address in ids)


def test_the_words_of_a_text_are_those_of_its_notes_too():
    text = ":::note Why so?\nIt is the **norm**.\n:::\n\n:::figure a.png A plane\nIts axes.\n:::\n\n:::demo explorer\n"
    assert plain_text(text).text == "Why so?\nIt is the norm."
    assert plain_text(text, {"figure": lambda words: words[6:]}).text.endswith("\nA plane\nIts axes.")


def test_a_table_can_scroll_and_right_aligned_cells_are_numbers():
    html = render("| a | b |\n|---|--:|\n| x | 1 |\n", {}).html
    assert '<div class="table-scroll"><table>' in html
    assert '<th class="num" scope="col">b</th>' in html
    assert '<td class="num">1</td>' in html


def test_raw_html_is_shown_as_written():
    assert "&lt;b onclick=x&gt;" in render("a <b onclick=x> c", {}).html


def test_front_matter_is_told_from_the_text_below_it():
    read = split_front_matter("---\ntitle: Words\naims:\n  - one\n---\nBody.\n")
    assert (read.settings, read.body, read.first_line) == ({"title": "Words", "aims": ["one"]}, "Body.\n", 6)
    read = split_front_matter("No settings.\n---\na: b\n---\n")
    assert (read.settings, read.body, read.first_line) == ({}, "No settings.\n---\na: b\n---\n", 1)


@pytest.mark.parametrize(("text", "words"), [("---\na: b\nc: [\n---\n", "line"), ("---\n- a\n---\n", "name: value")])
def test_front_matter_that_is_no_mapping_is_refused_in_words(text, words):
    with pytest.raises(FrontMatterError, match=words):
        split_front_matter(text)


def test_footnotes_link_there_and_back():
    html = render("A claim.[^1]\n\n[^1]: Its source.\n", {}).html
    assert 'href="#fn1"' in html
    assert 'href="#fnref1"' in html
    assert markdown.render_fragment("plain") == "<p>plain</p>\n"


def test_a_picture_is_shown_under_its_name_only_where_the_lesson_has_it():
    text = "![A map](a%20map.png)\n\ntext\n\n![It](https://elsewhere.org/x.png) and ![that](no.png)\n"
    rendered = render(text, {}, {"a map.png": "/images/1.png"})
    assert '<img src="/images/1.png" alt="A map" loading="lazy">' in rendered.html
    assert "elsewhere.org" not in rendered.html
    assert [(problem.line, "no.png" in problem.message) for problem in rendered.problems] == [(5, False), (5, True)]


def test_a_picture_in_a_note_is_the_lessons_too():
    note = ":::note\n![A map](map.png)\n:::\n"
    assert 'src="/images/1.png"' in render(note, {}, {"map.png": "/images/1.png"}).html
    assert "There is no picture" in render(note, {}).problems[0].message


def test_the_blocks_of_a_text_are_told_in_order():
    text = "Text.\n\n:::demo a b\n\n:::nothing\n:::\n\n```\n:::demo in code\n```\n:::\n"
    rendered = render(text, {"demo": demo})
    assert [(block.name, block.arguments, block.line) for block in rendered.blocks] == [
        ("demo", "a b", 3),
        ("nothing", "", 5),
    ]
    assert blocks_of(text) == rendered.blocks


TALL = "|".join("a" * 190) + "\n" + "|".join("-" * 190) + "\n" + "|\n" * 330


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty cells", TALL),
        ("a reference again and again", "[a]: " + "b" * 5000 + "\n\n" + "[a]" * 1600),
        ("its title", '[a]: b "' + "t" * 5000 + '"\n\n' + "[a]" * 1600),
        ("a picture again and again", "![a][x]" * 1600 + "\n\n[x]: " + "c" * 5000),
        ("equal headings", "## a\n" * 2000),
        ("footnotes", "[^1]" * 2000 + "\n\n[^1]: x"),
    ],
)
def test_what_comes_out_is_in_proportion_to_the_text(name, text):
    assert len(render(text, {}).html) < 60 * len(text), name


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.sampled_from(["[x]: y\n", "[x]", "|a", "|-", "|\n"]), max_size=60).map("".join))
def test_no_text_multiplies(text):
    assert len(render(text, {}).html) <= 200 * len(text) + 2000


def test_a_table_with_short_rows_is_a_table():
    html = render("|a|b|c|\n|-|-|-|\n|1|\n|2|3|\n\n> |a|b|\n> |-|-|\n> |1|2|\n>\n> text\n" + "> more\n" * 300, {}).html
    assert html.count("<table>") == 2
    assert html.count("<td") == 8


def test_headings_of_the_same_words_have_addresses_of_their_own():
    headings = render("## a\n\n## a-1\n\n## a\n\n## a\n\n### a\n", {}).headings
    assert [heading.id for heading in headings] == ["a", "a-1", "a-2", "a-3", "a-4"]


def test_a_text_may_refer_to_one_address_often():
    html = render("[a]: https://example.org/a-page\n\n" + "[a] " * 500, {}).html
    assert html.count('href="https://example.org/a-page"') == 500
