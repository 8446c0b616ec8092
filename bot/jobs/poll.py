"""Feeds that are due in, their news in the database out; a beat of the scheduler starts it.

A beat never waits for a feed: visits are tasks of their own, a few at a time, and one that fails
writes cause and next try on its own feed's row and stops nobody else. When nobody at all can be
reached the trouble is ours (`reach`): then no feed is blamed, and each is tried at the floor.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.errors import FetchCause, FetchError, ParseError, StorageError
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds, back_off, host_hold, longer_wish, next_interval
from bot.feeds.parser_process import ParserProcess
from bot.feeds.reach import ANSWERED, UNREACHED, Reach, Verdict
from bot.jobs.intake import Intake, Taken
from bot.model import Document, Feed, FeedId, FeedKind, Fetched
from bot.storage import Storage, Transaction, fixtures, sources
from bot.storage.sources import Visit

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any visit's limits together
AT_ONCE = 16  # visits


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and how many feeds of one host at a time."""

    bounds: Bounds
    hosts: int
    zone: ZoneInfo  # of dates that name none


class Poller:
    """Visit what is due; ``on_calls`` is told when a visit made something to deliver.

    ``count`` is told of each visit: "ok" or the cause of its failure, and how many new articles.
    """

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        parser: ParserProcess,
        intake: Intake,
        *,
        rhythm: Rhythm,
        now: Callable[[], datetime],
        on_calls: Callable[[], None],
        count: Callable[[str, int], None] | None = None,
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._parser = parser
        self._intake = intake
        self._rhythm = rhythm
        self._now = now
        self._on_calls = on_calls
        self._count = count
        self._visits: dict[FeedId, asyncio.Task[None]] = {}
        self._held: dict[str, datetime] = {}  # hosts that asked for silence, until when
        self._reach = Reach()
        self._may_have_more = False  # feeds that are due and had no place at the last look
        self._refill: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def out_since(self) -> datetime | None:
        """Return since when nobody at all can be reached; None: somebody can."""
        return self._reach.out_since

    async def poll_due(self) -> int:
        """Begin a visit to each feed that is due and has a place; return how many.

        After a machine's sleep the leases of visits in hand look dead; they are not begun twice.
        """
        places = AT_ONCE - len(self._visits)
        if places <= 0:
            return 0
        async with self._storage.transaction() as tx:
            feeds = await sources.claim_due(
                tx, self._now(), limit=places, hosts=self._rhythm.hosts, lease=LEASE
            )
        self._may_have_more = len(feeds) == places
        begun = [feed for feed in feeds if feed.id not in self._visits]
        for feed in begun:
            visit = asyncio.create_task(self._visit_safely(feed))
            self._visits[feed.id] = visit
            visit.add_done_callback(partial(self._ended, feed.id))
        return len(begun)

    def _ended(self, feed: FeedId, _: asyncio.Task[None]) -> None:
        """Let go of a visit; its place is taken at once where more feeds wait than had one."""
        del self._visits[feed]
        if self._may_have_more and not self._is_closed and self._refill is None:
            self._refill = asyncio.create_task(self._fill_up())

    async def _fill_up(self) -> None:
        try:
            await self.poll_due()
        except StorageError:
            log.exception("poll.storage")  # the next beat asks again
        finally:
            self._refill = None

    async def settled(self) -> None:
        """Wait until the visits in hand are over, and those that took their places."""
        while running := [*self._visits.values(), *([self._refill] if self._refill else [])]:
            await asyncio.wait(running)

    async def close(self) -> None:
        """End the visits in hand; what they had not stored is fetched again next time."""
        self._is_closed = True
        visits = [*self._visits.values(), *([self._refill] if self._refill else [])]
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    async def _visit_safely(self, feed: Feed) -> None:
        try:
            await self.visit(feed)
        except Exception as error:  # a fault of our own costs its feed one visit, not the house
            log.exception("poll.fault", extra={"feed": feed.id})
            await self._failed_by_us(feed, error)

    async def _failed_by_us(self, feed: Feed, error: Exception) -> None:
        """Write our own fault on the feed's row; if not even that is possible, its lease ends."""
        what = str(error) if isinstance(error, StorageError) else type(error).__name__
        try:
            fault = FetchError(f"a fault of Mujaz itself: {what}", FetchCause.OURS)
            await self._failed(feed, fault)
        except StorageError:
            log.exception("poll.storage", extra={"feed": feed.id})

    async def visit(self, feed: Feed) -> None:
        """Visit one feed and write what came of it.

        1. Fetch, conditionally; the same bytes are not read again.
        2. Read them in the child process.
        3. Take the document in, and write the feed's row, in one transaction.
        """
        try:
            fetched = await self._fetcher.fetch(feed.url, feed.etag, feed.last_modified)
            body_hash = _hash(fetched.body) or feed.body_hash
            document = None
            if fetched.body is not None and body_hash != feed.body_hash:
                document = await self._parser.parse(
                    fetched.body,
                    fetched.content_type,
                    fetched.url,
                    zone=self._rhythm.zone,
                    now=self._now(),
                )
        except (FetchError, ParseError) as error:
            await self._failed(feed, error)
            return
        await self._succeeded(feed, fetched, document, body_hash)

    async def _succeeded(
        self, feed: Feed, fetched: Fetched, document: Document | None, body_hash: str
    ) -> None:
        self._heard()
        taken: Taken | None = None
        try:
            async with self._storage.transaction() as tx:
                # Not before: while we wait for the writer, a digest may cover all until its now.
                now = self._now()
                if not await self._is_still_there(tx, feed):
                    return
                if document is not None:
                    taken = await self._take_in(tx, feed, document, now)
                new = taken.new if taken else 0
                wish = longer_wish(fetched.wish, document.ttl if document else None)
                busy = new or await self._awaited(tx, feed, now)
                interval = next_interval(
                    feed.interval, new=busy, wish=wish, bounds=self._rhythm.bounds
                )
                visit = Visit(
                    next_poll_at=self._not_held(feed, now + interval),
                    interval=interval,
                    etag=fetched.etag,
                    last_modified=fetched.last_modified,
                    body_hash=body_hash,
                    ok_at=now,
                    new_at=now if new else None,
                )
                await sources.visited(tx, feed.id, visit)
                if fetched.moved_to:
                    await sources.remember_address(tx, feed.id, fetched.moved_to, now)
        except BaseException:
            if taken is not None and document is not None and document.kind is FeedKind.NEWS:
                self._intake.take_back()
            raise
        log.info("poll.visited", extra={"feed": feed.id, **_told(taken)})
        if self._count is not None:
            self._count("ok", taken.new if taken else 0)
        if taken is not None and (taken.calls or taken.has_moved):
            self._on_calls()

    async def _take_in(
        self, tx: Transaction, feed: Feed, document: Document, now: datetime
    ) -> Taken:
        """Take a document in as what it is: a calendar brings matches, and nobody is told."""
        if document.kind is not feed.kind:
            await sources.turn_into(tx, feed.id, document.kind)
        if document.kind is FeedKind.NEWS:
            return await self._intake.take_in(tx, feed, document, now)
        kept = await fixtures.keep(tx, feed.id, document.fixtures, now)
        return Taken(new=kept.new, changed=kept.changed + kept.gone)

    async def _awaited(self, tx: Transaction, feed: Feed, now: datetime) -> int:
        """Count what a feed may soon tell: results of its matches."""
        is_calendar = feed.kind is FeedKind.MATCHES
        return await fixtures.awaited(tx, feed.id, now) if is_calendar else 0

    async def _failed(self, feed: Feed, error: FetchError | ParseError) -> None:
        """Write a failure on its feed's row; one that is our own changes nothing there."""
        bounds, is_ours = self._rhythm.bounds, False
        wish = error.retry_after if isinstance(error, FetchError) else None
        async with self._storage.transaction() as tx:
            now = self._now()
            if not await self._is_still_there(tx, feed):
                return
            if error.cause in UNREACHED:
                is_ours = await self._is_ours(tx, feed, now)
            elif error.cause in ANSWERED:
                self._heard()
            if isinstance(error, FetchError) and error.holds_host:
                self._held[feed.host] = now + host_hold(wish, bounds=bounds)
                await sources.hold_host(tx, feed.host, self._held[feed.host])
            if is_ours:
                visit = _as_before(self._reach.before(feed), now + bounds.floor)
            else:
                visit = _failure(feed, error, now + back_off(
                    feed.failures + 1, retry_after=wish, bounds=bounds
                ))  # fmt: skip
            held = replace(visit, next_poll_at=self._not_held(feed, visit.next_poll_at))
            await sources.visited(tx, feed.id, held)
        if not is_ours:
            told = {"feed": feed.id, "cause": str(error), "failures": visit.failures}
            log.warning("poll.failed", extra=told)
        if self._count is not None:
            self._count(error.cause, 0)

    async def _is_still_there(self, tx: Transaction, feed: Feed) -> bool:
        """Say whether a feed stands where we visited it; what an address it left says is void."""
        if await sources.is_at(tx, feed.id, feed.url):
            return True
        await sources.release(tx, feed.id)
        return False

    async def _is_ours(self, tx: Transaction, feed: Feed, now: datetime) -> bool:
        """Say whether a visit that reached nobody is our own trouble; forgive what was counted."""
        verdict = self._reach.missed(feed, await sources.count_hosts(tx), now)
        if verdict is Verdict.OURS_AT_LAST:
            floor = self._rhythm.bounds.floor
            await sources.forgive(tx, self._reach.missed_feeds, now + floor)
            log.warning("poll.out", extra={"since": self._reach.out_since})
        return verdict is not Verdict.THEIRS

    def _heard(self) -> None:
        """Note that somebody answered."""
        if self._reach.heard():
            log.warning("poll.back")

    def _not_held(self, feed: Feed, moment: datetime) -> datetime:
        """Return the moment, or the end of the silence that the feed's host asked for meanwhile."""
        return max(moment, self._held.get(feed.host, moment))


def _failure(feed: Feed, error: FetchError | ParseError, next_poll_at: datetime) -> Visit:
    return Visit(
        next_poll_at,
        feed.interval,
        failures=feed.failures + 1,
        last_error=str(error),
        last_cause=error.cause,
    )


def _as_before(feed: Feed, next_poll_at: datetime) -> Visit:
    return Visit(
        next_poll_at,
        feed.interval,
        failures=feed.failures,
        last_error=feed.last_error,
        last_cause=feed.last_cause,
    )


def _hash(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def _told(taken: Taken | None) -> dict[str, int]:
    """Return what a visit brought, for the log; None: nothing had changed."""
    taken = taken or Taken()
    return {"new": taken.new, "changed": taken.changed, "ignored": taken.ignored}
