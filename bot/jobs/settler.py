"""Answers in, rows out: writes what became of each parcel; the deliverer's other half.

Answers that come together are written together. What is known is never lost: a database that does
not take it is tried again until it does, and the deliverer sends nothing meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StorageError
from bot.model import (
    Batch,
    BatchId,
    DeliveryState,
    Moved,
    Outcome,
    Parcel,
    Settlement,
    Subscriber,
    Unreachable,
)
from bot.storage import Storage, Transaction, batches, deliveries, subscribers, waves

log = logging.getLogger(__name__)

GATHER = 0.05  # seconds; answers that come together are written together


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one parcel of one batch; ``outcome`` None: it was not sent."""

    batch: BatchId
    parcel: Parcel
    settlement: Settlement
    outcome: Outcome | None = None


class Settler:
    """Write answers until cancelled; a batch ends with the last of its parcels.

    ``idle`` is how long a failing database is left alone, ``gather`` how long answers are
    collected, both in seconds. ``count`` is told how each push ended.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        now: Callable[[], datetime],
        idle: float,
        gather: float,
        on_written: Callable[[], None],
        count: Callable[[DeliveryState], None] | None,
    ) -> None:
        self._storage = storage
        self._now = now
        self._idle = idle
        self._gather = gather
        self._on_written = on_written
        self._count = count
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self._left: Counter[BatchId] = Counter()  # parcels of a batch that are not settled yet
        self.is_stuck = False  # the last answers could not be written

    @property
    def batches(self) -> Collection[BatchId]:
        """Return the batches in hand."""
        return self._left.keys()

    def expect(self, batch: Batch) -> None:
        """Know how many answers end a batch."""
        self._left[batch.id] = len(batch.parcels)

    def settle(self, answer: Answer) -> None:
        """Take an answer to be written."""
        self._answers.put_nowait(answer)

    def forget(self, batch: BatchId) -> None:
        """Expect no more of a batch: the rest of it is given back."""
        self._left.pop(batch, None)

    async def drain(self) -> None:
        """Wait until every answer is written."""
        await self._answers.join()

    async def run(self) -> None:
        """Write answers as they come."""
        while True:
            answers = [await self._answers.get()]
            await asyncio.sleep(self._gather)
            while not self._answers.empty():
                answers.append(self._answers.get_nowait())
            await self._write_until_it_holds(answers)
            for _ in answers:
                self._answers.task_done()

    async def _write_until_it_holds(self, answers: Sequence[Answer]) -> None:
        """Write what became of parcels; what is known must not be lost to a full disk."""
        while True:
            try:
                await self._write(answers)
            except StorageError:
                log.exception("deliver.settle")
                self.is_stuck = True
                await asyncio.sleep(self._idle)
            else:
                self.is_stuck = False
                return

    async def _write(self, answers: Sequence[Answer]) -> None:
        now = self._now()
        answered = Counter(answer.batch for answer in answers)
        over = [batch for batch, count in answered.items() if self._left.get(batch) == count]
        async with self._storage.transaction() as tx:
            rows = [(answer.parcel, answer.settlement) for answer in answers]
            await deliveries.settle(tx, rows, now)
            for answer in answers:
                await _follow(tx, answer, now)
            for batch in over:
                await batches.end_batch(tx, batch)
            if any(answer.parcel.wave is not None for answer in answers):
                await waves.finish(tx, now)
        self._left.subtract(answered)
        for batch in over:
            del self._left[batch]
        for answer in answers:
            if self._count is not None and answer.settlement.is_final:
                self._count(answer.settlement.state)
        self._on_written()


async def _follow(tx: Transaction, answer: Answer, now: datetime) -> None:
    """Write what an answer says of the chat itself."""
    reader = answer.parcel.subscriber
    match answer.outcome:
        case Unreachable():
            await _block(tx, reader, now)
        case Moved(chat=chat):
            if not await subscribers.move(tx, reader.id, chat):
                await _block(tx, reader, now)
        case _:
            return


async def _block(tx: Transaction, reader: Subscriber, now: datetime) -> None:
    """Block a chat, unless it has another number by now: the old one's answer came late."""
    today = await subscribers.by_id(tx, reader.id)
    if today is not None and today.chat == reader.chat:
        await subscribers.block(tx, reader.id, now)
