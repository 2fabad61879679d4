"""Who gets in where: every address there is, and everybody who may come.

The world is a course for members only. Its student has a run; the others are strangers to both. What a cell says:

    200, 302, 403, 404, …   exactly this answer (302: sent on, and not to the sign-in)
    in                      sent to the sign-in
    yes                     let in: what was sent is answered, or refused for what it says (400, 409, 422)

Everybody has just given their password again, where they have one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.factories import PASSWORD, MembershipFactory
from tests.security.world import World

pytestmark = pytest.mark.django_db

WHO = ("guest", "student", "outsider", "instructor", "other_instructor", "staff")
"""The outsider is a student of another course, the other instructor teaches one."""

MATRIX = """
# address                            method  guest  student outsider instructor other  staff
home                                 GET     200    200     200      200        200    200
courses                              GET     200    200     200      200        200    200
course                               GET     404    200     404      200        404    200
glossary                             GET     404    200     404      200        404    200
lesson                               GET     404    200     404      200        404    200
lesson-print                         GET     404    200     404      200        404    200
lesson-progress                      POST    404    yes     404      yes        404    yes
quiz                                 GET     404    200     404      200        404    200
quiz                                 POST    404    302     404      302        404    302
quiz-part                            GET     404    200     404      200        404    200
quiz-results                         GET     404    200     404      200        404    200
quiz-prediction                      GET     404    200     404      200        404    200
course-leave                         POST    in     302     404      302        404    302
search                               GET     200    200     200      200        200    200
my-work                              GET     200    200     200      200        200    200
lesson-image                         GET     200    200     200      200        200    200
enrol                                GET     in     200     200      200        200    200
enrol                                POST    in     200     200      200        200    200
enrol-link                           GET     200    200     200      200        200    200
enrol-link                           POST    200    302     302      302        302    302
lesson-preview-link                  GET     200    200     200      200        200    200

discussion                           GET     404    200     404      200        404    200
discussion-question                  GET     404    200     404      200        404    200
discussion-ask                       GET     in     200     404      200        404    200
discussion-ask                       POST    in     200     404      200        404    200
discussion-preview                   POST    in     yes     404      yes        404    yes
discussion-answer                    GET     in     302     404      302        404    302
discussion-answer                    POST    in     yes     404      yes        404    yes
discussion-edit                      GET     in     yes     404      403        404    403
discussion-edit                      POST    in     yes     404      403        404    403
discussion-delete                    GET     in     yes     404      403        404    403
discussion-delete                    POST    in     302     404      403        404    403
discussion-report                    GET     in     403     404      403        404    yes
discussion-report                    POST    in     403     404      403        404    yes
discussion-hide                      GET     in     403     404      yes        404    403
discussion-hide                      POST    in     403     404      yes        404    403
discussion-act                       POST    in     403     404      302        404    403

author                               GET     in     403     403      200        200    200
author-help                          GET     200    200     200      200        200    200
author-course-new                    GET     in     403     403      yes        yes    yes
author-course-new                    POST    in     403     403      yes        yes    yes
author-copy-course                   POST    in     403     403      302        404    404
author-copy-lesson                   POST    in     403     403      302        404    404
author-course                        GET     in     403     403      200        404    404
author-members                       GET     in     403     403      200        404    404
author-members-csv                   GET     in     403     403      200        404    404
author-export                        GET     in     403     403      200        404    404
author-lesson-export                 GET     in     403     403      200        404    404
author-questions                     GET     in     403     403      200        404    404
author-lesson                        GET     in     403     403      200        404    404
author-as-student                    GET     in     403     403      200        404    404
author-revisions                     GET     in     403     403      200        404    404
author-revision                      GET     in     403     403      200        404    404
author-revisions-compare             GET     in     403     403      200        404    404
author-settings                      GET     in     403     403      yes        404    404
author-settings                      POST    in     403     403      yes        404    404
author-lesson-new                    GET     in     403     403      yes        404    404
author-lesson-new                    POST    in     403     403      yes        404    404
author-announcements                 GET     in     403     403      yes        404    404
author-announcements                 POST    in     403     403      yes        404    404
author-announcement                  GET     in     403     403      yes        404    404
author-announcement                  POST    in     403     403      yes        404    404
author-glossary                      GET     in     403     403      yes        404    404
author-glossary                      POST    in     403     403      yes        404    404
author-term                          GET     in     403     403      yes        404    404
author-term                          POST    in     403     403      yes        404    404
author-original                      GET     in     403     403      yes        404    404
author-original                      POST    in     403     403      302        404    404
author-lesson-preview                GET     in     403     403      yes        404    404
author-lesson-preview                POST    in     403     403      yes        404    404
author-lesson-images                 GET     in     403     403      yes        404    404
author-lesson-images                 POST    in     403     403      302        404    404
author-import                        GET     in     403     403      yes        404    404
author-import                        POST    in     403     403      yes        404    404
author-course-remove                 POST    in     403     403      302        404    404
author-course-bring-back             POST    in     403     403      302        404    404
author-instructor-add                POST    in     403     403      yes        404    404
author-instructor-remove             POST    in     403     403      302        404    404
author-lesson-move                   POST    in     403     403      302        404    404
author-lesson-due                    POST    in     403     403      302        404    404
author-lesson-remove                 POST    in     403     403      302        404    404
author-lesson-bring-back             POST    in     403     403      302        404    404
author-invite                        POST    in     403     403      yes        404    404
author-member-remove                 POST    in     403     403      302        404    404
author-invitation-withdraw           POST    in     403     403      302        404    404
author-way-in-renew                  POST    in     403     403      302        404    404
author-way-in-close                  POST    in     403     403      302        404    404
author-announcement-delete           POST    in     403     403      302        404    404
author-term-delete                   POST    in     403     403      302        404    404
author-lesson-save                   POST    in     403     403      yes        404    404
author-lesson-publish                POST    in     403     403      302        404    404
author-lesson-withdraw               POST    in     403     403      302        404    404
author-lesson-presence               POST    in     403     403      yes        404    404
author-lesson-preview-link           POST    in     403     403      302        404    404
author-lesson-restore                POST    in     403     403      302        404    404
author-questions-seen                POST    in     403     403      302        404    404
author-questions-mail                POST    in     403     403      302        404    404

