"""Working through a lesson: what is done is kept, wherever one goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import LESSON, Visitor, fill_sign_up, new_email
from tests.stack import Stack

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
COURSE = "/courses/sequence-models/"
PLACE = "one-vector-whatever-the-sentence"
MAKE_LESSON = """
from courses.lesson_files import LessonContent
from courses.models import Course
from courses.services.revisions import create_lesson, publish_revision

course = Course.objects.create(slug={slug!r}, title="Presets", summary="Words.", is_public=True)
body = ":::demo explorer capitals\\n\\n:::demo explorer\\n\\n## The end\\n\\n" + "A sentence.\\n\\n" * 40
content = LessonContent("Two demos", body=body)
lesson = create_lesson(course=course, slug="two", order=1, content=content, author=None)
publish_revision(lesson=lesson, revision=lesson.head)
"""


@pytest.fixture(scope="module")
def two_demos(stack: Stack) -> str:
    """A lesson with a demo that opens on a preset, one that does not, and a heading below them."""
    slug = f"course-{uuid4().hex[:8]}"
    stack.manage("shell", "--command", MAKE_LESSON.format(slug=slug))
    return f"/courses/{slug}/two/"


def read_to_the_end(page: Page) -> None:
    """As somebody who looks at each screenful for a moment."""
    end = page.locator(".lesson-todo")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    for _ in range(100):
        page.wait_for_timeout(450)  # what is read must stay in view for a moment
        if end.evaluate("todo => todo.getBoundingClientRect().top < innerHeight - 40"):
            return
        page.evaluate("scrollBy({top: innerHeight * 0.8, behavior: 'instant'})")
    pytest.fail("The lesson has no end.")


def todo(page: Page, words: str) -> None:
    expect(page.locator(".lesson-todo .todo-count")).to_have_text(words)


def item(page: Page, title: str) -> str:
    return page.locator(".lesson-todo li").filter(has_text=title).locator(".todo-state").inner_text()


def test_a_student_works_through_a_lesson_on_a_phone_and_goes_on_elsewhere(arrive: Callable[..., Visitor]) -> None:
    phone = arrive(viewport=PHONE, has_touch=True)
    email = phone.sign_up()
    page = phone.open(LESSON)
    todo(page, "0 of 4 done")

    explorer = phone.demo("explorer")
    explorer.get_by_role("button", name="Run").click()
    expect(explorer).to_have_attribute("data-state", "succeeded")
    todo(page, "1 of 4 done")
    read_to_the_end(page)
    todo(page, "2 of 4 done")
    assert "Done" in item(page, "Read the text")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # Back to a place in the middle.
    with page.expect_response(lambda response: PLACE in (response.request.post_data or "")) as told:
        page.locator(f"#{PLACE}").evaluate("h => h.scrollIntoView({block: 'start', behavior: 'instant'})")
    assert told.value.ok

    desk = arrive()
    page = desk.sign_in(email)
    expect(page.locator("details.menu summary")).to_have_text("Ada")
    page.goto(COURSE)
    expect(page.get_by_role("main")).to_contain_text("2 of 4 done")
    page.goto("/my/")
    expect(page.locator("[aria-labelledby=begun-title]")).to_contain_text("Words as vectors")
    page.get_by_role("link", name="Go on: Words as vectors, § One vector, whatever the sentence").click()
    expect(page).to_have_url(re.compile(f"{LESSON}#{PLACE}$"))
    todo(page, "2 of 4 done")
    expect(page.locator(".lesson-steps [aria-current]")).to_contain_text("2 of 4 done")

    button = page.get_by_role("button", name="Mark as not read")
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press("Enter")
    todo(page, "1 of 4 done")
    page.reload()
    todo(page, "1 of 4 done")


def test_a_demo_that_runs_as_the_page_opens_is_not_done_yet(arrive: Callable[..., Visitor], two_demos: str) -> None:
    phone = arrive(viewport=PHONE, has_touch=True)
    noted: list[str] = []
    phone.page.on(
        "request", lambda request: noted.append(request.post_data or "") if "progress" in request.url else None
    )
    for _ in range(2):
        page = phone.open(two_demos)
        explorer = phone.demo("explorer")
        expect(explorer).to_have_attribute("data-state", "succeeded")
        page.goto("/my/runs/")
        expect(page.locator(".runs > li")).to_have_count(1)
    page = phone.open(two_demos)
    expect(explorer).to_have_attribute("data-state", "succeeded")
    assert [post for post in noted if "demo" in post] == []

    explorer.get_by_role("button", name="Run").tap()
    todo(page, "1 of 2 done")
    expect(explorer.locator(".demo-status")).to_be_in_viewport()
    expect(explorer.locator(".demo-body")).to_be_in_viewport()


def test_a_word_that_is_typed_and_then_sent_is_one_run(visitor: Visitor) -> None:
    page = visitor.open("/demos/explorer/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    explorer = visitor.demo("explorer")
    explorer.get_by_label("Word", exact=True).fill("guitar")
    expect(explorer).to_have_attribute("data-state", "succeeded")
    explorer.get_by_role("button", name="Run").click()
    expect(explorer).to_have_attribute("data-ran", "")
    expect(page.locator(".demo-body")).to_contain_text("nearest to guitar")
    assert len(asked) == 1


def test_a_place_below_the_demos_stays_where_it_is_while_they_are_built(
    arrive: Callable[..., Visitor], two_demos: str
) -> None:
    page = arrive(viewport=PHONE, has_touch=True).open(f"{two_demos}#the-end")
    expect(page.locator(".js-plotly-plot .main-svg").nth(1)).to_be_attached()
    place = page.locator("#the-end")
    expect(place).to_be_in_viewport()
    assert place.evaluate("place => place.getBoundingClientRect().top") < 100


def test_a_jump_to_the_end_is_not_reading(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.wait_for_timeout(900)  # longer than a part must be in view
    todo(page, "0 of 4 done")
    page.get_by_role("button", name="Mark as read").click()
    todo(page, "1 of 4 done")


def test_the_progress_of_a_guest_goes_with_them_into_the_account(visitor: Visitor) -> None:
    page = visitor.open(LESSON)
    assert visitor.context.cookies() == []
    page.get_by_role("button", name="Mark as read").click()
    todo(page, "1 of 4 done")
    page.get_by_role("link", name="Sign up").first.click()
    fill_sign_up(page, new_email("Ada"), "Ada")
    expect(page).to_have_url(re.compile(re.escape(LESSON)))
    todo(page, "1 of 4 done")


def test_a_term_explains_itself_to_the_pointer_the_keyboard_and_a_finger(arrive: Callable[..., Visitor]) -> None:
    desk = arrive()
    page = desk.open(LESSON)
    term, other = page.locator("a.term").nth(0), page.locator("a.term").nth(1)
    popover = page.locator("#term-popover")

    term.hover()
    expect(popover).to_contain_text("A vector as long as the vocabulary")
    popover.hover()
    expect(popover).to_be_visible()
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()

    term.focus()
    page.keyboard.press("Tab")
    expect(other).to_be_focused()
    expect(popover).to_contain_text("All the words that a model knows")
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/glossary/#term-\d+$"))

    phone = arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    page = phone.open(LESSON, predicts=True)  # a mouse that rests on the page would open the word
    term, popover = page.locator("a.term").first, page.locator("#term-popover")
    term.tap()
    expect(popover).to_contain_text("A vector as long as the vocabulary")
    assert page.url.endswith(LESSON)
    box = popover.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    term.tap()
    expect(page).to_have_url(re.compile(r"/glossary/#term-\d+$"))


def test_a_lesson_prints_and_can_be_read_offline(
    visitor: Visitor, arrive: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = visitor.open(LESSON)
    page.get_by_role("link", name="Print or save for offline").click()
    expect(page.locator("h1")).to_have_text("Words as vectors")
    assert page.pdf(format="A4").startswith(b"%PDF")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as one file").click()
    assert download.value.suggested_filename == "word-vectors.html"

    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    offline = arrive(offline=True)
    offline.page.goto(file.as_uri())
    expect(offline.page.locator("h1")).to_have_text("Words as vectors")
    widths = offline.page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert len(widths) == 2
    assert min(widths) > 1000


def test_the_search_finds_from_the_header(arrive: Callable[..., Visitor]) -> None:
    desk = arrive()
    page = desk.open("/")
    page.get_by_role("searchbox", name="Search the lessons").fill("encyclo")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Words as vectors").click()
    expect(page).to_have_url(re.compile(f"{LESSON}$"))

    phone = arrive(viewport=PHONE)
    page = phone.open("/")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Words in lessons and glossaries").fill("encyclo")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
