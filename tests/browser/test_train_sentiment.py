"""The training on tweets: cells that open their tweets, by pointer and by keys, at any moment; a run of one's own."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.training import new_seed
from tests.browser.visitor import PATIENCE, Visitor

pytestmark = pytest.mark.browser

SLUG = "train_sentiment"
PAGE = f"/demos/{SLUG}/"
WHOLE_RUN = 5 * PATIENCE  # with TensorFlow's start in a worker that has just begun
SMALL = {"tweets": 200, "embeddings": "own", "cell": "simple", "units": 2, "epochs": 2}


def cell(frame: Locator, name: str) -> Locator:
    return frame.locator(f"[data-cell='{name}']")


def title(frame: Locator) -> Locator:
    return frame.locator(".ts-open .ts-heading")


def held(frame: Locator, name: str) -> str:
    """How many tweets a cell holds, as it says."""
    return cell(frame, name).locator("b").text_content() or ""


def test_a_cell_opens_its_tweets_by_pointer_and_by_keys(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo(SLUG)
    expect(cell(frame, "1-0")).to_have_attribute("aria-pressed", "true")
    cell(frame, "2-0").click()
    expect(title(frame)).to_have_text(
        f"{held(frame, '2-0')} tweets labelled positive, for which the network says negative"
    )
    tweets = frame.locator(".ts-tweets li")
    expect(tweets.first).to_contain_text("@user")
    surest = re.findall(r"(\d+)\s% negative", " ".join(tweets.all_text_contents()))
    assert surest == sorted(surest, key=int, reverse=True)
    assert len(surest) == 6

    cell(frame, "2-0").press("ArrowRight")
    expect(cell(frame, "2-1")).to_be_focused()
    expect(cell(frame, "2-1")).to_have_attribute("aria-pressed", "true")
    expect(title(frame)).to_contain_text("for which the network says neutral")
    cell(frame, "2-1").press("ArrowDown")  # there is none below
    expect(cell(frame, "2-1")).to_be_focused()
    expect(page).to_have_url(re.compile(f"{SLUG}.open=2-1"))

    frame.get_by_role("button", name="More").click()
    expect(frame.locator(".ts-pages span")).to_contain_text("7–12 of")
    first = tweets.first.locator("p").text_content() or ""
    expect(page).to_have_url(re.compile(f"{SLUG}.page=1"))
    page.reload()
    expect(tweets.first.locator("p")).to_have_text(first)
    expect(frame.get_by_role("radio", name="GRU")).to_be_checked()  # the settings are as they were


def test_the_matrix_goes_back_in_time_and_can_be_the_baselines(visitor: Visitor) -> None:
    page = visitor.open(PAGE)
    frame = visitor.demo(SLUG)
    now, slider = held(frame, "1-1"), frame.get_by_role("slider", name="Moment of the training")
    slider.press("Home")
    expect(frame.locator(".ts-headline")).to_contain_text("Epoch 0.00")
    expect(cell(frame, "1-1").locator("b")).not_to_have_text(now)
    expect(page).to_have_url(re.compile(f"{SLUG}.step=0"))
    frame.locator(".segments label", has_text="The baseline").click()
    expect(title(frame)).to_contain_text("for which the baseline says negative")
    before = held(frame, "1-1")
    slider.press("End")
    expect(frame.locator(".ts-headline")).to_contain_text("Epoch 4.00")
    expect(cell(frame, "1-1").locator("b")).to_have_text(before)  # it does not learn with the network


def test_a_run_of_ones_own_is_gone_on_with_and_laid_over_the_next(visitor: Visitor) -> None:
    visitor.sign_up("Ada")
    asked = urlencode({f"{SLUG}.{name}": value for name, value in {**SMALL, "seed": new_seed()}.items()})
    visitor.open(f"{PAGE}?{asked}")
    frame = visitor.demo(SLUG)
    headline = frame.locator(".ts-headline")
    frame.get_by_role("button", name="Run", exact=True).click()
    expect(frame).to_have_attribute("data-state", "succeeded", timeout=WHOLE_RUN)
    expect(headline).to_contain_text("Epoch 2.00")
    expect(frame.locator(".ts-end")).to_contain_text("Its macro-F1 is")

    frame.get_by_role("button", name="Continue").click()
    expect(headline).to_contain_text("Epoch 4.00", timeout=WHOLE_RUN)
    expect(frame).to_have_attribute("data-state", "succeeded")
    earlier = frame.locator(".past-runs input").first
    expect(frame.locator(".past-runs label").first).to_contain_text("2 epochs")
    earlier.check()
    frame.get_by_role("button", name="Show as table").click()
    expect(frame.get_by_role("table").filter(has_text="look by look").locator("tbody tr")).to_have_count(7)
    expect(visitor.page).to_have_url(re.compile(f"{SLUG}.with="))
