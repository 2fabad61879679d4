"""Makes a picture of each demo's recorded run, for paper and for reading offline (`make samples`)."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from mlcore import registry  # noqa: E402
from mlcore.contracts import Demo  # noqa: E402
from tests.browser.visitor import Visitor  # noqa: E402
from tests.stack import chromium, running_stack  # noqa: E402

WIDTH = 800  # as wide as the demo's part of the picture is on a page
SCALE = 1.5  # so that the picture has about 1,200 pixels
COLOURS = 128
ON_PAPER = ".chart-tools, .scrubber { display: none !important }"  # there is nothing to press
LARGEST_KB = 200


def main(slugs: list[str]) -> None:
    demos = registry.demos()
    expect.set_options(timeout=60_000)
    with running_stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for slug in slugs or sorted(demos):
            show(browser, stack.url, demos[slug])
        browser.close()


def show(browser: Browser, url: str, demo: Demo) -> None:
    folder = registry.LESSONS / demo.lesson / "static"
    sha256 = hashlib.sha256((folder / f"{demo.slug}.sample.json").read_bytes()).hexdigest()
    viewport = {"width": WIDTH + 100, "height": 1200}
    visitor = Visitor(browser, url, viewport=viewport, color_scheme="light", device_scale_factor=SCALE)
    page = visitor.open(f"/demos/{demo.slug}/")
    body = visitor.demo(demo.slug).locator(".demo-body")
    for chart in body.locator(".chart-plot").all():
        expect(chart).to_contain_class("js-plotly-plot")
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(body.screenshot(animations="disabled", style=ON_PAPER))).convert("RGB")
    visitor.close()

    text = PngImagePlugin.PngInfo()
    text.add_text("sample-sha256", sha256)  # of which recording it is: the contract test compares
    path = folder / f"{demo.slug}.sample.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True, pnginfo=text)
    size = path.stat().st_size / 1000
    print(f"{path.relative_to(ROOT)}: {picture.width} × {picture.height}, {size:.0f} KB")
    if size > LARGEST_KB:
        raise SystemExit(f"{path.name} is larger than {LARGEST_KB} KB; show less.")


if __name__ == "__main__":
    main(sys.argv[1:])
