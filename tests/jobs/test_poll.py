"""Visits to real feeds over HTTP: what is due, how often, and who shares a host."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.feeds.fetch import Fetcher
from bot.feeds.interval import HOST_HOLD
from bot.jobs.poll import AT_ONCE
from bot.storage import digests, sources, stories
from tests.jobs.fake_web import FakeWeb
from tests.jobs.newsroom import DAY, HOUR, MINUTE, SECOND, Clock, CountingParser, Newsroom
from tests.jobs.poll_desk import BOUNDS, Desk, item


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
