"""The API does what its description says, whatever is sent to it: generated requests, in this very process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi_checks

from jobs import services
from jobs.uploads import store_upload
from quizzes.services.taking import start_attempt
from tests.factories import LessonFactory, UserFactory
from tests.jobs.conftest import actor_of, demos, work

pytestmark = pytest.mark.django_db
__all__ = ["demos"]  # a fixture

CONFORM = [
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
BOUNDED = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)

SCHEMA = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(autouse=True)
def _keep_the_tests_transaction(db: None) -> Iterator[None]:
    """As Django's own test client does: the end of a request must not close the connection the test is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


QUIZ = """
questions:
  - {id: one, type: text, prompt: What?, accept: [that]}
  - {id: two, type: numeric, prompt: How much?, answer: 2}
"""


def requests_of(name: str) -> Any:
    """Requests as the description allows them, and as it does not."""
    operation = OPERATIONS[name]
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_whatever_a_guest_sends_is_answered_as_described(name: str, demos: Any) -> None:
    @BOUNDED
    @given(requests_of(name))
    def check(case: Any) -> None:
        case.call_and_validate(checks=CONFORM)

    check()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_whatever_is_sent_to_what_is_there_is_answered_as_described(name: str, demos: Any) -> None:
    owner = UserFactory()
    lesson = LessonFactory(content__quiz=QUIZ, content__body=":::predict two\n")
    client = Client()
    client.force_login(owner)
    demo, file = services.demo_or_404("reading"), SimpleUploadedFile("a.csv", b"1,2")
    upload = store_upload(demo=demo, field="file", name="a.csv", file=file, actor=actor_of(owner))
    token = "a" * 32
    signed_in = {"cookies": {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}}

    @BOUNDED
    @given(requests_of(name))
    def check(case: Any) -> None:
        job = services.submit_job(demo="doubling", params={"number": 5}, actor=actor_of(owner))
        work()
        attempt = start_attempt(actor=actor_of(owner), lesson=lesson)
        there = {
            "job_id": str(job.id),
            "upload_id": str(upload.pk),
            "slug": "doubling",
            "course": lesson.course.slug,
            "lesson": lesson.slug,
            "attempt_id": str(attempt.pk),
            "question": "two" if name == "save_prediction" else "one",
        }
        case.path_parameters |= {name: there[name] for name in case.path_parameters}
        case.call_and_validate(checks=CONFORM, headers={"X-CSRFToken": token}, **signed_in)

    check()
