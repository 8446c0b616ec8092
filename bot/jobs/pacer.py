"""Waiting by the rules of ``outbox.pace``: the deliverer and the replies share one of these."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.outbox.pace import Pace
from bot.outbox.windows import Slot

YIELD = 0.005  # seconds that a push steps back when a reply waits


class Pacer:
    """Hold one bot's budget of messages and let each leave at its moment.

    ``clock`` is monotonic, in seconds; ``sleep`` lets that many of them pass.
    """

    def __init__(
        self,
        pace: Pace,
        clock: Callable[[], float],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._replies = 0  # that wait for the bot's budget: pushes leave the next slot to them

    def wait(self, *, is_copy: bool = False) -> float:
        """Return how many seconds a push to anyone would have to wait now."""
        now = self._clock()
        at = self._pace.any_push_at(now, is_copy=is_copy)
        return max(at - now, YIELD if self._replies else 0.0)

    def wait_for(self, chat: int, *, is_copy: bool = False) -> float:
        """Return how many seconds a push to this chat would have to wait now."""
        now = self._clock()
        return self._pace.push_at(chat, now, is_copy=is_copy) - now

    def silence(self, *, is_copy: bool = False) -> float:
        """Return for how many seconds all pushes, or all copies, are to be quiet by a 429."""
        return max(0.0, self._pace.held_until(is_copy=is_copy) - self._clock())

    async def turn(self, chat: int, *, is_copy: bool = False) -> None:
        """Wait until one more push may go to a chat, and debit it."""
        while (wait := max(self.wait(is_copy=is_copy), self.wait_for(chat, is_copy=is_copy))) > 0:
            await self._sleep(wait)
        self.push(chat, is_copy=is_copy)

    def push(self, chat: int, *, is_copy: bool = False) -> Slot:
        """Debit a push that leaves now; the caller has waited for it."""
        return self._pace.taken(chat, self._clock(), is_push=True, is_copy=is_copy)

    async def reply(self, chat: int) -> Callable[[], None]:
        """Wait for the little that a reply must, debit it, and return what to call when answered.

        Pushes step back while it waits for the bot's budget, not while it waits for its own chat.
        """
        while (wait := self._pace.reply_at(chat, self._clock()) - self._clock()) > 0:
            is_short = int(self._pace.any_reply_at(self._clock()) > self._clock())
            self._replies += is_short
            try:
                await self._sleep(wait)
            finally:
                self._replies -= is_short
        slot = self._pace.taken(chat, self._clock(), is_push=False)
        return lambda: self.answered(slot)

    def answered(self, slot: Slot) -> None:
        """Tell the budget that a message was answered."""
        self._pace.answered(slot, self._clock())

    def flooded(self, chat: int, retry_after: float, *, is_copy: bool = False) -> None:
        """Tell the budget that Telegram asked for silence, in seconds."""
        self._pace.flooded(chat, self._clock(), retry_after, is_copy=is_copy)
