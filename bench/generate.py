"""How soon a text begins and how soon it stops: from the click to the first character, and from Stop to the last one.

    .venv/bin/python bench/generate.py --rounds 30

In a real browser, each round with another seed, none of them asked before. Unroll is started for that on a data folder
that is thrown away, or `--url` names one that runs. Aims: the first character within 150 ms; within 200 ms
after Stop the page says so and the text grows no more. Beside each round a bare answer of the same server is timed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

FIRST_MS, STOP_MS = 150, 200
LENGTH = 2000

# Presses Run, and Stop once some characters stand there; milliseconds to the first character (drawn), to the word
# “stopped”, and to the last character that came after the click.
ROUND = """async (frame) => {
  const text = frame.querySelector(".tg-text");
  const press = (name) => [...frame.querySelectorAll("button")].find((one) => one.textContent === name).click();
  const written = () => text.querySelectorAll("[data-at]").length;
  const until = (done) => new Promise((resolve) => {
    const look = () => (done() ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
    look();
  });
  const before = text.querySelector("[data-at]");
  const began = performance.now();
  press("Run");
  const first = await until(() => !before.isConnected && written() > 0) - began;
  await until(() => written() >= 40);
  let last = performance.now();
  const stopped = last;
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(text, { childList: true });
  press("Stop");
  const told = await until(() => frame.dataset.state === "stopped") - stopped;
  await new Promise((resolve) => setTimeout(resolve, 700));
  observer.disconnect();
  const hello = performance.now();
  await (await fetch("/healthz", { cache: "no-store" })).text();
  return { first, told, last: last - stopped, written: written(), bare: performance.now() - hello };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--url", help="an Unroll that runs already")
    options = parser.parse_args()
    if options.url:
        tell(time_rounds(options.url, options.rounds))
        return
    from tests.stack import running_stack

    with running_stack() as stack:
        tell(time_rounds(stack.url, options.rounds))


def time_rounds(url: str, rounds: int) -> list[dict[str, float]]:
    from playwright.sync_api import sync_playwright

    from tests.stack import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page()
        page.goto(f"{url}/demos/generate/?generate.length={LENGTH}")
        frame = page.locator("[data-demo=generate][data-mounted]")
        frame.locator(".tg-text [data-at]").first.wait_for()
        times = []
        for number in range(rounds + 3):
            page.get_by_label("Seed").fill(str(1000 + number))
            times.append(frame.evaluate(ROUND))
        browser.close()
    return times[3:]  # worker, database and browser are warm from here on


def tell(times: list[dict[str, float]]) -> None:
    for name, what, aim in (
        ("first", "from the click to the first character", FIRST_MS),
        ("told", "from Stop to the word that says so", STOP_MS),
        ("last", "from Stop to the last character", STOP_MS),
    ):
        values = sorted(one[name] for one in times)
        median, p95 = statistics.median(values), values[int(len(values) * 0.95)]
        print(
            f"{what}: median {median:.0f} ms, p95 {p95:.0f} ms of {len(values)} rounds: "
            f"{median / aim:.2f} of the {aim} ms that are aimed at"
        )
    print(f"a bare answer of the same server: median {statistics.median(one['bare'] for one in times):.1f} ms")


if __name__ == "__main__":
    main()
