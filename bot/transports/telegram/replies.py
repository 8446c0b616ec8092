"""Answers to people pass here on their way to Telegram: they debit the pace, and never wait long.

`bots` gives it to the bot that answers; the pace is the one that pushes ask for leave, so what
replies take, pushes go without.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.transports.telegram.faults import retry_after
from bot.transports.telegram.request import NotSentError

PAUSE = 1.0  # seconds before a call that never left us is repeated
PATIENCE = 5.0  # seconds; a person who waits longer has gone, and the handler says so


class Pace(Protocol):
    """What replies ask of the pace."""

    async def reply(self, chat: int, /) -> Callable[[], None]:
        """Debit one message, waiting the little that is needed; call the result when answered."""
        ...

    def flooded(self, chat: int, retry_after: float) -> None:
        """Learn that Telegram answered 429 for the chat; ``retry_after`` is seconds."""
        ...


class RepliesFirst(BaseRateLimiter[None]):
    """Debit each message before it goes, and repeat once what can surely be repeated.

    That is what a short flood wait held up, and what found no connection: the person wrote to us,
    and Telegram tells us so only once.
    """

    def __init__(self, pace: Pace, *, patience: float = PATIENCE, pause: float = PAUSE) -> None:
        self._pace = pace
        self._patience = patience
        self._pause = pause

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Make one call of the library's; its arguments are passed on unread (foreign, hence Any).

        1. Debit the pace, if Telegram counts the call. 2. Make it. 3. On a 429 tell the pace, and
        once the wait is over, if it is short, begin again; without a connection, after a pause.
        The second failure is the caller's.
        """
        chat = _counted_chat(endpoint, data)
        try:
            async with self._debited(chat):
                return await callback(*args, **kwargs)
        except RetryAfter as error:
            wait = retry_after(error).total_seconds()
            if chat is not None:
                self._pace.flooded(chat, wait)
            if wait > self._patience:
                raise
        except NotSentError:
            wait = self._pause
        await asyncio.sleep(wait)
        async with self._debited(chat):
            return await callback(*args, **kwargs)

    @asynccontextmanager
    async def _debited(self, chat: int | None) -> AsyncIterator[None]:
        if chat is None:
            yield
            return
        answered = await self._pace.reply(chat)
        try:
            yield
        finally:
            answered()


def _counted_chat(endpoint: str, data: dict[str, Any]) -> int | None:
    """Return the chat that a call sends a message to; None when Telegram does not count it."""
    is_send = endpoint.startswith(("send", "copy", "forward")) and endpoint != "sendChatAction"
    chat = data.get("chat_id")
    return chat if is_send and isinstance(chat, int) else None
