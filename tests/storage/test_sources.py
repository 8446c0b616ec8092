"""What ``storage.sources`` promises on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import StorageError
from bot.model import Feed, FeedId, Section, Source, SourceId
from bot.storage import Storage, sources
from bot.storage.sources import Visit
from tests.build import NOON

MINUTE = timedelta(minutes=1)
LEASE = 5 * MINUTE
GOOD = Visit(
    NOON + 10 * MINUTE, 10 * MINUTE, etag='"a"', last_modified="Thu", body_hash="h", ok_at=NOON
)


async def add(storage: Storage, number: int, host: str = "", ago: int = 0) -> FeedId:
    """Add a feed that has been due for some minutes."""
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "المرفأ", NOON)
        feed = await sources.add_feed(
            tx,
            source,
            f"https://{host or number}.example/{number}",
            host=host or f"{number}.example",
            section=Section.SPORT,
            interval=10 * MINUTE,
            now=NOON - ago * MINUTE,
        )
    assert feed is not None
    return feed


async def claim(
    storage: Storage, now: datetime = NOON, *, limit: int = 99, hosts: int = 99
) -> list[FeedId]:
    async with storage.transaction() as tx:
        feeds = await sources.claim_due(tx, now, limit=limit, hosts=hosts, lease=LEASE)
    return [feed.id for feed in feeds]


async def visit(storage: Storage, feed: FeedId, visited: Visit) -> None:
    async with storage.transaction() as tx:
        await sources.visited(tx, feed, visited)


async def switch(storage: Storage, feed: FeedId, *, is_on: bool, now: datetime = NOON) -> None:
    async with storage.transaction() as tx:
        await sources.switch(tx, feed, is_on=is_on, now=now)


async def row(storage: Storage, feed: FeedId) -> Feed:
    [found] = [one for one in await sources.all_feeds(storage) if one.id == feed]
    return found


async def test_a_publisher_and_an_address_are_there_once(storage: Storage) -> None:
    async with storage.transaction() as tx:
        first = await sources.add_source(tx, "المرفأ", NOON)
        second = await sources.add_source(tx, "المرفأ", NOON)
        added = [
            await sources.add_feed(
                tx, first, url, host="m.example", section=None, interval=MINUTE, now=NOON
            )
            for url in ("https://m.example/a", "https://m.example/a", "https://m.example/b")
        ]

    assert first == second
    assert [feed is not None for feed in added] == [True, False, True]


async def test_a_new_feed_is_due_at_once_and_silent(storage: Storage) -> None:
    """T27; mattermost-plugin-rssfeed #20."""
    feed = await add(storage, 1)

    found = await row(storage, feed)

    assert (found.is_silent, found.is_on, found.next_poll_at) == (True, True, NOON)
    assert (found.section, found.source.name) == (Section.SPORT, "المرفأ")
    assert await claim(storage) == [feed]


async def test_the_longest_overdue_goes_first_and_what_is_not_due_waits(
    storage: Storage,
) -> None:
    feeds = [await add(storage, number, ago=ago) for number, ago in enumerate((1, 9, -1, 5, 0))]

    assert await claim(storage, limit=2) == [feeds[1], feeds[3]]
    assert await claim(storage) == [feeds[0], feeds[4]]


async def test_two_claims_never_give_one_feed_twice_until_its_lease_has_run_out(
    storage: Storage,
) -> None:
    feeds = {await add(storage, number) for number in range(6)}

    claims = [await claim(storage, limit=4) for _ in range(3)]

    assert [len(one) for one in claims] == [4, 2, 0]
    assert {*claims[0], *claims[1]} == feeds
    assert await claim(storage, NOON + LEASE - MINUTE) == []
    assert {*await claim(storage, NOON + LEASE)} == feeds


async def test_a_host_is_visited_by_a_few_at_a_time_running_visits_included(
    storage: Storage,
) -> None:
    """T30; flowerss #101; miniflux #2336."""
    slow = [await add(storage, number, "slow", ago=9 - number) for number in range(5)]
    other = await add(storage, 9, "other")

    assert await claim(storage, hosts=2) == [*slow[:2], other]
    assert await claim(storage, hosts=2) == []

    await visit(storage, slow[0], GOOD)

    assert await claim(storage, hosts=2) == [slow[2]]