author-quiz                          GET     in     403     403      200        404    404
author-quiz-text                     POST    in     403     403      302        404    404
author-quiz-settings                 GET     in     403     403      200        404    404
author-quiz-settings                 POST    in     403     403      yes        404    404
author-quiz-question-new             GET     in     403     403      200        404    404
author-quiz-question-new             POST    in     403     403      yes        404    404
author-quiz-question                 GET     in     403     403      200        404    404
author-quiz-question                 POST    in     403     403      yes        404    404
author-quiz-change                   POST    in     403     403      302        404    404
author-question-bank                 GET     in     403     403      200        404    404
author-question-bank-copy            POST    in     403     403      302        404    404
author-quiz-import                   GET     in     403     403      200        404    404
author-quiz-import                   POST    in     403     403      yes        404    404
author-quiz-export                   GET     in     403     403      302        404    404
author-grades                        GET     in     403     403      200        404    404
author-grades-export                 GET     in     403     403      200        404    404
author-grades-student                GET     in     403     403      200        404    404
author-attempt                       GET     in     403     403      200        404    404
author-attempt                       POST    in     403     403      yes        404    404
author-quiz-analysis                 GET     in     403     403      200        404    404
author-regrade                       GET     in     403     403      200        404    404
author-regrade                       POST    in     403     403      yes        404    404

staff-courses                        GET     in     403     403      403        403    200
staff-course-give                    POST    in     403     403      403        403    302
my-runs                              GET     200    200     200      200        200    200
account-export                       GET     in     200     200      200        200    200
account-delete                       GET     in     200     200      200        200    200
account-delete                       POST    in     yes     yes      yes        yes    yes

demo                                 GET     200    200     200      200        200    200
demo-notebook                        GET     200    200     200      200        200    200
mlcore                               GET     200    200     200      200        200    200
shared-run                           GET     200    200     200      200        200    200
api-demos                            GET     200    200     200      200        200    200
api-demo                             GET     200    200     200      200        200    200
api-demo-jobs                        POST    yes    yes     yes      yes        yes    yes
my-run-action                        POST    404    302     404      404        404    404
api-jobs                             GET     200    200     200      200        200    200
api-job                              GET     404    200     404      404        404    200
api-job-events                       GET     404    200     404      404        404    200
api-job-stop                         POST    404    yes     404      404        404    yes
api-job-retry                        POST    404    yes     404      404        404    yes
api-job-continue                     POST    404    yes     404      404        404    yes
api-job-share                        POST    404    yes     404      404        404    403
api-uploads                          POST    yes    yes     yes      yes        yes    yes
api-upload                           GET     404    200     404      404        404    404
api-attempts                         POST    404    yes     404      yes        404    yes
api-attempt                          GET     404    200     404      404        404    404
api-answer                           PUT     404    yes     404      404        404    404
api-answer-check                     POST    404    yes     404      404        404    404
api-attempt-submit                   POST    404    yes     404      404        404    404
api-prediction                       PUT     404    yes     404      yes        404    yes

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
mfa_activate_totp                    GET     in     200     200      200        200    200
mfa_deactivate_totp                  GET     in     404     404      404        404    404
mfa_view_recovery_codes              GET     in     404     404      404        404    404
mfa_generate_recovery_codes          GET     in     200     200      200        200    200
mfa_download_recovery_codes          GET     in     404     404      404        404    404

staff-jobs                           GET     in     403     403      403        403    200
staff-job-action                     POST    in     403     403      403        403    302
staff-people                         GET     in     403     403      403        403    200
staff-person-role                    POST    in     403     403      403        403    yes
staff-person-deactivate              POST    in     403     403      403        403    302
staff-person-reactivate              POST    in     403     403      403        403    302
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
    sign_in(client, world.people[who])
    wrong = []
    for name, method, answers in rows():
        found = answer(client, world, name, method, expected=answers[who])
        if found != answers[who]:
            wrong.append(f"{name} {method}: {found}, not {answers[who]}")
    assert not wrong, "\n".join(wrong)


def test_an_instructor_who_lost_the_role_gets_in_where_a_student_of_the_course_does(world: World) -> None:
    classmate, demoted = (MembershipFactory(course=world.course, role=role).user for role in ("student", "instructor"))
    for name, method, _ in rows():
        answers = []
        for user in (classmate, demoted):
            client = Client()
            sign_in(client, user)
            answers.append(answer(client, world, name, method, expected=""))
        assert answers[0] == answers[1], f"{name} {method}"


def sign_in(client: Client, user: User | None) -> None:
    """As if they had just given their password."""
    client.raise_request_exception = False
    if user is None:
        return
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


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
    if expected == "yes" and response.status_code in (200, 201, 400, 409, 422):
        return "yes"
    return str(response.status_code)
