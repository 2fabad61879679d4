"""An instructor looks at grades, corrects a key and grades again, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import AXE, RULES, WIDTHS, look
from tests.browser.visitor import PASSWORD, Visitor, new_email
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # a minute and more together

TAKE_QUIZ = """
from accounts.actors import Actor
from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Course, Membership
from courses.services.revisions import create_lesson, publish_revision
from tests.quizzes.classroom import QUIZ, take

course = Course.objects.create(slug={slug!r}, title="A course", summary="Words.")
teacher = User.objects.create_user({teacher!r}, {password!r}, name="Grace", role="instructor")
Membership.objects.create(course=course, user=teacher, role="instructor")
content = LessonContent("Gates", body="Some text.\\n", quiz=QUIZ)
lesson = create_lesson(course=course, slug="gates", order=1, content=content, author=teacher)
publish_revision(lesson=lesson, revision=lesson.head)
for name, answers in (("Ada", {{"gate": 0}}), ("Bob", {{"gate": 1}}), ("Cem", {{"gate": 2, "word": "memory"}})):
    student = User.objects.create_user(name + "-" + {teacher!r}, name=name)
    Membership.objects.create(course=course, user=student)
    take(Actor(user=student, guest="", address=""), lesson, **answers)
"""
CORRECT_KEY = """
from courses.models import Lesson
from tests.quizzes.classroom import QUIZ, publish_quiz

corrected = QUIZ.replace("The forget gate, correct: true,", "The forget gate,")
corrected = corrected.replace("The input gate,", "The input gate, correct: true,")
publish_quiz(Lesson.objects.get(course__slug={slug!r}), corrected)
"""


class Room:
    """A course whose three students have taken its quiz, and its teacher."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.slug, self.teacher = f"course-{uuid4().hex[:8]}", new_email("Grace")
        code = TAKE_QUIZ.format(slug=self.slug, teacher=self.teacher, password=PASSWORD)
        stack.manage("shell", "--command", code)
        self.grades = f"/author/courses/{self.slug}/grades/"
        self.lesson = f"/author/courses/{self.slug}/lessons/gates/"

    def correct_key(self) -> None:
        self.stack.manage("shell", "--command", CORRECT_KEY.format(slug=self.slug))


@pytest.fixture
def room(stack: Stack) -> Room:
    return Room(stack)


@pytest.fixture
def page(visitor: Visitor, room: Room) -> Page:
    page = visitor.sign_in(room.teacher)
    expect(page.locator("details.menu summary")).to_have_text("Grace")
    page.goto(room.grades)
    return page


def names(page: Page) -> list[str]:
    return page.locator("table.grades tbody th a").all_inner_texts()


def test_grades_are_sorted_by_keyboard(page: Page) -> None:
    assert names(page) == ["Ada", "Bob", "Cem"]
    heading = page.get_by_role("columnheader", name="Gates")
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert names(page) == ["Cem", "Ada", "Bob"]
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert names(page) == ["Bob", "Ada", "Cem"]


def test_a_key_is_corrected_and_the_attempts_are_graded_again(page: Page, room: Room) -> None:
    room.correct_key()
    page.reload()
    expect(page.get_by_text("key has changed")).to_be_visible()
    page.get_by_role("link", name="Grade again").click()
    expect(page.get_by_text("3 attempts, 2 change.")).to_be_visible()
    plan = page.get_by_role("region", name="What would change")
    expect(plan.get_by_role("row").filter(has_text="Ada")).to_contain_text("1 → 0")
    expect(plan.get_by_role("row").filter(has_text="Bob")).to_contain_text("0 → 1")
    expect(plan.get_by_role("row").filter(has_text="Cem")).to_have_count(0)

    page.get_by_label("Reason").fill("The answer was wrong.")
    page.get_by_label("Reason").press("Enter")
    expect(page.get_by_text("Done. 2 attempts have other points.")).to_be_visible()
    record = page.get_by_role("region", name="Changes of points")
    expect(record.get_by_role("row").filter(has_text="Bob")).to_contain_text("The answer was wrong.")

    record.get_by_role("link", name="Bob, attempt 1").click()
    expect(page.get_by_text("Graded with the corrected key.").first).to_be_visible()
    expect(page.get_by_role("region", name="Changes of points")).to_contain_text("gate: 0 → 1")


def test_points_are_given_by_hand(page: Page, room: Room) -> None:
    page.get_by_role("row").filter(has_text="Bob").get_by_role("link", name="0 %").click()
    page.get_by_label("Points").fill("2.5")
    page.get_by_label("Reason").fill("Said it aloud.")
    page.get_by_role("button", name="Let these points count").click()
    expect(page.get_by_text("These points count now.")).to_be_visible()
    page.goto(room.grades)
    row = page.get_by_role("row").filter(has_text="Bob")
    expect(row).to_contain_text("by hand")
    expect(row.get_by_role("link", name="63 %")).to_be_visible()


def test_grades_are_downloaded_for_excel(page: Page, room: Room, tmp_path: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Grades and attempts for Excel").click()
    assert download.value.suggested_filename.startswith(f"{room.slug}-grades-")
    file = tmp_path / "grades.xlsx"
    download.value.save_as(file)
    book = load_workbook(BytesIO(file.read_bytes()))
    assert [row[0].value for row in book["Students"].iter_rows(min_row=2)] == ["Ada", "Bob", "Cem"]


def test_on_a_phone_the_names_stay_while_the_grades_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    box, name = page.get_by_role("region", name="Grades"), page.get_by_role("rowheader", name="Ada")
    before = name.bounding_box()
    box.evaluate("box => box.scrollTo(1000, 0)")
    page.wait_for_function("() => document.querySelector('.grades-scroll').scrollLeft > 0")
    after = name.bounding_box()
    assert before
    assert after
    assert after["x"] == before["x"]


def test_the_pages_fit_a_phone_and_axe_finds_nothing(arrive: Callable[..., Visitor], room: Room) -> None:
    room.correct_key()
    # The policy forbids what axe does; the tests above run under it.
    visitor = arrive(bypass_csp=True, reduced_motion="reduce", color_scheme="light")
    page = visitor.sign_in(room.teacher)
    expect(page.locator("details.menu summary")).to_have_text("Grace")
    page.goto(room.grades)
    row = page.get_by_role("row").filter(has_text="Cem")
    links = [row.get_by_role("link", name=name).get_attribute("href") or "" for name in ("Cem", "75 %")]
    found = []
    for path in (room.grades, *links, f"{room.lesson}analysis/", f"{room.lesson}regrade/"):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1360, "height": 800})
        page.goto(path)
        page.add_script_tag(path=AXE)
        found += look(page, {"runOnly": RULES})
        page.emulate_media(color_scheme="dark")
        found += look(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 740})
            expect(page.locator("html"), path).to_have_js_property("scrollWidth", width)
    assert found == []
