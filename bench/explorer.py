"""How fast the explorer is: its search against gensim's on the same vectors, and the way from a click to the answer.

    .venv/bin/python bench/explorer.py --rounds 15 --clicks 60

The searches run in one process, interleaved; of each round the two are compared with each other, and the median of
these ratios counts. Aims: in batches of 32 at least 3 times the neighbours a second of gensim, alone not slower.

The clicks are made in a real browser, on one near word after the other, none of them asked before. Unroll is started
for that on a data folder that is thrown away, or `--url` names one that runs. Aim: a median below 100 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

NEIGHBOURS = 20
AIM_MS = 100

# Clicks a near word that was not asked for yet, and waits until the page shows the answer; milliseconds, or null when
# there is none left to click.
CLICK = """async (asked) => {
  const headline = document.querySelector(".wv-headline");
  const rows = [...document.querySelectorAll(".wv-near")];
  const row = rows.find((row) => !asked.includes(row.dataset.word));
  if (!row) return null;
  const word = row.dataset.word;
  const shown = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (headline.textContent !== `The words nearest to ${word}.`) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now()));
    });
    observer.observe(headline, { childList: true, characterData: true, subtree: true });
  });
  const began = performance.now();
  row.click();
  return { word, ms: (await shown) - began };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--clicks", type=int, default=60, help="0: only the searches")
    parser.add_argument("--url", help="an Unroll that runs already")
    options = parser.parse_args()
    compare_searches(options.rounds)
    if not options.clicks:
        return
    if options.url:
        time_clicks(options.url, options.clicks)
        return
    from tests.stack import running_stack

    with running_stack() as stack:
        time_clicks(stack.url, options.clicks)


def compare_searches(rounds: int) -> None:
    import numpy as np
    from gensim.models import KeyedVectors

    from mlcore.data import glove
    from mlcore.vectors import MAX_QUERIES

    vectors = glove.load()
    keyed = KeyedVectors(glove.DIMENSIONS, count=0)
    keyed.add_vectors(vectors.words, np.load(glove.VECTORS.locate()))
    keyed.fill_norms()
    choice = random.Random(0)
    for batch in (1, MAX_QUERIES):
        words = [choice.sample(vectors.words[:50_000], batch) for _ in range(rounds + 1)]
        theirs, ours = [], []
        for number, asked in enumerate(words):
            gensim = timed(partial(ask_one_by_one, keyed, asked))
            own = timed(partial(vectors.neighbours, asked, NEIGHBOURS))
            if number:  # the first one brings the file into memory
                theirs.append(gensim)
                ours.append(own)
        ratios = sorted(slow / fast for slow, fast in zip(theirs, ours, strict=True))
        gensim_rate, own_rate = batch / statistics.median(theirs), batch / statistics.median(ours)
        print(
            f"{batch:2} at once, of {len(vectors):,} words: gensim {gensim_rate:4.0f} queries a second, "
            f"ours {own_rate:4.0f}: {statistics.median(ratios):.1f} times as many "
            f"({ratios[0]:.1f} to {ratios[-1]:.1f}; aim: at least {1 if batch == 1 else 3})"
        )


def ask_one_by_one(keyed: Any, words: list[str]) -> None:
    for word in words:
        keyed.most_similar(word, topn=NEIGHBOURS)


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def time_clicks(url: str, clicks: int) -> None:
    from playwright.sync_api import sync_playwright

    from tests.stack import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page()
        page.goto(f"{url}/demos/explorer/")
        page.wait_for_selector(".wv-near")
        asked, milliseconds = ["paris"], []
        for number in range(clicks + 5):
            click = page.evaluate(CLICK, asked)
            if click is None:
                raise SystemExit(f"After {number} clicks every near word has been asked for.")
            asked.append(click["word"])
            if number >= 5:  # worker, database and browser are warm from here on
                milliseconds.append(click["ms"])
        browser.close()
    milliseconds.sort()
    median, p95 = statistics.median(milliseconds), milliseconds[int(len(milliseconds) * 0.95)]
    print(
        f"from the click to the answer in the page: median {median:.0f} ms, p95 {p95:.0f} ms of {clicks} clicks: "
        f"{median / AIM_MS:.2f} of the {AIM_MS} ms that are aimed at"
    )


if __name__ == "__main__":
    main()
