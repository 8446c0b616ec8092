"""What is due leaves here at pace: claims batches, sends them, writes what became of each reader.

A task of its own beside the scheduler, because a batch is not a beat: it is drained, not cut off,
when the process stops. Two halves run at once: one claims and sends, one settles. They meet in a
queue, so that a slow answer holds up its own row and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.jobs.pacer import Pacer
from bot.model import (
    Batch,
    BatchId,
    Brief,
    BriefId,
    Hold,
    Later,
    Moved,
    Outcome,
    Parcel,
    Settlement,
    Unreachable,
)
from bot.outbox import settle
from bot.outbox.pace import Slot, batch_size
from bot.storage import Storage, Transaction, briefs, deliveries, subscribers, waves
from bot.transports import Letter, Transport

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # far longer than a batch takes; start-up does not wait for it
IDLE = 1.0  # seconds; how late something may be noticed that nobody announced
GATHER = 0.05  # seconds; answers that come together are written together


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of one parcel of one batch; ``outcome`` None: it was not sent."""

    batch: BatchId
    parcel: Parcel
    settlement: Settlement
    outcome: Outcome | None = None


class Deliverer:
    """Send what is due until it is told to stop.

    ``rate`` is pushes a second; it sets the size of a batch and how many sends are open at once.
    """

    def __init__(
        self,
        storage: Storage,
        transport: Transport,
        pacer: Pacer,
        *,
        rate: int,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._transport = transport
        self._pacer = pacer
        self._now = now
        self._size = batch_size(rate)
        self._open_sends = asyncio.Semaphore(max(16, rate // 4))
        self._due = asyncio.Event()
        self._stopped = asyncio.Event()
        self._answers: asyncio.Queue[_Answer] = asyncio.Queue()
        self._left: Counter[BatchId] = Counter()  # parcels of our batches that are not settled yet
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
        """Send until ``stop``; a failing database is waited for, not died of."""
        async with asyncio.TaskGroup() as group:
            settler = group.create_task(self._settle_for_ever())
            while not self._stopped.is_set():
                try:
                    if not await self.deliver_next():
                        await self._wait_until_due()
                except StorageError:
                    log.exception("deliver.storage")
                    await self._pause(IDLE)
            await self.drain()
            settler.cancel()

    async def drain(self) -> None:
        """Wait until every send in hand is answered and settled."""
        while self._sends:
            await asyncio.wait(self._sends)
        await self._answers.join()

    async def _wait_until_due(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._due.wait(), IDLE)
        self._due.clear()

    async def deliver_next(self) -> bool:
        """Claim one batch and begin its sends; False when nothing was due.

        1. Claim, in one transaction.
        2. Settle what must not be sent: expired, left, quiet.
        3. Begin the other sends as the pace allows.
        4. If we are told to stop in the middle, give the rest back.
        """
        async with self._storage.transaction() as tx:
            batch = await deliveries.claim(
                tx, self._now(), size=self._size, lease=LEASE, mine=self._left.keys()
            )
            if batch is not None and not batch.parcels:
                await waves.finish(tx, self._now())
        if batch is None:
            return False
        if not batch.parcels:
            return True
        said = {parcel.brief: await self._brief(parcel.brief) for parcel in batch.parcels}
        self._left[batch.id] = len(batch.parcels)
        waiting = deque(self._worth_sending(batch))
        await self._send_all(batch.id, waiting, said)
        if waiting:
            await self._give_back(batch.id)
        return True

    def _worth_sending(self, batch: Batch) -> list[Parcel]:
        worth = []
        for parcel in batch.parcels:
            settlement = settle.before(parcel, self._now())
            if settlement is None:
                worth.append(parcel)
            else:
                self._answers.put_nowait(_Answer(batch.id, parcel, settlement))
        return worth

    async def _send_all(
        self, batch: BatchId, waiting: deque[Parcel], said: Mapping[BriefId, Brief]
    ) -> None:
        """Begin sends in order; a chat that must wait longer than the others is put off."""
        while waiting and not self._stopped.is_set():
            if (wait := self._pacer.wait()) > 0:
                await self._pause(wait)
                continue
            await self._open_sends.acquire()
            parcel = waiting.popleft()
            wait = self._pacer.wait_for(parcel.subscriber.chat)
            if wait > 0:
                self._open_sends.release()
                self._put_off(batch, parcel, wait)
                continue
            slot = self._pacer.push(parcel.subscriber.chat)
            task = asyncio.create_task(self._send(batch, parcel, said[parcel.brief], slot))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond being told to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    def _put_off(self, batch: BatchId, parcel: Parcel, wait: float) -> None:
        later = Later("its chat is not free yet", retry_after=timedelta(seconds=wait))
        settlement = settle.after(parcel, later, self._now())
        self._answers.put_nowait(_Answer(batch, parcel, settlement))

    async def _brief(self, brief: BriefId) -> Brief:
        if brief not in self._briefs:
            if len(self._briefs) >= 256:
                self._briefs.clear()
            self._briefs[brief] = await briefs.get(self._storage, brief)
        return self._briefs[brief]

    async def _send(self, batch: BatchId, parcel: Parcel, brief: Brief, slot: Slot) -> None:
        chat, thread = parcel.subscriber.chat, parcel.subscriber.thread
        letter = Letter(chat, brief, thread, settle.is_silent(parcel, self._now()))
        try:
            outcome = await self._transport.send(letter, lambda: self._pacer.turn(chat))
        except Exception as error:  # a fault of our own must not keep the batch open for ever
            log.exception("deliver.send", extra={"chat": chat})
            outcome = Later(type(error).__name__, is_certain=False)
        finally:
            self._open_sends.release()
        self._pacer.answered(slot)
        if isinstance(outcome, Later) and outcome.holds is Hold.CHAT:
            self._hold(chat, outcome)
        settlement = settle.after(parcel, outcome, self._now())
        self._answers.put_nowait(_Answer(batch, parcel, settlement, outcome))

    def _hold(self, chat: int, answer: Later) -> None:
        seconds = (answer.retry_after or timedelta(seconds=1)).total_seconds()
        self._pacer.flooded(chat, seconds)
        log.warning("deliver.flooded", extra={"chat": chat, "seconds": seconds})

    async def _give_back(self, batch: BatchId) -> None:
        """Return what was not begun; what is in hand settles first, so that none goes twice."""
        await self.drain()
        self._left.pop(batch, None)
        async with self._storage.transaction() as tx:
            await deliveries.give_back(tx, batch)

    async def _settle_for_ever(self) -> None:
        while True:
            answers = [await self._answers.get()]
            await asyncio.sleep(GATHER)
            while not self._answers.empty():
                answers.append(self._answers.get_nowait())
            await self._write_until_it_holds(answers)
            for _ in answers:
                self._answers.task_done()

    async def _write_until_it_holds(self, answers: Sequence[_Answer]) -> None:
        """Write what became of parcels; what is known must not be lost to a full disk."""
        while True:
            try:
                await self._write(answers)
            except StorageError:
                log.exception("deliver.settle")
                await asyncio.sleep(IDLE)
            else:
                return

    async def _write(self, answers: Sequence[_Answer]) -> None:
        now = self._now()
        answered = Counter(answer.batch for answer in answers)
        over = [batch for batch, count in answered.items() if self._left.get(batch) == count]
        async with self._storage.transaction() as tx:
            rows = [(answer.parcel, answer.settlement) for answer in answers]
            await deliveries.settle(tx, rows, now)
            for answer in answers:
                await _follow(tx, answer, now)
            for batch in over:
                await deliveries.end_batch(tx, batch)
            if any(answer.parcel.wave is not None for answer in answers):
                await waves.finish(tx, now)
        self._left.subtract(answered)
        for batch in over:
            del self._left[batch]
        self._due.set()


async def _follow(tx: Transaction, answer: _Answer, now: datetime) -> None:
    """Write what an answer says of the chat itself."""
    match answer.outcome:
        case Unreachable():
            await subscribers.block(tx, answer.parcel.subscriber.id, now)
        case Moved(chat=chat):
            if not await subscribers.move(tx, answer.parcel.subscriber.id, chat):
                await subscribers.block(tx, answer.parcel.subscriber.id, now)
        case _:
            return
