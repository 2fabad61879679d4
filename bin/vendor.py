#!/usr/bin/env python3
"""Copies the pinned browser files from node_modules (after `npm ci`) into static/vendor and static/fonts.

What is copied is committed, so a clone needs no npm to run. static/vendor/MANIFEST.json says of each file which
package and version it came from, under which licence, and its SHA-256; a test compares.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "MANIFEST.json"

# package: (folder under static/, files to copy; a pattern keeps the path after its fixed folder)
FILES = {
    "plotly.js-strict-dist-min": ("vendor/plotly", ["plotly-strict.min.js", "LICENSE"]),
    "katex": ("vendor/katex", ["dist/katex.min.js", "dist/katex.min.css", "dist/fonts/*.woff2", "LICENSE"]),
    "@fontsource-variable/source-serif-4": (
        "fonts/source-serif-4",
        ["files/source-serif-4-latin*-wght-*.woff2", "LICENSE"],
    ),
    "@fontsource-variable/inter": ("fonts/inter", ["files/inter-latin*-wght-normal.woff2", "LICENSE"]),
    "@fontsource-variable/jetbrains-mono": (
        "fonts/jetbrains-mono",
        ["files/jetbrains-mono-latin*-wght-normal.woff2", "LICENSE"],
    ),
}


def main() -> None:
    manifest = {}
    for package, (folder, patterns) in FILES.items():
        source, target = PACKAGES / package, STATIC / folder
        shutil.rmtree(target, ignore_errors=True)
        about = json.loads((source / "package.json").read_text())
        for pattern in patterns:
            found = sorted(source.glob(pattern))
            if not found:
                raise SystemExit(f"{package} has no {pattern}: run npm ci first, or mend FILES in {__file__}")
            for path in found:
                copy = target / path.relative_to(source / pattern.split("/")[0] if "/" in pattern else source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                manifest[copy.relative_to(STATIC).as_posix()] = {
                    "package": package,
                    "version": about["version"],
                    "license": about["license"],
                    "sha256": hashlib.sha256(copy.read_bytes()).hexdigest(),
                }
    MANIFEST.write_text(json.dumps(dict(sorted(manifest.items())), indent=2) + "\n")
    print(f"{len(manifest)} files, {sum((STATIC / name).stat().st_size for name in manifest):,} bytes")


if __name__ == "__main__":
    main()
