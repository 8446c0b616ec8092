"""Readers' hours over a real database: who gets which digest, and when; never an empty one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.jobs.digest import AT_ONCE, Paper
from bot.model import Section
from bot.storage import digests, subscribers
from tests.jobs.digest_desk import FRIDAY, MONDAY_ONLY, SEVEN, Desk, local
from tests.jobs.newsroom import DAY, HOUR, SECOND, Newsroom, entry


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


async def test_a_digest_is_written_at_its_readers_hour_and_not_before(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [title] = await desk.news()

    assert await desk.at(local(FRIDAY, "07:00") - SECOND) == 0
    assert await desk.at(local(FRIDAY, "07:00")) == 1

    [told] = await desk.told(reader)
    assert title in told
    assert "الجمعة 27 نونبر" in told
    assert "07:00" in told
    assert desk.woken == 1


async def test_every_reader_has_minutes_and_a_zone_of_its_own(desk: Desk) -> None:
    dubai = await desk.newsroom.reader(1, minutes=[SEVEN], zone="Asia/Dubai")
    home = await desk.newsroom.reader(2, minutes=[SEVEN + 5])
    toronto = await desk.newsroom.reader(3, minutes=[SEVEN], zone="America/Toronto")
    await desk.news()

    written = [
        await desk.at(local(FRIDAY - DAY, "07:00", "America/Toronto")),
        await desk.at(local(FRIDAY, "07:00", "Asia/Dubai")),
        await desk.at(local(FRIDAY, "07:05")),
    ]

    assert written == [1, 1, 1]
    for reader, hour in ((dubai, "07:00"), (home, "07:05"), (toronto, "07:00")):
        [told] = await desk.told(reader)
        assert hour in told


async def test_one_moment_is_two_hours_in_two_zones(desk: Desk) -> None:
    home = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.turn(-SECOND)  # they join at once, and want to read the same
    dubai = await desk.newsroom.reader(2, minutes=[11 * 60], zone="Asia/Dubai")
    await desk.news()

    assert await desk.at(local(FRIDAY, "07:00")) == 2

    assert ["07:00" in told for told in await desk.told(home)] == [True]
    assert ["11:00" in told for told in await desk.told(dubai)] == [True]


async def test_a_digest_keeps_to_its_days(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN], weekdays=MONDAY_ONLY)

    assert (await desk.digest_of(reader)).next_at == local(date(2026, 11, 30), "07:00")
    await desk.at(local(date(2026, 11, 29), "20:00"))
    await desk.news()
    assert await desk.at_due(reader) == 1
    assert (await desk.digest_of(reader)).next_at == local(date(2026, 12, 7), "07:00")


async def test_sections_stand_in_the_newsrooms_order(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, Section.POLITICS, Section.SPORT, minutes=[SEVEN])
    feed = await desk.newsroom.feed(section=None)
    names = ("سياسة", "رياضة")
    entries = [entry(number, categories=(names[number % 2],)) for number in range(8)]
    await desk.newsroom.take(feed, *entries)
    desk.job = desk.make(paper=Paper(20, (Section.SPORT, Section.POLITICS)))

    await desk.at_due(reader)

    [told] = await desk.told(reader)
    assert told.index("رياضة") < told.index("سياسة")


async def test_after_days_that_were_skipped_a_digest_reaches_back_to_the_last_one(
    desk: Desk,
) -> None:
    """T21; Automattic/wp-calypso #61012: a reader of Mondays is told of the days between."""
    reader = await desk.newsroom.reader(1, minutes=[SEVEN], weekdays=MONDAY_ONLY)
    [thursday] = await desk.news()
    desk.clock.moment = local(date(2026, 11, 29), "08:00")
    [sunday] = await desk.news()

    await desk.at_due(reader)

    [told] = await desk.told(reader)
    assert (thursday in told, sunday in told) == (True, True)
    assert "من الخميس 26 إلى الاثنين 30 نونبر" in told
    assert told.index(sunday) < told.index(thursday)


