"""The jobs API as its callers meet it: an owner, a peer (somebody else signed in), an outsider (a guest), staff."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from jobs.models import Job, Run
from tests.factories import UserFactory
from tests.jobs.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]

ACTIONS = ["stop", "retry", "continue", "share"]


def signed_in(role: str = "student", **kwargs: Any) -> Client:
    client = Client(**kwargs)
    client.force_login(UserFactory(role=role))
    return client


@pytest.fixture
def owner() -> Client:
    return signed_in()


@pytest.fixture
def peer() -> Client:
    return signed_in()


@pytest.fixture
def outsider() -> Client:
    return Client()


@pytest.fixture
def staff() -> Client:
    return signed_in(User.Role.STAFF)


def submit(client: Client, demo: str = "doubling", **params: Any) -> Any:
    return post(client, f"/api/demos/{demo}/jobs/", {"params": params})


def post(client: Client, path: str, body: Any = None, **kwargs: Any) -> Any:
    return client.post(path, body, content_type="application/json", **kwargs)


def error_of(response: Any, status: int) -> dict[str, Any]:
    """The error of a response, which has the one shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) == {"error"}
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"code", "message", "fields"}
    assert error["message"]
    return error


# --- submitting


def test_a_submitted_job_is_answered_with_its_row(owner: Client) -> None:
    response = submit(owner, number=21)
    assert response.status_code == 201
    row = response.json()
    assert response["Location"] == row["url"] == f"/api/jobs/{row['id']}/"
    assert row["ws_url"] == f"/ws/jobs/{row['id']}/"
    assert {name: row[name] for name in ("demo", "state", "params", "queue", "place", "attempt", "mine")} == {
        "demo": "doubling",
        "state": "queued",
        "params": {"number": 21, "trouble": ""},
        "queue": "inference",
        "place": 1,
        "attempt": 0,
        "mine": True,
    }
    assert row["started"] is row["ended"] is row["result"] is row["error"] is row["share_url"] is None
    assert row["waiting_for_worker"] is True


def test_the_row_tells_the_result_once_there_is_one(owner: Client) -> None:
    url = submit(owner, number=21).json()["url"]
    work()
    row = owner.get(url).json()
    assert (row["state"], row["result"], row["place"]) == ("succeeded", {"twice": 42}, None)
    assert row["waiting_for_worker"] is False
    assert row["started"] <= row["ended"]


