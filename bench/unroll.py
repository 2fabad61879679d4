"""How fast the unrolled net is drawn anew after a weight was changed: 40 steps of 16 neurons, in a real browser.

    .venv/bin/python bench/unroll.py --rounds 60

A weight is changed by an arrow key. The time runs from the key to the end of the frame: computing, writing to the page,
style, layout and paint, as far as the page's own thread does them. It is compared with a frame, and with the plain way,
which builds the drawing anew each time; the two take turns. Aim: a median and a 95th percentile below 16.7 ms.

Unroll is started for that on a data folder that is thrown away, or `--url` names one that runs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

FRAME_MS = 1000 / 60
UNITS = 16
LETTERS = "the memory of a net nobody has trained.."

# What begins in a frame's callback and ends with a message posted from one holds that frame's style, layout and paint.
TIMED = """
const timed = (act) => new Promise((resolve) => {
  let began;
  requestAnimationFrame(() => { began = performance.now(); });
  const spent = act(); // what it asks for the frame is done after `began` is taken
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now() - began + spent);
    channel.port2.postMessage(0);
  });
});
const clock = (act) => { const began = performance.now(); act(); return performance.now() - began; };
"""

# The whole view, by its keys.
BY_KEY = (
    """async (key) => {"""
    + TIMED
    + """
  const cell = document.querySelector(".un-w[data-weight='Wy.3.4']");
  return timed(() => clock(() => cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))));
}"""
)

# The drawing alone: kept, or built anew.
DRAWING = (
    """async ({ units, letters, rounds }) => {"""
    + TIMED
    + """
  const view = document.querySelector(".demo").dataset.view;
  const { createNet } = await import(new URL("unroll-net.js", new URL(view, location.href)));
  const maths = await import(new URL("unroll-maths.js", new URL(view, location.href)));
  const net = maths.randomNet("letters", units, 1);
  const symbols = maths.symbolsOf("letters", letters);
  const x = maths.encode("letters", symbols);
  const before = maths.forward(net, x, "tanh", "linear");
  const place = document.createElement("div");
  document.querySelector(".demo-body").replaceChildren(place);
  const scene = (value) => {
    const changed = maths.changed(net, new Map([["Wy.3.4", value]]));
    const trace = maths.forward(changed, x, "tanh", "linear");
    const rest = { symbols, wanted: null, apart: true, rolled: false, step: 3, unit: 4, weight: "Wy.3.4" };
    return { net: changed, trace, before, ...rest };
  };
  let drawing = createNet(place, { onPick() {} });
  const times = { kept: [], anew: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of round % 2 ? ["kept", "anew"] : ["anew", "kept"]) {
      const value = (round % 40) / 20 - 1;
      times[way].push(await timed(() => {
        requestAnimationFrame(() => {
          if (way === "anew") {
            drawing.destroy();
            drawing = createNet(place, { onPick() {} });
          }
          drawing.update(scene(value));
        });
        return 0;
      }));
    }
  }
  return times;
}"""
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--url", help="an Unroll that runs already")
    options = parser.parse_args()
    if options.url:
        measure(options.url, options.rounds)
        return
    from tests.stack import running_stack

    with running_stack() as stack:
        measure(stack.url, options.rounds)


def measure(url: str, rounds: int) -> None:
    from playwright.sync_api import sync_playwright

    from tests.stack import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(f"{url}/demos/unroll/?unroll.example=own_letters&unroll.units={UNITS}&unroll.letters={LETTERS}")
        page.wait_for_selector(".un-column >> nth=39")
        whole = [page.evaluate(BY_KEY, "ArrowUp" if round % 40 < 20 else "ArrowDown") for round in range(rounds + 5)][
            5:
        ]
        times = page.evaluate(DRAWING, {"units": UNITS, "letters": LETTERS, "rounds": rounds + 5})
        browser.close()
    kept, anew = times["kept"][5:], times["anew"][5:]
    report("the whole view, after a key", whole)
    report("the drawing alone, kept", kept)
    report("the drawing alone, built anew", anew)
    ratios = sorted(slow / fast for slow, fast in zip(anew, kept, strict=True))
    print(f"building it anew takes {statistics.median(ratios):.1f} times as long ({ratios[0]:.1f} to {ratios[-1]:.1f})")


def report(what: str, times: list[float]) -> None:
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"{len(LETTERS)} steps, {UNITS} neurons, {what}: median {median:.1f} ms, 95th percentile {slow:.1f} ms; "
        f"{median / FRAME_MS:.2f} and {slow / FRAME_MS:.2f} of a frame"
    )


if __name__ == "__main__":
    main()
