"""Saving and publishing: every save is kept, and nobody writes over anybody."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import extensions
from courses.blocks import render_lesson
from courses.extensions import LessonSource
from courses.lesson_files import LessonContent, LessonFileError, read_lesson, write_lesson
from courses.models import Lesson, Revision
from courses.services.revisions import EditConflict, NotPublishable, publish_revision, save_revision
from tests.common.test_markdown import TEXTS, Tags
from tests.factories import LessonFactory, UserFactory

CONTENT = LessonContent(title="One", summary="About one.", aims=("say what one is",), body="First text.\n")


def changed(lesson: Lesson, **changes: object) -> LessonContent:
    assert lesson.head
    return replace(LessonContent.of(lesson.head), **changes)


@pytest.mark.django_db
def test_every_save_is_a_revision_with_its_author_and_message() -> None:
    lesson, ada = LessonFactory(content=CONTENT), UserFactory()
    save_revision(lesson=lesson, content=changed(lesson, body="Second.\n"), author=ada, base=1, message="Shorter")
    kept = [(one.number, one.body, one.author, one.message) for one in lesson.revisions.all()]
    assert kept == [(2, "Second.\n", ada, "Shorter"), (1, "First text.\n", None, "")]


@pytest.mark.django_db
def test_a_save_that_changes_nothing_makes_no_revision() -> None:
    lesson = LessonFactory(content=CONTENT)
    assert save_revision(lesson=lesson, content=CONTENT, author=None, base=1) == lesson.head
    assert lesson.revisions.count() == 1


@pytest.mark.django_db
def test_a_save_on_top_of_an_old_revision_is_refused_and_names_the_newer_one() -> None:
    lesson, grace = LessonFactory(content=CONTENT), UserFactory(name="Grace")
    theirs = save_revision(lesson=lesson, content=changed(lesson, body="Grace's.\n"), author=grace, base=1)
    with pytest.raises(EditConflict, match="Grace has saved") as refused:
        save_revision(lesson=lesson, content=changed(lesson, body="Mine.\n"), author=None, base=1)
    assert refused.value.head == theirs
    assert Lesson.objects.get().head == theirs


@pytest.mark.django_db
def test_a_form_and_an_editor_keep_the_same_text() -> None:
    lesson = LessonFactory(content=CONTENT)
    revision = save_revision(
        lesson=lesson, content=changed(lesson, body="One\r\ntwo\rthree\0 \ud800\n"), author=None, base=1
    )
    assert Revision.objects.get(pk=revision.pk).body == "One\ntwo\nthree\ufffd \ufffd\n"
    assert (
        save_revision(
            lesson=lesson, content=changed(lesson, body="One\r\ntwo\nthree\ufffd \ufffd\n"), author=None, base=2
        )
        == revision
    )


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_is_first_and_the_others_are_told() -> None:
    lesson = LessonFactory(content=CONTENT)
    barrier, outcomes = threading.Barrier(4), []

    def save(number: int) -> None:
        barrier.wait()
        try:
            save_revision(
                lesson=Lesson.objects.get(), content=replace(CONTENT, body=f"{number}\n"), author=None, base=1
            )
            outcomes.append("kept")
        except EditConflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "told", "told", "told"]
    assert lesson.revisions.count() == 2


@pytest.mark.django_db
def test_students_read_the_published_revision_while_the_next_is_written() -> None:
    lesson = LessonFactory(content=CONTENT)
    draft = save_revision(lesson=lesson, content=changed(lesson, body="Second.\n"), author=None, base=1)
    lesson.refresh_from_db()
    assert (lesson.published.body, lesson.has_draft) == ("First text.\n", True)
    publish_revision(lesson=lesson, revision=draft)
    lesson.refresh_from_db()
    assert (lesson.published.body, lesson.has_draft) == ("Second.\n", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("Text.\n\n:::demo nothing\n", 3, "There is no demo “nothing”"),
        ("Text.\n\n:::demo explorer nothing\n", 3, "has no preset “nothing”"),
        ("Text.\n\nMore.\n\n:::nothing\n", 5, "There is no block “:::nothing”"),
        ("Text.\n\n![A map](map.png)\n", 3, "There is no picture “map.png”"),
        ("\n \n", 1, "has no text"),
    ],
)
def test_what_students_would_stumble_over_is_not_published(body: str, line: int, words: str) -> None:
    lesson = LessonFactory(content=CONTENT)
    revision = save_revision(lesson=lesson, content=changed(lesson, body=body), author=None, base=1)
    with pytest.raises(NotPublishable) as refused:
        publish_revision(lesson=lesson, revision=revision)
    assert [problem.line for problem in refused.value.problems] == [line]
    assert words in refused.value.problems[0].message
    assert Lesson.objects.get().published.number == 1


def test_an_app_hands_in_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_blocks", extensions.blocks())
    monkeypatch.setattr(extensions, "_printed_blocks", extensions.printed_blocks())
    extensions.register_block("quiz", lambda source, arguments, body, line: f"<p>{source.quiz} {arguments} {line}</p>")
    assert "<p>q: 1 two 3</p>" in render_lesson(LessonSource("Text.\n\n:::quiz two\n", quiz="q: 1")).html


@settings(max_examples=300, deadline=None)
@given(TEXTS | st.lists(st.sampled_from([":::demo explorer", ":::figure x y", ":::quiz", "a", "\n"])).map("\n".join))
def test_no_lesson_whatever_its_text_raises_or_lets_a_script_through(text: str) -> None:
    for for_author in (False, True):
        html = render_lesson(LessonSource(text, for_author=for_author)).html
        # What a demo's frame is made of is ours; nothing else may hold a script.
        pieces = html.split('<section class="demo"')
        assert Tags(pieces[0]).dangers == []
        for piece in pieces[1:]:
            frame, _, rest = piece.partition("</section>")
            assert frame.count("<script") == 1
            assert Tags(rest).dangers == []


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
TITLES = WORDS.map(str.strip).filter(bool)
BODIES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=300).map(
    lambda text: text.lstrip("\n")
)


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        LessonContent,
        title=TITLES,
        summary=WORDS.map(str.strip),
        aims=st.lists(TITLES, max_size=4).map(tuple),
        body=BODIES,
    ),
    st.integers(0, 32_767),
)
def test_a_lesson_written_to_a_file_is_read_back_the_same(content: LessonContent, order: int) -> None:
    read = read_lesson(write_lesson(content, order=order))
    assert (read.content, read.order, read.unknown) == (content, order, ())


def test_the_text_of_a_file_knows_its_line() -> None:
    text = "---\ntitle: One\norder: 1\n---\n\n\nFirst line.\n"
    read = read_lesson(text)
    assert text.splitlines()[read.first_line - 1] == "First line."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "“title” is missing"),
        ("---\ntitle: 3\n---\n", "“title” is missing"),
        (f"---\ntitle: {'x' * 121}\n---\n", "has 121 characters; 120 fit"),
        ("---\ntitle: T\norder: yes\n---\n", "“order” must be a number"),
        ("---\ntitle: T\norder: -1\n---\n", "“order” must be a number"),
        ("---\ntitle: T\naims: one\n---\n", "“aims” must be a list"),
        ("---\ntitle: T\nsummary: [a]\n---\n", "“summary” is missing"),
        ("---\ntitle: T\n---\n" + "x" * 400_001, "too long"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(LessonFileError, match=words):
        read_lesson(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | TEXTS | st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n"))
def test_any_file_is_read_or_refused_in_words(text: str) -> None:
    with suppress(LessonFileError):
        assert read_lesson(text).content.title


@pytest.mark.django_db
def test_a_revision_knows_its_blocks() -> None:
    lesson = LessonFactory(content__body=":::demo explorer capitals\n\n:::quiz\n")
    assert Revision.objects.get().blocks == [["demo", "explorer capitals"], ["quiz", ""]]
    assert lesson.published == lesson.head
