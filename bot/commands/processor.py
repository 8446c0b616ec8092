"""Updates → handlers: one at a time for each chat, many chats at once. `app` gives it to PTB.

What a person did first is done first, and a person who presses twenty buttons waits for himself
alone: his waiting presses hold places in the line, not among those that run. Twenty presses of
one button are one press: all are answered, and what it does is done once.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

MOST_RUNNING = 64  # handlers at once; they wait for Telegram more than they work
MOST_WAITING = 4096  # updates taken from Telegram and not done yet
REPEAT = 0.5  # seconds in which the same press again, and nothing between, is a repeat of it
MOST_REMEMBERED = 1024  # chats whose last press is remembered


@dataclass(slots=True)
class _Line:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    length: int = 0


_What = tuple[int, int | None, str | None]  # who pressed, on which message, which button


@dataclass(frozen=True, slots=True)
class _Pressed:
    what: _What
    ended_at: float  # by the processor's clock


class ByChat(BaseUpdateProcessor):
    """Serial within a chat, parallel across chats, bounded."""

    def __init__(
        self,
        *,
        running: int = MOST_RUNNING,
        waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(waiting)
        self._running = asyncio.Semaphore(running)
        self._lines: dict[int, _Line] = {}
        self._clock = clock
        self._pressed: dict[int, _Pressed] = {}  # by chat: what was done there last

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Run the handlers of one update when its chat's turn has come; only answer a repeat."""
        chat = _chat_of(update)
        query = update.callback_query if isinstance(update, Update) else None
        try:
            async with self._turn(chat), self._running:
                if query is not None and self._is_repeat(chat, query):
                    with contextlib.suppress(TelegramError):
                        await query.answer()
                else:
                    await coroutine
                self._remember(chat, query)
        finally:
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # cancelled while it waited: it never ran

    def _is_repeat(self, chat: int | None, query: CallbackQuery) -> bool:
        last = None if chat is None else self._pressed.get(chat)
        return (
            last is not None
            and last.what == _what(query)
            and self._clock() - last.ended_at <= REPEAT
        )

    def _remember(self, chat: int | None, query: CallbackQuery | None) -> None:
        """Remember a press; anything else makes that the same press may do something again."""
        if chat is None:
            return
        self._pressed.pop(chat, None)
        if query is not None:
            self._pressed[chat] = _Pressed(_what(query), self._clock())
            if len(self._pressed) > MOST_REMEMBERED:
                del self._pressed[next(iter(self._pressed))]

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


def _what(query: CallbackQuery) -> _What:
    message = query.message.message_id if query.message is not None else None
    return query.from_user.id, message, query.data


def _chat_of(update: object) -> int | None:
    """Return whose line an update stands in: its chat's, else its person's."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return None if update.effective_user is None else update.effective_user.id
