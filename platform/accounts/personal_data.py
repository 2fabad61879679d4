"""What Unroll keeps about a person, as a zip of JSON files; `READ_ME` says what is not in it. Each app hands in what it
keeps (`register`, in `AppConfig.ready`); this one begins with the account itself."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User

Rows = Iterable[Mapping[str, Any]]
Export = Callable[[User], Rows]

READ_ME = """\
This is what Unroll keeps about you: one file for each kind of thing, as JSON.

Not in it:

* The files of your runs, because they can be very large: what a run said while it went on, and what it trained so that
  it can be continued. runs.json names each of them with its size, beside what you asked for and what came of it.
* The files that you brought for a demo, which you have yourself. uploads.json says which they are and what was found in
  them.
* The pictures that you put into lessons. lesson_pictures.json says where each of them is; the export of a course has
  them all.
* Your password and the secrets of two-step sign-in, which nobody should carry about.
"""

_exports: dict[str, Export] = {}


def register(name: str, export: Export) -> None:
    """Let `<name>.json` be in everybody's export: a list of what `export(user)` gives, plain values and times."""
    _exports[name] = export


def write_personal_data(user: User, to: IO[bytes]) -> None:
    """Row by row, for somebody's runs may be many."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", READ_ME)
        for name, export in sorted(_exports.items()):
            with archive.open(f"{name}.json", "w") as file:
                for piece in _json(export(user)):
                    file.write(piece.encode())


def _json(rows: Rows) -> Iterator[str]:
    begin = "[\n"
    for row in rows:
        yield begin + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        begin = ",\n"
    yield "[]\n" if begin == "[\n" else "\n]\n"


def _account(user: User) -> Rows:
    yield {
        "email": user.email,
        "name": user.name,
        "role": user.get_role_display(),
        "joined": user.joined,
        "last_sign_in": user.last_login,
        "is_active": user.is_active,
    }


def _email_addresses(user: User) -> Rows:
    return EmailAddress.objects.filter(user=user).order_by("pk").values("email", "primary", "verified")


def _two_step_sign_in(user: User) -> Rows:
    """When it was set up; the secrets stay where they are."""
    return Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")


def _changes_by_staff(user: User) -> Rows:
    return user.audit_entries.order_by("at", "pk").values("action", "detail", "at")


def register_own_data() -> None:
    register("account", _account)
    register("email_addresses", _email_addresses)
    register("two_step_sign_in", _two_step_sign_in)
    register("changes_by_staff", _changes_by_staff)
