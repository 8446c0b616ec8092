"""Visits that fail: their feed alone pays, and nothing that was stored before is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from bot.errors import StorageError
from bot.feeds.fetch import Fetcher
from bot.jobs.intake import Intake, Taken
from bot.model import Document, Feed
from bot.storage import Storage, Transaction
from tests.jobs.fake_web import FakeWeb, Item
from tests.jobs.newsroom import HOUR, MINUTE, SECOND, TEXTS, Clock, CountingParser, Newsroom
from tests.jobs.poll_desk import Desk, item

PAGES: dict[str, tuple[dict[str, object], str]] = {
    "gone": ({"status": 404}, "127.0.0.1 has no such page (HTTP 404)"),
    "broken": ({"status": 500}, "127.0.0.1 has trouble of its own (HTTP 500)"),
    "hangs up": ({"hangs_up": True}, "127.0.0.1 hung up before it had answered"),
    "a web page": ({"body": b"<!doctype html><html></html>"}, "an HTML page, not a feed"),
    "nothing": ({"body": b""}, "the document is empty"),
}


@pytest.fixture
def desk(newsroom: Newsroom, web: FakeWeb, fetcher: Fetcher, parser: CountingParser) -> Desk:
    return Desk(newsroom, web, fetcher, parser)


@pytest.mark.parametrize(("fault", "cause"), PAGES.values(), ids=PAGES)
async def test_a_failure_stands_on_its_feeds_row_with_cause_and_next_try(
    desk: Desk, clock: Clock, fault: dict[str, object], cause: str
) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    for name, value in fault.items():
        setattr(served, name, value)

    await desk.poll()
    first = await desk.row(feed)
    clock.moment = first.next_poll_at
    await desk.poll()
    second = await desk.row(feed)

    assert (first.failures, first.last_error) == (1, cause)
    assert (second.failures, second.last_error) == (2, cause)
    assert second.next_poll_at - first.next_poll_at == 8 * MINUTE  # twice the first wait
    assert second.interval == 10 * MINUTE


async def test_a_feed_that_recovers_is_as_it_was(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()
    served.status = 500
    for _ in range(5):
        clock.moment = (await desk.row(feed)).next_poll_at
        await desk.poll()
    assert (await desk.row(feed)).failures == 5

    served.status = 200
    served.publish(item(2))
    clock.moment = (await desk.row(feed)).next_poll_at
    await desk.poll()

    row = await desk.row(feed)
    assert (row.failures, row.last_error, row.last_ok_at) == (0, "", clock())
    assert await desk.newsroom.count("articles") == 2
    assert desk.woken == 2


async def test_a_failure_forgets_nothing_of_the_last_good_visit(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()
    before = await desk.row(feed)

    served.status = 500
    clock.turn(HOUR)
    await desk.poll()

    after = await desk.row(feed)
    assert (after.etag, after.body_hash) == (before.etag, before.body_hash)
    assert (after.last_ok_at, after.last_new_at) == (before.last_ok_at, before.last_new_at)


async def test_a_bad_feed_that_is_first_in_the_queue_stops_nobody(desk: Desk, clock: Clock) -> None:
    """T41; skyhong2002/chumei #31, 0x111 #1."""
    bad = [desk.web.feed(f"bad{number}") for number in range(4)]
    bad[0].hangs_up = True
    bad[1].body = b"\x00\xff not a feed"
    bad[2].status = 500
    bad[3].items = [Item("")]
    good = desk.web.feed("good", [item(1)])
    for one in bad:
        await desk.add(one)
    clock.turn(SECOND)
    await desk.add(good)

    await desk.poll()

    assert await desk.newsroom.count("articles") == 1
    assert await desk.newsroom.count("feeds", "failures > 0") == 3


