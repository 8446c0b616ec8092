"""Work that takes longer than an answer may: begun by a command, done beside it.

A chat's touches are handled one after the other, so a command that waits for a slow site would
leave its person without answers. It answers at once and leaves the rest here: one errand a chat; a
newer one ends the older. What an errand has not done when we stop is not done.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Coroutine
from functools import partial

from bot.model import ChatId

log = logging.getLogger(__name__)

Work = Coroutine[object, object, None]


class Errands:
    """The errands that run; close them at the end."""

    def __init__(self) -> None:
        self._running: dict[ChatId, asyncio.Task[None]] = {}

    def begin(self, chat: ChatId, work: Work) -> None:
        """Begin an errand of a chat, and end the one it had."""
        self.end(chat)
        task = asyncio.create_task(work)
        self._running[chat] = task
        task.add_done_callback(partial(self._ended, chat))

    def end(self, chat: ChatId) -> None:
        """End the errand of a chat, if it has one."""
        if task := self._running.pop(chat, None):
            task.cancel()

    async def settled(self) -> None:
        """Wait until all that run are over."""
        while self._running:
            await asyncio.wait(self._running.values())

    async def close(self) -> None:
        """End all that run."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, chat: ChatId, task: asyncio.Task[None]) -> None:
        if self._running.get(chat) is task:
            del self._running[chat]
        if not task.cancelled() and (error := task.exception()) is not None:
            # what it is and where, never what was said
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("errand.failed", extra={"error": type(error).__name__, "trace": where})
