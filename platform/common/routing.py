"""What a socket meets at an address that is not there."""

from __future__ import annotations

from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import re_path


class Nowhere(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.close()


nowhere = [re_path(r"", Nowhere.as_asgi())]
