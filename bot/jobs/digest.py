"""Readers whose hour has come in, their digests waiting in the outbox out; a beat starts it.

A digest is rendered once for all who would read the same words, and written for each in the
transaction that moves the reader's next hour: neither a crash nor a second run sends it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefs.layouts import LAYOUTS
from bot.briefs.select import select
from bot.model import Brief, BriefId, Digest, Mode, Priority, Section, Subscriber, Telling
from bot.outbox.hours import edition, next_digest
from bot.storage import Storage, Transaction, briefs, deliveries, digests, stories, subscribers
from bot.storage import waves as outbox
from bot.texts import Texts

AT_ONCE = 200  # readers a transaction: the writer is held for some tens of milliseconds
LONGEST = timedelta(hours=36)  # a digest reaches back no further, whenever the last one was
MOST_STORIES = 400  # of a window that are looked at
LASTS = timedelta(hours=12)  # a digest that could not be sent for so long is yesterday's paper


Clock = Callable[[], datetime]
Call = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """How the newsroom lays its digest out: how many stories at most, sections in which order."""

    most: int
    order: Sequence[Section]


@dataclass(frozen=True, slots=True)
class _Edition:
    """What two readers' digests must share to be one brief."""

    follows: tuple[tuple[Section, Mode], ...]
    after: datetime
    zone: str
    hour: str


class DigestJob:
    """Write the digests that are due."""

    def __init__(
        self, storage: Storage, texts: Texts, paper: Paper, *, now: Clock, on_written: Call
    ) -> None:
        self._storage = storage
        self._texts = texts
        self._paper = paper
        self._now = now
        self._on_written = on_written

    async def write_due(self) -> int:
        """Write every digest whose hour has come; return how many will be sent."""
        sent = 0
        while True:
            async with self._storage.transaction() as tx:
                seen, written = await self._write_some(tx, self._now())
            sent += written
            if written:
                self._on_written()
            if seen < AT_ONCE:
                return sent

    async def _write_some(self, tx: Transaction, now: datetime) -> tuple[int, int]:
        pairs = await digests.due(tx, now, AT_ONCE)
        rendered: dict[_Edition, BriefId | None] = {}
        told: dict[datetime, list[Telling]] = {}
        written = 0
        for digest, subscriber in pairs:
            if subscriber.is_active:
                wanted = await self._edition_of(tx, digest, subscriber, now)
                if wanted not in rendered:
                    rendered[wanted] = await self._render(tx, wanted, told, now)
                written += await _send(tx, digest, subscriber, rendered[wanted], now)
            after = next_digest(digest.minute, digest.weekdays, subscriber.zone, now)
            await digests.cover(tx, digest, covered_until=now, next_at=after)
        return len(pairs), written

    async def _edition_of(
        self, tx: Transaction, digest: Digest, subscriber: Subscriber, now: datetime
    ) -> _Edition:
        follows = await subscribers.subscriptions(tx, subscriber.id)
        local = now.astimezone(ZoneInfo(subscriber.zone))
        return _Edition(
            follows=tuple(sorted(follows.items())),
            after=max(digest.covered_until, now - LONGEST),
            zone=subscriber.zone,
            hour=local.strftime("%Y-%m-%d %H:%M"),
        )

    async def _render(
        self,
        tx: Transaction,
        wanted: _Edition,
        told: dict[datetime, list[Telling]],
        now: datetime,
    ) -> BriefId | None:
        """Keep the brief of an edition; None when there is nothing new to tell."""
        if wanted.after not in told:
            begun = await stories.begun_between(tx, wanted.after, now, MOST_STORIES)
            told[wanted.after] = list(await stories.tellings(tx, begun))
        selection = select(
            told[wanted.after], dict(wanted.follows), now, self._paper.most, order=self._paper.order
        )
        if not selection:
            return None
        local = now.astimezone(ZoneInfo(wanted.zone))
        brief: Brief = LAYOUTS["classic"](selection, self._texts, local)
        return await briefs.keep(tx, brief, now)


async def _send(
    tx: Transaction, digest: Digest, subscriber: Subscriber, brief: BriefId | None, now: datetime
) -> int:
    if brief is None:
        return 0
    occasion = await outbox.occasion(tx, edition(digest, subscriber.zone), now)
    return await deliveries.write(
        tx, occasion, subscriber.id, brief, priority=Priority.DIGEST, now=now, lasts=LASTS
    )
