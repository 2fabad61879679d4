"""What holds for every page: security headers, no script in the HTML, error pages, and the API's description."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from common import views
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/courses/",
    "/courses/sequence-models/",
    "/courses/sequence-models/glossary/",
    "/search/?q=vector",
    "/demos/explorer/",
    "/my/",
    "/my/runs/",
    "/staff/jobs/",
    "/staff/people/",
    "/account/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/logout/",
    "/accounts/password/reset/",
    "/accounts/password/change/",
    "/api/docs/",
    "/runs/nothing/",
    "/nothing/",
]


@pytest.fixture
def staff() -> Client:
    call_command("sync_course")
    client = Client()
    client.force_login(UserFactory(role=User.Role.STAFF))
    return client


def directives(response: Any) -> dict[str, list[str]]:
    lines = response["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (line.split() for line in lines)}


@pytest.fixture(params=["guest", "staff"])
def pages(request: Any, staff: Client) -> dict[str, Any]:
    """What each page answers to a visitor."""
    client = staff if request.param == "staff" else Client()
    return {path: client.get(path) for path in PAGES}


def test_every_page_forbids_scripts_that_are_not_files_of_ours(pages: dict[str, Any]) -> None:
    for path, response in pages.items():
        policy = directives(response)
        assert policy["script-src"] == ["'self'"], path
        assert policy["default-src"] == ["'self'"], path
        assert policy["object-src"] == ["'none'"], path
        assert policy["frame-ancestors"] == ["'self'"], path
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), path
        assert response["Referrer-Policy"] == "same-origin", path


def test_no_page_holds_a_script_that_the_policy_would_block(pages: dict[str, Any]) -> None:
    for path, response in pages.items():
        html = response.content.decode()
        for attributes in re.findall(r"<script\b([^>]*)>", html):
            assert "src=" in attributes or 'type="application/json"' in attributes, path
        assert not re.search(r"<[^>]+\son\w+=", html), path
        assert "javascript:" not in html, path


def test_every_page_that_takes_no_argument_answers(staff: Client) -> None:
    """No address ends in a 500, whoever calls it."""
    for path in paths(get_resolver().url_patterns):
        for client in (staff, Client()):
            response = client.get(path)
            assert response.status_code < 500, path


def paths(patterns: list[Any], prefix: str = "/") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if "<" in route or "\\" in route or "(" in route or "^" in route:
            continue
        if isinstance(pattern, URLResolver):
            found += paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


@pytest.mark.parametrize(("path", "status"), [("/nothing/", 404), ("/api/nothing/", 404)])
def test_a_missing_page_is_html_for_people_and_json_for_programs(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/json" if "api" in path else "text/html")


@pytest.mark.parametrize("path", ["/boom/", "/api/boom/"])
def test_a_broken_page_is_told_without_asking_what_may_be_broken(
    path: str, rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    request: HttpRequest = rf.get(path)  # no session, no user, no actor on it
    with django_assert_num_queries(0):
        response = views.server_error(request)
    assert response.status_code == 500
    assert b"broke" in response.content


@pytest.mark.parametrize("path", ["/courses/", "/api/jobs/"])
def test_where_the_database_does_not_answer_one_is_told_to_come_back(path: str) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("couldn't get a connection after 10.00 sec")

    with connection.execute_wrapper(fail):
        response = Client(raise_request_exception=False).get(path)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Try again in some seconds" in response.content.decode()


def test_a_request_for_another_host_is_refused_in_words(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "This request makes no sense to us" in response.content.decode()


def test_the_description_of_the_api_is_valid_and_complete(tmp_path: Any) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))


def test_the_description_names_the_error_shape_for_everything_that_can_fail(client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    assert set(schema["paths"]) >= {"/api/demos/", "/api/demos/{slug}/jobs/", "/api/jobs/{job_id}/"}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    content = response["content"]["application/json"]
                    shape = schema["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
                    assert list(shape["properties"]) == ["error"]
                    detail = schema["components"]["schemas"][shape["properties"]["error"]["$ref"].rpartition("/")[2]]
                    assert {"code", "message", "fields"} <= detail["properties"].keys()
                    assert content["examples"]


def test_the_docs_page_takes_its_scripts_from_files(client: Client) -> None:
    html = client.get("/api/docs/").content.decode()
    sources = re.findall(r'<script[^>]* src="([^"]+)"', html)
    assert sources
    for source in sources:
        assert client.get(source.replace("&amp;", "&")).status_code == 200