def test_an_answer_that_is_known_comes_at_once(owner: Client, peer: Client) -> None:
    submit(owner, number=4)
    work()
    row = submit(peer, number=4).json()
    assert (row["state"], row["result"], row["mine"]) == ("succeeded", {"twice": 8}, True)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"number": 1001}, "number"),
        ({"number": "many"}, "number"),
        ({"nubmer": 1}, "nubmer"),
        ({"trouble": "a" * 21}, "trouble"),
    ],
)
def test_params_out_of_bounds_or_unknown_are_refused_and_nothing_is_queued(
    owner: Client, params: dict[str, Any], field: str
) -> None:
    error = error_of(submit(owner, **params), 422)
    assert error["code"] == "invalid_params"
    assert list(error["fields"]) == [field]
    assert not Job.objects.exists()
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 400, ["params"]),
        ({"params": [1]}, 400, ["params"]),
        ({"params": None}, 400, ["params"]),
        ({"params": {}, "colour": 1}, 400, ["colour"]),
        ({"params": {}, "replaces": "that one"}, 400, ["replaces"]),
        ([], 400, ["non_field_errors"]),
        ('"word"', 400, ["non_field_errors"]),
    ],
)
def test_a_body_of_another_form_is_refused(owner: Client, body: Any, status: int, fields: list[str]) -> None:
    error = error_of(owner.post("/api/demos/doubling/jobs/", body, content_type="application/json"), status)
    assert list(error["fields"]) == fields
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{not json", "application/json", 400),
        (b'{"params": {"trouble": NaN}}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"params": {"trouble": "\\u0000"}}', "application/json", 400),
        (b'{"params": {"trouble": "\\ud800"}}', "application/json", 400),
        (b'{"params": {"number": ' + b"9" * 5000 + b"}}", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"params=1", "application/x-www-form-urlencoded", 415),
        (b"<params/>", "text/xml", 415),
        (b'{"params": {"trouble": "' + b"x" * 3_000_000 + b'"}}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_of_ours_is_refused_with_a_fitting_status(
    owner: Client, body: bytes, content_type: str, status: int
) -> None:
    error_of(owner.generic("POST", "/api/demos/doubling/jobs/", body, content_type=content_type), status)
    assert not Job.objects.exists()


def test_an_unknown_demo_is_not_found(owner: Client) -> None:
    assert error_of(submit(owner, "nothing"), 404)["code"] == "not_found"


def test_a_guest_may_not_train_and_is_told_to_sign_in(outsider: Client) -> None:
    error = error_of(submit(outsider, "counting"), 403)
    assert error["code"] == "sign_in_needed"
    assert "Sign in" in error["message"]


def test_used_up_allowance_says_when_it_is_possible_again(outsider: Client, settings: Any) -> None:
    settings.ALLOWANCES = {**settings.ALLOWANCES, "guest_runs": 1}
    assert submit(outsider, number=1).status_code == 201
    response = submit(outsider, number=2)
    assert error_of(response, 429)["code"] == "allowance_used_up"
    assert 0 < int(response["Retry-After"]) <= 600


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_another_method_is_refused_in_the_same_shape(owner: Client, method: str) -> None:
    assert error_of(getattr(owner, method)("/api/demos/doubling/jobs/"), 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/api/", "/api/nothing/", "/api/jobs/not-a-uuid/", "/api/demos/no such/"])
def test_an_unknown_address_of_the_api_answers_in_the_same_shape(outsider: Client, path: str) -> None:
    error_of(outsider.get(path), 404)


# --- who may do what


def test_a_guest_is_known_again_by_a_cookie_that_scripts_cannot_read(outsider: Client) -> None:
    response = submit(outsider)
    assert response.cookies["guest"]["httponly"]
    assert outsider.get(response.json()["url"]).json()["mine"] is True


def test_a_job_is_seen_by_its_owner_and_staff_and_nobody_else(
    owner: Client, peer: Client, outsider: Client, staff: Client
) -> None:
    row = submit(owner).json()
    for url in (row["url"], row["events_url"]):
        assert owner.get(url).status_code == staff.get(url).status_code == 200
        for other in (peer, outsider):
            assert error_of(other.get(url), 404) == error_of(other.get(f"/api/jobs/{uuid4()}/"), 404)
    assert owner.get(row["url"]).json()["mine"] is True
    assert staff.get(row["url"]).json()["mine"] is False


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_else_can_act_on_a_job(owner: Client, peer: Client, outsider: Client, action: str) -> None:
    row = submit(owner).json()
    for other in (peer, outsider):
        error_of(post(other, f"{row['url']}{action}/"), 404)
    now = owner.get(row["url"]).json()
    assert (now["state"], now["share_url"]) == ("queued", None)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_a_share_link_lets_read_and_nothing_else(owner: Client, peer: Client, outsider: Client, action: str) -> None:
    row = submit(owner, number=3).json()
    work()
    share_url = post(owner, f"{row['url']}share/").json()["share_url"]
    token = share_url.removeprefix("/runs/").strip("/")
    for other in (peer, outsider):
        shared = other.get(f"{row['url']}?share={token}").json()
        assert (shared["state"], shared["result"], shared["mine"]) == ("succeeded", {"twice": 6}, False)
        assert shared["share_url"] is None
        assert other.get(shared["events_url"]).json()["final"] is True
        assert token in shared["ws_url"]
        error_of(other.get(f"{row['url']}?share={token}x"), 404)
        error_of(post(other, f"{row['url']}{action}/?share={token}"), 404)


def test_a_shared_row_does_not_name_its_owner(outsider: Client) -> None:
    user = UserFactory(name="Ada Lovelace", email="ada@example.org")
    owner = Client()
    owner.force_login(user)
    row = submit(owner).json()
    token = post(owner, f"{row['url']}share/").json()["share_url"].strip("/").split("/")[-1]
    for path in (f"{row['url']}?share={token}", f"{row['events_url']}?share={token}"):
        text = outsider.get(path).content.decode()
        assert "Ada" not in text
        assert "ada@" not in text


def test_sharing_twice_gives_the_same_link(owner: Client) -> None:
    url = submit(owner).json()["url"]
    first, second = (post(owner, f"{url}share/").json()["share_url"] for _ in range(2))
    assert first == second == owner.get(url).json()["share_url"]


def test_staff_cannot_share_somebody_elses_run(owner: Client, staff: Client) -> None:
    url = submit(owner).json()["url"]
    assert error_of(post(staff, f"{url}share/"), 403)["code"] == "not_allowed"
    assert owner.get(url).json()["share_url"] is None


@pytest.mark.parametrize("token", ["%00", "a" * 65, "%ed%a0%80"])
def test_a_share_token_of_nonsense_is_refused(outsider: Client, owner: Client, token: str) -> None:
    response = outsider.get(f"{submit(owner).json()['url']}?share={token}")
    assert response.status_code in (400, 404)
    error_of(response, response.status_code)


# --- acting


def test_the_owner_stops_only_their_own_part(owner: Client, peer: Client) -> None:
    mine, theirs = submit(owner, number=5).json(), submit(peer, number=5).json()
    assert post(owner, f"{mine['url']}stop/").json()["state"] == "stopped"
    assert peer.get(theirs["url"]).json()["state"] == "queued"
    work()
    assert peer.get(theirs["url"]).json()["result"] == {"twice": 10}
    stopped = owner.get(mine["url"]).json()
    assert (stopped["state"], stopped["result"]) == ("stopped", None)


def test_staff_stop_a_run_for_everybody(owner: Client, peer: Client, staff: Client) -> None:
    mine, theirs = submit(owner, number=5).json(), submit(peer, number=5).json()
    assert post(staff, f"{mine['url']}stop/").json()["state"] == "stopped"
    for client, row in ((owner, mine), (peer, theirs)):
        now = client.get(row["url"]).json()
        assert (now["state"], now["error"]) == ("stopped", "Staff stopped this run.")


def test_stopping_what_has_ended_changes_nothing(owner: Client) -> None:
    url = submit(owner).json()["url"]
    work()
    assert post(owner, f"{url}stop/").json()["state"] == "succeeded"


def test_a_retry_is_a_new_job_and_waits_for_the_old_one_to_end(owner: Client) -> None:
    row = submit(owner, trouble="refuse").json()
    assert error_of(post(owner, f"{row['url']}retry/"), 409)["code"] == "conflict"
    work()
    failed = owner.get(row["url"]).json()
    assert (failed["state"], failed["error"]) == ("failed", "That number is too dull. Choose another.")
    response = post(owner, f"{row['url']}retry/")
    assert response.status_code == 201
    assert response.json()["id"] != row["id"]
    assert response.json()["state"] == "queued"


def test_a_stopped_training_goes_on_from_its_checkpoint(owner: Client, demos: dict[str, Any]) -> None:
    row = submit(owner, "counting", steps=3).json()
    work("training")
    error_of(post(owner, f"{submit(owner).json()['url']}continue/"), 409)
    response = post(owner, f"{row['url']}continue/")
    assert response.status_code == 201
    work("training")
    assert owner.get(response.json()["url"]).json()["result"] == {"counted": 6}


def test_a_demo_that_raises_shows_a_sentence_and_never_its_traceback(owner: Client, staff: Client) -> None:
    row = submit(owner, trouble="bug").json()
    work()
    for client in (owner, staff):
        for path in (row["url"], row["events_url"]):
            text = client.get(path).content.decode()
            assert "Something went wrong in this demo" in text
            assert "secret detail" not in text
            assert "Traceback" not in text


# --- events


def test_events_come_after_a_number_and_say_when_they_are_final(owner: Client) -> None:
    row = submit(owner, number=2).json()
    assert owner.get(row["events_url"]).json() == {"events": [], "final": False}
    work()
    answer = owner.get(row["events_url"]).json()
    assert answer["final"] is True
    assert [event["seq"] for event in answer["events"]] == list(range(1, len(answer["events"]) + 1))
    assert answer["events"][-1]["kind"] == "result"
    last = answer["events"][-1]["seq"]
    assert owner.get(row["events_url"], {"after": last - 1}).json()["events"] == answer["events"][-1:]
    assert owner.get(row["events_url"], {"after": last}).json() == {"events": [], "final": True}


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999999999999"])
def test_a_number_that_is_none_is_refused(owner: Client, after: str) -> None:
    error = error_of(owner.get(submit(owner).json()["events_url"], {"after": after}), 400)
    assert list(error["fields"]) == ["after"]


# --- the list


def test_the_list_holds_ones_own_jobs_newest_first(owner: Client, peer: Client) -> None:
    ids = [submit(owner, number=number).json()["id"] for number in range(3)]
    submit(peer)
    page = owner.get("/api/jobs/").json()
    assert page["count"] == 3
    assert [row["id"] for row in page["results"]] == ids[::-1]
    assert Client().get("/api/jobs/").json()["count"] == 0


def test_the_list_is_paginated(owner: Client) -> None:
    for number in range(3):
        submit(owner, number=number)
    first = owner.get("/api/jobs/", {"page_size": 2}).json()
    assert (len(first["results"]), first["previous"]) == (2, None)
    second = owner.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    error_of(owner.get("/api/jobs/", {"page": 9}), 404)
    assert len(owner.get("/api/jobs/", {"page_size": 1000}).json()["results"]) == 3


def test_the_list_can_be_of_one_demo_and_of_what_is_under_way(owner: Client) -> None:
    done = submit(owner, number=1).json()
    work()
    stopped, waiting = submit(owner, number=2).json(), submit(owner, number=2).json()
    post(owner, f"{stopped['url']}stop/")
    training = submit(owner, "counting").json()

    def ids(**query: Any) -> set[str]:
        return {row["id"] for row in owner.get("/api/jobs/", query).json()["results"]}

    assert ids(active=1) == {waiting["id"], training["id"]}
    assert ids(demo="counting") == {training["id"]}
    assert ids(demo="doubling", active="true") == {waiting["id"]}
    assert ids(active=0) == {done["id"], stopped["id"], waiting["id"], training["id"]}
    assert ids(demo="nothing") == set()


def test_the_answers_one_has_are_listed_each_once(owner: Client, peer: Client) -> None:
    first, second = submit(owner, number=1).json(), submit(owner, number=2).json()
    submit(peer, number=2)
    work()
    again = submit(owner, number=1).json()
    submit(owner, number=3)
    post(owner, f"{submit(owner, number=4).json()['url']}stop/")

    rows = owner.get("/api/jobs/", {"demo": "doubling", "answered": 1}).json()["results"]

    assert [row["id"] for row in rows] == [again["id"], second["id"]]
    assert [row["result"] for row in rows] == [{"twice": 2}, {"twice": 4}]
    assert first["id"] not in {row["id"] for row in rows}


@pytest.mark.parametrize("query", [{"active": "perhaps"}, {"demo": "a b"}, {"demo": "\0"}, {"page": "x"}])
def test_a_query_of_nonsense_is_refused(owner: Client, query: dict[str, str]) -> None:
    response = owner.get("/api/jobs/", query)
    error_of(response, 404 if "page" in query else 400)


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    owner: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        submit(owner, number=number)
    with django_assert_max_num_queries(9):
        assert len(owner.get("/api/jobs/").json()["results"]) == 12


# --- CSRF


def test_a_guest_needs_no_csrf_token() -> None:
    assert submit(Client(enforce_csrf_checks=True)).status_code == 201


def test_a_session_needs_a_csrf_token() -> None:
    client = signed_in(enforce_csrf_checks=True)
    error = error_of(submit(client), 403)
    assert error["code"] == "permission_denied"
    assert not Job.objects.exists()
    client.get(reverse("my-work"))
    token = client.cookies["csrftoken"].value
    response = post(client, "/api/demos/doubling/jobs/", {"params": {}}, headers={"X-CSRFToken": token})
    assert response.status_code == 201
    error_of(post(client, f"{response.json()['url']}stop/"), 403)
