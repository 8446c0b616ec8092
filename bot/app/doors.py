"""The ways in from outside: ears for people, and our own web server when it is configured."""

from __future__ import annotations

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from telegram.ext import ExtBot

from bot.commands.ears import Ears
from bot.commands.room import Room
from bot.jobs.heart import Heart
from bot.transports.telegram.hearing import Hearing
from bot.web.health import health_pages
from bot.web.metrics import Metrics
from bot.web.server import serving
from bot.web.webhook import webhook_page


def make_ears(opened: AsyncExitStack, room: Room, replies: ExtBot[None], hearing: Hearing) -> Ears:
    """Make the ears; they hear nothing before they are opened."""
    ears = Ears(room, replies, hearing)
    opened.push_async_callback(ears.shutdown)
    opened.push_async_callback(ears.close)
    return ears


async def open_web(
    opened: AsyncExitStack, room: Room, ears: Ears, heart: Heart, metrics: Metrics
) -> None:
    """Open our own web server, when it is configured: before Telegram is told to call it."""
    web, telegram = room.config.web, room.config.telegram
    if web is None:
        return

    async def database() -> str:
        await room.storage.fetch("SELECT 1 AS one")
        return ""

    ready = {"database": database, "telegram": ears.trouble}
    pages = health_pages({"beats": heart.trouble}, ready)
    if web.metrics:
        pages += metrics.pages()
    if telegram.webhook_url is not None and telegram.mode == "webhook":
        path = urlsplit(telegram.webhook_url).path or "/"
        pages.append(webhook_page(path, ears.secret, ears.hear))
    await opened.enter_async_context(serving(web.listen.host, web.listen.port, pages))
