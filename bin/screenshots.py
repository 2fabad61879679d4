"""Makes the pictures of the README, and one of each whole lesson for whoever changes its look (`make screenshots`).

Unroll is started on a data folder that is thrown away. The lessons' pictures, wide and narrow, light and dark, go to
`test-results/lessons/`, which git ignores: look at them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from tests.browser import training  # noqa: E402
from tests.browser.visitor import LESSON, Visitor  # noqa: E402
from tests.stack import chromium, running_stack  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
LESSONS = ROOT / "test-results" / "lessons"
LARGEST_KB = 400
WINDOW = {"width": 1360, "height": 1160}
WIDTHS = (1360, 360)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    expect.set_options(timeout=60_000)
    with running_stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for theme in ("light", "dark"):
            show_lesson(browser, stack.url, theme)
            show_whole_lessons(browser, stack.url, theme)
        show_unrolled(browser, stack.url)
        show_training(browser, stack.url)
        browser.close()


def show_lesson(browser: Browser, url: str, theme: str) -> None:
    """The explorer with a live answer, in the lesson."""
    visitor = Visitor(browser, url, viewport=WINDOW, color_scheme=theme)
    page = visitor.open(LESSON)
    frame = visitor.demo("explorer")
    frame.get_by_label("Examples").select_option("man : king = woman : …")
    expect(frame).to_have_attribute("data-state", "succeeded")
    expect(frame.locator(".wv-headline")).to_have_text("man is to king as woman is to queen.")
    scroll_to(frame, above=130)
    save(page, f"lesson-{theme}.png")
    visitor.close()


def show_whole_lessons(browser: Browser, url: str, theme: str) -> None:
    LESSONS.mkdir(parents=True, exist_ok=True)
    folders = sorted(path.parent.name for path in (ROOT / "lessons").glob("*/lesson.md"))
    for width in WIDTHS:
        visitor = Visitor(browser, url, viewport={"width": width, "height": 900}, color_scheme=theme)
        for folder in folders:
            page = visitor.open(f"/courses/sequence-models/{folder.replace('_', '-')}/")
            for chart in page.locator(".chart-plot:visible").all():
                chart.scroll_into_view_if_needed()
                expect(chart).to_contain_class("js-plotly-plot")
            page.screenshot(path=LESSONS / f"{folder}-{width}-{theme}.png", animations="disabled", full_page=True)
        visitor.close()
    print(f"{LESSONS.relative_to(ROOT)}: {len(folders)} lessons, {theme}")


def show_unrolled(browser: Browser, url: str) -> None:
    """A trained net in the middle of a sequence, on its own page."""
    visitor = Visitor(browser, url, viewport=WINDOW, color_scheme="light")
    page = visitor.open("/demos/unroll/?unroll.step=4")
    frame = visitor.demo("unroll")
    expect(frame.locator("svg").first).to_be_visible()
    scroll_to(frame, above=20)
    save(page, "unroll.png")
    visitor.close()


def show_training(browser: Browser, url: str) -> None:
    """A training in the middle, on its own page."""
    visitor = Visitor(browser, url, viewport=WINDOW, color_scheme="light")
    visitor.sign_up("Ada")
    frame = training.start(visitor, epochs=5, dimensions=64, seed=1)
    training.wait_for_steps(frame, 90)
    frame.get_by_role("button", name="Hide the table").click()
    scroll_to(frame, above=20)
    save(visitor.page, "training.png")
    frame.get_by_role("button", name="Stop").click()
    expect(frame).to_have_attribute("data-state", "stopped")
    visitor.close()


def scroll_to(frame: Locator, above: int) -> None:
    """Put the frame so many pixels below the window's upper edge, and wait for its charts."""
    frame.evaluate(
        "(frame, above) => scrollTo({top: frame.getBoundingClientRect().top + scrollY - above, behavior: 'instant'})",
        above,
    )
    for chart in frame.locator(".chart-plot").all():
        expect(chart).to_contain_class("js-plotly-plot")


def save(page: Page, name: str) -> None:
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.fonts.ready")
    path = FOLDER / name
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size / 1000
    print(f"{path.relative_to(ROOT)}: {size:.0f} KB")
    if size > LARGEST_KB:
        raise SystemExit(f"{name} is larger than {LARGEST_KB} KB; show less.")


if __name__ == "__main__":
    main()