class FaultyIntake(Intake):
    """An intake with a fault of our own for every document that names the word."""

    def __init__(self, newsroom: Newsroom, word: str, fault: Exception) -> None:
        super().__init__(newsroom.window, TEXTS, newsroom.manners)
        self.word: str | None = word
        self._fault = fault

    async def take_in(
        self, tx: Transaction, feed: Feed, document: Document, now: datetime
    ) -> Taken:
        taken = await super().take_in(tx, feed, document, now)
        if self.word and any(self.word in entry.title for entry in document.entries):
            raise self._fault
        return taken


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (ZeroDivisionError(), "a fault of Mujaz itself: ZeroDivisionError"),
        (StorageError("story 9 has no article"), "a fault of Mujaz itself: story 9 has no article"),
    ],
    ids=["ours", "the database's"],
)
async def test_a_fault_of_our_own_costs_its_feed_one_visit(
    desk: Desk, clock: Clock, fault: Exception, cause: str
) -> None:
    bad, good = desk.web.feed("bad", [item(1)]), desk.web.feed("good", [item(2)])
    feed = await desk.add(bad)
    await desk.add(good)
    intake = FaultyIntake(desk.newsroom, item(1).title, fault)
    desk.poller = desk.make(intake)

    await desk.poll()

    row = await desk.row(feed)
    assert (row.failures, row.last_error) == (1, cause)
    assert row.next_poll_at == clock() + 4 * MINUTE
    assert await desk.newsroom.count("articles") == 1
    intake.word = None
    clock.moment = row.next_poll_at
    await desk.poll()
    assert (await desk.row(feed)).failures == 0
    assert await desk.newsroom.count("articles") == 2
    assert desk.woken == 2


class FailingStorage:
    """A database that cannot commit the next so many transactions: a full disk."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.failures = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._storage.transaction() as tx:
            yield tx
            if self.failures:
                self.failures -= 1
                raise StorageError("the disk is full")


async def test_a_commit_that_fails_leaves_no_phantom_in_the_window(
    desk: Desk, clock: Clock
) -> None:
    """What was never stored must not be a story that the next article joins."""
    storage = FailingStorage(desk.newsroom.storage)
    desk.newsroom.storage = storage  # type: ignore[assignment] # it is one by delegation
    desk.poller = desk.make()
    served = desk.web.feed("a", [item(1)])
    served.gate = asyncio.Event()
    feed = await desk.add(served)
    await desk.poller.poll_due()
    storage.failures = 1
    served.gate.set()

    await desk.poller.settled()

    assert len(desk.newsroom.window) == 0
    assert await desk.newsroom.count("articles") == 0
    clock.moment = (await desk.row(feed)).next_poll_at
    await desk.poll()
    assert await desk.newsroom.count("articles") == 1
    assert await desk.newsroom.count("waves") == 1


async def test_a_visit_that_fails_takes_back_no_other_visits_news(desk: Desk, clock: Clock) -> None:
    storage = FailingStorage(desk.newsroom.storage)
    desk.newsroom.storage = storage  # type: ignore[assignment] # it is one by delegation
    desk.poller = desk.make()
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()
    served.gate = asyncio.Event()
    clock.moment = (await desk.row(feed)).next_poll_at
    await desk.poller.poll_due()
    storage.failures = 1
    served.gate.set()

    await desk.poller.settled()

    assert (await desk.row(feed)).failures == 1
    assert len(desk.newsroom.window) == 1


async def test_a_full_disk_ends_no_poller(
    desk: Desk, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the visit nor its failure can be written: the lease ends by itself."""
    storage = FailingStorage(desk.newsroom.storage)
    desk.newsroom.storage = storage  # type: ignore[assignment] # it is one by delegation
    desk.poller = desk.make()
    served = desk.web.feed("a", [item(1)])
    served.gate = asyncio.Event()
    await desk.add(served)
    await desk.poller.poll_due()
    storage.failures = 2
    served.gate.set()

    await desk.poller.settled()

    assert [record.msg for record in caplog.records] == ["poll.fault", "poll.storage"]
    assert await desk.poll() == 0
    clock.turn(6 * MINUTE)
    assert await desk.poll() == 1
    assert await desk.newsroom.count("articles") == 1
