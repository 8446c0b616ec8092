"""A transport together with the far side it speaks to, so that one contract can try any of them.

A new way out adds its lab here and a line to `LABS`; the promises in `test_contract.py` stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

from telegram import Bot

from bot.model import ChatId
from bot.sandbox.server import TOKEN, Sandbox
from bot.transports import Transport
from bot.transports.telegram.bots import make_bot
from bot.transports.telegram.send import TelegramTransport
from tests.transports.briefs import BOT

READER = ChatId(50_001)
OTHER = ChatId(50_002)


async def at_once() -> None:
    """Let the next part of a letter go without waiting."""


class Lab(Protocol):
    """What a contract test may do to the far side. Two readers are there: READER and OTHER."""

    transport: Transport

    async def arrived(self, chat: ChatId) -> list[str]:
        """Return the plain texts that a reader has, oldest first."""
        ...

    async def shut_door(self, chat: ChatId) -> None:
        """Let a reader turn us away for good."""
        ...

    async def move(self, chat: ChatId, to: ChatId) -> None:
        """Give a chat another number."""
        ...

    async def flood(self, chat: ChatId, seconds: int) -> None:
        """Ask for silence towards a chat, from now on."""
        ...

    async def cut(self, chat: ChatId) -> None:
        """Take the network away."""
        ...

    async def lose_answer(self, chat: ChatId, *, is_accepted: bool, after: int = 0) -> None:
        """Hang up instead of answering, once ``after`` messages were answered well."""
        ...

    async def refuse(self, chat: ChatId, *, after: int = 0) -> None:
        """Refuse what we say as malformed, once ``after`` messages were taken."""
        ...

    async def wait(self, span: timedelta) -> None:
        """Let time go by over there."""
        ...


class TelegramLab:
    """Our Telegram transport before the local Bot API."""

    def __init__(self, bot: Bot, sandbox: Sandbox) -> None:
        self.bot = bot
        self.transport = TelegramTransport(bot, BOT)
        self.sandbox = sandbox
        self._waiting: list[asyncio.Task[None]] = []

    async def arrived(self, chat: ChatId) -> list[str]:
        return self._texts(chat)

    async def shut_door(self, chat: ChatId) -> None:
        await self.sandbox.block(chat)

    async def move(self, chat: ChatId, to: ChatId) -> None:
        await self.sandbox.fault("migrated", chat=chat, to=to)

    async def flood(self, chat: ChatId, seconds: int) -> None:
        await self.sandbox.fault("429", chat=chat, retry_after=seconds)

    async def cut(self, chat: ChatId) -> None:
        await self.sandbox.close()

    async def lose_answer(self, chat: ChatId, *, is_accepted: bool, after: int = 0) -> None:
        await self.fault("hang_up_after" if is_accepted else "hang_up_before", chat, after)

    async def refuse(self, chat: ChatId, *, after: int = 0) -> None:
        words = "Bad Request: can't parse entities"
        await self.fault("error", chat, after, code=400, description=words)

    async def wait(self, span: timedelta) -> None:
        clock = self.sandbox.desk.clock
        self.sandbox.desk.clock = lambda: clock() + span.total_seconds()

    async def fault(self, kind: str, chat: ChatId, after: int = 0, **more: Any) -> None:
        """Let something go wrong now, or as soon as ``after`` messages are in the chat."""

        async def wait() -> None:
            await self.sandbox.until(lambda: len(self._texts(chat)) >= after)
            await self.sandbox.fault(kind, chat=chat, **more)

        if after:
            self._waiting.append(asyncio.create_task(wait()))
        else:
            await self.sandbox.fault(kind, chat=chat, **more)

    def _texts(self, chat: ChatId) -> list[str]:
        return [message.content.text for message in self.sandbox.desk.world.messages(chat)]


@asynccontextmanager
async def telegram_lab() -> AsyncIterator[TelegramLab]:
    """Open the transport over a sandbox without flood limits."""
    sandbox = Sandbox(TOKEN, rate=None, chat_rate=None, group_rate_minute=None)
    address = await sandbox.start()
    await sandbox.crowd(READER, 60)
    try:
        async with make_bot(TOKEN, api_base=address, connections=16) as bot:
            yield TelegramLab(bot, sandbox)
    finally:
        await sandbox.close()


LABS: dict[str, Callable[[], AbstractAsyncContextManager[Lab]]] = {"telegram": telegram_lab}
