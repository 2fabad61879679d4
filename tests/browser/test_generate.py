"""The demo that writes: it streams and stops, says what else could have been, goes on from there, and reads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.training import new_seed
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = "/demos/generate/"


def writing(visitor: Visitor, **params: object) -> Locator:
    """Open the page with these settings; nothing has been run yet."""
    settings = "&".join(f"generate.{name}={value}" for name, value in params.items())
    visitor.open(f"{PAGE}?preset=citizen&{settings}")
    frame = visitor.demo("generate")
    expect(frame).to_have_attribute("data-state", "succeeded")
    return frame


def text_of(frame: Locator, side: int = 0) -> str:
    """What is written on one side, without the prompt."""
    return "".join(frame.locator(".tg-text").nth(side).locator("[data-at]").all_text_contents())


def now(frame: Locator, side: int = 0) -> Locator:
    return frame.locator(".tg-text").nth(side).locator(".tg-now")


def written(page: Page) -> int:
    return page.locator(".tg-text [data-at]").count()


def test_it_writes_stops_at_a_click_and_keeps_what_is_there(visitor: Visitor) -> None:
    page = visitor.open(f"{PAGE}?generate.length=2000&generate.compare=true")
    frame = visitor.demo("generate")
    frame.get_by_label("Seed").fill(str(new_seed()))
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame).to_have_attribute("data-state", "running")
    # Some hundreds of 4,000 characters: by then it streams, and is far from its end.
    expect(frame.locator(".tg-text").nth(1).locator("[data-at='60']")).to_be_attached()
    frame.get_by_role("button", name="Stop").press("Enter")
    expect(frame).to_have_attribute("data-state", "stopped")
    expect(frame.get_by_role("button", name="Run", exact=True)).to_be_focused()  # the button that was pressed is gone
    expect(frame.locator(".demo-status")).to_have_text(re.compile("^Stopped"))
    assert visitor.job("generate")["state"] == "stopped"
    expect(frame.get_by_role("button", name="Share")).to_be_visible()
    kept = written(page)
    assert 120 < kept < 4000
    page.reload()
    expect(frame).to_have_attribute("data-state", "stopped")
    expect(frame.locator(".tg-headline")).to_have_text(re.compile(r"^It has written [\d,]+ characters"))
    assert 120 < written(page) < 4000


def test_what_else_it_could_have_been_is_told_by_mouse_and_by_keys(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo("generate")
    much = frame.locator(".tg-much")
    text = frame.get_by_role("group", name=re.compile("^The text"))
    text.press("Home")
    text.press("ArrowRight")
    expect(now(frame)).to_have_attribute("data-at", "1")
    expect(frame.locator(".scrubber output")).to_have_text("2 of 400")
    expect(page).to_have_url(re.compile("generate.step=2"))
    held = much.text_content()
    expect(frame.locator(".tg-table tbody .tg-stands")).to_have_count(1)
    expect(frame.locator(".tg-table button.tg-instead")).not_to_have_count(0)

    # Pointing shows, and leaving goes back to where one was.
    frame.locator("[data-at='200']").hover()
    expect(frame.locator("[data-at='200']")).to_have_class(re.compile("tg-pointed"))
    expect(now(frame)).to_have_attribute("data-at", "1")
    frame.locator(".tg-headline").hover()
    expect(frame.locator(".tg-pointed")).to_have_count(0)
    expect(much).to_have_text(held or "")

    text.press("ArrowDown")
    text.press("ArrowUp")
    text.press("End")
    expect(now(frame)).to_have_attribute("data-at", "399")
    frame.locator(".tg-surprise").first.click()
    expect(now(frame)).to_have_class(re.compile(r"tg-[34]"))
    expect(much).to_contain_text("bits")


def test_another_character_is_chosen_and_it_goes_on_from_there(visitor: Visitor) -> None:
    frame = writing(visitor, length=60, seed=new_seed())
    before = text_of(frame)
    frame.locator(".tg-text [data-at='20']").click()
    other = frame.locator(".tg-panel button.tg-instead").first
    symbol = other.get_attribute("aria-label")
    other.click()
    expect(frame.locator(".tg-chosen")).to_have_attribute("data-at", "20")
    expect(frame).to_have_attribute("data-state", "succeeded")
    expect(frame.locator(".tg-headline")).to_have_text("It has written 60 characters, one of them yours.")
    expect(frame.locator(".tg-much")).to_contain_text("You put this character here.")
    after = text_of(frame)
    assert after[:20] == before[:20]
    names = {" ": "space", "\n": "new line"}
    assert symbol == f"Write {names.get(after[20], after[20])} here instead"
    assert after[20] != before[20]

    frame.get_by_role("button", name="Take back what you chose").press("Enter")
    expect(frame.locator(".tg-chosen")).to_have_count(0)
    expect(frame.get_by_role("button", name="Another text")).to_be_focused()
    expect(frame).to_have_attribute("data-state", "succeeded")
    assert text_of(frame) == before


def test_two_temperatures_stand_side_by_side(visitor: Visitor) -> None:
    frame = writing(visitor, length=40, seed=new_seed(), compare="true", temperature=0, top_k=5)
    expect(frame.locator(".tg-heading")).to_have_text(["Temperature 0", "Temperature 1.4"])
    assert len(text_of(frame, 0)) == len(text_of(frame, 1)) == 40
    frame.locator(".tg-text").nth(1).locator("[data-at='7']").click()
    for side in (0, 1):
        expect(now(frame, side)).to_have_attribute("data-at", "7")
    expect(frame.locator(".tg-table .tg-out").first).to_contain_text("left out")


def test_a_link_shows_the_same_text_and_the_same_place(arrive: Callable[..., Visitor]) -> None:
    one, friend = arrive(), arrive()
    frame = writing(one, length=50, seed=new_seed(), temperature=1.2)
    frame.locator(".tg-text [data-at='30']").click()
    expect(one.page).to_have_url(re.compile("generate.step=31"))
    friend.open(re.sub(r"generate\.job=[^&]*&?", "", one.page.url))
    theirs = friend.demo("generate")
    expect(theirs).to_have_attribute("data-state", "succeeded")
    expect(theirs.locator(".tg-now")).to_have_attribute("data-at", "30")
    assert text_of(theirs) == text_of(frame)


def test_a_text_is_shaded_by_surprise_and_what_it_never_saw_is_struck_out(visitor: Visitor) -> None:
    visitor.open(PAGE)
    frame = visitor.demo("generate")
    frame.get_by_role("radio", name="It reads and is surprised").check()
    frame.get_by_label("Your text").fill("Friends, Romans, coun🤖trymen: 42 ears!")
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame).to_have_attribute("data-state", "succeeded")
    expect(frame.locator(".tg-headline")).to_contain_text("It has read 38 characters")
    expect(frame.locator(".tg-text s")).to_have_text(["🤖", "4", "2"])
    expect(frame.locator(".tg-note")).to_contain_text("The network never saw 🤖 4 2: struck out")
    expect(frame.locator(".tg-numbers")).to_have_text(
        re.compile(r"^Mean surprise [\d.]+ bits \([\d.]+ nats\) per character, perplexity [\d.]+\.$")
    )
    expect(frame.locator(".tg-places li").first).to_contain_text("bits; it expected")
    expect(frame.locator(".tg-panel button")).to_have_count(0)  # what is read cannot be changed here
    frame.locator(".tg-text s").first.click()
    expect(frame.locator(".tg-much")).to_contain_text("never saw this character")


@pytest.mark.parametrize(
    ("label", "text", "words"),
    [
        ("Your text", "", "Write something here."),
        ("Your text", "word " * 10_000, "Write at most 2000 letters"),
        ("Your text", "a\0b", "."),
    ],
    ids=["empty", "10,000 words", "NUL"],
)
def test_what_cannot_be_read_is_said_in_a_sentence(visitor: Visitor, label: str, text: str, words: str) -> None:
    visitor.open(f"{PAGE}?generate.task=read")
    frame = visitor.demo("generate")
    expect(frame).to_have_attribute("data-state", "succeeded")
    before = text_of(frame)
    frame.get_by_label(label).fill(text)
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame.locator(".demo-controls .error:visible, .demo-problem:visible").first).to_contain_text(words)
    assert text_of(frame) == before, "the picture stays"
    if "\0" in text:
        visitor.expect_problems("^400: POST")
