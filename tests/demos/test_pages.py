from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from common.markdown import BlockError
from demos.blocks import demo_block
from jobs.services import share_job, submit_job
from mlcore import registry
from tests.factories import UserFactory
from tests.jobs.conftest import actor_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", sorted(registry.demos()))
def test_the_page_of_every_demo_holds_its_frame(client: Client, slug: str) -> None:
    response = client.get(f"/demos/{slug}/")
    assert response.status_code == 200
    html = response.content.decode()
    assert f'data-demo="{slug}"' in html
    row = re.search(r'<script[^>]* type="application/json">(.*?)</script>', html, re.DOTALL)
    assert row is not None
    assert json.loads(row[1]) == client.get(f"/api/demos/{slug}/").json()
    assert f"{registry.get(slug).lesson}/{slug}.js" in html


def test_a_demo_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/demos/nothing/").status_code == 404


def test_the_block_opens_the_demo_on_its_preset() -> None:
    html = demo_block("explorer capitals", "", 7)
    assert 'data-preset="capitals"' in html
    assert 'id="demo-explorer-7"' in html


@pytest.mark.parametrize(
    ("arguments", "body", "words"),
    [
        ("", "", "Say which demo"),
        ("nothing", "", "There is no demo “nothing”."),
        ("explorer nothing", "", "The demo “explorer” has no preset “nothing”."),
        ("explorer", "text", "A demo has no text inside."),
    ],
)
def test_a_block_that_cannot_be_shown_says_why(arguments: str, body: str, words: str) -> None:
    with pytest.raises(BlockError, match=words):
        demo_block(arguments, body, 1)


def test_a_shared_run_is_open_to_whoever_has_the_link_and_names_nobody(client: Client) -> None:
    owner = UserFactory(name="Ada Lovelace", email="ada@example.org")
    job = submit_job(demo="explorer", params={"word": "berlin"}, actor=actor_of(owner))
    token = share_job(job=job).share_token
    html = client.get(f"/runs/{token}/").content.decode()
    assert f'data-share="{token}" data-job="{job.id}"' in html
    assert "Word: berlin" in html
    assert "Ada" not in html
    assert 'name="robots" content="noindex"' in html


def test_the_link_of_a_run_that_is_not_shared_is_not_found(client: Client) -> None:
    job = submit_job(demo="explorer", params={}, actor=actor_of(UserFactory()))
    assert client.get(f"/runs/{job.id}/").status_code == 404
    assert client.get("/runs/nothing/").status_code == 404


def test_a_demos_page_opens_on_the_preset_of_its_address(client: Client) -> None:
    assert 'data-preset="capitals"' in client.get("/demos/explorer/?preset=capitals").content.decode()
    assert "data-preset" not in client.get("/demos/explorer/?preset=nothing").content.decode()
