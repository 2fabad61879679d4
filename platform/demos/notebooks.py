"""A demo as a Jupyter notebook: the script of its lesson, with the reader's settings after its own.

`lessons/<lesson>/notebooks/<slug>.py` is a jupytext script in the percent format. One of its cells is tagged
`parameters` and gives each field of Params its default; ours follows it, tagged as papermill tags it. Nothing is run
here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jobs.templatetags.runs import settings_in_words
from mlcore import registry
from mlcore.contracts import Demo, Params

LIBRARY_CELL = """\
# mlcore is the library that Unroll computes with. Where it is not installed yet, it comes from the same place as this
# notebook; what it needs is installed with it, which may take some minutes.
try:
    import mlcore
except ImportError:
    %pip install --quiet "mlcore @ {url}"
    %pip install --quiet --no-deps {data}"""


@dataclass(frozen=True)
class Place:
    """Where a notebook comes from, as addresses for its reader."""

    demo: str
    """The demo with the reader's settings."""
    library: str
    """The zip with mlcore."""
    data: tuple[str, ...]
    """Packages of which mlcore reads the data: `mlcore_zip.data_packages()`."""


def notebook_path(demo: Demo) -> Path:
    return registry.LESSONS / demo.lesson / "notebooks" / f"{demo.slug}.py"


@cache
def has_notebook(demo: Demo) -> bool:
    return notebook_path(demo).is_file()


def notebook_of(demo: Demo, params: Params, *, place: Place, files: Mapping[str, str] | None = None) -> str:
    """The notebook's JSON. `files` names the reader's files by field; they must put them beside the notebook.

    The same demo, params and place give the same text.
    """
    import jupytext  # heavy, and seldom needed
    import nbformat

    notebook = jupytext.reads(notebook_path(demo).read_text(encoding="utf-8"), fmt="py:percent")
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell(_origin(demo, params, place)),
        v4.new_code_cell(LIBRARY_CELL.format(url=place.library, data=" ".join(place.data))),
    ]
    for cell in notebook.cells:
        cells.append(cell)
        if "parameters" in cell.metadata.get("tags", []) and params != demo.Params():
            settings = _assignments(params, files or {})
            cells.append(v4.new_code_cell(settings, metadata={"tags": ["injected-parameters"]}))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook.cells = cells
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, version=4))


def demo_address(demo: Demo, params: Params) -> str:
    """The demo's own page with these settings, as the page itself writes it (params-url.js)."""
    query = {}
    for name, value in _values(params).items():
        if name not in demo.Params.file_fields() and value != _values(demo.Params())[name]:
            query[f"{demo.slug}.{name}"] = _text(value)
    return f"/demos/{demo.slug}/" + (f"?{urlencode(query)}" if query else "")


def _origin(demo: Demo, params: Params, place: Place) -> str:
    words = settings_in_words(demo, _values(params))
    lines = [
        f"**{demo.title}**, a demo of [Unroll]({place.demo}) as a notebook (version `{demo.version}`, MIT licence).",
        "",
        demo.summary,
    ]
    if words:
        lines += ["", "    " + " ".join(words.split())]  # as code: what somebody typed is no Markdown
    return "\n".join(lines)


def _assignments(params: Params, files: Mapping[str, str]) -> str:
    lines = ["# The settings of the demo that this notebook was opened from."]
    for name, value in _values(params).items():
        if name in params.file_fields() and value:
            lines.append(f"{name} = {files.get(name, 'your-file')!r}  # put this file beside the notebook")
        else:
            lines.append(f"{name} = {value!r}")
    return "\n".join(lines)


def _values(params: Params) -> dict[str, Any]:
    return params.model_dump(mode="json")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(_text(item) for item in value)
    return "" if value is None else json.dumps(value)
