"""Telegram's calls in, updates for the application out; mounted when updates come by webhook.

Telegram shows the secret we gave it with each call; it is compared in constant time. A call is
answered as soon as its update is in the queue: Telegram repeats what is not answered, and an update
that comes twice acts once.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.config import Secret

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
Hear = Callable[[Mapping[str, object]], Awaitable[None]]  # takes one update as Telegram wrote it


def webhook_page(path: str, secret: Secret, hear: Hear) -> web.RouteDef:
    """Return the page at ``path`` that takes updates from whoever knows the secret."""
    expected = secret.reveal().encode()

    async def take(request: web.Request) -> web.Response:
        shown = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(shown, expected):
            log.warning("webhook.refused")
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            update = None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            log.warning("webhook.unreadable")
            return web.Response(status=400)
        await hear(update)
        return web.Response()

    return web.post(path, take)
