from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mlcore import registry

pytestmark = pytest.mark.django_db


def test_the_list_holds_every_demo_with_all_that_a_page_needs(client: Client) -> None:
    rows = client.get("/api/demos/").json()
    assert [row["slug"] for row in rows] == sorted(registry.demos())
    for row in rows:
        assert set(row) == {
            *("slug", "title", "summary", "lesson", "queue", "deterministic", "follows_typing", "continues"),
            *("params", "presets"),
        }
        assert row == client.get(f"/api/demos/{row['slug']}/").json()


def test_the_params_are_a_schema_in_which_every_field_has_a_default(client: Client) -> None:
    for row in client.get("/api/demos/").json():
        schema = row["params"]
        assert schema["additionalProperties"] is False
        for field in schema["properties"].values():
            assert "default" in field
            assert field["title"]
            assert field["description"]


def test_every_preset_is_valid(client: Client) -> None:
    for row in client.get("/api/demos/").json():
        for preset in row["presets"].values():
            assert preset["title"]
            registry.get(row["slug"]).Params.model_validate(preset["params"])


def test_an_unknown_demo_is_not_found_in_words(client: Client) -> None:
    response = client.get("/api/demos/nothing/")
    assert response.status_code == 404
    assert response.json() == {
        "error": {"code": "not_found", "message": "There is no demo called “nothing”.", "fields": {}}
    }


def test_html_alone_is_not_what_the_api_speaks(client: Client) -> None:
    response = client.get("/api/demos/", headers={"Accept": "text/html"})
    assert response.status_code == 406
    assert response.json()["error"]["code"] == "not_acceptable"


def test_the_pages_of_demos_load_no_model_library() -> None:
    """The registry imports every demo's file into the web process; what they compute with stays out."""
    code = (
        "import sys; sys.path[:0] = ['platform', '.']\n"
        "from mlcore import registry; registry.demos()\n"
        "print(*sorted({'numpy', 'gensim', 'sklearn', 'scipy', 'pyarrow', 'tensorflow', 'plotly'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=settings.ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_running_a_demo_of_the_course_queues_its_canonical_params(client: Client) -> None:
    response = client.post(
        "/api/demos/explorer/jobs/", {"params": {"word": " Paris "}}, content_type="application/json"
    )
    row: dict[str, Any] = response.json()
    assert (row["demo"], row["queue"], row["params"]["word"]) == ("explorer", "inference", "paris")
