"""Visits to calendars: known by what they say, and hurried while a result is awaited."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.feeds.fetch import Fetcher
from bot.jobs.prune import KEEP_MATCHES, prune
from bot.model import FeedId, FeedKind, Game
from bot.storage import fixtures
from tests.jobs.fake_web import FakeFeed, FakeWeb
from tests.jobs.newsroom import DAY, HOUR, MINUTE, Clock, CountingParser, Newsroom
from tests.jobs.poll_desk import BOUNDS, Desk, item


@pytest.fixture
def desk(newsroom: Newsroom, web: FakeWeb, fetcher: Fetcher, parser: CountingParser) -> Desk:
    return Desk(newsroom, web, fetcher, parser)


def calendar(*events: tuple[str, datetime]) -> bytes:
    told = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:{moment:%Y%m%dT%H%M%SZ}\r\nSUMMARY:{summary}\r\n"
        "END:VEVENT\r\n"
        for number, (summary, moment) in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\n{told}END:VCALENDAR\r\n".encode()


async def games(desk: Desk, clock: Clock) -> list[Game]:
    storage = desk.newsroom.storage
    return list(await fixtures.between(storage, clock() - 9 * DAY, clock() + 9 * DAY))


async def served_calendar(desk: Desk, *events: tuple[str, datetime]) -> tuple[FakeFeed, FeedId]:
    served = desk.web.feed("ics")
    served.body = calendar(*events)
    return served, await desk.add(served)


async def test_a_calendar_brings_matches_and_nobody_is_told(desk: Desk, clock: Clock) -> None:
    _, feed = await served_calendar(desk, ("المرسى – سبو", clock() + HOUR))

    await desk.poll()

    row = await desk.row(feed)
    assert (row.kind, row.last_error, row.last_new_at) == (FeedKind.MATCHES, "", clock())
    assert [game.home for game in await games(desk, clock)] == ["المرسى"]
    assert await desk.newsroom.count("articles") == 0
    assert await desk.newsroom.count("waves") == 0


async def test_a_result_arrives_with_the_next_visit(desk: Desk, clock: Clock) -> None:
    begins = clock() + HOUR
    served, _ = await served_calendar(desk, ("المرسى – سبو", begins))
    await desk.poll()
    clock.moment = begins + 2 * HOUR

    served.body = calendar(("المرسى 2 - 1 سبو", begins))
    await desk.poll()

    [game] = await games(desk, clock)
    assert game.score == (2, 1)


async def test_a_calendar_is_visited_more_often_while_a_result_is_awaited(
    desk: Desk, clock: Clock
) -> None:
    _, feed = await served_calendar(desk, ("المرسى – سبو", clock() + HOUR))
    await desk.poll()
    clock.turn(HOUR + MINUTE)
    before = (await desk.row(feed)).interval

    await desk.poll()  # the same bytes

    assert (await desk.row(feed)).interval == max(before / 2, BOUNDS.floor)


async def test_an_address_may_turn_from_news_to_matches_and_back(desk: Desk, clock: Clock) -> None:
    served = desk.web.feed("a", [item(1)])
    feed = await desk.add(served)
    await desk.poll()

    served.body = calendar(("المرسى – سبو", clock()))
    clock.turn(DAY)
    await desk.poll()
    assert (await desk.row(feed)).kind is FeedKind.MATCHES

    served.body = None
    served.publish(item(2))
    clock.turn(DAY)
    await desk.poll()
    assert (await desk.row(feed)).kind is FeedKind.NEWS
    assert await desk.newsroom.count("articles") == 2


async def test_a_calendar_that_cannot_be_stored_takes_no_news_out_of_the_window(
    desk: Desk, clock: Clock
) -> None:
    await desk.add(desk.web.feed("a", [item(1)]))
    await desk.poll()
    async with desk.newsroom.storage.transaction() as tx:
        await tx.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF last_ok_at ON feeds WHEN NEW.kind = 'matches'"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    await served_calendar(desk, ("المرسى – سبو", clock() + HOUR))

    await desk.poll()

    assert await games(desk, clock) == []
    assert len(desk.newsroom.window) == 1


async def test_matches_of_seasons_past_are_pruned(desk: Desk, clock: Clock) -> None:
    await served_calendar(desk, ("المرسى – سبو", clock() + HOUR))
    await desk.poll()

    clock.turn(KEEP_MATCHES)
    await prune(desk.newsroom.storage, clock)
    assert await desk.newsroom.count("fixtures") == 1

    clock.turn(2 * HOUR)
    await prune(desk.newsroom.storage, clock)
    assert await desk.newsroom.count("fixtures") == 0
