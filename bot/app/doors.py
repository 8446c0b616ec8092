"""The ways in from outside: ears for people, and our own web server when it is configured.

A web server that is not asked for is not imported either: it is a sixth of what a start loads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telegram.ext import ExtBot

from bot.app.ways_out import drain
from bot.commands.ears import Ears
from bot.commands.room import Room
from bot.config import Config
from bot.jobs.deliver import Deliverer
from bot.jobs.heart import Heart
from bot.storage import Storage
from bot.transports.telegram.hearing import Hearing

if TYPE_CHECKING:
    from bot.web.metrics import Metrics


def make_ears(opened: AsyncExitStack, room: Room, replies: ExtBot[None], hearing: Hearing) -> Ears:
    """Make the ears; they hear nothing before they are opened."""
    ears = Ears(room, replies, hearing)
    opened.push_async_callback(ears.shutdown)
    opened.push_async_callback(ears.close)
    return ears


async def fall_silent(ears: Ears, deliverer: Deliverer, delivering: asyncio.Task[None]) -> None:
    """Hear nobody and begin no send any more, both at once, and settle what is in hand."""
    await asyncio.gather(ears.close(), drain(deliverer, delivering))


def make_metrics(config: Config, storage: Storage, now: Callable[[], datetime]) -> Metrics | None:
    """Make what counts for /metrics; None where nobody may ask."""
    if config.web is None or not config.web.metrics:
        return None
    from bot.web.metrics import Metrics

    return Metrics(storage, now)


async def open_web(
    opened: AsyncExitStack, room: Room, ears: Ears, heart: Heart, metrics: Metrics | None
) -> None:
    """Open our own web server, when it is configured: before Telegram is told to call it."""
    web, telegram = room.config.web, room.config.telegram
    if web is None:
        return
    from bot.web.health import health_pages
    from bot.web.server import serving
    from bot.web.webhook import webhook_page

    async def database() -> str:
        await room.storage.fetch("SELECT 1 AS one")
        return ""

    ready = {"database": database, "telegram": ears.trouble}
    pages = health_pages({"beats": heart.trouble}, ready)
    if metrics is not None:
        pages += metrics.pages()
    if telegram.webhook_url is not None and telegram.mode == "webhook":
        path = urlsplit(telegram.webhook_url).path or "/"
        pages.append(webhook_page(path, ears.secret, ears.hear))
    await opened.enter_async_context(serving(web.listen.host, web.listen.port, pages))
