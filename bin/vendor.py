#!/usr/bin/env python3
"""Copies the pinned browser files from node_modules (after `npm ci`) into static/vendor and static/fonts.

What is copied is committed, so a clone needs no npm to run. static/vendor/MANIFEST.json says of each file which
package and version it came from, under which licence, and its SHA-256; a test compares.

CodeMirror comes as a hundred modules in a dozen packages, so esbuild makes one file of what bin/codemirror.js names
(docs/decisions/0014-one-bundle-for-the-editor.md).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

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

BUNDLE = "vendor/codemirror"
BUNDLE_ENTRY = ROOT / "bin" / "codemirror.js"
BUNDLE_PACKAGE = "@codemirror/view"  # the largest part; the manifest names the others beside it


def main() -> None:
    manifest: dict[str, dict[str, Any]] = {}
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
                manifest[copy.relative_to(STATIC).as_posix()] = row(copy, package, about)
    manifest |= bundle()
    MANIFEST.write_text(json.dumps(dict(sorted(manifest.items())), indent=2) + "\n")
    print(f"{len(manifest)} files, {sum((STATIC / name).stat().st_size for name in manifest):,} bytes")


def bundle() -> dict[str, dict[str, Any]]:
    """One module of all that BUNDLE_ENTRY names, and the licences of what is in it."""
    target = STATIC / BUNDLE
    shutil.rmtree(target, ignore_errors=True)
    script, licenses = target / "codemirror.js", target / "LICENSE"
    made_of = PACKAGES / ".cache" / "codemirror.meta.json"
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--legal-comments=none"]
    subprocess.run(
        [PACKAGES / ".bin" / "esbuild", BUNDLE_ENTRY, *options, f"--outfile={script}", f"--metafile={made_of}"],
        cwd=ROOT,
        check=True,
    )
    inside = {}
    texts = []
    for package in sorted({package_of(name) for name in json.loads(made_of.read_text())["inputs"]} - {""}):
        about = json.loads((PACKAGES / package / "package.json").read_text())
        inside[package] = about["version"]
        terms = (PACKAGES / package / "LICENSE").read_text()
        texts.append(f"{package} {about['version']} ({about['license']})\n\n{terms}")
    licenses.write_text("\n\n".join(texts))
    about = json.loads((PACKAGES / BUNDLE_PACKAGE / "package.json").read_text())
    return {
        f"{BUNDLE}/codemirror.js": {**row(script, BUNDLE_PACKAGE, about), "inside": inside},
        f"{BUNDLE}/LICENSE": row(licenses, BUNDLE_PACKAGE, about),
    }


def package_of(path: str) -> str:
    """`node_modules/@codemirror/view/dist/index.js` is of @codemirror/view; what is our own is of none."""
    parts = path.partition("node_modules/")[2].split("/")
    return "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]


def row(file: Path, package: str, about: dict[str, Any]) -> dict[str, Any]:
    return {
        "package": package,
        "version": about["version"],
        "license": about["license"],
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    main()
