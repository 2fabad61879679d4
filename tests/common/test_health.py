from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import User
from tests.factories import UserFactory
from tests.helpers import worker_is_there


def test_the_process_answers_without_touching_anything(client: Client) -> None:
    assert client.get("/healthz").json() == {"ok": True}


@pytest.mark.django_db
def test_it_is_ready_without_any_worker_and_names_those_there_are(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": True, "valkey": True, "workers": []}
    with worker_is_there(name="training-1", queue="training"):
        assert [worker["name"] for worker in client.get("/readyz").json()["workers"]] == ["training-1"]


@pytest.mark.django_db
def test_it_is_not_ready_without_valkey(client: Client, settings: Any, unused_tcp_port: int) -> None:
    settings.VALKEY_URL = f"redis://127.0.0.1:{unused_tcp_port}/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": True, "valkey": False}


@pytest.mark.django_db
def test_it_is_not_ready_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False


@pytest.mark.django_db
def test_numbers_are_for_staff_and_whoever_has_the_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
    settings.METRICS_TOKEN = "a token"
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    answer = client.get("/metrics", headers={"Authorization": "Bearer a token"})
    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content
    client.force_login(UserFactory())
    assert client.get("/metrics").status_code == 403
    client.force_login(UserFactory(role=User.Role.STAFF))
    assert client.get("/metrics").status_code == 200
