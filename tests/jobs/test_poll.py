"""Visits to real feeds over HTTP: what is due, how a visit ends, and who pays for a failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import StorageError
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import HOST_HOLD, Bounds
from bot.jobs.intake import Intake, Taken
from bot.jobs.poll import AT_ONCE, Poller, Rhythm
from bot.model import Document, Feed, FeedId
from bot.storage import Storage, Transaction, digests, sources, stories
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item
from tests.jobs.newsroom import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    ZONE,
    Clock,
    CountingParser,
    Newsroom,
    event,
)

BOUNDS = Bounds(2 * MINUTE, 6 * HOUR)


def item(number: int, **other: object) -> Item:
    """Make an item on an event of its own."""
    title, body = event(number)
    made = Item(title, body, f"guid-{number}", f"https://marfa.example/{number}")
    return replace(made, **other)  # type: ignore[arg-type] # a maker passes fields on


class Desk:
    """A poller over real parts, and what a test asks of it."""

    def __init__(
        self, newsroom: Newsroom, web: FakeWeb, fetcher: Fetcher, parser: CountingParser
    ) -> None:
        self.newsroom = newsroom
        self.web = web
        self.fetcher = fetcher
        self.parser = parser
        self.woken = 0
        self.poller = self.make()

    def make(self, intake: Intake | None = None, hosts: int = 2) -> Poller:
        """Make a poller, as after a restart or with another intake."""
        return Poller(
            self.newsroom.storage,
            self.fetcher,
            self.parser,
            intake or self.newsroom.intake,
            rhythm=Rhythm(BOUNDS, hosts, ZONE),
            now=self.newsroom.clock,
            on_calls=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def poll(self) -> int:
        """Poll what is due, to the end."""
        begun = await self.poller.poll_due()
        await self.poller.settled()
        return begun

    async def add(self, served: FakeFeed, **other: object) -> FeedId:
        """Add a feed of the web, its first visit behind it unless it is to be new."""
        named = {"source": served.url, "host": served.url, **other}
        return await self.newsroom.feed(served.url, **named)  # type: ignore[arg-type] # passed on

    async def row(self, feed: FeedId) -> Feed:
        """Return a feed's row."""
        return await self.newsroom.row(feed)


@pytest.fixture
def desk(newsroom: Newsroom, web: FakeWeb, fetcher: Fetcher, parser: CountingParser) -> Desk:
    return Desk(newsroom, web, fetcher, parser)


async def test_a_visit_stores_tells_and_writes_its_row(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)

    assert await desk.poll() == 1

    row = await desk.row(feed)
    assert (row.failures, row.last_error, row.last_ok_at) == (0, "", clock())
    assert row.last_new_at == clock()
    assert row.etag
    assert row.body_hash
    assert await desk.newsroom.count("articles") == 1
    assert await desk.newsroom.count("waves") == 1
    assert desk.woken == 1


