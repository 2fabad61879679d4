"""Files that students bring for a demo to read: taken in, looked at, lent to Runs, and forgotten.

Nothing about a file is believed. Its name is only shown, its kind is what the demo's `check_file` finds, and it is
never served again to anybody: it can be chosen, and a Run of its owner can read it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from common.errors import Conflict, InvalidParams, NotFound
from jobs import allowances
from jobs.models import Run, Upload
from mlcore.contracts import MAX_FILE_BYTES, Demo, DemoError

log = logging.getLogger(__name__)

KEEP = timedelta(days=30)
KEEP_GUESTS = timedelta(days=1)
"""How long a file stays after it was last used; longer while a Run that is kept names it."""
MOST_FACTS_BYTES = 16_000
LONGEST_NAME = 100
BATCH = 200

GONE = "This file is not here any more. Choose it again."


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """One's own files, the one last used first."""
    uploads = Upload.objects.order_by("-last_used")
    if actor.user is not None:
        return uploads.filter(owner=actor.user)
    return uploads.filter(guest=actor.guest) if actor.guest else uploads.none()


def own_upload(*, upload_id: UUID, actor: Actor) -> Upload:
    """Raises NotFound, also where it is somebody else's."""
    upload = uploads_of(actor).filter(pk=upload_id).first()
    if upload is None:
        raise NotFound(GONE)
    return upload


def expiry(upload: Upload) -> datetime:
    """When it goes, unless it is used again or a Run that is kept needs it."""
    return upload.last_used + (KEEP if upload.owner_id else KEEP_GUESTS)


def store_upload(*, demo: Demo, field: str, name: str, file: IO[bytes], actor: Actor) -> Upload:
    """Keep a file for this field of this demo, after the demo has looked at it. The same file again is the one that is
    there.

    Raises:
        InvalidParams: the demo takes no file there, or not this one.
        AllowanceUsedUp: too many in a short time.
        Conflict: there is no room for more.
    """
    if field not in demo.Params.file_fields():
        raise InvalidParams("This demo takes no file there.", fields={"field": ["There is no such field for a file."]})
    _spend(actor)
    data = _read(file, field, most_bytes(demo, field))
    facts = _check(demo, field, data)
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        same = uploads_of(actor).filter(demo=demo.slug, field=field, sha256=sha256).select_for_update().first()
        if same is not None:
            same.name, same.facts, same.last_used = shown_name(name), facts, timezone.now()
            same.save(update_fields=["name", "facts", "last_used"])
            return same
    _make_room(actor, len(data))
    upload = Upload(
        owner=actor.user,
        guest="" if actor.user else actor.guest,
        demo=demo.slug,
        field=field,
        name=shown_name(name),
        size=len(data),
        sha256=sha256,
        facts=facts,
    )
    upload.file.save("", ContentFile(data), save=False)
    try:
        upload.save(force_insert=True)
    except BaseException:
        upload.file.delete(save=False)
        raise
    return upload


def most_bytes(demo: Demo, field: str) -> int:
    extra = demo.Params.model_fields[field].json_schema_extra
    said = extra.get("max_bytes") if isinstance(extra, dict) else None
    return min(int(said), MAX_FILE_BYTES) if isinstance(said, int) else MAX_FILE_BYTES


def use_uploads(*, demo: Demo, params: dict[str, Any], actor: Actor) -> list[Upload]:
    """The files that these params name, locked in the transaction of the Job that uses them.

    Raises:
        InvalidParams: one of them is gone, or was never the actor's.
    """
    named = {field: UUID(params[field]) for field in demo.Params.file_fields() if params[field]}
    if not named:
        return []
    mine = uploads_of(actor).filter(demo=demo.slug, pk__in=named.values()).order_by("pk")
    found = {(upload.field, upload.pk): upload for upload in mine.select_for_update()}
    if missing := [field for field, pk in named.items() if (field, pk) not in found]:
        raise InvalidParams("A file is not here any more.", fields={field: [GONE] for field in missing})
    Upload.objects.filter(pk__in=named.values()).update(last_used=timezone.now())
    return list(found.values())


def adopt_guest_uploads(*, guest: str, user: User) -> int:
    """Move a guest's files to the account that the guest has signed up for or in to."""
    return Upload.objects.filter(guest=guest).update(guest="", owner=user)


def rows_of(user: User) -> Iterator[dict[str, Any]]:
    """For the export of one's data."""
    for upload in user.uploads.order_by("created").iterator(chunk_size=100):
        yield {
            "id": upload.pk,
            "name": upload.name,
            "demo": upload.demo,
            "field": upload.field,
            "bytes": upload.size,
            "sha256": upload.sha256,
            "found_in_it": upload.facts,
            "uploaded": upload.created,
            "last_used": upload.last_used,
        }


