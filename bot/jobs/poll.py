"""Feeds that are due in, their news in the database out; a beat of the scheduler starts it.

A beat never waits for a feed: visits are tasks of their own, a few at a time, and one that fails
writes cause and next try on its own feed's row and stops nobody else.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.errors import FetchError, ParseError, StorageError
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds, back_off, host_hold, longer_wish, next_interval
from bot.feeds.parser_process import ParserProcess
from bot.jobs.intake import Intake, Taken
from bot.model import Document, Feed, FeedId, Fetched
from bot.storage import Storage, sources
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
    """Visit what is due; ``on_calls`` is told when a visit made something to deliver."""

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
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._parser = parser
        self._intake = intake
        self._rhythm = rhythm
        self._now = now
        self._on_calls = on_calls
        self._visits: dict[FeedId, asyncio.Task[None]] = {}
        self._held: dict[str, datetime] = {}  # hosts that asked for silence, until when

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
        begun = [feed for feed in feeds if feed.id not in self._visits]
        for feed in begun:
            visit = asyncio.create_task(self._visit_safely(feed))
            self._visits[feed.id] = visit
            visit.add_done_callback(partial(self._ended, feed.id))
        return len(begun)

    def _ended(self, feed: FeedId, _: asyncio.Task[None]) -> None:
        del self._visits[feed]

    async def settled(self) -> None:
        """Wait until the visits in hand are over."""
        while self._visits:
            await asyncio.wait(self._visits.values())

    async def close(self) -> None:
        """End the visits in hand; what they had not stored is fetched again next time."""
        visits = list(self._visits.values())
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
            await self._failed(feed, FetchError(f"a fault of Mujaz itself: {what}"))
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
        taken: Taken | None = None
        try:
            async with self._storage.transaction() as tx:
                # Not before: while we wait for the writer, a digest may cover all until its now.
                now = self._now()
                if document is not None:
                    taken = await self._intake.take_in(tx, feed, document, now)
                new = taken.new if taken else 0
                wish = longer_wish(fetched.wish, document.ttl if document else None)
                interval = next_interval(
                    feed.interval, new=new, wish=wish, bounds=self._rhythm.bounds
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
        except BaseException:
            if taken is not None:
                self._intake.take_back()
            raise
        log.info("poll.visited", extra={"feed": feed.id, **_told(taken)})
        if taken is not None and (taken.calls or taken.has_moved):
            self._on_calls()

    async def _failed(self, feed: Feed, error: FetchError | ParseError) -> None:
        failures, bounds = feed.failures + 1, self._rhythm.bounds
        wish = error.retry_after if isinstance(error, FetchError) else None
        wait = back_off(failures, retry_after=wish, bounds=bounds)
        async with self._storage.transaction() as tx:
            now = self._now()
            if isinstance(error, FetchError) and error.holds_host:
                self._held[feed.host] = now + host_hold(wish, bounds=bounds)
                await sources.hold_host(tx, feed.host, self._held[feed.host])
            next_poll_at = self._not_held(feed, now + wait)
            await sources.visited(
                tx,
                feed.id,
                Visit(next_poll_at, feed.interval, failures=failures, last_error=str(error)),
            )
        log.warning(
            "poll.failed", extra={"feed": feed.id, "cause": str(error), "failures": failures}
        )

    def _not_held(self, feed: Feed, moment: datetime) -> datetime:
        """Return the moment, or the end of the silence that the feed's host asked for meanwhile."""
        return max(moment, self._held.get(feed.host, moment))


def _hash(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def _told(taken: Taken | None) -> dict[str, int]:
    """Return what a visit brought, for the log; None: nothing had changed."""
    taken = taken or Taken()
    return {"new": taken.new, "changed": taken.changed, "ignored": taken.ignored}