async def test_a_digest_reaches_back_a_week_at_most(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [old] = await desk.news()
    desk.clock.moment = local(FRIDAY + 7 * DAY, "06:00")
    [new] = await desk.news()

    await desk.at(local(FRIDAY + 7 * DAY, "12:00"))

    [told] = await desk.told(reader)
    assert (old in told, new in told) == (False, True)


async def test_a_digest_is_grouped_and_what_more_newspapers_tell_opens_it(desk: Desk) -> None:
    newsroom = desk.newsroom
    reader = await newsroom.reader(1, Section.POLITICS, Section.SPORT, minutes=[SEVEN])
    feed = await newsroom.feed(section=None)
    entries = [
        entry(number, categories=("رياضة" if number % 2 else "سياسة",)) for number in range(6)
    ]
    await newsroom.take(feed, *entries)
    other = await newsroom.feed("https://sahil.example/feed", source="الساحل")
    await newsroom.take(other, entry(2, link="https://sahil.example/2"))

    await desk.at_due(reader)

    [told] = await desk.told(reader)
    places = [told.index(words) for words in ("الأهم", entry(2).title, "سياسة", "رياضة")]
    assert places == sorted(places)
    assert all(one.title in told for one in entries)


# Never empty


async def test_nothing_new_is_not_sent_and_the_hour_moves_on(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])

    assert await desk.at_due(reader) == 0

    assert await desk.told(reader) == []
    assert (await desk.digest_of(reader)).next_at == local(FRIDAY + DAY, "07:00")
    assert desk.woken == 0


async def test_news_of_other_sections_is_nothing_new(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, Section.SPORT, minutes=[SEVEN])
    await desk.news()

    assert await desk.at_due(reader) == 0


# Many readers


async def test_readers_of_the_same_choices_share_one_brief(desk: Desk) -> None:
    for chat in range(1, 501):
        await desk.newsroom.reader(chat, minutes=[SEVEN])
    await desk.news(9)

    assert await desk.at(local(FRIDAY, "07:00")) == 500

    assert await desk.newsroom.count("briefs", "kind = 'digest'") == 1
    assert await desk.newsroom.count("deliveries") == 500
    assert desk.woken == -(-500 // AT_ONCE)


async def test_other_choices_are_another_brief(desk: Desk) -> None:
    await desk.newsroom.reader(1, Section.POLITICS, minutes=[SEVEN])
    await desk.newsroom.reader(2, Section.POLITICS, Section.SPORT, minutes=[SEVEN])
    await desk.news(2)
    sport = await desk.newsroom.feed("https://marfa.example/sport", section=Section.SPORT)
    await desk.newsroom.take(sport, entry(77))

    await desk.at(local(FRIDAY, "07:00"))

    assert await desk.newsroom.count("briefs", "kind = 'digest'") == 2


@pytest.mark.parametrize("way", ["leave", "block"])
async def test_who_is_gone_gets_none_and_its_hour_moves_on(desk: Desk, way: str) -> None:
    gone = await desk.newsroom.reader(1, minutes=[SEVEN])
    here = await desk.newsroom.reader(2, minutes=[SEVEN])
    [first] = await desk.news()
    async with desk.newsroom.storage.transaction() as tx:
        await getattr(subscribers, way)(tx, gone.id, desk.clock())

    assert await desk.at(local(FRIDAY, "07:00")) == 1

    assert [len(await desk.told(reader)) for reader in (gone, here)] == [0, 1]
    assert (await desk.digest_of(gone)).next_at == local(FRIDAY + DAY, "07:00")
    await desk.newsroom.reader(1)  # it comes back
    desk.clock.turn(HOUR)
    [second] = await desk.news()
    await desk.at_due(gone)
    [told] = await desk.told(gone)
    assert (first in told, second in told) == (False, True)


async def test_a_reader_whose_zone_is_gone_stops_no_other(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The zone database may lose a name; one reader pays, and a day later tries again."""
    lost = await desk.newsroom.reader(1, minutes=[SEVEN])
    here = await desk.newsroom.reader(2, minutes=[SEVEN])
    await desk.news()
    async with desk.newsroom.storage.transaction() as tx:
        await tx.execute(
            "UPDATE subscribers SET zone = 'Mars/Olympus' WHERE id = :id", {"id": lost.id}
        )

    assert await desk.at(local(FRIDAY, "07:00")) == 1

    assert len(await desk.told(here)) == 1
    assert [record.msg for record in caplog.records] == ["digest.fault"]
    assert (await desk.digest_of(lost)).next_at == desk.clock() + DAY


async def test_a_failure_in_the_middle_writes_nothing_and_the_next_beat_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat in range(1, 6):
        await desk.newsroom.reader(chat, minutes=[SEVEN])
    await desk.news()
    covers = 0
    real = digests.cover

    async def cover(*args: object, **named: object) -> None:
        nonlocal covers
        covers += 1
        if covers == 3:
            await args[0].execute("INSERT INTO no_such_table VALUES (1)")  # type: ignore[attr-defined]
        await real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(digests, "cover", cover)
    desk.clock.moment = local(FRIDAY, "07:00")
    with pytest.raises(Exception, match="no_such_table"):
        await desk.job.write_due()
    assert await desk.newsroom.count("deliveries") == 0

    assert await desk.job.write_due() == 5
    assert await desk.newsroom.count("deliveries") == 5
