"""My runs, and the staff's table of everybody's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from jobs import selectors, services
from jobs.leases import claim_runs
from jobs.models import Job, Run
from jobs.templatetags.runs import params_in_words
from tests.factories import UserFactory
from tests.helpers import worker_is_there
from tests.jobs.conftest import actor_of, fresh, guest, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def staff() -> Client:
    return signed_in(UserFactory(role=User.Role.STAFF))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(user: Any = None, demo: str = "doubling", **params: Any) -> Job:
    return services.submit_job(demo=demo, params=params, actor=actor_of(user) if user else guest())


def page(client: Client, path: str, query: Any = None, **kwargs: Any) -> str:
    response = client.get(path, query, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> int:
    return html.count('<th scope="row">')


# --- my runs


def test_my_runs_shows_ones_own_and_nobody_elses(client: Client, ada: User) -> None:
    ask(ada, number=11)
    ask(UserFactory(), number=22)
    html = page(client, "/my/runs/")
    assert "Number: 11" in html
    assert "Number: 22" not in html


def test_what_was_asked_for_again_stands_once_and_what_is_shared_stays(client: Client, ada: User) -> None:
    shared = ask(ada, number=7)
    Job.objects.filter(pk=shared.pk).update(share_token="a-token")
    first, second = ask(ada, number=7), ask(ada, number=7)
    assert first.run_id == second.run_id == shared.run_id
    ask(UserFactory(), number=7)
    html = page(client, "/my/runs/")
    assert f"job={first.id}" not in html
    assert {html.count(f"job={second.id}"), html.count(f"job={shared.id}")} == {1}
    work = page(client, "/my/")
    assert f"job={first.id}" not in work[work.index("Latest runs") :]


def test_a_guest_has_runs_too() -> None:
    client = Client()
    assert "You have not run anything yet." in page(client, "/my/runs/")
    client.post("/api/demos/doubling/jobs/", {"params": {"number": 7}}, content_type="application/json")
    assert "Number: 7" in page(client, "/my/runs/")


def test_a_run_links_to_its_result(client: Client, ada: User) -> None:
    job = ask(ada)
    assert f'href="/demos/doubling/?doubling.job={job.id}"' in page(client, "/my/runs/")


def test_the_table_asks_for_itself_again_only_while_something_is_under_way(client: Client, ada: User) -> None:
    ask(ada)
    assert 'hx-trigger="every' in page(client, "/my/runs/")
    work()
    html = page(client, "/my/runs/", headers={"HX-Request": "true"})
    assert 'hx-trigger="every' not in html
    assert "<html" not in html
    assert "Done" in html


def test_a_waiting_run_says_that_no_worker_is_there_or_its_place(client: Client, ada: User) -> None:
    ask(ada)
    assert "Waiting for a worker" in page(client, "/my/runs/")
    selectors.look_at_queue.cache_clear()
    with worker_is_there(name="inference-1"):
        assert "Number 1 in the queue" in page(client, "/my/runs/")


def test_a_failed_run_says_what_happened_and_hides_the_traceback(client: Client, ada: User) -> None:
    ask(ada, trouble="bug")
    work()
    html = page(client, "/my/runs/")
    assert "Something went wrong in this demo" in html
    assert "secret detail" not in html


def test_a_run_that_staff_stopped_says_so(client: Client, ada: User) -> None:
    services.stop_run(run=ask(ada).run)
    assert "Staff stopped this run." in page(client, "/my/runs/")


def test_one_stops_retries_and_shares_ones_own_runs(client: Client, ada: User) -> None:
    job = ask(ada, number=3)
    response = client.post(f"/my/runs/{job.id}/stop/", {"next": "/my/runs/?page=1"})
    assert (response.status_code, response["Location"]) == (302, "/my/runs/?page=1")
    assert fresh(job).state == "stopped"
    client.post(f"/my/runs/{job.id}/retry/")
    retried = Job.objects.get(retry_of=job)
    work()
    client.post(f"/my/runs/{retried.id}/share/")
    assert f"/runs/{fresh(retried).share_token}/" in page(client, "/my/runs/")


def test_what_is_shared_can_be_kept_to_oneself_again(client: Client, ada: User) -> None:
    job = ask(ada)
    work()
    client.post(f"/my/runs/{job.id}/share/")
    link = f"/runs/{fresh(job).share_token}/"
    assert "Stop sharing" in page(client, "/my/runs/")
    client.post(f"/my/runs/{job.id}/unshare/")
    assert link not in page(client, "/my/runs/")
    assert Client().get(link).status_code == 404
    client.post(f"/my/runs/{job.id}/share/")
    assert f"/runs/{fresh(job).share_token}/" != link


def test_a_run_with_a_checkpoint_can_go_on(client: Client, ada: User) -> None:
    job = services.submit_job(demo="counting", params={"steps": 2}, actor=actor_of(ada))
    assert "Go on" not in page(client, "/my/runs/")
    work("training")
    assert f"/my/runs/{job.id}/continue/" in page(client, "/my/runs/")
    client.post(f"/my/runs/{job.id}/continue/")
    assert Job.objects.get(continue_of=job).owner == ada


@pytest.mark.parametrize("action", ["stop", "retry", "share", "unshare", "continue"])
def test_nobody_acts_on_the_runs_of_others_from_their_own_page(client: Client, staff: Client, action: str) -> None:
    job = ask(UserFactory())
    for other in (client, staff, Client()):
        assert other.post(f"/my/runs/{job.id}/{action}/").status_code == 404
    assert fresh(job).state == "queued"
    assert fresh(job).share_token is None


def test_what_cannot_be_done_is_told_on_the_page(client: Client, ada: User) -> None:
    job = ask(ada)
    response = client.post(f"/my/runs/{job.id}/retry/", headers={"HX-Request": "true"}, follow=True)
    assert "This run has not ended yet." in response.content.decode()


def test_an_unknown_action_is_not_found(client: Client, ada: User) -> None:
    assert client.post(f"/my/runs/{ask(ada).id}/explode/").status_code == 404
    assert client.get(f"/my/runs/{ask(ada).id}/stop/").status_code == 405


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_one_is_never_sent_to_another_site(client: Client, ada: User, elsewhere: str) -> None:
    response = client.post(f"/my/runs/{ask(ada).id}/stop/", {"next": elsewhere})
    assert response["Location"] == "/my/runs/"


def test_acting_needs_the_forms_token_of_guests_too() -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/api/demos/doubling/jobs/", {"params": {}}, content_type="application/json")
    job = Job.objects.get()
    response = client.post(f"/my/runs/{job.id}/stop/")
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page(client, "/my/runs/"))
    assert token is not None
    assert client.post(f"/my/runs/{job.id}/stop/", {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_my_runs_takes_the_same_number_of_queries_however_many(
    client: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        ask(ada, number=number)
    with django_assert_max_num_queries(10):
        html = page(client, "/my/runs/")
    assert html.count("<h2>") == 20
    assert page(client, "/my/runs/", {"page": 2}).count("<h2>") == 5
    assert page(client, "/my/runs/", {"page": "nonsense"}).count("<h2>") == 20


# --- staff


@pytest.mark.parametrize("path", ["/staff/jobs/"])
def test_the_staff_page_is_for_staff(client: Client, staff: Client, path: str) -> None:
    assert client.get(path).status_code == 403
    instructor = signed_in(UserFactory(role=User.Role.INSTRUCTOR))
    assert instructor.get(path).status_code == 403
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")
    assert staff.get(path).status_code == 200


@pytest.mark.parametrize("action", ["stop", "retry"])
def test_only_staff_act_on_everybodys_runs(client: Client, ada: User, action: str) -> None:
    job = ask(ada)
    assert client.post(f"/staff/jobs/{job.id}/{action}/").status_code == 403
    assert Client().post(f"/staff/jobs/{job.id}/{action}/").status_code == 302
    assert fresh(job).state == "queued"


def test_staff_see_who_ran_what_where_and_with_which_end(staff: Client, ada: User) -> None:
    ask(ada, trouble="bug")
    ask(None, number=5)
    work(worker="inference-7")
    html = page(staff, "/staff/jobs/")
    assert rows(html) == 2
    assert "Ada Lovelace" in html
    assert "ada@example.org" in html
    assert "Guest" in html
    assert "inference-7" in html
    assert "RuntimeError: secret detail" in html
    assert "<details" in html


def test_staff_stop_a_run_for_all_and_retry_it(staff: Client, ada: User) -> None:
    job, other = ask(ada, number=4), ask(None, number=4)
    staff.post(f"/staff/jobs/{job.id}/stop/", {"next": "/staff/jobs/"})
    assert (fresh(job).state, fresh(other).state) == ("stopped", "stopped")
    staff.post(f"/staff/jobs/{job.id}/retry/")
    assert Job.objects.get(retry_of=job).state == "queued"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 5),
        ({"state": "queued"}, 1),
        ({"state": "succeeded"}, 1),
        ({"state": "failed"}, 1),
        ({"state": "stopped"}, 1),
        ({"demo": "counting"}, 1),
        ({"who": "lovelace"}, 2),
        ({"who": "ADA@"}, 2),
        ({"who": "guest"}, 2),
        ({"since": "1h"}, 4),
        ({"since": "24h"}, 5),
        ({"who": "lovelace", "state": "queued", "demo": "counting", "since": "1h"}, 1),
        ({"who": "nobody"}, 0),
    ],
)
def test_the_table_can_be_filtered(staff: Client, ada: User, query: dict[str, str], count: int) -> None:
    ask(ada, number=1)
    ask(None, trouble="refuse")
    old = ask(UserFactory(name="Grace"), number=1)
    Job.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=5))
    work()
    ask(ada, "counting")
    services.stop_job(job=ask(None, number=9))
    Job.objects.filter(pk=old.pk).update(stopped_at=None)
    html = page(staff, "/staff/jobs/", query)
    expected = {"succeeded": 2}.get(query.get("state", ""), count)
    assert rows(html) == expected


@pytest.mark.parametrize("query", [{"state": "odd"}, {"since": "'"}, {"demo": "nothing"}, {"page": "x"}])
def test_a_filter_of_nonsense_filters_nothing(staff: Client, ada: User, query: dict[str, str]) -> None:
    ask(ada)
    assert rows(page(staff, "/staff/jobs/", query)) == 1


def test_the_numbers_count_runs_and_not_jobs(staff: Client, ada: User) -> None:
    for _ in range(3):
        ask(ada, number=1)
    ask(ada, trouble="refuse")
    work()
    ask(ada, "counting")
    html = page(staff, "/staff/jobs/")
    assert "<b>50 %</b>" in html
    assert "1 failed" in html
    assert re.search(r"<b>1</b><span>waiting, the longest for", html)
    assert "one run for 3 jobs" in html
    assert "No worker is there." in html
    with worker_is_there(name="inference-1", slots=2):
        assert "inference-1 · inference · 2 slots" in page(staff, "/staff/jobs/")


def test_the_staffs_table_takes_the_same_number_of_queries_however_long(
    staff: Client, ada: User, django_assert_num_queries: Any
) -> None:
    ask(ada)
    page(staff, "/staff/jobs/")
    with django_assert_num_queries(6):
        page(staff, "/staff/jobs/")
    for number in range(30):
        ask(UserFactory(), number=number)
        ask(None, trouble=f"x{number}")
    work()
    with django_assert_num_queries(6):
        assert rows(page(staff, "/staff/jobs/")) == 50


def test_the_table_refreshes_itself_with_the_filter_kept(staff: Client) -> None:
    html = page(staff, "/staff/jobs/", {"state": "failed"}, headers={"HX-Request": "true"})
    assert 'hx-get="/staff/jobs/?state=failed"' in html
    assert 'hx-trigger="every 2s"' in html
    assert "<html" not in html


# --- words


def test_params_in_words_leave_out_what_is_empty_and_what_no_demo_explains() -> None:
    assert params_in_words(ask(None)) == "Number: 1"
    assert params_in_words(ask(None, number=5, trouble="bug")) == "Number: 5 · Trouble: bug"
    run = Run(demo="gone", params={"a": 1})
    assert params_in_words(Job(run=run)) == ""


def test_a_demo_is_described_once_for_all_rows(demos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Settings(type(demos["doubling"]).Params):  # type: ignore[misc]
        @classmethod
        def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
            made.append(cls)
            return dict(super().model_json_schema(*args, **kwargs))

    monkeypatch.setattr(type(demos["doubling"]), "Params", Settings)
    assert [params_in_words(ask(None, number=number)) for number in (2, 3)] == ["Number: 2", "Number: 3"]
    assert made == [Settings]


def test_a_training_that_is_held_back_says_why(client: Client, ada: User) -> None:
    for seed in range(3):
        ask(ada, demo="counting", seed=seed)
    with worker_is_there(name="w1", queue="training"):
        while claim_runs(queue="training", worker="w1", device="cpu"):
            pass
        html = page(client, "/my/runs/")
    assert "This one begins when one of your other trainings ends." in html
    assert "in the queue" not in html
