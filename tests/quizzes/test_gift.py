"""Moodle's GIFT comes in and goes out; what cannot be read is told, and the rest is there."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizzes.exchange.gift import read_gift
from quizzes.exchange.gift_writing import write_gift
from quizzes.exchange.report import LONGEST_FILE, FileRefused, Imported
from quizzes.grading import grade
from quizzes.questions import ANY_QUESTION, NO_WHY


def read(text: str) -> Imported:
    return read_gift(text.encode())


def only(text: str) -> Any:
    imported = read(text)
    assert not imported.skipped, imported.skipped
    (question,) = imported.questions
    return question


def test_one_choice_of_several_with_feedback_category_and_title() -> None:
    question = only(
        "// A comment\n$CATEGORY: $course$/top/Word vectors/Basics\n\n"
        "::Capital of France::Which city is it?{\n=Paris#Yes.\n~London#No\\: that is England.\n~Rome####It is old.\n}\n"
    )
    assert (question.id, question.type, question.tags) == ("capital-of-france", "single", ("word-vectors", "basics"))
    assert [choice.text for choice in question.choices if choice.correct] == ["Paris"]
    assert [choice.why for choice in question.choices] == ["Yes.", "No: that is England.", NO_WHY]
    assert question.why == "It is old."


def test_weights_make_several_choices_right() -> None:
    question = only("Gates?{~%50%input ~%50%output ~%-100%garden}")
    assert question.type == "multiple"
    assert [choice.correct for choice in question.choices] == [True, True, False]


@pytest.mark.parametrize(("said", "right"), [("T", "True"), ("FALSE", "False"), ("true#no#yes", "True")])
def test_true_or_false(said: str, right: str) -> None:
    question = only(f"It rains.{{{said}}}")
    assert [choice.text for choice in question.choices if choice.correct] == [right]
    if "#" in said:
        assert [choice.why for choice in question.choices] == ["yes", "no"]


@pytest.mark.parametrize(
    ("said", "taken", "refused"),
    [("#3:0.5", "3.5", "3.6"), ("#1..5", "5", "5.1"), ("#=-2:0 =%0%2:0#The sign!", "-2", "2"), ("#1e3", "1000", "999")],
)
def test_numbers_with_tolerance_or_range(said: str, taken: str, refused: str) -> None:
    question = only(f"How many?{{{said}}}")
    assert question.type == "numeric"
    assert grade(question, taken, {}).is_right
    assert not grade(question, refused, {}).is_right


def test_several_right_numbers_are_compared_as_texts() -> None:
    imported = read("A root of x² = 9?{#=3 =-3}")
    assert imported.questions[0].accept == ("3", "-3")  # type: ignore[union-attr]
    assert "compared as texts" in imported.changed[0].reason


def test_short_answers_pairs_and_a_missing_word() -> None:
    short = only("Two?{=two =2 =%0%three#One less.}")
    assert (short.accept, short.wrong[0].why) == (("two", "2"), "One less.")
    pairs = only("Match.{=cat -> meow =dog -> bark = -> moo}")
    assert [(pair.left, pair.right) for pair in pairs.pairs] == [("cat", "meow"), ("dog", "bark")]
    assert pairs.extra == ("moo",)
    assert only("The {=cat ~car} says meow.").prompt == "The _____ says meow."


def test_html_becomes_markdown_and_escapes_are_taken_away() -> None:
    question = only(
        "[html]<p>What is <b>2</b> \\{x\\} &lt; 3?</p><script>bad()</script>{=[plain]<i>kept</i> ~\\(y\\=1\\)}"
    )
    assert question.prompt == "What is **2** {x} < 3?"
    assert [choice.text for choice in question.choices] == ["<i>kept</i>", "$y=1$"]


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_comes_in() -> None:
    imported = read(
        "Write an essay.{}\n\nJust a text.\n\nBroken {=a ~b\n\nGood?{=yes ~no}\n\nNumber?{#many}\n\nOne?{=a ~a2 =c*}\n"
    )
    assert [(item.number, item.line) for item in imported.skipped] == [(1, 1), (2, 3), (3, 5), (5, 9)]
    assert "essay" in imported.skipped[0].reason
    assert [question.prompt for question in imported.questions] == ["Good?", "One?"]
    assert imported.without_why == 5


def test_what_is_too_large_or_no_text_is_refused() -> None:
    with pytest.raises(FileRefused, match="larger than"):
        read("\n" * (LONGEST_FILE + 1))
    with pytest.raises(FileRefused, match="UTF-8"):
        read_gift(b"\xff\xfe\x00")


def test_a_file_made_to_be_slow_is_read_in_time() -> None:
    assert len(read("::a::x{=}\n\n" * 30_000).skipped) == 30_000
    assert "too long" in read("x{=" + "\\\\(" * 100_000 + "}").skipped[0].reason
    tags = "<b>" + "<a " * 6_000
    assert read(f"{tags}{{=x}}\n\n" * 25).questions == []
    marks = "\\\\(" * 6_000
    assert read(f"{marks}{{=x}}\n\n" * 25).questions == []


def test_a_picture_that_is_not_in_the_file_is_told() -> None:
    imported = read(r'Look: <img src\="@@PLUGINFILE@@/a.png"> {T}')
    assert [question.prompt for question in imported.questions] == ["Look:"]
    assert "picture" in imported.changed[0].reason


def test_moodle_reads_the_right_sides_of_pairs_as_they_are() -> None:
    """What follows a right side, a # too, would be a part of it there, and shown to students."""
    pairs = [{"left": "king", "right": "queen"}, {"left": "man", "right": "woman", "why": "Analogy."}]
    match = ANY_QUESTION.validate_python({"id": "match", "type": "matching", "prompt": "Match.", "pairs": pairs})
    assert "\t=king -> queen\n\t=man -> woman\n" in write_gift([match])


