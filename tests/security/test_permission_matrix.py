"""Who gets in where: every address there is, and everybody who may come.

The world is a course for members only. Its student has a run; the others are strangers to both. What a cell says:

    200, 302, 403, 404, …   exactly this answer (302: sent on, and not to the sign-in)
    in                      sent to the sign-in
    yes                     let in: what was sent is taken, or refused for what it says (400, 409, 422)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.world import World

pytestmark = pytest.mark.django_db

WHO = ("guest", "student", "outsider", "instructor", "other_instructor", "staff")
"""The outsider is a student of another course, the other instructor teaches one."""

MATRIX = """
# address                            method  guest  student outsider instructor other  staff
home                                 GET     200    200     200      200        200    200
course                               GET     404    200     404      200        404    200
lesson                               GET     404    200     404      200        404    200
lesson-image                         GET     200    200     200      200        200    200

demo                                 GET     200    200     200      200        200    200
shared-run                           GET     200    200     200      200        200    200
api-demos                            GET     200    200     200      200        200    200
api-demo                             GET     200    200     200      200        200    200
api-demo-jobs                        POST    yes    yes     yes      yes        yes    yes
my-work                              GET     200    200     200      200        200    200
my-run-action                        POST    404    302     404      404        404    404
api-jobs                             GET     200    200     200      200        200    200
api-job                              GET     404    200     404      404        404    200
api-job-events                       GET     404    200     404      404        404    200
api-job-stop                         POST    404    yes     404      404        404    yes
api-job-retry                        POST    404    yes     404      404        404    yes
api-job-continue                     POST    404    yes     404      404        404    yes
api-job-share                        POST    404    yes     404      404        404    403

account                              GET     in     200     200      200        200    200
account_login                        GET     200    302     302      302        302    302
account_signup                       GET     200    302     302      302        302    302
account_logout                       GET     302    200     200      200        200    200
account_inactive                     GET     200    200     200      200        200    200
account_email                        GET     in     200     200      200        200    200
account_reauthenticate               GET     in     200     200      200        200    200
account_email_verification_sent      GET     200    200     200      200        200    200
account_change_password              GET     in     200     200      200        200    200
account_set_password                 GET     in     302     302      302        302    302
account_reset_password               GET     200    200     200      200        200    200
account_reset_password_done          GET     200    200     200      200        200    200
account_reset_password_from_key      GET     200    200     200      200        200    200
account_reset_password_from_key_done GET     200    200     200      200        200    200
account_confirm_login_code           GET     in     302     302      302        302    302
account_confirm_email                GET     200    200     200      200        200    200
mfa_index                            GET     in     200     200      200        200    200
mfa_authenticate                     GET     in     302     302      302        302    302
mfa_reauthenticate                   GET     in     302     302      302        302    302
mfa_activate_totp                    GET     in     302     302      302        302    302
mfa_deactivate_totp                  GET     in     404     404      404        404    404
mfa_view_recovery_codes              GET     in     404     404      404        404    404
mfa_generate_recovery_codes          GET     in     302     302      302        302    302
mfa_download_recovery_codes          GET     in     404     404      404        404    404

staff-jobs                           GET     in     403     403      403        403    200
staff-job-action                     POST    in     403     403      403        403    302
staff-people                         GET     in     403     403      403        403    200
staff-person-role                    POST    in     403     403      403        403    yes
staff-person-deactivate              POST    in     403     403      403        403    yes
staff-person-reactivate              POST    in     403     403      403        403    yes
staff-person-reset-link              POST    in     403     403      403        403    yes

api-schema                           GET     200    200     200      200        200    200
api-docs                             GET     200    200     200      200        200    200
healthz                              GET     200    200     200      200        200    200
readyz                               GET     200    200     200      200        200    200
metrics                              GET     403    403     403      403        403    200
"""


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


Row = tuple[str, str, dict[str, str]]


def rows() -> list[Row]:
    """(name, method, {who: answer}) of each line."""
    lines = [line.split() for line in MATRIX.splitlines() if line and not line.startswith("#")]
    return [(name, method, dict(zip(WHO, answers, strict=True))) for name, method, *answers in lines]


def addresses(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern


def test_every_address_has_a_row() -> None:
    there = {str(pattern.name) for pattern in addresses(get_resolver().url_patterns)}
    named = {name for name, _, _ in rows()}
    assert (there - named, named - there) == (set(), set())


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_in_where_they_belong_and_nowhere_else(who: str, client: Client, world: World) -> None:
    user = world.people[who]
    if user is not None:
        client.force_login(user)
    client.raise_request_exception = False
    expected = {f"{name} {method}": answers[who] for name, method, answers in rows()}
    found = {
        f"{name} {method}": answer(client, world, name, method, expected[f"{name} {method}"])
        for name, method, _ in rows()
    }
    assert found == expected


def answer(client: Client, world: World, name: str, method: str, expected: str) -> str:
    """How the address answers, in the words of the matrix. What it changes is taken back."""
    cookies = client.cookies.output()
    with transaction.atomic():
        response = client.generic(method, world.address(name), **world.body(name))
        transaction.set_rollback(True)
    client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return in_words(response, expected)


def in_words(response: HttpResponseBase, expected: str) -> str:
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return "in"
    if expected == "yes" and response.status_code in (200, 201, 302, 400, 409, 422):
        return "yes"
    return str(response.status_code)
