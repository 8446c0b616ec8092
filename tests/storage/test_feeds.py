"""What ``storage.feeds``, ``keep_outs`` and the addresses of ``sources`` promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import FetchCause
from bot.model import EPOCH, Feed, FeedId, FeedKind, Section
from bot.storage import Storage, feeds, keep_outs, sources
from bot.storage.sources import NEVER_ANSWERED, Visit
from tests.build import NOON, draft, print_story

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
URL, OTHER = "https://a.example/rss", "https://b.example/rss"


async def add(storage: Storage, url: str = URL, name: str = "المرفأ") -> FeedId:
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, name, NOON)
        feed = await sources.add_feed(
            tx, source, url, host="a.example", section=None, interval=10 * MINUTE, now=NOON
        )
        assert feed is not None
        visit = Visit(NOON + DAY, 10 * MINUTE, etag='"a"', body_hash="h", ok_at=NOON)
        await sources.visited(tx, feed, visit)
    return feed


async def row(storage: Storage, feed: FeedId) -> Feed:
    found = await sources.by_id(storage, feed)
    assert found is not None
    return found


async def test_a_feed_that_moves_keeps_its_past_and_is_visited_in_silence(
    storage: Storage,
) -> None:
    feed = await add(storage)

    async with storage.transaction() as tx:
        assert await feeds.move(tx, feed, OTHER, "b.example", NOON)

    moved = await row(storage, feed)
    assert (moved.url, moved.host, moved.is_silent) == (OTHER, "b.example", True)
    assert (moved.etag, moved.body_hash, moved.next_poll_at) == ("", "", NOON)
    for url in (URL, OTHER):
        found = await sources.at_address(storage, [url])
        assert found is not None
        assert found.id == feed
    assert await sources.is_known(storage, URL)


async def test_a_feed_moves_back_to_where_it_was(storage: Storage) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        await feeds.move(tx, feed, OTHER, "b.example", NOON)

        assert await feeds.move(tx, feed, URL, "a.example", NOON)

    assert (await row(storage, feed)).url == URL
    assert await sources.is_known(storage, OTHER)


async def test_no_feed_moves_to_anothers_address(storage: Storage) -> None:
    feed, _ = await add(storage), await add(storage, OTHER, "الغد")

    async with storage.transaction() as tx:
        assert not await feeds.move(tx, feed, OTHER, "b.example", NOON)
        assert not await feeds.move(tx, feed, URL, "a.example", NOON)
        assert not await feeds.move(tx, FeedId(99), "https://c.example", "c.example", NOON)


WANTED = feeds.Wanted(URL, "المرفأ", Section.ECONOMY, FeedKind.NEWS)
SPELT_OTHERWISE = ["http://www.a.example/rss/", "https://a.example/rss/", "https://a.example/rss//"]


async def take_up(storage: Storage, wanted: feeds.Wanted) -> FeedId | None:
    async with storage.transaction() as tx:
        return await feeds.take_up(tx, wanted, interval=10 * MINUTE, now=NOON)


async def test_a_new_address_is_taken_up_with_all_that_is_wanted(storage: Storage) -> None:
    feed = await take_up(storage, WANTED)

    assert feed is not None
    new = await row(storage, feed)
    assert (new.url, new.host, new.source.name) == (URL, "a.example", "المرفأ")
    assert (new.section, new.kind, new.interval) == (Section.ECONOMY, FeedKind.NEWS, 10 * MINUTE)
    assert (new.is_on, new.is_silent, new.next_poll_at) == (True, True, NOON)


async def test_a_publisher_without_a_name_has_its_hosts(storage: Storage) -> None:
    feed = await take_up(storage, feeds.Wanted(URL))

    assert feed is not None
    assert (await row(storage, feed)).source.name == "a.example"


@pytest.mark.parametrize("url", [URL, OTHER, *SPELT_OTHERWISE])
async def test_what_is_polled_is_not_taken_up_again_in_any_spelling(
    storage: Storage, url: str
) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        await sources.remember_address(tx, feed, OTHER, NOON)

    assert await take_up(storage, feeds.Wanted(url)) is None
    assert await sources.is_known(storage, url)
    assert await sources.all_feeds(storage) == [await row(storage, feed)]


@pytest.mark.parametrize("url", [URL, *SPELT_OTHERWISE])
async def test_what_was_removed_is_taken_up_in_silence_where_it_is_wanted(
    storage: Storage, url: str
) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        await feeds.remove(tx, feed, NOON)

    assert await take_up(storage, feeds.Wanted(url, "الغد", Section.SPORT)) == feed

    back = await row(storage, feed)
    assert (back.url, back.section, back.source.name) == (url, Section.SPORT, "المرفأ")
    assert (back.is_on, back.is_silent, back.removed_at) == (True, True, None)
    assert (back.etag, back.next_poll_at) == ("", NOON)
    assert await take_up(storage, feeds.Wanted(URL)) is None


async def test_an_alias_never_hides_a_feed(storage: Storage) -> None:
    first, second = await add(storage), await add(storage, OTHER, "الغد")

    async with storage.transaction() as tx:
        await sources.remember_address(tx, first, OTHER, NOON)
        await sources.remember_address(tx, first, "https://new.example", NOON)
        await sources.remember_address(tx, second, "https://new.example", NOON)

    found = [await sources.at_address(storage, [url]) for url in (OTHER, "https://new.example")]
    assert [feed.id for feed in found if feed] == [second, first]


async def test_addresses_that_we_have_are_told_among_many(storage: Storage) -> None:
    feed, gone = await add(storage), await add(storage, OTHER, "الغد")
    async with storage.transaction() as tx:
        await sources.remember_address(tx, feed, "https://new.example", NOON)
        await feeds.remove(tx, gone, NOON)

    known = await sources.known_among(
        storage, [URL, OTHER, "https://new.example", "https://x.example"]
    )

    assert sorted(known) == [URL, "https://new.example"]


async def test_a_removed_feed_is_neither_listed_nor_visited_and_may_come_back(
    storage: Storage,
) -> None:
    feed = await add(storage)

    async with storage.transaction() as tx:
        assert await feeds.remove(tx, feed, NOON)
        assert not await feeds.remove(tx, feed, NOON)
        assert not await sources.switch(tx, feed, is_on=True, now=NOON)
        due = await sources.claim_due(tx, NOON + 2 * DAY, limit=9, hosts=9, lease=MINUTE)
    assert due == []
    assert await sources.all_feeds(storage) == []
    assert await sources.is_known(storage, URL)
    assert (await row(storage, feed)).removed_at == NOON

    async with storage.transaction() as tx:
        assert await feeds.restore(tx, feed, is_on=True, now=NOON)
        assert not await feeds.restore(tx, feed, is_on=True, now=NOON)
    back = await row(storage, feed)
    assert (back.is_on, back.is_silent, back.removed_at) == (True, True, None)


async def test_what_was_off_comes_back_off(storage: Storage) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        await feeds.remove(tx, feed, NOON)
        await feeds.restore(tx, feed, is_on=False, now=NOON)

    assert not (await row(storage, feed)).is_on


async def test_a_section_is_chosen_and_given_up(storage: Storage) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        assert await feeds.choose_section(tx, feed, Section.SPORT)
        assert not await feeds.choose_section(tx, feed, Section.SPORT)
    assert (await row(storage, feed)).section is Section.SPORT

    async with storage.transaction() as tx:
        assert await feeds.choose_section(tx, feed, None)
    assert (await row(storage, feed)).section is None


async def test_a_publisher_takes_no_name_of_another(storage: Storage) -> None:
    feed, _ = await add(storage), await add(storage, OTHER, "الغد")
    source = (await row(storage, feed)).source.id

    async with storage.transaction() as tx:
        assert not await feeds.rename(tx, source, "الغد")
        assert await feeds.rename(tx, source, "الميناء")
        assert await feeds.rename(tx, source, "الميناء")

    assert (await row(storage, feed)).source.name == "الميناء"


async def test_a_visit_may_be_asked_for_at_once_unless_it_is_off(storage: Storage) -> None:
    feed = await add(storage)
    async with storage.transaction() as tx:
        assert await feeds.visit_soon(tx, feed, NOON + MINUTE)
        assert (await sources.by_id(tx, feed) or Feed).next_poll_at == NOON + MINUTE
        await sources.switch(tx, feed, is_on=False, now=NOON)
        assert not await feeds.visit_soon(tx, feed, NOON + MINUTE)


async def test_the_articles_of_a_feed_are_counted_since_a_moment(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await print_story(tx, draft(title="خبر أول"), draft(title="خبر ثان"))
    (feed,) = await sources.all_feeds(storage)

    assert await feeds.count_articles(storage, feed.id, NOON) == 2
    assert await feeds.count_articles(storage, feed.id, NOON + MINUTE) == 0
    assert await feeds.count_articles(storage, FeedId(99), EPOCH) == 0


async def test_feeds_that_fail_for_a_day_are_in_trouble(storage: Storage) -> None:
    numbers = [await add(storage, f"https://{name}.example", name) for name in "abcd"]
    async with storage.transaction() as tx:
        for feed in numbers[:3]:
            visit = Visit(NOON, MINUTE, failures=2, last_error="e", last_cause=FetchCause.GONE)
            await sources.visited(tx, feed, visit)
        await sources.switch(tx, numbers[2], is_on=False, now=NOON)
        await tx.execute(
            "UPDATE feeds SET last_ok_at = NULL, failures = :failures WHERE id = :id",
            {"id": numbers[1], "failures": NEVER_ANSWERED},
        )

    soon = await sources.in_trouble(storage, NOON + 23 * timedelta(hours=1))
    later = await sources.in_trouble(storage, NOON + 25 * timedelta(hours=1))

    assert [feed.id for feed in soon] == [numbers[1]]
    assert [feed.id for feed in later] == [numbers[1], numbers[0]]
    assert later[1].last_cause == FetchCause.GONE


async def test_failures_that_were_not_a_feeds_own_are_forgiven(storage: Storage) -> None:
    before = await row(storage, await add(storage))
    async with storage.transaction() as tx:
        visit = Visit(NOON + DAY, MINUTE, failures=3, last_error="e", last_cause=FetchCause.SLOW)
        await sources.visited(tx, before.id, visit)

        await sources.forgive(tx, [before], NOON + MINUTE)

    after = await row(storage, before.id)
    assert (after.failures, after.last_error, after.last_cause) == (0, "", "")
    assert after.next_poll_at == NOON + MINUTE


async def test_hosts_and_the_newest_news_are_counted_over_all(storage: Storage) -> None:
    assert await sources.newest_news(storage) is None
    feed = await add(storage)
    await add(storage, OTHER, "الغد")
    calendar = await add(storage, "https://c.example", "مباريات")
    async with storage.transaction() as tx:
        await sources.turn_into(tx, calendar, FeedKind.MATCHES)
        for number, later in ((feed, MINUTE), (calendar, DAY)):
            visit = Visit(NOON, MINUTE, ok_at=NOON, new_at=NOON + later)
            await sources.visited(tx, number, visit)

    assert await sources.newest_news(storage) == NOON + MINUTE
    assert await sources.count_hosts(storage) == 1


async def test_rules_of_a_source_are_kept_once_and_forgotten(storage: Storage) -> None:
    source = (await row(storage, await add(storage))).source.id
    other = (await row(storage, await add(storage, OTHER, "الغد"))).source.id

    async with storage.transaction() as tx:
        assert await keep_outs.add(tx, source, "اعلان", NOON)
        assert not await keep_outs.add(tx, source, "اعلان", NOON)
        assert await keep_outs.add(tx, source, "برعاية", NOON + MINUTE)
        assert await keep_outs.of(tx, source) == ["اعلان", "برعاية"]
        assert await keep_outs.of(tx, other) == []
        assert await keep_outs.remove(tx, source, "اعلان")
        assert not await keep_outs.remove(tx, source, "اعلان")

    assert await keep_outs.of(storage, source) == ["برعاية"]
