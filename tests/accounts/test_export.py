"""Everything that is kept about somebody, for themselves."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.actors import Actor
from accounts.models import User
from courses.models import Announcement, LessonProgress, ProgressItem
from jobs.models import Artifact
from jobs.services import share_job, submit_job
from tests.accounts.conftest import signed_in
from tests.factories import PASSWORD, CourseFactory, LessonFactory, UserFactory

pytestmark = pytest.mark.django_db


def with_password(user: User) -> Client:
    """Signed in, with the password given again just now."""
    client = signed_in(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def export_of(user: User) -> dict[str, Any]:
    answer = with_password(user).get("/account/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="unroll-my-data.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "Not in it:" in archive.read("README.txt").decode()
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def test_the_export_has_all_that_is_kept_and_nothing_of_others():
    ada, bob = UserFactory(email="ada@example.org", name="Ada"), UserFactory(email="bob@example.org")
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    course = CourseFactory(student=ada, instructor=bob)
    lesson = LessonFactory(course=course, author=ada)
    progress = LessonProgress.objects.create(user=ada, lesson=lesson)
    ProgressItem.objects.create(progress=progress, kind="read")
    LessonProgress.objects.create(user=bob, lesson=lesson)
    Announcement.objects.create(course=course, title="Mine", text="x", author=ada)
    for person in (ada, bob):
        actor = Actor(user=person, guest="", address="127.0.0.1")
        job = share_job(job=submit_job(demo="explorer", params={}, actor=actor))
    Artifact.objects.create(run=job.run, name="checkpoint", file="x", size=7)

    data = export_of(ada)

    assert data["account.json"][0]["email"] == "ada@example.org"
    assert data["email_addresses.json"] == [{"email": "ada@example.org", "primary": True, "verified": True}]
    assert [one["course_slug"] for one in data["memberships.json"]] == [course.slug]
    assert data["progress.json"][0]["done"][0]["kind"] == "read"
    assert len(data["progress.json"]) == 1
    assert [one["body"] for one in data["lesson_revisions.json"]] == ["Some text.\n"]
    assert [one["title"] for one in data["announcements.json"]] == ["Mine"]
    assert len(data["runs.json"]) == 1
    assert data["runs.json"][0]["demo"] == "explorer"
    assert data["runs.json"][0]["shared_at"].startswith("/runs/")
    assert [(file["name"], file["bytes"]) for file in data["runs.json"][0]["files"]] == [("checkpoint", 7)]
    assert data["invitations.json"] == []
    assert "bob" not in json.dumps(data)
    assert "password" not in json.dumps(data["account.json"])


def test_a_guest_is_asked_to_sign_in_and_somebody_signed_in_for_the_password(client):
    assert client.get("/account/export/").url.startswith("/accounts/login/")

    client.force_login(UserFactory())
    assert client.get("/account/export/").url.startswith("/accounts/reauthenticate/")
