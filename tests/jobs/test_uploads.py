"""Files that people bring for a demo: an owner, a peer (somebody else signed in), an outsider (a guest), staff."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.deletion import delete_user
from accounts.models import User
from accounts.signals import guest_became_user
from common.errors import InvalidParams
from jobs import services, uploads
from jobs.models import Job, Run, Upload
from jobs.sweeper import prune
from tests.factories import UserFactory
from tests.jobs.conftest import actor_of, fresh, guest, work
from tests.jobs.test_api import error_of, signed_in, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]


def send(client: Client, content: bytes = b"1\n2\n3\n", name: str = "a.csv", **more: Any) -> Any:
    body = {"demo": "reading", "field": "file", "file": SimpleUploadedFile(name, content), **more}
    headers = body.pop("headers", None)
    return client.post("/api/uploads/", body, headers=headers)


def stored(actor: Any, content: bytes = b"1\n2\n3\n", name: str = "a.csv", field: str = "file") -> Upload:
    demo = services.demo_or_404("reading")
    return uploads.store_upload(demo=demo, field=field, name=name, file=SimpleUploadedFile(name, content), actor=actor)


def kept_files() -> list[str]:
    folders, _ = default_storage.listdir("uploads") if default_storage.exists("uploads") else ([], [])
    return [name for folder in folders for name in default_storage.listdir(f"uploads/{folder}")[1]]


# Bringing one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", [pytest.param(Client, id="guest"), pytest.param(signed_in, id="student")])
def test_a_file_comes_in_is_looked_at_and_read_by_a_run_of_its_owner(client: Any) -> None:
    client = client()
    response = send(client)
    assert response.status_code == 201
    row = response.json()
    assert (row["name"], row["size"], row["facts"]) == ("a.csv", 6, {"lines": 3, "first": "1"})
    assert client.get(f"/api/uploads/{row['id']}/").json() == row

    job = submit(client, "reading", file=row["id"]).json()
    work()

    done = client.get(job["url"]).json()
    assert (done["state"], done["result"]) == ("succeeded", {"lines": 3})


def test_the_same_file_again_is_the_one_that_is_there(student: Any) -> None:
    first, again, other = stored(student), stored(student, name="b.csv"), stored(student, b"1\n")
    assert first.pk == again.pk != other.pk
    assert fresh_upload(first).name == "b.csv"
    assert stored(actor_of(UserFactory())).pk != first.pk
    assert len(kept_files()) == 3


def test_equal_files_answer_at_once_for_their_owner_and_for_nobody_else(student: Any) -> None:
    peer = actor_of(UserFactory())
    mine, theirs = (str(stored(actor).pk) for actor in (student, peer))
    first = services.submit_job(demo="reading", params={"file": mine}, actor=student)
    assert services.submit_job(demo="reading", params={"file": mine}, actor=student).run == first.run
    assert services.submit_job(demo="reading", params={"file": theirs}, actor=peer).run != first.run


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"prose\n1", "There are no numbers in this file"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"a\0b\n", "cannot be read"),
        (b"\n" * 3 + b"x" * 2_000_000, "more than 2 MB"),
        (b"x" * 20_000, "cannot be read"),
        (b"\xed\xa0\x80", "cannot be read"),
    ],
    ids=["empty", "wrong", "binary", "nul", "too large", "too many facts", "half a pair"],
)
def test_what_is_wrong_with_a_file_stands_at_its_field(content: bytes, said: str) -> None:
    error = error_of(send(Client(), content), 422)
    assert said in error["fields"]["file"][0]
    assert not Upload.objects.exists()
    assert kept_files() == []


def test_a_field_may_allow_less() -> None:
    assert "more than 1 KB" in error_of(send(Client(), b"x" * 1_001, field="small"), 422)["message"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\tmp\\a.csv", "a.csv"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("a\nb\0.csv", "ab.csv"),
        ("x" * 300 + ".csv", "x" * 95 + "….csv"),
        ("\ud800", "file"),
        ("..", ".."),
        ("", "file"),
        ("<b>.csv", "<b>.csv"),
    ],
)
def test_a_name_is_only_shown(name: str, shown: str, student: Any) -> None:
    assert uploads.shown_name(name) == shown
    upload = stored(student)
    assert "a.csv" not in upload.file.name
    assert len(upload.file.name.rpartition("/")[2]) == 32


def test_a_field_or_demo_that_takes_no_file_is_told() -> None:
    assert error_of(send(Client(), field="number"), 422)["fields"]["field"]
    error_of(send(Client(), demo="doubling"), 422)
    error_of(send(Client(), demo="nothing"), 404)
    assert error_of(Client().post("/api/uploads/", {"demo": "reading", "field": "file"}), 400)["fields"]["file"]
    error_of(Client().post("/api/uploads/", {"demo": "reading"}, content_type="application/json"), 415)
    error_of(Client().post("/api/uploads/", b"junk", content_type="multipart/form-data"), 400)


def test_a_guest_brings_no_file_for_a_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.demo_or_404("reading"), "queue", "training", raising=False)
    error_of(send(Client()), 403)
    assert send(signed_in()).status_code == 201


def test_another_sites_page_sends_nothing() -> None:
    error_of(send(Client(), headers={"Sec-Fetch-Site": "cross-site"}), 403)
    assert send(Client(), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_a_session_needs_its_token() -> None:
    error_of(send(signed_in(enforce_csrf_checks=True)), 403)


# Whose it is ------------------------------------------------------------------------------------------------------


def test_nobody_else_sees_or_uses_a_file() -> None:
    owner, peer, outsider, staff = signed_in(), signed_in(), Client(), signed_in(User.Role.STAFF)
    upload = send(owner).json()["id"]
    for other in (peer, outsider, staff):
        error_of(other.get(f"/api/uploads/{upload}/"), 404)
        assert error_of(submit(other, "reading", file=upload), 422)["fields"]["file"] == [uploads.GONE]
    assert not Run.objects.exists()


def test_an_id_that_is_none_and_one_for_another_field_are_refused(student: Any) -> None:
    other = str(stored(student, field="small").pk)
    for ref in ("nonsense", other, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(InvalidParams) as refused:
            services.submit_job(demo="reading", params={"file": ref}, actor=student)
        assert "again" in refused.value.fields["file"][0]


def test_what_staff_retry_reads_its_owners_file() -> None:
    owner, staff = signed_in(), signed_in(User.Role.STAFF)
    job = submit(owner, "reading", file=send(owner).json()["id"]).json()
    work()
    Run.objects.update(version="old", key=None)

    response = staff.post(f"{job['url']}retry/")

    assert response.status_code == 201
    work()
    assert owner.get(response.json()["url"]).json()["result"] == {"lines": 3}


def test_a_shared_run_shows_its_answer_and_hands_out_no_file() -> None:
    owner, outsider = signed_in(), Client()
    upload = send(owner, name="secret-diary.csv").json()["id"]
    job = submit(owner, "reading", file=upload).json()
    work()
    shared = owner.post(f"{job['url']}share/").json()["share_url"]
    token = shared.strip("/").rpartition("/")[2]

    page = outsider.get(shared)
    row = outsider.get(f"{job['url']}?share={token}")

    assert row.json()["result"] == {"lines": 3}
    assert b"secret-diary" not in page.content + row.content
    error_of(outsider.get(f"/api/uploads/{upload}/?share={token}"), 404)


def test_a_guests_files_move_to_the_account() -> None:
    upload = stored(guest("g1"))
    user = UserFactory()
    guest_became_user.send(None, guest="g1", user=user)
    assert uploads.own_upload(upload_id=upload.pk, actor=actor_of(user)) == upload
    services.submit_job(demo="reading", params={"file": str(upload.pk)}, actor=actor_of(user))


def test_a_file_has_exactly_one_owner() -> None:
    upload = stored(guest("g1"))
    for change in ({"guest": ""}, {"owner": UserFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(**change)


def test_a_deleted_account_leaves_no_file(django_capture_on_commit_callbacks: Any) -> None:
    user, other = UserFactory(), UserFactory()
    upload = stored(actor_of(user))
    services.submit_job(demo="reading", params={"file": str(upload.pk)}, actor=actor_of(user))
    stays = stored(actor_of(other))
    with django_capture_on_commit_callbacks(execute=True):
        delete_user(user=user)
    assert list(Upload.objects.all()) == [stays]
    assert len(kept_files()) == 1


def test_the_export_names_the_files() -> None:
    user = UserFactory()
    stored(actor_of(user), name="mine.csv")
    stored(actor_of(UserFactory()))
    assert [row["name"] for row in uploads.rows_of(user)] == ["mine.csv"]


# How long and how many --------------------------------------------------------------------------------------------


def test_a_file_goes_some_time_after_its_last_use_but_not_before_the_runs_that_read_it(
    django_capture_on_commit_callbacks: Any, student: Any
) -> None:
    needed, idle, of_guest = stored(student), stored(student, b"2"), stored(guest("g1"), b"3")
    job = services.submit_job(demo="reading", params={"file": str(needed.pk)}, actor=student)
    work()
    services.share_job(job=job)

    def left_after(**age: int) -> set[Upload]:
        with time_machine.travel(timezone.now() + timedelta(**age)), django_capture_on_commit_callbacks(execute=True):
            prune()
        return set(Upload.objects.all())

    assert left_after(hours=23) == {needed, idle, of_guest}
    assert left_after(hours=25) == {needed, idle}
    assert left_after(days=31) == {needed}
    services.unshare_job(job=job)
    assert left_after(days=32) == set()
    assert kept_files() == []
    assert not Job.objects.exists()


def test_a_run_whose_file_has_gone_says_so(student: Any) -> None:
    upload = stored(student)
    job = services.submit_job(demo="reading", params={"file": str(upload.pk)}, actor=student)
    upload.delete()
    work()
    assert fresh(job).run.error == "The file of this run is not kept any more. Choose it again, then run."


def test_the_oldest_file_that_no_run_needs_makes_room(settings: Any, student: Any) -> None:
    settings.ALLOWANCES = {**settings.ALLOWANCES, "stored_uploads": 2, "guest_uploads": 100}
    needed = stored(student, b"1")
    services.submit_job(demo="reading", params={"file": str(needed.pk)}, actor=student)
    idle = stored(student, b"2")
    latest = stored(student, b"3")
    assert set(Upload.objects.all()) == {needed, latest}
    assert not Upload.objects.filter(pk=idle.pk).exists()
    services.submit_job(demo="reading", params={"file": str(latest.pk)}, actor=student)
    client = Client()
    client.force_login(student.user)
    assert "2 files" in error_of(send(client, b"4"), 409)["message"]


def test_all_guests_share_one_room(settings: Any) -> None:
    settings.ALLOWANCES = {**settings.ALLOWANCES, "guests_upload_bytes": 10}
    assert send(Client(), b"123456").status_code == 201
    assert "Sign in" in error_of(send(Client(), b"1234567"), 409)["message"]
    assert send(signed_in(), b"1234567").status_code == 201


def test_many_files_in_a_short_time_are_too_many(settings: Any) -> None:
    settings.ALLOWANCES = {**settings.ALLOWANCES, "guest_uploads": 2, "user_uploads": 3, "address_uploads": 4}
    one, two, user = Client(), Client(), signed_in()
    assert [send(one).status_code for _ in range(3)] == [201, 201, 429]
    assert [send(two).status_code for _ in range(2)] == [201, 201]
    assert "network" in error_of(send(Client()), 429)["message"]
    assert [send(user).status_code for _ in range(4)] == [201, 201, 201, 429]


@pytest.mark.django_db(transaction=True)
def test_a_file_is_not_pruned_while_a_run_takes_it(student: Any) -> None:
    """The lock of `use_uploads` and that of the pruner meet."""
    upload = stored(student)
    Upload.objects.update(last_used=timezone.now() - timedelta(days=31))
    done = threading.Event()
    with transaction.atomic():
        services.submit_job(demo="reading", params={"file": str(upload.pk)}, actor=student)
        thread = threading.Thread(target=lambda: (prune_in_thread(), done.set()))
        thread.start()
        assert done.wait(10)
    thread.join()
    assert Upload.objects.exists()


def prune_in_thread() -> None:
    from django.db import connection

    uploads.prune_uploads()
    connection.close()


def fresh_upload(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)
