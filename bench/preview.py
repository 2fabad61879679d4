"""How soon an author sees what they type: from the key to the preview beside the editor, in a real browser.

    .venv/bin/python bench/preview.py --keys 40

Unroll is started on a data folder that is thrown away. The text is that of the built-in lesson, with its demos. Aim: a
median below 300 ms. Beside each, a bare answer of the same server is timed in the same page, and their ratio printed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

AIM_MS = 300

# Remembers when text last went into the editor, and when the preview first held the word that is waited for.
WATCH = """() => {
  addEventListener("beforeinput", () => { window.typed = performance.now(); }, { capture: true });
  const preview = document.querySelector("#preview").contentDocument.body;
  new MutationObserver(() => {
    if (window.word && !window.took && preview.textContent.includes(window.word)) {
      window.took = performance.now() - window.typed;
    }
  }).observe(preview, { childList: true, subtree: true, characterData: true });
}"""
AWAIT_WORD = "(word) => { window.word = word; window.took = 0; }"
HELLO = """async () => {
  const began = performance.now();
  await (await fetch("/healthz", { cache: "no-store" })).text();
  return performance.now() - began;
}"""

TOOK = """() => new Promise((done) => {
  const look = () => (window.took ? done(window.took) : requestAnimationFrame(look));
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=40)
    keys = parser.parse_args().keys
    previews, hellos = time_keys(keys)
    median, p95 = statistics.median(previews), sorted(previews)[int(keys * 0.95)]
    ratio = statistics.median(ours / bare for ours, bare in zip(previews, hellos, strict=True))
    print(
        f"from the key to the preview: median {median:.0f} ms, p95 {p95:.0f} ms of {keys} keys: "
        f"{median / AIM_MS:.2f} of the {AIM_MS} ms that are aimed at; {ratio:.0f} times a bare answer "
        f"({statistics.median(hellos):.1f} ms)"
    )


def time_keys(keys: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each key, and of a bare answer beside it."""
    from playwright.sync_api import sync_playwright

    from tests.browser.classroom import Classroom
    from tests.browser.visitor import Visitor
    from tests.stack import chromium, running_stack

    *_, text = (ROOT / "lessons/word_vectors/lesson.md").read_text(encoding="utf-8").split("---\n", 2)
    with running_stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        room = Classroom(stack)
        visitor = Visitor(browser, stack.url)
        page = visitor.sign_in(room.anna)
        page.wait_for_selector("details.menu summary")
        page.goto(room.editor)
        page.wait_for_selector("#lesson-editor[data-mounted]")
        page.frame_locator("#preview").locator("article[data-shown]").wait_for()
        page.get_by_role("textbox", name="Text", exact=True).focus()
        page.keyboard.insert_text(text)
        page.frame_locator("#preview").locator("[data-demo]").first.wait_for()
        page.keyboard.press("Control+End")
        page.evaluate(WATCH)
        previews, hellos = [], []
        for number in range(keys + 5):
            page.evaluate(AWAIT_WORD, f"word{number}x")
            page.keyboard.insert_text(f" word{number}x")
            took = page.evaluate(TOOK)
            if number >= 5:  # server and browser are warm from here on
                previews.append(took)
                hellos.append(page.evaluate(HELLO))
        browser.close()
    return previews, hellos


if __name__ == "__main__":
    main()
