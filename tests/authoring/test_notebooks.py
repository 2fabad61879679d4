"""Jupyter notebooks become lessons."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import v4
from PIL import Image

from authoring.services.images import MOST_IN_A_LESSON
from authoring.services.imports import SameName, import_bundle
from authoring.services.lesson_bundles import NothingToImport, read_bundle
from authoring.services.notebooks import Notebook, NotebookRefused, read_notebook
from common.markdown import render
from courses.models import Lesson
from courses.services.revisions import problems_of
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.django_db


def picture(format: str = "PNG") -> str:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(out, format)
    return base64.b64encode(out.getvalue()).decode()


def bytes_of(*cells: Any, **metadata: Any) -> bytes:
    return nbformat.writes(v4.new_notebook(cells=list(cells), metadata=metadata)).encode()


def read(*cells: Any, **metadata: Any) -> Notebook:
    return read_notebook(bytes_of(*cells, **metadata), name="my_notes")


def prose(text: str, **more: Any) -> Any:
    return v4.new_markdown_cell(text, **more)


def code(source: str, *outputs: Any) -> Any:
    return v4.new_code_cell(source, outputs=list(outputs))


def shown(**data: Any) -> Any:
    return v4.new_output("display_data", data={kind.replace("_", "/", 1): value for kind, value in data.items()})


def brought(data: bytes) -> Lesson:
    course = CourseFactory()
    bundle = read_bundle(io.BytesIO(data), "notes.ipynb")
    import_bundle(course=course, bundle=bundle, by=UserFactory(), same_name=SameName.REVISION)
    return course.lessons.get()


def test_a_notebook_becomes_a_lesson_that_can_be_published():
    lesson = brought(
        bytes_of(
            prose(
                "# Bigrams *counted*\n\nLet us count.\n\n## First\n\n![a map](attachment:my map.png)",
                attachments={"my map.png": {"image/png": picture()}},
            ),
            code("print(1)\n", v4.new_output("stream", text="1\n")),
            code("plt.show()", shown(image_png=picture(), text_plain="<Figure>")),
            code("plt.imshow(x)", shown(image_jpeg=picture("JPEG"))),
            language_info={"name": "python"},
        )
    )

    assert lesson.slug == "bigrams-counted"
    assert lesson.head.title == "Bigrams counted"
    assert lesson.head.body == (
        "Let us count.\n\n## First\n\n![a map](my-map.png)\n\n"
        "```python\nprint(1)\n```\n\n```text\n1\n```\n\n"
        "```python\nplt.show()\n```\n\n:::figure output-3.png What the code above has drawn\n:::\n\n"
        "```python\nplt.imshow(x)\n```\n\n:::figure output-4.jpg What the code above has drawn\n:::\n"
    ).replace("output-3.png", lesson.head.body.split(":::figure ")[1].split()[0])
    assert problems_of(lesson, lesson.head) == []


def test_without_a_heading_the_files_name_is_the_title():
    assert read(prose("Text.")).content.title == "my notes"


def test_other_headings_of_the_first_level_go_one_down_but_not_in_code():
    notebook = read(prose("# Title\n\n```\n# comment\n```\n\n    # indented"), prose("Part\n====\n\n## Sub\n\n# Again"))

    assert notebook.content.body == ("```\n# comment\n```\n\n    # indented\n\n## Part\n\n### Sub\n\n## Again\n")
    assert read(prose("# Title\n\n## Sub")).content.body == "## Sub\n"


def test_equal_cells_lose_their_heading_once():
    assert read(prose("# Same"), prose("# Same")).content.body == "## Same\n"


@pytest.mark.parametrize(
    ("jupyter", "ours"),
    [
        (r"so \\(x_1\\) is", "so $x_1$ is"),
        (r"so \( x_1 \) is", "so $x_1$ is"),
        (r"\\[ \sum_i x_i \\]", r"$$\sum_i x_i$$"),
        ("\\begin{align}\na &= b\n\n\\end{align}", "$$\\begin{aligned}a &= b\\end{aligned}$$"),
        ("\\begin{equation*}a\\end{equation*}", "$$a$$"),
        ("so $ x_1 $ is", "so $x_1$ is"),
        ("$$ a \\[1] $$", "$$ a \\[1] $$"),
        ("`\\(x\\)`", "`\\(x\\)`"),
        ("```\n\\(x\\)\n```", "```\n\\(x\\)\n```"),
        ("costs $5 or $6", "costs $5 or $6"),
    ],
)
def test_formulas_get_the_signs_of_lessons(jupyter, ours):
    assert read(prose(jupyter)).content.body == f"{ours}\n"


def test_a_block_of_ours_that_stands_there_by_accident_stays_text():
    notebook = read(
        prose(":::demo explorer\n\n- :::note\n\n> :::\n\n```\n:::demo explorer\n```"),
        code("x", shown(image_png=picture())),
        code(":::\n:::demo explorer", v4.new_output("stream", text=":::\n")),
        prose("After."),
    )
    seen: list[str] = []

    def figure(arguments: str, body: str, line: int) -> str:
        seen.append(body)
        return "<p>figure</p>"

    rendered = render(notebook.content.body, {"figure": figure, "demo": figure})

    assert [block.name for block in rendered.blocks] == ["figure"]
    assert seen == [""]
    assert ":::demo explorer" in rendered.html
    assert "After." in rendered.html


def test_code_that_has_fences_in_it_stays_in_its_fence():
    body = read(code("'''\n````\n'''"), language_info={"name": "r"}).content.body

    assert body == "`````r\n'''\n````\n'''\n`````\n"


def test_what_a_terminal_colours_and_overwrites_is_plain_in_the_end():
    body = read(
        code(
            "x",
            v4.new_output("stream", text="10%\r50%\r100%\r\n\x1b[31mred\x1b[0m"),
            v4.new_output("error", ename="E", evalue="e", traceback=["\x1b[0;31mE\x1b[0m: e"]),
        )
    ).content.body

    assert "```text\n100%\nred\n```" in body
    assert "```text\nE: e\n```" in body


def test_long_outputs_are_cut_and_what_is_not_shown_is_told():
    notebook = read(
        code(
            "x",
            v4.new_output("stream", text="line\n" * 1_000),
            v4.new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "W"}),
            v4.new_output("execute_result", data={"text/html": "<b>t</b>", "text/plain": "table"}),
            shown(**{"image_svg+xml": "<svg/>"}),
            shown(image_png="not base64!"),
        ),
        v4.new_raw_cell("latex"),
        prose("<img src=x onerror=alert(1)>"),
    )

    assert "… (the rest is left out)" in notebook.content.body
    assert notebook.content.body.count("line\n") == 60
    assert "```text\ntable\n```" in notebook.content.body
    assert "<svg" not in notebook.content.body
    told = "\n".join(notebook.left_out)
    for words in (
        "end of a long output",
        "widget",
        "in HTML; it is shown as text",
        "svg",
        "image/png",
        "raw cell",
        "HTML in a text",
    ):
        assert words in told
    assert "<img" not in render(notebook.content.body, {}).html


def test_two_attachments_of_one_name_are_two_pictures():
    notebook = read(
        prose("![](attachment:image.png)", attachments={"image.png": {"image/png": picture()}}),
        prose("![](attachment:image.png)", attachments={"image.png": {"image/png": picture()}}),
    )

    assert [name for name, _ in notebook.pictures] == ["image.png", "image-2.png"]
    assert "![](image-2.png)" in notebook.content.body


def test_an_older_notebook_is_read_too():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "heading", "level": 1, "source": "Old"}], "metadata": {}}],
    }

    assert read_notebook(json.dumps(old).encode(), name="x").content.title == "Old"


def test_a_notebook_too_long_for_a_lesson_is_refused():
    with pytest.raises(NotebookRefused, match="too long"):
        read(prose("a" * 400_001))


anything = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
texts = st.text(max_size=60) | st.text("\\$()[]`~:#!> -=_\n\x1b\rab", max_size=80)
bundles = st.dictionaries(
    st.sampled_from(["image/png", "image/jpeg", "text/plain", "text/html"]) | st.text(max_size=5),
    texts | anything,
    max_size=3,
)
outputs = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data"]) | anything},
    optional={"text": texts | anything, "data": bundles | anything, "traceback": st.lists(texts) | anything},
)
cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["markdown", "code", "raw"]) | anything,
        "source": texts | st.lists(texts, max_size=2) | anything,
    },
    optional={
        "outputs": st.lists(outputs, max_size=2) | anything,
        "attachments": st.dictionaries(texts, bundles) | anything,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3, 2, 5]) | anything, "cells": st.lists(cells, max_size=4) | anything},
    optional={"metadata": anything, "nbformat_minor": st.integers(0, 6) | anything, "worksheets": anything},
)


@given(notebooks | anything)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_json_comes_it_is_a_lesson_or_refused_in_words(notebook):
    try:
        found = read_notebook(json.dumps(notebook).encode(), name="x")
    except NotebookRefused:
        return
    assert found.content.title
    assert {block.name for block in render(found.content.body, {}).blocks} <= {"figure"}


@pytest.mark.parametrize(
    "data", [b"{", b'{"nbformat": 4}', b'{"a":' * 100_000, b'{"cells": 3, "nbformat": 4}', b'{"\xff": 1}']
)
def test_what_looks_like_a_notebook_and_is_none_is_refused(data):
    with pytest.raises(NothingToImport, match="no Jupyter notebook"):
        read_bundle(io.BytesIO(data), "x.ipynb")


@pytest.mark.parametrize("opening", ["\\[", "`", "`a", "$ _", "![", "\\begin{align}", ":::note\n", "- "])
def test_a_text_of_nothing_but_openings_is_read_all_the_same(opening):
    assert read(prose(opening * (20_000 // len(opening)))).content.body.strip()


@pytest.mark.parametrize("opening", ["\x1b]", "\x1b[", "\x1b[0", "\x1b]8;;", "\r", "`", "\x1b"])
def test_an_output_of_nothing_but_openings_is_read_all_the_same(opening):
    text = "printed\n" + opening * (3_000_000 // len(opening))

    notebook = read(code("x", v4.new_output("stream", text=text)))

    assert notebook.content.body.startswith("```python\nx\n```\n\n```")
    assert "printed" in notebook.content.body


def test_a_link_in_a_terminal_keeps_its_words():
    printed = "see \x1b]8;;https://example.org\x1b\\the page\x1b]8;;\x1b\\ and \x1b]0;title\x07this"

    assert "see the page and this" in read(code("x", v4.new_output("stream", text=printed))).content.body


def test_of_more_pictures_than_a_lesson_can_have_the_first_are_kept():
    drawn = [shown(image_png=picture()) for _ in range(MOST_IN_A_LESSON + 3)]

    notebook = read(code("x", *drawn))

    assert len(notebook.pictures) == MOST_IN_A_LESSON
    assert any("beyond the 200" in words and "3 times" in words for words in notebook.left_out)
