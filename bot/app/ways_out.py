"""The two bots of one token over one pace, and the deliverer that pushes through one of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

from telegram import Bot
from telegram.ext import ExtBot

from bot.config import Config, require_token
from bot.jobs.deliver import Deliverer
from bot.jobs.pacer import Pacer
from bot.model import BotId, DeliveryState
from bot.outbox.pace import Pace
from bot.storage import Storage
from bot.transports.telegram.bots import make_bot, make_reply_bot, open_bot
from bot.transports.telegram.hearing import Hearing
from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.send import TelegramTransport

DRAIN = 9.0  # seconds that the sends in hand may take when we are told to stop


def make_pacer(config: Config) -> Pacer:
    """Make the one budget that pushes and replies share."""
    push = config.push
    pace = Pace(
        push.rate,
        chat_rate=push.chat_rate,
        group_rate_minute=push.group_rate_minute,
        began_at=time.monotonic(),
    )
    return Pacer(pace, time.monotonic)


async def open_bots(
    opened: AsyncExitStack, config: Config, pacer: Pacer, hearing: Hearing
) -> tuple[Bot, ExtBot[None]]:
    """Open two bots of one token: pushes never queue before an answer to a person."""
    token, base = require_token(config).reveal(), config.telegram.api_base
    pushes = make_bot(token, api_base=base, connections=max(16, config.push.rate // 4))
    await open_bot(pushes)
    opened.push_async_callback(pushes.shutdown)
    replies = make_reply_bot(token, api_base=base, limiter=RepliesFirst(pacer), hearing=hearing)
    return pushes, replies


def make_deliverer(
    storage: Storage,
    pushes: Bot,
    pacer: Pacer,
    config: Config,
    now: Callable[[], datetime],
    count: Callable[[DeliveryState], None] | None,
) -> Deliverer:
    """Make what pushes through a bot; ``count`` is told how each push ended."""
    return Deliverer(
        storage,
        TelegramTransport(pushes, pushes.username, is_paid=config.telegram.paid_broadcast),
        pacer,
        bot=BotId(pushes.id),
        rate=config.push.rate,
        now=now,
        count=count,
    )


def begin_delivering(opened: AsyncExitStack, deliverer: Deliverer) -> asyncio.Task[None]:
    """Begin to send what is due."""
    delivering = asyncio.create_task(deliverer.run(), name="deliver")
    opened.push_async_callback(drain, deliverer, delivering)
    return delivering


async def drain(deliverer: Deliverer, delivering: asyncio.Task[None]) -> None:
    """Begin no further send and settle those in hand; a second time does nothing."""
    deliverer.stop()
    await asyncio.wait((delivering,), timeout=DRAIN)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
