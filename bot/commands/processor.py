"""Updates → handlers: one at a time for each chat, many chats at once. `app` gives it to PTB.

What a person did first is done first, and a person who presses twenty buttons waits for himself
alone: his waiting presses hold places in the line, not among those that run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telegram import Update
from telegram.ext import BaseUpdateProcessor

MOST_RUNNING = 64  # handlers at once; they wait for Telegram more than they work
MOST_WAITING = 4096  # updates taken from Telegram and not done yet


@dataclass(slots=True)
class _Line:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    length: int = 0


class ByChat(BaseUpdateProcessor):
    """Serial within a chat, parallel across chats, bounded."""

    def __init__(self, *, running: int = MOST_RUNNING, waiting: int = MOST_WAITING) -> None:
        super().__init__(waiting)
        self._running = asyncio.Semaphore(running)
        self._lines: dict[int, _Line] = {}

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Run the handlers of one update when its chat's turn has come."""
        try:
            async with self._turn(_chat_of(update)), self._running:
                await coroutine
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # cancelled while it waited: it never ran

    @asynccontextmanager
    async def _turn(self, chat: int | None) -> AsyncIterator[None]:
        if chat is None:
            yield
            return
        line = self._lines.setdefault(chat, _Line())
        line.length += 1
        try:
            async with line.turn:
                yield
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[chat]


def _chat_of(update: object) -> int | None:
    """Return whose line an update stands in: its chat's, else its person's."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return None if update.effective_user is None else update.effective_user.id