async def test_only_what_is_due_is_visited(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()
    due = (await desk.row(feed)).next_poll_at

    clock.moment = due - SECOND
    assert await desk.poll() == 0
    clock.moment = due
    assert await desk.poll() == 1
    assert len(served.visits) == 2


async def test_a_feed_that_is_off_is_not_visited(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    async with desk.newsroom.storage.transaction() as tx:
        await sources.switch(tx, feed, is_on=False, now=clock())

    clock.turn(9 * DAY)

    assert await desk.poll() == 0
    assert served.visits == []


async def test_the_longest_overdue_goes_first_and_the_rest_takes_the_first_free_place(
    desk: Desk, clock: Clock
) -> None:
    served = [desk.web.feed(f"{number}", [item(number)]) for number in range(AT_ONCE + 2)]
    for one in served:
        one.gate = asyncio.Event()
        clock.turn(SECOND)
        await desk.add(one, is_new=True)

    assert await desk.poller.poll_due() == AT_ONCE
    assert await desk.poller.poll_due() == 0
    for one in served:
        assert one.gate is not None
        one.gate.set()
    await desk.poller.settled()

    assert [len(one.visits) for one in served] == [1] * (AT_ONCE + 2)
    assert await desk.poll() == 0


# The same again


async def test_not_modified_is_not_read_again(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()
    before = await desk.row(feed)

    clock.turn(HOUR)
    await desk.poll()

    assert served.visits[1]["If-None-Match"] == before.etag
    assert desk.parser.pages == 1
    after = await desk.row(feed)
    assert (after.etag, after.body_hash) == (before.etag, before.body_hash)
    assert after.last_ok_at == clock()
    assert after.last_new_at == before.last_new_at


async def test_the_same_bytes_are_not_read_again(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    served.has_etag = False
    await desk.add(served)
    await desk.poll()

    clock.turn(HOUR)
    await desk.poll()

    assert len(served.visits) == 2
    assert desk.parser.pages == 1


async def test_a_standing_build_date_hides_no_entry(desk: Desk, clock: Clock) -> None:
    """T13; fent/node-feedsub #64."""
    served = desk.web.feed("a", [item(1)])
    served.channel += "<lastBuildDate>Thu, 26 Nov 2026 08:00:00 GMT</lastBuildDate>"
    await desk.add(served)
    await desk.poll()

    served.publish(item(2))
    clock.turn(HOUR)
    await desk.poll()

    assert await desk.newsroom.count("articles") == 2
    assert desk.woken == 2


async def test_a_new_source_is_stored_and_nobody_is_woken(desk: Desk, clock: Clock) -> None:
    """T27; mattermost-plugin-rssfeed #20, progval/Limnoria #489."""
    served = desk.web.feed("a", [item(number, published_at=clock()) for number in range(30)])
    feed = await desk.add(served, is_new=True)

    await desk.poll()
    desk.poller = desk.make()
    clock.turn(HOUR)
    await desk.poll()

    assert await desk.newsroom.count("articles") == 30
    assert await desk.newsroom.count("waves") == 0
    assert desk.woken == 0
    assert not (await desk.row(feed)).is_silent


# How often


async def test_news_shortens_the_wait_and_silence_lengthens_it(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served, interval=8 * MINUTE)
    waits = []
    for _ in range(3):
        await desk.poll()
        row = await desk.row(feed)
        waits.append((row.next_poll_at - clock()) / MINUTE)
        clock.moment = row.next_poll_at

    assert waits == [4, 6, 9]


async def test_the_wait_keeps_its_floor_and_its_ceiling(desk: Desk, clock: Clock) -> None:
    busy, quiet = desk.web.feed("busy", [item(1)]), desk.web.feed("quiet")
    feeds = [
        await desk.add(busy, interval=BOUNDS.floor),
        await desk.add(quiet, interval=BOUNDS.ceiling),
    ]

    await desk.poll()

    waits = [(await desk.row(feed)).next_poll_at - clock() for feed in feeds]
    assert waits == [BOUNDS.floor, BOUNDS.ceiling]


@pytest.mark.parametrize(
    ("channel", "headers", "wait"),
    [
        ("<ttl>720</ttl>", {}, BOUNDS.ceiling),
        ("<ttl>30</ttl>", {}, 30 * MINUTE),
        ("", {"Cache-Control": "max-age=31536000"}, BOUNDS.ceiling),
        ("<ttl>20</ttl>", {"Cache-Control": "max-age=3600"}, HOUR),
    ],
    ids=["half a day", "half an hour", "a year", "the longer of two"],
)
async def test_a_wish_for_patience_is_heard_up_to_the_ceiling(
    desk: Desk, clock: Clock, channel: str, headers: dict[str, str], wait: timedelta
) -> None:
    """T29; rssbot #63, reader issue 384."""
    served = desk.web.feed("a", [item(1)])
    served.channel += channel
    served.headers = headers
    feed = await desk.add(served)

    await desk.poll()

    assert (await desk.row(feed)).next_poll_at == clock() + wait


# Hosts


async def test_a_hundred_feeds_of_one_host_are_visited_a_few_at_a_time(
    desk: Desk, clock: Clock
) -> None:
    """T30; flowerss #101, miniflux #2336, #3289."""
    served = [desk.web.feed(f"{number}", [item(number)]) for number in range(100)]
    for one in served:
        await desk.add(one, host="marfa.example", is_new=True)

    begun = [await desk.poll() for _ in range(50)]

    assert begun == [2] * 50
    assert [len(one.visits) for one in served] == [1] * 100


async def test_a_slow_host_has_no_more_visits_at_once_and_holds_up_no_other(desk: Desk) -> None:
    slow = [desk.web.feed(f"slow{number}") for number in range(4)]
    for one in slow:
        one.gate = asyncio.Event()
        await desk.add(one, host="slow.example")
    quick = desk.web.feed("quick", [item(1)])
    await desk.add(quick)

    begun = [await desk.poller.poll_due() for _ in range(3)]
    await asyncio.wait_for(quick.is_visited.wait(), 5)

    assert begun == [3, 0, 0]
    assert sum(len(one.visits) for one in slow) <= 2
    await desk.poller.close()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_silence_is_held_with_all_its_feeds(
    desk: Desk, clock: Clock, status: int
) -> None:
    """T30; miniflux #117: a 429 holds the host, not the feed."""
    first, second = desk.web.feed("a"), desk.web.feed("b")
    first.status, first.headers = status, {"Retry-After": "3600"}
    held = await desk.add(first, host="marfa.example")
    clock.turn(SECOND)
    neighbour = await desk.add(second, host="marfa.example")
    other = await desk.add(desk.web.feed("c"), host="sahil.example")
    desk.poller = desk.make(hosts=1)

    await desk.poll()

    rows = [await desk.row(feed) for feed in (held, neighbour, other)]
    assert [row.next_poll_at - clock() >= HOUR for row in rows] == [True, True, False]
    assert (rows[0].failures, rows[1].failures) == (1, 0)
    clock.turn(30 * MINUTE)
    await desk.poll()
    assert second.visits == []


async def test_a_host_that_names_no_time_is_held_for_ours(desk: Desk, clock: Clock) -> None:
    first = desk.web.feed("a")
    first.status = 429
    feed = await desk.add(first)

    await desk.poll()

    assert (await desk.row(feed)).next_poll_at == clock() + HOST_HOLD


async def test_a_visit_in_hand_does_not_break_its_hosts_silence(desk: Desk, clock: Clock) -> None:
    """T30: the neighbour that was answered just after the 429 waits like the others."""
    first, second = desk.web.feed("a"), desk.web.feed("b", [item(1)])
    first.status, first.headers = 429, {"Retry-After": "3600"}
    second.gate = asyncio.Event()
    held = await desk.add(first, host="marfa.example")
    neighbour = await desk.add(second, host="marfa.example")

    await desk.poller.poll_due()
    while not (await desk.row(held)).failures:
        await asyncio.sleep(0)
    second.gate.set()
    await desk.poller.settled()

    row = await desk.row(neighbour)
    assert row.failures == 0
    assert row.next_poll_at == clock() + HOUR


# Failures


PAGES: dict[str, tuple[dict[str, object], str]] = {
    "gone": ({"status": 404}, "127.0.0.1 has no such page (HTTP 404)"),
    "broken": ({"status": 500}, "127.0.0.1 has trouble of its own (HTTP 500)"),
    "hangs up": ({"hangs_up": True}, "127.0.0.1 hung up before it had answered"),
    "a web page": ({"body": b"<!doctype html><html></html>"}, "an HTML page, not a feed"),
    "nothing": ({"body": b""}, "the document is empty"),
}


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
        super().__init__(newsroom.window, newsroom.intake._texts, newsroom.manners)
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


# Stopping, sleeping, waiting


async def test_a_visit_that_was_broken_off_is_made_again_after_the_start(
    desk: Desk, clock: Clock
) -> None:
    served = desk.web.feed("a", [item(1)])
    served.gate = asyncio.Event()
    await desk.add(served)
    await desk.poller.poll_due()
    await asyncio.wait_for(served.is_visited.wait(), 5)

    await desk.poller.close()

    assert await desk.newsroom.count("articles") == 0
    desk.poller = desk.make()
    assert await desk.poll() == 0  # the lease of the dead one still runs
    async with desk.newsroom.storage.transaction() as tx:
        await sources.release_all(tx)
    served.gate.set()
    assert await desk.poll() == 1
    assert await desk.newsroom.count("articles") == 1


async def test_closing_twice_or_idle_does_nothing(desk: Desk) -> None:
    await desk.poller.close()
    await desk.poller.close()
    await desk.poller.settled()

    assert await desk.poller.poll_due() == 0


async def test_a_visit_in_hand_is_not_begun_again_after_a_machines_sleep(
    desk: Desk, clock: Clock
) -> None:
    served = desk.web.feed("a", [item(1)])
    served.gate = asyncio.Event()
    await desk.add(served)
    assert await desk.poller.poll_due() == 1
    await asyncio.wait_for(served.is_visited.wait(), 5)

    clock.turn(3 * HOUR)
    assert await desk.poller.poll_due() == 0
    served.gate.set()
    await desk.poller.settled()

    assert len(served.visits) == 1
    assert await desk.newsroom.count("articles") == 1


async def test_an_article_that_waited_for_the_writer_is_in_the_next_digest(
    desk: Desk, clock: Clock
) -> None:
    """While a visit waits for its turn to write, a digest may cover all until its own now."""
    served = desk.web.feed("a", [item(1)])
    await desk.add(served)
    reader = await desk.newsroom.reader(1, minutes=[7 * 60])
    storage = desk.newsroom.storage
    served.gate = asyncio.Event()
    await desk.poller.poll_due()
    async with storage.transaction() as tx:
        served.gate.set()
        while not storage._writing._waiters:  # type: ignore[attr-defined] # the visit is there
            await asyncio.sleep(0)
        covered = clock.turn(SECOND)
        [digest] = await digests.of(tx, reader.id)
        await digests.cover(tx, digest, covered_until=covered, next_at=covered + DAY)
    clock.turn(SECOND)

    await desk.poller.settled()

    begun = await stories.begun_between(storage, covered, clock(), 9)
    assert len(begun) == 1