def delete_uploads_of(*, user: User) -> None:
    with transaction.atomic():
        _delete(list(user.uploads.select_for_update()))


def prune_uploads() -> int:
    """Delete the files that nobody has used for a while and no Run that is kept names; how many there were."""
    now, count = timezone.now(), 0
    old = Q(owner=None, last_used__lt=now - KEEP_GUESTS) | Q(last_used__lt=now - KEEP)
    while True:
        with transaction.atomic():
            gone = list(_unneeded(Upload.objects.filter(old)).select_for_update(skip_locked=True)[:BATCH])
            _delete(gone)
        count += len(gone)
        if len(gone) < BATCH:
            return count


def shown_name(name: str) -> str:
    """A file's name as it may be shown: its last part, in printable characters, not too long."""
    name = unicodedata.normalize("NFC", name.encode(errors="ignore").decode())
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 10 else ""
        name = name[: LONGEST_NAME - len(ending) - 1] + "…" + ending
    return name or "file"


def _spend(actor: Actor) -> None:
    allowed = settings.ALLOWANCES
    minutes = allowed["window_minutes"]
    said = f"have sent {{amount}} files in the last {minutes} minutes, as many as one"
    amount = allowed["guest_uploads"] if actor.user is None else allowed["user_uploads"]
    allowances.spend(key=f"upload:{actor.key}", amount=amount, sentence=f"You {said} person may.")
    if actor.user is None:
        address = f"upload:address:{actor.address}"
        said = f"Your network's guests {said} network may."
        allowances.spend(key=address, amount=allowed["address_uploads"], sentence=said)


def _read(file: IO[bytes], field: str, most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        most_in_words = f"{most / 1_000_000:g} MB" if most >= 1_000_000 else f"{most // 1_000} KB"
        raise _refused(field, f"This file has more than {most_in_words}. Choose a smaller one, or a part of it.")
    if not data:
        raise _refused(field, "This file is empty. Choose another one.")
    return data


def _check(demo: Demo, field: str, data: bytes) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            facts = demo.check_file(field, path)
            line = json.dumps(facts, allow_nan=False, ensure_ascii=False)
            if "\\u0000" in line:  # Postgres keeps none
                raise ValueError("U+0000 in the facts")
            if len(line.encode()) > MOST_FACTS_BYTES:
                raise ValueError("too many facts")
        except DemoError as error:
            raise _refused(field, str(error)) from error
        except Exception as error:  # a file can hold anything, and a reader stumble over it in many ways
            log.warning("%s could not check a file.", demo.slug, exc_info=True)
            raise _refused(field, "This file cannot be read. Look whether it is the right one.") from error
    return dict(facts)


def _refused(field: str, sentence: str) -> InvalidParams:
    return InvalidParams(sentence, fields={field: [sentence]})


def _make_room(actor: Actor, size: int) -> None:
    """Let go of one's oldest files that no Run needs, until there is room for one more of this size."""
    allowed = settings.ALLOWANCES
    with transaction.atomic():
        mine = uploads_of(actor)
        count, used = mine.count(), mine.aggregate(bytes=Sum("size"))["bytes"] or 0
        going: list[Upload] = []
        for upload in _unneeded(mine).order_by("last_used").select_for_update(skip_locked=True):
            if _fits(count, used + size):
                break
            going.append(upload)
            count, used = count - 1, used - upload.size
        if not _fits(count, used + size):
            raise Conflict(
                f"Your runs use {count} files of yours, and {allowed['stored_uploads']} files with "
                f"{allowed['stored_upload_bytes'] // 1_000_000} MB are kept for one person. Use one of them again, or "
                "wait: a file goes with the last run that needs it."
            )
        _delete(going)
    if actor.user is None:
        guests = Upload.objects.filter(owner=None).aggregate(bytes=Sum("size"))["bytes"] or 0
        if guests + size > allowed["guests_upload_bytes"]:
            raise Conflict("There is no room for more files of guests today. Sign in to use your own file.")


def _fits(count: int, used: int) -> bool:
    allowed = settings.ALLOWANCES
    return count < allowed["stored_uploads"] and used <= allowed["stored_upload_bytes"]


def _unneeded(uploads: QuerySet[Upload]) -> QuerySet[Upload]:
    return uploads.filter(~Exists(Run.uploads.through.objects.filter(upload=OuterRef("pk"))))


def _delete(uploads: list[Upload]) -> None:
    """The rows now, the files once that is certain."""
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()

    def forget() -> None:
        for upload in uploads:
            upload.file.delete(save=False)

    transaction.on_commit(forget, robust=True)