def test_the_file_names_what_gift_cannot_say() -> None:
    order = ANY_QUESTION.validate_python({"id": "order", "type": "ordering", "prompt": "Order.", "items": ["a", "b"]})
    written = write_gift([order])
    assert "// Left out: order. GIFT has no ordering." in written
    assert read(written) == Imported()


def test_that_a_demo_shows_why_is_left_out_and_the_file_says_so() -> None:
    pairs = ANY_QUESTION.validate_python(
        {
            "id": "both",
            "type": "matching",
            "prompt": "Match.",
            "pairs": [{"left": "a", "right": "A"}, {"left": "b", "right": "B"}],
            "see": "explorer/odd",
        }
    )
    written = write_gift([pairs])
    assert "// Left out of both: the demos that show why." in written
    assert read(written).questions == [pairs.model_copy(update={"see": None})]


# Texts as authors write them: with all that means something in GIFT.
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("abc ~=#{}:\\n\n%[]->$*/.1"), st.characters(codec="utf-8", categories=["L", "P"])
    ),
    min_size=1,
    max_size=40,
).filter(str.strip)
whys = texts.filter(lambda text: text.strip() != NO_WHY)
lines = texts.filter(lambda text: "->" not in text and len(text.strip()) <= 40)
names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True).filter(lambda name: name != "top")
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
common = {"id": names, "prompt": texts, "why": whys, "tags": st.lists(names, max_size=2, unique=True)}


def of_type(kind: str, **parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **common, **parts})


def choices(*, right: int | None) -> st.SearchStrategy[list[dict[str, Any]]]:
    rows = st.lists(st.fixed_dictionaries({"text": texts, "why": whys}), min_size=2, max_size=5)
    if right is not None:
        return rows.map(lambda found: [{**row, "correct": place == right} for place, row in enumerate(found)])
    return rows.map(lambda found: [{**row, "correct": place != 1} for place, row in enumerate(found)])


sayable = st.one_of(
    of_type("single", choices=choices(right=1)),
    of_type("multiple", choices=choices(right=None)),
    of_type("numeric", answer=numbers, tolerance=st.floats(0, 100)),
    of_type("text", accept=st.lists(lines, min_size=1, max_size=3)),
    of_type(
        "matching",
        pairs=st.lists(st.fixed_dictionaries({"left": lines, "right": texts}), min_size=2, max_size=4),
        extra=st.lists(texts, max_size=2),
    ),
)


STRANGE = {
    "id": "strange",
    "type": "single",
    "prompt": "// [html] ::no title:: {=a}",
    "choices": [
        {"text": "%50% of it", "correct": True, "why": "[html] <b>stays</b>"},
        {"text": "[plain] T # why", "why": "%0%"},
    ],
}


@settings(max_examples=60, deadline=None)
@given(sayable)
@example(STRANGE)
def test_what_gift_can_say_comes_back_as_it_went_out(value: dict[str, Any]) -> None:
    try:
        question = ANY_QUESTION.validate_python(value)
    except ValueError:
        return  # two sides that are the same
    imported = read(write_gift([question]))
    assert imported.questions == [question]
    assert not imported.skipped


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(alphabet="aT~=#{}:\\n\n%50->$/. [html]", max_size=80), st.text(max_size=80)))
def test_any_text_is_read_or_told(text: str) -> None:
    with contextlib.suppress(FileRefused):
        read_gift(text.encode("utf-8", "surrogatepass"))
