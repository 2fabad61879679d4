"""Is the process up, can it serve, and what has it counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import redis
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


@never_cache
@require_safe
def readyz(request: HttpRequest, workers: Callable[[], Sequence[Any]]) -> JsonResponse:
    """Database and Valkey answer. Workers (dataclasses, from whoever knows them) are told and change nothing: pages
    can be read without any."""
    checks = {"database": _database_answers(), "valkey": _valkey_answers()}
    ready = all(checks.values())
    body: dict[str, Any] = {"ready": ready, **checks}
    if checks["valkey"]:
        body["workers"] = [asdict(worker) for worker in workers()]
    return JsonResponse(body, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for staff or whoever sends `Authorization: Bearer <METRICS_TOKEN>`."""
    sent = request.headers.get("Authorization", "")
    by_token = settings.METRICS_TOKEN and constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}")
    if not by_token and not request.actor.is_staff:  # type: ignore[attr-defined]  # set by ActorMiddleware
        raise PermissionDenied
    return ExportToDjangoView(request)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("the database does not answer", exc_info=True)
        return False
    return True


def _valkey_answers() -> bool:
    """With a client of its own: the shared one waits out a restart, and this wants an answer now."""
    try:
        with redis.Redis.from_url(
            settings.VALKEY_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError:
        logger.warning("Valkey does not answer", exc_info=True)
        return False
    return True
