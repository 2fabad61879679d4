"""One Valkey client a process, and the hint that makes a group's sockets look for news."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from channels.layers import get_channel_layer
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.retry import Retry


@cache
def client() -> redis.Redis:
    """The synchronous client; its pool notices a fork by itself. A restart of Valkey is waited out for some seconds."""
    return redis.Redis.from_url(
        settings.VALKEY_URL,
        retry=Retry(ExponentialBackoff(cap=1, base=0.05), retries=8),
        retry_on_error=[redis.ConnectionError, redis.TimeoutError],
        socket_timeout=10,
        health_check_interval=30,
    )


_async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def async_client() -> redis.asyncio.Redis:
    """The asynchronous client of the running loop. Its pool blocks when it is used up, so that a class of five hundred
    sockets waits a moment instead of running out of connections."""
    loop = asyncio.get_running_loop()
    if loop not in _async_clients:
        pool = redis.asyncio.BlockingConnectionPool.from_url(settings.VALKEY_URL, max_connections=16, timeout=10)
        _async_clients[loop] = redis.asyncio.Redis(connection_pool=pool)
    return _async_clients[loop]


def group_channel(group: str) -> str:
    """The pub/sub channel on which `RedisPubSubChannelLayer` listens for a group."""
    config: Any = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    return f"{config['prefix']}__group__{group}"


@cache
def hint(kind: str) -> bytes:
    """A message without content, as the channel layer's consumers read it."""
    layer: Any = get_channel_layer()
    return layer.serialize({"type": kind})


def publish_hint(group: str, kind: str) -> None:
    """Send a hint from synchronous code: one PUBLISH on the client at hand, where `async_to_sync(group_send)` would
    open a connection each time."""
    client().publish(group_channel(group), hint(kind))
