"""What every demo keeps, whoever writes it. A new demo is tested here without a line being added."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jupytext
import nbformat
import pytest
from django.test import Client
from nbclient import NotebookClient
from PIL import Image
from pydantic import ValidationError

from demos.notebooks import Place, notebook_of, notebook_path
from mlcore import registry
from mlcore.contracts import FINAL_KINDS, Demo, DemoError, Event, Params
from mlcore.recording import Recorder
from tests import recorded

SLUGS = sorted(registry.demos())
SAID_BY_DEMOS = {"progress", "metrics", "tokens", "frame", "log"}

each_demo = pytest.mark.parametrize("slug", SLUGS)


@cache
def tiny_run(slug: str) -> list[Event]:
    demo = registry.get(slug)
    with Recorder() as recorder:
        return recorder.run(demo, tiny_params(demo))


def tiny_params(demo: Demo, **changes: Any) -> Params:
    return demo.Params.model_validate({**demo.tiny, **changes})


@cache
def files_of(demo: Demo) -> dict[str, dict[str, Path]]:
    """Of each field that takes a file, those of the lesson's `tests/files/<slug>.<field>.*` by made-up ids."""
    folder = registry.LESSONS / demo.lesson / "tests" / "files"
    return {
        name: {str(uuid5(NAMESPACE_URL, path.name)): path for path in sorted(folder.glob(f"{demo.slug}.{name}.*"))}
        for name in demo.Params.file_fields()
    }


def result_of(demo: Demo, params: Params) -> dict[str, Any]:
    files = {ref: path for of_field in files_of(demo).values() for ref, path in of_field.items()}
    with Recorder(files=files) as recorder:
        return recorded.result_of(recorder.run(demo, params))


@cache
def usual_result(slug: str, params: Params) -> dict[str, Any]:
    """The result that many fields are compared with; computed once."""
    demo = registry.get(slug)
    return recorded.result_of(tiny_run(slug)) if params == tiny_params(demo) else result_of(demo, params)