async def test_at_start_up_no_lease_holds(storage: Storage) -> None:
    feed = await add(storage, 1)
    await claim(storage)

    async with storage.transaction() as tx:
        await sources.release_all(tx)

    assert await claim(storage) == [feed]


async def test_a_good_visit_teaches_and_ends_the_silence(storage: Storage) -> None:
    feed = await add(storage, 1)
    await claim(storage)

    await visit(storage, feed, replace(GOOD, new_at=NOON))
    await visit(storage, feed, replace(GOOD, ok_at=NOON + MINUTE))

    found = await row(storage, feed)
    assert not found.is_silent
    assert (found.etag, found.last_modified, found.body_hash) == ('"a"', "Thu", "h")
    assert (found.last_ok_at, found.last_new_at) == (NOON + MINUTE, NOON)
    assert (found.failures, found.next_poll_at) == (0, NOON + 10 * MINUTE)


async def test_a_failed_visit_keeps_what_was_known_and_says_why(storage: Storage) -> None:
    silent, known = await add(storage, 1), await add(storage, 2)
    await visit(storage, known, GOOD)
    failure = Visit(NOON + MINUTE, 10 * MINUTE, failures=3, last_error="refused")

    for feed in (silent, known):
        await visit(storage, feed, failure)

    was_silent, was_known = await row(storage, silent), await row(storage, known)
    assert (was_silent.is_silent, was_known.is_silent) == (True, False)
    assert (was_known.failures, was_known.last_error) == (3, "refused")
    assert (was_known.etag, was_known.body_hash, was_known.last_ok_at) == ('"a"', "h", NOON)
    assert len(await claim(storage, NOON + MINUTE)) == 2


async def test_a_feed_switched_on_again_is_due_silent_and_read_anew(storage: Storage) -> None:
    """T31; RSStT #642."""
    feed = await add(storage, 1)
    await visit(storage, feed, GOOD)
    await switch(storage, feed, is_on=False)
    off = await claim(storage, NOON + 3 * 24 * 60 * MINUTE)

    await switch(storage, feed, is_on=True, now=NOON + MINUTE)

    found = await row(storage, feed)
    assert off == []
    assert (found.is_on, found.is_silent, found.next_poll_at) == (True, True, NOON + MINUTE)
    assert (found.etag, found.last_modified, found.body_hash) == ("", "", "")


async def test_switching_on_what_is_on_changes_nothing(storage: Storage) -> None:
    feed = await add(storage, 1)
    await visit(storage, feed, GOOD)
    before = await row(storage, feed)

    await switch(storage, feed, is_on=True, now=NOON + MINUTE)

    assert await row(storage, feed) == before


async def test_a_host_that_asks_for_silence_gets_it_for_all_its_feeds_and_no_other(
    storage: Storage,
) -> None:
    """T30; miniflux #3289."""
    held: Sequence[FeedId] = [await add(storage, number, "busy") for number in range(2)]
    later = await add(storage, 7, "busy", ago=-60)
    free = await add(storage, 9, "free")

    async with storage.transaction() as tx:
        await sources.hold_host(tx, "busy", NOON + 30 * MINUTE)

    due = {feed.id: feed.next_poll_at for feed in await sources.all_feeds(storage)}
    assert [due[feed] for feed in held] == [NOON + 30 * MINUTE] * 2
    assert (due[later], due[free]) == (NOON + 60 * MINUTE, NOON)


async def test_a_feed_of_no_publisher_is_refused(storage: Storage) -> None:
    """T57; reader 3.16."""
    nobody = Source(SourceId(404), "لا أحد")

    async def add_it() -> None:
        async with storage.transaction() as tx:
            await sources.add_feed(
                tx, nobody, "https://x.example", host="x", section=None, interval=MINUTE, now=NOON
            )

    with pytest.raises(StorageError):
        await add_it()
