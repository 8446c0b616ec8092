"""Readers whose hour has come in, their digests waiting in the outbox out; a beat starts it.

A digest is rendered once for all who would read the same words, and written for each in the
transaction that moves the reader's next hour: neither a crash nor a second run sends it twice. One
reader whose digest cannot be made costs the others nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.articles.watch import stems_of, words_in
from bot.briefs.layouts import LAYOUTS
from bot.briefs.layouts.digest import Edition, quiet_day
from bot.briefs.layouts.matches import matches_today
from bot.briefs.select import LOOKED_AT, REACH, Words, select
from bot.errors import StorageError
from bot.model import (
    Block,
    BotId,
    BriefId,
    Digest,
    Length,
    Priority,
    Section,
    StoryId,
    Subject,
    Subscriber,
    SubscriberId,
    Taste,
    Telling,
)
from bot.outbox.hours import edition, next_digest
from bot.storage import (
    Storage,
    Transaction,
    briefs,
    deliveries,
    digests,
    fixtures,
    stories,
    subscriptions,
)
from bot.storage import waves as outbox
from bot.texts import Texts

log = logging.getLogger(__name__)

AT_ONCE = 100  # readers a transaction: the writer is held for about a tenth of a second
LASTS = timedelta(hours=12)  # a digest that could not be sent for so long is yesterday's paper
AFTER_A_FAULT = timedelta(days=1)  # the reader's next try, when ours cannot even tell the hour

Clock = Callable[[], datetime]
Call = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """How the newsroom lays its digest out: how many stories at most, sections in which order."""

    most: int
    order: Sequence[Section]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What two readers' digests must share to be one brief."""

    follows: frozenset[Subject]
    mutes: frozenset[Subject]
    after: datetime
    zone: str
    length: Length
    wants_quiet_day: bool


class DigestJob:
    """Write the digests that are due."""

    def __init__(
        self,
        storage: Storage,
        texts: Texts,
        paper: Paper,
        *,
        bot: BotId,
        now: Clock,
        on_written: Call,
    ) -> None:
        self._storage = storage
        self._bot = bot
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
            if not seen:
                return sent

    async def _write_some(self, tx: Transaction, now: datetime) -> tuple[int, int]:
        pairs = await digests.due(tx, self._bot, now, AT_ONCE)
        readers = {subscriber.id for _, subscriber in pairs}
        tastes = await subscriptions.tastes(tx, readers, now)
        press = _Press(tx, self._texts, self._paper, now, tastes=tastes)
        written = 0
        for digest, subscriber in pairs:
            try:
                written += await press.write(digest, subscriber)
            except StorageError:
                raise
            except Exception:  # a fault of our own costs one reader an edition, not all of them
                log.exception("digest.fault", extra={"subscriber": subscriber.id})
                await digests.plan(tx, digest.id, next_at=now + AFTER_A_FAULT)
        return len(pairs), written


class _Press:
    """Make the editions of one transaction, each once for all who would read the same words."""

    def __init__(
        self,
        tx: Transaction,
        texts: Texts,
        paper: Paper,
        now: datetime,
        *,
        tastes: Mapping[SubscriberId, Taste],
    ) -> None:
        self._tx = tx
        self._texts = texts
        self._paper = paper
        self._now = now
        self._tastes = tastes
        self._printed: dict[_Wanted, BriefId | None] = {}
        self._told: dict[StoryId, Telling] = {}
        self._stems: dict[StoryId, Sequence[frozenset[str]]] = {}
        self._matches: dict[str, tuple[Block, ...]] = {}

    async def write(self, digest: Digest, subscriber: Subscriber) -> bool:
        """Write a reader's digest and move its hour on; say whether there is one to send.

        What could not be written since this very edition was sent before is left to the next one.
        """
        tx, now = self._tx, self._now
        next_at = next_digest(digest.minute, digest.weekdays, subscriber.zone, now)
        brief = await self._brief_for(digest, subscriber) if subscriber.is_active else None
        is_written = brief is not None and await _send(tx, digest, subscriber, brief, now)
        if brief is not None and not is_written:
            await digests.plan(tx, digest.id, next_at=next_at)
            return False
        until = max(now, digest.covered_until)  # a clock set back uncovers nothing
        await digests.cover(tx, digest, covered_until=until, next_at=next_at)
        return is_written

    async def _brief_for(self, digest: Digest, subscriber: Subscriber) -> BriefId | None:
        """Return the brief of a reader's edition; None when there is nothing new to tell."""
        taste = self._tastes[subscriber.id]
        wanted = _Wanted(
            follows=frozenset(taste.follows),
            mutes=frozenset(taste.mutes),
            after=max(digest.covered_until, self._now - REACH),
            zone=subscriber.zone,
            length=subscriber.length,
            wants_quiet_day=subscriber.wants_quiet_day,
        )
        if wanted not in self._printed:
            self._printed[wanted] = await self._print(wanted, taste)
        return self._printed[wanted]

    async def _print(self, wanted: _Wanted, taste: Taste) -> BriefId | None:
        tellings = await self._worth_telling(taste, wanted.after)
        selection = select(
            tellings,
            taste,
            self._now,
            self._paper.most,
            order=self._paper.order,
            words=self._words(tellings, taste),
        )
        if selection is None and not wanted.wants_quiet_day:
            return None
        zone = ZoneInfo(wanted.zone)
        printed = Edition(
            self._now.astimezone(zone),
            wanted.after.astimezone(zone),
            wanted.length,
            await self._matches_for(taste, zone),
        )
        brief = (
            quiet_day(self._texts, printed)
            if selection is None
            else LAYOUTS["classic"](selection, self._texts, printed)
        )
        return await briefs.keep(self._tx, brief, self._now)

    async def _worth_telling(self, taste: Taste, after: datetime) -> list[Telling]:
        """Return the stories of a span; each is read once, however many spans it is in."""
        found = await stories.worth_telling(self._tx, taste, after, self._now, LOOKED_AT)
        missing = [story for story in found if story not in self._told]
        for telling in await stories.tellings(self._tx, missing):
            self._told[telling.story.id] = telling
        return [self._told[story] for story in found if story in self._told]

    def _words(self, tellings: Sequence[Telling], taste: Taste) -> Words:
        """Return the words of a taste that each story tells of; its stems are made once for all."""
        if not taste.words:
            return {}
        for telling in tellings:
            if telling.story.id not in self._stems:
                self._stems[telling.story.id] = [stems_of(one) for one in telling.articles]
        return {
            telling.story.id: words_in(self._stems[telling.story.id], taste.words)
            for telling in tellings
        }

    async def _matches_for(self, taste: Taste, zone: ZoneInfo) -> tuple[Block, ...]:
        """Lay out the matches of today for who follows sport, or everything."""
        if taste.sections and Section.SPORT not in taste.sections:
            return ()
        if zone.key not in self._matches:
            today = datetime.combine(self._now.astimezone(zone).date(), time(), zone)
            found = await fixtures.between(self._tx, today, today + timedelta(days=1))
            laid_out = matches_today(found, self._texts, zone=zone, now=self._now)
            self._matches[zone.key] = laid_out
        return self._matches[zone.key]


async def _send(
    tx: Transaction, digest: Digest, subscriber: Subscriber, brief: BriefId, now: datetime
) -> bool:
    occasion = await outbox.occasion(tx, edition(digest, subscriber.zone), now)
    written = await deliveries.write(
        tx, occasion, [subscriber.id], brief, priority=Priority.DIGEST, now=now, lasts=LASTS
    )
    return written == 1
