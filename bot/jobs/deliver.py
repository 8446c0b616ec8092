"""What is due leaves here at pace: claims batches, sends them, writes what became of each reader.

A task of its own beside the scheduler, because a batch is not a beat: it is drained, not cut off,
when the process stops. Two halves run at once: this one claims and sends, ``settler`` writes what
became of it. They meet in a queue, so that a slow answer holds up its own row and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.jobs.carry import carry, is_copied
from bot.jobs.pacer import Pacer
from bot.jobs.settler import GATHER, Answer, Settler
from bot.model import (
    Batch,
    BatchId,
    BotId,
    Brief,
    BriefId,
    DeliveryState,
    Later,
    Outcome,
    Parcel,
    Priority,
    Settlement,
)
from bot.outbox import settle
from bot.outbox.pace import batch_size
from bot.outbox.windows import Slot
from bot.storage import Storage, batches, briefs, waves
from bot.transports import BRIEFS_AT_ONCE, Transport

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # far longer than a batch takes; start-up does not wait for it
IDLE = 1.0  # seconds; how late something may be noticed that nobody announced
SILENCE = 2.0  # seconds; a longer one is not waited out with a batch in hand
UNREADABLE = Later("its brief could not be read")  # by this version, or by this disk, at this time


class Deliverer:
    """Send what is due until it is told to stop.

    ``rate`` is pushes a second; it sets the size of a batch and how many sends are open at once.
    ``idle`` and ``gather`` are in seconds. ``count`` is told how each push ended.
    """

    def __init__(
        self,
        storage: Storage,
        transport: Transport,
        pacer: Pacer,
        *,
        bot: BotId,
        rate: int,
        now: Callable[[], datetime],
        idle: float = IDLE,
        gather: float = GATHER,
        count: Callable[[DeliveryState], None] | None = None,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._transport = transport
        self._pacer = pacer
        self._now = now
        self._idle = idle
        self._size = batch_size(rate)
        self._open_sends = asyncio.Semaphore(max(16, rate // 4))
        self._due = asyncio.Event()
        self._stopped = asyncio.Event()
        self._settler = Settler(
            storage, now=now, idle=idle, gather=gather, on_written=self._due.set, count=count
        )
        self._sends: set[asyncio.Task[None]] = set()
        self._briefs: dict[BriefId, Brief] = {}

    def wake(self) -> None:
        """Look again at once: something has become due."""
        self._due.set()

    def stop(self) -> None:
        """Begin no further send; ``run`` ends when those in hand are settled."""
        self._stopped.set()
        self._due.set()

    async def run(self) -> None:
        """Send until ``stop``; a failing database is waited for, not died of.

        Cancelled, it drops the sends in hand: their fate is unknown, and their batches stay
        leased until the next start takes them up.
        """
        try:
            async with asyncio.TaskGroup() as group:
                settler = group.create_task(self._settler.run())
                while not self._stopped.is_set():
                    await self._go_on()
                await self.drain()
                settler.cancel()
        finally:
            await self._drop_sends()

    async def _go_on(self) -> None:
        """Deliver a batch, or wait; while answers cannot be kept, nothing more is sent.

        While Telegram asks for silence nothing is taken in hand; what expires meanwhile is over.
        """
        if self._settler.is_stuck:
            await self._pause(self._idle)
            return
        try:
            if self._pacer.silence() > SILENCE:
                async with self._storage.transaction() as tx:
                    await waves.finish(tx, self._now())
                await self._pause(self._idle)
            elif not await self.deliver_next():
                await self._wait_until_due()
        except StorageError:
            log.exception("deliver.storage")
            await self._pause(self._idle)

    async def _drop_sends(self) -> None:
        for send in self._sends:
            send.cancel()
        await asyncio.gather(*self._sends, return_exceptions=True)

    async def drain(self) -> None:
        """Wait until every send in hand is answered and settled."""
        while self._sends:
            await asyncio.wait(self._sends)
        await self._settler.drain()

    async def _wait_until_due(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._due.wait(), self._idle)
        self._due.clear()

    async def deliver_next(self) -> bool:
        """Claim one batch and begin its sends; False when nothing was due.

        1. Claim, in one transaction; where it found nobody, waves that are over are ended.
        2. Settle what must not be sent: expired, left, quiet.
        3. Begin the other sends as the pace allows.
        4. If we are told to stop in the middle, give the rest back.
        """
        async with self._storage.transaction() as tx:
            batch = await batches.claim(
                tx,
                self._bot,
                self._now(),
                size=self._size,
                lease=LEASE,
                mine=self._settler.batches,
                least=self._least(),
            )
            if batch is None or not batch.parcels:
                await waves.finish(tx, self._now())
        if batch is None:
            return False
        if not batch.parcels:
            return True
        self._settler.expect(batch)
        waiting = deque(await self._worth_sending(batch))
        await self._send_all(batch.id, waiting)
        if waiting:
            await self._give_back(batch.id)
        return True

    def _least(self) -> Priority:
        """Return the least urgent that may leave: copies wait alone while they alone are held."""
        are_held = self._pacer.silence(is_copy=True) > SILENCE
        return Priority.INSTANT if are_held else Priority.BROADCAST

    async def _worth_sending(self, batch: Batch) -> list[tuple[Parcel, Brief]]:
        """Return what is to be sent, each with its words, and settle the others.

        A brief that cannot be read is tried again later, and holds up nobody else.
        """
        said = {brief: await self._brief(brief) for brief in {one.brief for one in batch.parcels}}
        worth: list[tuple[Parcel, Brief]] = []
        for parcel in batch.parcels:
            brief = said[parcel.brief]
            settlement = settle.before(parcel, self._now())
            if settlement is None and brief is not None:
                worth.append((parcel, brief))
                continue
            settlement = settlement or settle.after(parcel, UNREADABLE, self._now())
            self._settler.settle(Answer(batch.id, parcel, settlement))
        return worth

    async def _send_all(self, batch: BatchId, waiting: deque[tuple[Parcel, Brief]]) -> None:
        """Begin sends in order; who must wait longer than the others is put off."""
        while waiting and not self._stopped.is_set():
            await self._open_sends.acquire()
            parcel, brief = waiting[0]
            chat, is_copy = parcel.subscriber.chat, is_copied(parcel)
            # asked last: others may have sent while we waited
            wait = self._pacer.wait(is_copy=is_copy)
            is_silence = self._pacer.silence(is_copy=is_copy) > SILENCE
            if (wait > 0 and not is_silence) or self._stopped.is_set():
                self._open_sends.release()
                await self._pause(wait)
                continue
            waiting.popleft()
            wait = self._pacer.wait_for(chat, is_copy=is_copy)
            if wait > 0:
                self._open_sends.release()
                self._put_off(batch, parcel, wait)
                continue
            slot = self._pacer.push(chat, is_copy=is_copy)
            task = asyncio.create_task(self._send(batch, parcel, brief, slot))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond being told to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    def _put_off(self, batch: BatchId, parcel: Parcel, wait: float) -> None:
        """Let a parcel wait for its chat's next slot; it was not tried, so no try is counted."""
        until = self._now() + timedelta(seconds=wait)
        settlement = settle.before(parcel, until) or Settlement(
            DeliveryState.WAITING,
            next_attempt_at=until,
            reason="its chat is not free yet",
            attempts=parcel.attempts,
            doubts=parcel.doubts,
        )
        self._settler.settle(Answer(batch, parcel, settlement))

    async def _brief(self, brief: BriefId) -> Brief | None:
        if brief not in self._briefs:
            if len(self._briefs) >= BRIEFS_AT_ONCE:
                self._briefs.clear()
            try:
                self._briefs[brief] = await briefs.get(self._storage, brief)
            except StorageError:
                log.exception("deliver.brief", extra={"brief": brief})
                return None
        return self._briefs[brief]

    async def _send(self, batch: BatchId, parcel: Parcel, brief: Brief, slot: Slot) -> None:
        chat = parcel.subscriber.chat
        outcome: Outcome
        try:
            outcome = await carry(parcel, brief, self._transport, self._pacer, self._now())
            settlement = settle.after(parcel, outcome, self._now())
        except Exception as error:  # a fault of our own must not keep the batch open for ever
            log.exception("deliver.send", extra={"chat": chat})
            outcome = Later(type(error).__name__, is_certain=False)
            settlement = settle.after(parcel, outcome, self._now())
        finally:
            self._open_sends.release()
        self._pacer.answered(slot)
        if isinstance(outcome, Later) and outcome.is_flood:
            self._hold(chat, outcome, is_copy=slot.is_copy)
        self._settler.settle(Answer(batch, parcel, settlement, outcome))

    def _hold(self, chat: int, answer: Later, *, is_copy: bool) -> None:
        seconds = (answer.retry_after or timedelta(seconds=1)).total_seconds()
        self._pacer.flooded(chat, seconds, is_copy=is_copy)
        log.warning("deliver.flooded", extra={"chat": chat, "seconds": seconds})

    async def _give_back(self, batch: BatchId) -> None:
        """Return what was not begun; what is in hand settles first, so that none goes twice."""
        await self.drain()
        self._settler.forget(batch)
        async with self._storage.transaction() as tx:
            await batches.give_back(tx, batch)
