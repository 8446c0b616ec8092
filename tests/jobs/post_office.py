"""A deliverer at work: real database, real pace at a rate that never waits, an obedient way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.jobs.deliver import Deliverer
from bot.jobs.pacer import Pacer
from bot.outbox.pace import Pace
from bot.storage import Storage
from bot.transports import Transport
from tests.crowd import BOT
from tests.fakes import FakeClock, FakeTransport

PATIENCE = 20.0  # seconds; only a test that fails waits so long
AT_ONCE = 1_000_000  # a second; nothing ever waits
WORK_LEFT = """
    SELECT (SELECT count(*) FROM batches)
      + (SELECT count(*) FROM deliveries WHERE state = 'waiting' AND next_attempt_at <= :now)
      + (SELECT count(*) FROM waves WHERE state = 'open' AND cursor < last_subscriber) AS work
"""


class PostOffice:
    """Deliver from a database; every ``deliver`` and ``open`` is a deliverer of its own.

    ``rate`` 30 makes batches of 25 with 16 sends open at once.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        rate: int = 30,
        parts: int = 1,
        chat_rate: int = AT_ONCE,
        idle: float = 0.001,
        gather: float = 0.0,
    ) -> None:
        self.storage = storage
        self.clock = FakeClock()
        self.phones = FakeTransport(parts)
        self.pacer = Pacer(
            Pace(AT_ONCE, chat_rate=chat_rate), self.clock.seconds, sleep=self.clock.sleep
        )
        self._rate, self._idle, self._gather = rate, idle, gather

    def deliverer(
        self, storage: Storage | None = None, transport: Transport | None = None
    ) -> Deliverer:
        """Make a deliverer, also over a database or a way out that break."""
        return Deliverer(
            storage or self.storage,
            transport or self.phones,
            self.pacer,
            bot=BOT,
            rate=self._rate,
            now=self.clock,
            idle=self._idle,
            gather=self._gather,
        )

    @asynccontextmanager
    async def open(self, deliverer: Deliverer | None = None) -> AsyncIterator[Deliverer]:
        """Let a deliverer work during the block, then stop it and wait until it has ended."""
        worker = deliverer or self.deliverer()
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(PATIENCE):
            try:
                yield worker
            finally:
                worker.stop()
                await running

    async def deliver(self, deliverer: Deliverer | None = None) -> None:
        """Work until nothing is due, or until the deliverer dies; then raise what it died of."""
        worker = deliverer or self.deliverer()
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(PATIENCE):
            while not running.done() and not await self.is_idle():
                await asyncio.sleep(0)
            worker.stop()
            await running

    async def is_idle(self) -> bool:
        rows = await self.storage.fetch(WORK_LEFT, {"now": self._now_ms()})
        return rows[0]["work"] == 0

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something holds; each look lets the others work."""
        while not await holds():
            await asyncio.sleep(0)

    async def until_arrived(self, letters: int) -> None:
        """Wait until so many letters have arrived."""

        async def have_arrived() -> bool:
            return len(self.phones.arrived) >= letters

        await self.until(have_arrived)

    def _now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)
