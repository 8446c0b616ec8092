"""Telegram's calls in, updates for the application out; mounted when updates come by webhook.

Telegram shows the secret we gave it with each call; it is compared in constant time. A call is
answered as soon as its update is in the queue: Telegram repeats what is not answered in time, and
an update that comes twice is heard once.
"""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.config import Secret

log = logging.getLogger(__name__)

KNOWN = 1000  # updates heard last; a repeat follows within seconds
TELL_EVERY = 60.0  # seconds
HEADER = "X-Telegram-Bot-Api-Secret-Token"
Hear = Callable[[Mapping[str, object]], Awaitable[None]]  # takes one update as Telegram wrote it


def webhook_page(path: str, secret: Secret, hear: Hear) -> web.RouteDef:
    """Return the page at ``path`` that takes updates from whoever knows the secret."""
    expected = secret.reveal().encode()
    refusals = _Refusals()
    heard: dict[int, None] = {}  # by number, in the order in which they came

    async def take(request: web.Request) -> web.Response:
        # A header may be any bytes; those that are no letters stand in it as surrogates.
        shown = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, expected):
            refusals.note(time.monotonic())
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            update = None
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int):
            log.warning("webhook.unreadable")
            return web.Response(status=400)
        if number not in heard:
            await hear(update)
            heard[number] = None
            if len(heard) > KNOWN:
                del heard[next(iter(heard))]
        return web.Response()

    return web.post(path, take)


class _Refusals:
    """Count refusals and tell of them once a ``TELL_EVERY``: a stranger must not fill the log."""

    def __init__(self) -> None:
        self._count = 0
        self._told_at = -TELL_EVERY

    def note(self, now: float) -> None:
        self._count += 1
        if now - self._told_at >= TELL_EVERY:
            log.warning("webhook.refused", extra={"calls": self._count})
            self._count, self._told_at = 0, now