def sample_of(demo: Demo) -> dict[str, Any]:
    path = registry.LESSONS / demo.lesson / "static" / f"{demo.slug}.sample.json"
    assert path.is_file(), f"there is no recorded run: make samples, or manage.py make_samples {demo.slug}"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def shape(value: Any) -> Any:
    """The keys of a result, however many entries its lists have; `None` fits everything."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool | str) or value is None:
        return type(value).__name__
    return "number"


def fits(one: Any, other: Any) -> bool:
    if "NoneType" in (one, other):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(fits(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return not one or not other or fits(one[0], other[0])
    return bool(one == other)


# The recorded run -----------------------------------------------------------------------------------------------------


@each_demo
def test_the_recorded_run_is_one_of_the_default_params(slug: str) -> None:
    demo = registry.get(slug)
    sample = sample_of(demo)
    assert sample["demo"] == slug
    assert demo.Params.model_validate(sample["params"]) == demo.Params()


@each_demo
def test_the_recorded_events_are_numbered_and_end_with_the_result(slug: str) -> None:
    events = sample_of(registry.get(slug))["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["kind"] for event in events if event["kind"] in FINAL_KINDS] == ["result"] == [events[-1]["kind"]]


@each_demo
def test_the_recorded_result_has_the_shape_of_a_live_one(slug: str) -> None:
    recorded = sample_of(registry.get(slug))["events"]
    live = tiny_run(slug)
    for kind in {event["kind"] for event in live}:
        one, other = (next(e["data"] for e in events if e["kind"] == kind) for events in (recorded, live))
        assert fits(shape(one), shape(other)), f"{kind}: {shape(one)} is not {shape(other)}; run make samples"


# A run ----------------------------------------------------------------------------------------------------------------


@each_demo
def test_a_tiny_run_ends_with_one_result_and_says_only_what_is_agreed(slug: str) -> None:
    kinds = [event["kind"] for event in tiny_run(slug)]
    assert kinds[-1] == "result", tiny_run(slug)[-1]
    assert set(kinds[:-1]) <= SAID_BY_DEMOS


@each_demo
def test_a_result_is_json_without_nan(slug: str) -> None:
    demo = registry.get(slug)
    with Recorder() as recorder:
        result = demo.run(tiny_params(demo), recorder)
    assert json.loads(json.dumps(result, allow_nan=False)) == result


@each_demo
def test_progress_only_grows(slug: str) -> None:
    said = [event["data"] for event in tiny_run(slug) if event["kind"] == "progress"]
    done = [progress["done"] for progress in said]
    assert done == sorted(done)
    assert all(0 <= progress["done"] <= progress["total"] for progress in said)


@each_demo
def test_equal_params_give_an_equal_result(slug: str) -> None:
    demo = registry.get(slug)
    if not demo.deterministic:
        pytest.skip("declared to differ from run to run")
    assert result_of(demo, tiny_params(demo)) == tiny_run(slug)[-1]["data"]["result"]


@each_demo
@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_stop_ends_the_run_at_the_next_call(slug: str, share: float) -> None:
    said = len(tiny_run(slug)) - 1
    if said == 0:
        pytest.skip("answers without saying anything before: there is no point at which to stop")
    after = max(1, int(said * share))
    with Recorder(stop_after=after) as recorder:
        demo = registry.get(slug)
        events = recorder.run(demo, tiny_params(demo))
    assert [event["kind"] for event in events[after:]] == ["stopped"]


@each_demo
def test_a_demo_that_goes_on_leaves_a_checkpoint(slug: str) -> None:
    demo = registry.get(slug)
    if not demo.continues:
        pytest.skip("does not go on")
    with Recorder() as recorder:
        recorder.run(demo, tiny_params(demo))
        assert recorder.checkpoints
        with Recorder(resume=recorder.checkpoints[-1], continued=True) as further:
            assert further.run(demo, tiny_params(demo))[-1]["kind"] == "result"


@each_demo
def test_a_batch_gives_each_run_the_result_it_has_alone(slug: str) -> None:
    demo = registry.get(slug)
    if demo.max_batch == 1:
        pytest.skip("runs one by one")
    asked = [tiny_params(demo), *(tiny_params(demo, **preset.params) for preset in demo.presets.values())]
    together = [params for params in asked if demo.batch_key(params) == demo.batch_key(asked[0]) is not None]
    together = together[: demo.max_batch]
    assert len(together) > 1
    recorders = [Recorder(raising=False) for _ in together]
    try:
        results = demo.run_batch(together, recorders)
    finally:
        for recorder in recorders:
            recorder.__exit__()
    assert results == [result_of(demo, params) for params in together]


# Params ---------------------------------------------------------------------------------------------------------------


def fields() -> Iterator[Any]:
    for slug in SLUGS:
        for name in registry.get(slug).Params.model_fields:
            yield pytest.param(slug, name, id=f"{slug}-{name}")


each_field = pytest.mark.parametrize(("slug", "name"), list(fields()))


@cache
def schema_of(slug: str) -> dict[str, Any]:
    return registry.get(slug).Params.model_json_schema()


@each_field
def test_each_field_has_a_title_a_description_a_default_and_bounds(slug: str, name: str) -> None:
    field = schema_of(slug)["properties"][name]
    assert field["title"]
    assert field["description"].endswith((".", "?", "…"))
    assert "default" in field
    check_bounds(field, schema_of(slug).get("$defs", {}))


def check_bounds(field: dict[str, Any], definitions: dict[str, Any]) -> None:
    if "$ref" in field:
        field = definitions[field["$ref"].rpartition("/")[2]]
    if "anyOf" in field:
        for option in field["anyOf"]:
            check_bounds(option, definitions)
    elif field.get("type") in ("integer", "number"):
        assert {"minimum", "exclusiveMinimum"} & field.keys()
        assert {"maximum", "exclusiveMaximum"} & field.keys()
    elif field.get("type") == "string":
        assert {"enum", "const", "maxLength", "format", "pattern"} & field.keys()
    elif field.get("type") == "array":
        assert "maxItems" in field
        check_bounds(field["items"], definitions)


@each_field
def test_each_field_changes_the_result_or_is_for_display_only(slug: str, name: str) -> None:
    demo, field = registry.get(slug), schema_of(slug)["properties"][name]
    if field.get("display_only"):
        pytest.skip("declared to be for display only")
    needed = conditions(slug, name)
    if files := list(files_of(demo).get(name, {})):
        needed[name] = files[0]  # there may have to be one; then another one is tried
    before = tiny_params(demo, **needed)
    usual = usual_result(slug, before)
    tried = [value for value in other_values(demo, name, field) if getattr(before, name) != value]
    assert tried, "give the field `examples` to try"
    assert any(result_of(demo, tiny_params(demo, **{**needed, name: value})) != usual for value in tried), tried


def conditions(slug: str, name: str) -> dict[str, Any]:
    """What other fields must be, for this one to matter."""
    needed: dict[str, Any] = {}
    for other, allowed in schema_of(slug)["properties"][name].get("when", {}).items():
        needed |= {**conditions(slug, other), other: allowed[0]}
    return needed


def other_values(demo: Demo, name: str, field: dict[str, Any]) -> Iterator[Any]:
    """Values to try, the likely and the cheap ones first."""
    now = getattr(tiny_params(demo), name)
    yield from files_of(demo).get(name, {})
    yield from field.get("examples", [])
    yield from field.get("enum", [])
    if field.get("type") == "boolean":
        yield not now
    if field.get("type") == "integer":
        yield now + 1 if now < field.get("maximum", now) else now - 1
    if field.get("type") in ("integer", "number"):
        low = field.get("minimum", field.get("exclusiveMinimum"))
        yield type(now)((low + now) / 2)
        yield low
    if field.get("type") == "array" and len(now) > field.get("minItems", 0):
        yield list(now[:-1])
    yield from (preset.params[name] for preset in demo.presets.values() if name in preset.params)


JUNK: list[Any] = [
    *(None, True, False, -1, 10**400, -(10**400), float("nan"), float("inf")),
    *("", " ", "\0", "\ud800", "x" * 10_000, b"\xff"),
    *([], [[]], [None] * 4, [["a"], ["b"], ["c"]], [{}, {"a": 1}, {"b": 2}], [1, 2, 3], ["a", ["b"], "c", None]),
    *({}, {"a": 1}, {"a": {"b": ["c"]}}, {1: 2}),
]


JUNK_FILES = [
    *(b"\n", b"\0" * 100, b"\xff\xfe", b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04" + bytes(200)),
    *(b",,,,\n" * 50, b'"' * 1_001, b"a" * 1_000_000, b"a,b\r1,2\r3,4", b"nan,inf\n1e999,-1e999\n" * 30),
    *(b"1," * 100_000, b"1\n" * 100_000, "½;٣;Ⅷ\n".encode() * 40, "a\tb\n1\t2\n".encode("utf-16")),
]


@each_field
def test_a_field_takes_a_value_or_says_what_is_wrong_with_it(slug: str, name: str) -> None:
    demo = registry.get(slug)
    for junk in JUNK:
        with suppress(ValidationError):
            params = demo.Params.model_validate({name: junk})
            json.dumps(params.model_dump(mode="json"), allow_nan=False)


@each_demo
def test_a_file_is_described_or_refused_in_a_sentence(slug: str) -> None:
    demo = registry.get(slug)
    for name, good in files_of(demo).items():
        assert good, f"give it a file to try: {demo.lesson}/tests/files/{slug}.{name}.csv, say"
        for path in good.values():
            facts = demo.check_file(name, path)
            assert json.loads(json.dumps(facts, allow_nan=False)) == facts
            assert isinstance(facts.get("summary", ""), str)


@each_demo
@pytest.mark.parametrize("junk", JUNK_FILES, ids=range(len(JUNK_FILES)))
def test_a_file_of_junk_is_described_or_refused_in_a_sentence(slug: str, junk: bytes, tmp_path: Path) -> None:
    demo = registry.get(slug)
    path = tmp_path / "file"
    path.write_bytes(junk)
    for name in files_of(demo):
        said = ""
        try:
            json.dumps(demo.check_file(name, path), allow_nan=False)
        except DemoError as error:
            said = str(error)
        assert said == "" or said.endswith((".", "?", "…"))


@each_demo
def test_the_presets_are_valid_and_named(slug: str) -> None:
    demo = registry.get(slug)
    for name, preset in demo.presets.items():
        assert name.replace("-", "").replace("_", "").isalnum()
        assert preset.title
        demo.Params.model_validate(preset.params)


# In the house ---------------------------------------------------------------------------------------------------------


@each_demo
def test_the_view_is_there_and_mounts(slug: str) -> None:
    view = registry.LESSONS / registry.get(slug).lesson / "static" / f"{slug}.js"
    assert "export function mount(root, stream)" in view.read_text(encoding="utf-8")


@each_demo
@pytest.mark.django_db
def test_the_page_renders(slug: str, client: Client) -> None:
    demo = registry.get(slug)
    page = client.get(f"/demos/{slug}/")
    assert page.status_code == 200
    assert demo.title in page.content.decode()
    assert f"{demo.lesson}/{slug}" in page.content.decode()


@each_demo
@pytest.mark.django_db
def test_the_api_describes_the_demo(slug: str, client: Client) -> None:
    row = client.get(f"/api/demos/{slug}/").json()
    assert row["params"] == json.loads(json.dumps(schema_of(slug)))
    assert row["presets"].keys() == registry.get(slug).presets.keys()


def test_finding_the_demos_loads_no_heavy_library() -> None:
    """The web process finds them too."""
    code = (
        "import sys; from mlcore import registry; registry.demos(); print(*{n.partition('.')[0] for n in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=registry.ROOT)
    heavy = {"numpy", "scipy", "sklearn", "gensim", "pyarrow", "tensorflow", "keras", "rapidfuzz"}
    assert not heavy & set(loaded.stdout.split())


@each_demo
def test_the_recorded_run_has_a_picture_for_paper(slug: str) -> None:
    demo = registry.get(slug)
    folder = registry.LESSONS / demo.lesson / "static"
    with Image.open(folder / f"{demo.slug}.sample.png") as picture:
        assert 1000 <= picture.width <= 1400
        recording = hashlib.sha256((folder / f"{demo.slug}.sample.json").read_bytes()).hexdigest()
        assert picture.info["sample-sha256"] == recording, "The picture is older than the recording: make samples"


# As a notebook --------------------------------------------------------------------------------------------------------


@each_demo
def test_the_notebooks_parameters_are_the_fields_of_the_form(slug: str) -> None:
    demo = registry.get(slug)
    given: dict[str, Any] = {}
    exec(parameters_cell(demo), given)
    del given["__builtins__"]
    assert json.loads(json.dumps(given)) == json.loads(json.dumps(demo.Params().model_dump(mode="json")))


@each_demo
def test_the_notebook_needs_mlcore_alone(slug: str) -> None:
    tree = ast.parse(notebook_path(registry.get(slug)).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert foreign <= {"mlcore", "numpy", "keras", "tensorflow", "matplotlib"}


@pytest.mark.slow
@each_demo
def test_the_notebook_computes_what_the_demo_does(slug: str, tmp_path: Path) -> None:
    demo = registry.get(slug)
    params = tiny_params(demo)
    place = Place(demo=f"http://testserver/demos/{slug}/", library="http://testserver/mlcore.zip", data=())
    notebook = nbformat.reads(notebook_of(demo, params, place=place), as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import json\nprint(json.dumps(result, allow_nan=False))"))
    environment = {**os.environ, "PYTHONPATH": str(registry.ROOT), "MPLBACKEND": "agg"}

    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=environment)

    said = "".join(output["text"] for output in notebook.cells[-1].outputs if output.get("name") == "stdout")
    result, live = json.loads(said), tiny_run(slug)[-1]["data"]["result"]
    if demo.deterministic:
        assert rounded(result) == rounded(live)
    else:
        assert fits(shape(result), shape(live))


def parameters_cell(demo: Demo) -> str:
    notebook = jupytext.reads(notebook_path(demo).read_text(encoding="utf-8"), fmt="py:percent")
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    return str(cell.source)


def rounded(value: Any) -> Any:
    """Numbers to six digits: another process may add in another order."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
