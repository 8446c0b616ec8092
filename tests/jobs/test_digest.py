"""Readers' hours over a real database: who gets which digest, when, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.articles.watch import watched
from bot.jobs.digest import AT_ONCE, DigestJob, Paper
from bot.model import (
    ChatId,
    Digest,
    FeedId,
    Fixture,
    Length,
    Mode,
    Section,
    SourceId,
    StoryId,
    Subject,
    Subscriber,
    source_subject,
    story_subject,
    words_subject,
)
from bot.storage import Storage, digests, fixtures, subscribers, subscriptions
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.crowd import tell_all
from tests.jobs.newsroom import BOT, DAY, HOUR, MINUTE, SECOND, TEXTS, ZONE, Newsroom, entry

SEVEN = 7 * 60
PAPER = Paper(20, tuple(Section))
MONDAY_ONLY = 0b0000001


class Desk:
    """The digest job over a newsroom, and what a test asks of it."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.clock = newsroom.clock
        self.woken = 0
        self.number = 0
        self.job = self.make()

    def make(self, storage: Storage | None = None, paper: Paper = PAPER) -> DigestJob:
        """Make the job, as after a restart or with another paper."""
        return DigestJob(
            storage or self.newsroom.storage,
            TEXTS,
            paper,
            bot=BOT,
            now=self.clock,
            on_written=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def news(self, count: int = 1, **other: object) -> list[str]:
        """Let something happen now; return the headlines."""
        if self.number == 0:
            self.feed = await self.newsroom.feed()
        numbers = range(self.number + 1, self.number + count + 1)
        self.number += count
        entries = [entry(number, **other) for number in numbers]
        await self.newsroom.take(self.feed, *entries)
        return [one.title for one in entries]

    async def at(self, moment: datetime) -> int:
        """Turn the clock to a moment and write what is due."""
        self.clock.moment = moment
        return await self.job.write_due()

    async def digest_of(self, reader: Subscriber) -> Digest:
        """Return a reader's only digest."""
        [digest] = await digests.of(self.newsroom.storage, reader.id)
        return digest

    async def at_due(self, reader: Subscriber) -> int:
        """Turn the clock to a reader's hour and write what is due."""
        return await self.at((await self.digest_of(reader)).next_at)

    async def ask_now(self, reader: Subscriber) -> int:
        """Do what the command «now» does, and write."""
        digest = (await digests.of(self.newsroom.storage, reader.id))[0]
        async with self.newsroom.storage.transaction() as tx:
            await digests.plan(tx, digest.id, next_at=self.clock())
        return await self.job.write_due()

    async def told(self, reader: Subscriber) -> list[str]:
        """Return what a reader's digests say, in the order they were written."""
        rows = await self.newsroom.storage.fetch(
            "SELECT content FROM deliveries JOIN briefs ON briefs.id = brief"
            " WHERE subscriber = :id AND kind = 'digest' ORDER BY occasion",
            {"id": reader.id},
        )
        return [str(row["content"]) for row in rows]

    async def editions(self) -> list[str]:
        """Return the keys of all editions."""
        rows = await self.newsroom.rows("SELECT key FROM occasions ORDER BY id")
        return [str(row["key"]) for row in rows if str(row["key"]).startswith("digest:")]


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


def local(day: date, clock: str, zone: str = ZONE.key) -> datetime:
    """Return the UTC moment of a wall clock."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


FRIDAY = date(2026, 11, 27)  # the day after the tests' now


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


# Never twice, never a gap


async def test_what_an_edition_showed_the_next_does_not(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    [second] = await desk.news()

    await desk.at_due(reader)

    morning, next_morning = await desk.told(reader)
    assert first in morning
    assert first not in next_morning
    assert second in next_morning


async def test_two_hours_of_one_reader_do_not_repeat_each_other(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 19 * 60])
    [early] = await desk.news()
    await desk.at(local(FRIDAY - DAY, "19:00"))
    desk.clock.turn(HOUR)
    [late] = await desk.news()

    await desk.at(local(FRIDAY, "07:00"))

    evening, morning = await desk.told(reader)
    assert (early in evening, late in evening) == (True, False)
    assert (early in morning, late in morning) == (False, True)


async def test_a_second_run_sends_nothing_twice(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()

    assert await desk.at_due(reader) == 1
    assert await desk.job.write_due() == 0

    assert len(await desk.told(reader)) == 1


async def test_a_restart_between_sends_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()
    await desk.at_due(reader)

    again = await open_sqlite(tmp_path / "mujaz.db")
    written = await desk.make(again).write_due()
    await again.close()

    assert written == 0
    assert len(await desk.told(reader)) == 1


async def test_three_hours_asleep_are_one_digest_of_all_that_came(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 8 * 60, 9 * 60])
    titles = await desk.news(3)

    written = await desk.at(local(FRIDAY, "10:00"))

    assert written == 1
    [told] = await desk.told(reader)
    assert all(title in told for title in titles)
    hours = await digests.of(desk.newsroom.storage, reader.id)
    tomorrow = FRIDAY + DAY
    assert [one.next_at for one in hours] == [
        local(tomorrow, clock) for clock in ("07:00", "08:00", "09:00")
    ]


async def test_two_days_away_are_one_digest(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY + 2 * DAY, "09:00")
    [title] = await desk.news()
    desk.clock.turn(HOUR)

    written = [await desk.job.write_due() for _ in range(3)]

    assert written == [1, 0, 0]
    [told] = await desk.told(reader)
    assert title in told
    assert (await desk.digest_of(reader)).next_at == local(FRIDAY + 3 * DAY, "07:00")


async def test_a_clock_set_back_an_hour_repeats_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)

    desk.clock.turn(-HOUR)
    for _ in range(120):
        desk.clock.turn(MINUTE)
        assert await desk.job.write_due() == 0
    [second] = await desk.news()
    await desk.at_due(reader)

    _, next_morning = await desk.told(reader)
    assert (first in next_morning, second in next_morning) == (False, True)


async def test_asking_in_an_hour_that_comes_twice_uncovers_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY, "06:00")
    [first] = await desk.news()
    await desk.at_due(reader)

    desk.clock.turn(-12 * HOUR)
    assert await desk.ask_now(reader) == 0
    desk.clock.turn(13 * HOUR)
    await desk.news()
    await desk.ask_now(reader)

    told = await desk.told(reader)
    assert [first in one for one in told] == [True, False]


async def test_a_clock_set_forward_and_right_again_repeats_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()

    assert await desk.at(local(FRIDAY, "07:00")) == 1  # in truth it is half past five
    desk.clock.moment = local(FRIDAY, "05:30")
    for _ in range(10):
        desk.clock.turn(15 * MINUTE)
        assert await desk.job.write_due() == 0
    assert len(await desk.told(reader)) == 1


async def test_news_of_the_very_moment_is_shown_once(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY, "07:00")
    [title] = await desk.news()
    await desk.job.write_due()
    desk.clock.turn(HOUR)
    await desk.news()

    await desk.at_due(reader)

    assert [title in told for told in await desk.told(reader)] == [True, False]


# The clock of a place


CHANGES = {
    "Ramadan begins": (ZONE.key, date(2026, 2, 12)),
    "Ramadan ends": (ZONE.key, date(2026, 3, 19)),
    "summer begins in Paris": ("Europe/Paris", date(2026, 3, 26)),
    "summer ends in Paris": ("Europe/Paris", date(2026, 10, 22)),
    "summer ends in Toronto": ("America/Toronto", date(2026, 10, 29)),
}


@pytest.mark.parametrize("minute", [SEVEN, 2 * 60 + 30, 30, 23 * 60 + 30])
@pytest.mark.parametrize(("zone", "first"), CHANGES.values(), ids=CHANGES)
async def test_every_day_has_its_digest_over_a_change_of_the_clock(
    desk: Desk, zone: str, first: date, minute: int
) -> None:
    """T17; PTB #1381, OpenCTI-Platform/opencti #4310."""
    place, days = ZoneInfo(zone), 7
    offsets = {
        local(first + day * DAY, "12:00", zone).astimezone(place).utcoffset() for day in range(days)
    }
    assert len(offsets) == 2
    desk.clock.moment = local(first, "00:00", zone)
    reader = await desk.newsroom.reader(1, minutes=[minute], zone=zone)

    written = []
    for _ in range(days):
        await desk.news()
        due = (await desk.digest_of(reader)).next_at
        assert await desk.at(due - SECOND) == 0
        assert await desk.at(due) == 1
        written.append(due.astimezone(place))
        desk.clock.turn(MINUTE)

    assert [one.date() for one in written] == [first + day * DAY for day in range(days)]
    hours = {one.time() for one in written}
    skipped = {time(3, 0), time(3, 30)}  # an hour that is skipped counts when the clock goes on
    assert hours - skipped == {time(minute // 60, minute % 60)}


async def test_a_weekday_is_the_readers_own(desk: Desk) -> None:
    """T18; PTB #1693: Monday 00:30 at home is Sunday 23:30 in UTC, and the other way round."""
    early = await desk.newsroom.reader(1, minutes=[30], weekdays=MONDAY_ONLY)
    late = await desk.newsroom.reader(
        2, minutes=[23 * 60 + 30], weekdays=MONDAY_ONLY, zone="America/Toronto"
    )
    monday = date(2026, 11, 30)
    await desk.at(local(monday - DAY, "12:00"))
    await desk.news()

    assert await desk.at(local(monday, "00:30")) == 1
    desk.clock.moment = local(monday, "20:00", "America/Toronto")
    await desk.news()
    assert await desk.at(local(monday, "23:30", "America/Toronto")) == 1

    assert [len(await desk.told(reader)) for reader in (early, late)] == [1, 1]


async def test_an_edition_is_of_the_local_day(desk: Desk) -> None:
    """T19; duyet/monorepo PR #1304."""
    reader = await desk.newsroom.reader(1, minutes=[30], zone="Asia/Dubai")
    await desk.news()

    await desk.at_due(reader)

    [key] = await desk.editions()
    assert "2026-11-27T00:30" in key  # in UTC it is still the 26th
    [told] = await desk.told(reader)
    assert "الجمعة 27 نونبر" in told


async def test_slow_jobs_let_no_hour_drift_in_thirty_days(desk: Desk) -> None:
    """T20; PTB #1338, #1903."""
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])

    for day in range(30):
        due = (await desk.digest_of(reader)).next_at
        assert due.astimezone(ZONE).time() == time(7)
        assert due.astimezone(ZONE).date() == FRIDAY + timedelta(days=day)
        desk.clock.moment = due - HOUR
        await desk.news()
        assert await desk.at(due + day * 7 * MINUTE) == 1


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


# «Now»


async def test_asking_for_it_now_comes_on_top_of_an_edition_of_the_day(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)
    desk.clock.turn(3 * HOUR)
    [second] = await desk.news()

    assert await desk.ask_now(reader) == 1

    morning, asked = await desk.told(reader)
    assert (first in morning, second in asked, first in asked) == (True, True, False)
    assert (await desk.digest_of(reader)).next_at == local(FRIDAY + DAY, "07:00")


async def test_asking_before_the_hour_leaves_the_hour_its_own_news(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    desk.clock.moment = local(FRIDAY, "06:50")
    assert await desk.ask_now(reader) == 1
    desk.clock.turn(SECOND)
    [second] = await desk.news()

    assert await desk.at_due(reader) == 1

    asked, morning = await desk.told(reader)
    assert desk.clock() == local(FRIDAY, "07:00")
    assert (first in asked, second in morning, first in morning) == (True, True, False)


async def test_asking_twice_in_a_minute_loses_no_news(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()
    await desk.ask_now(reader)
    desk.clock.turn(20 * SECOND)
    [second] = await desk.news()

    again = await desk.ask_now(reader)
    await desk.at_due(reader)

    told = await desk.told(reader)
    assert again == 0
    assert [second in one for one in told] == [False, True]


def readers_told(titles: Sequence[str], told: str) -> list[bool]:
    return [title in told for title in titles]


async def test_a_new_reader_is_not_told_what_was_before_it_joined(desk: Desk) -> None:
    old = await desk.news(2)
    desk.clock.turn(HOUR)
    reader = await desk.newsroom.reader(ChatId(1), minutes=[SEVEN])
    new = await desk.news(2)

    await desk.at_due(reader)

    [told] = await desk.told(reader)
    assert readers_told(old + new, told) == [False, False, True, True]


# Tastes


async def prefer(desk: Desk, reader: Subscriber, *subjects: Subject) -> None:
    """Let a reader follow subjects in the digest."""
    async with desk.newsroom.storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, subjects, Mode.DIGEST, desk.clock())


async def mute(desk: Desk, reader: Subscriber, subject: Subject) -> None:
    now = desk.clock()
    async with desk.newsroom.storage.transaction() as tx:
        await subscriptions.mute(tx, reader.id, subject, until=now + 3 * DAY, now=now)


async def test_a_followed_source_and_followed_words_bring_their_news_in(desk: Desk) -> None:
    readers = [await desk.newsroom.reader(chat, Section.SPORT, minutes=[SEVEN]) for chat in (1, 2)]
    await prefer(desk, readers[0], source_subject(SourceId(1)))
    await prefer(desk, readers[1], words_subject(watched(entry(1).title)))
    one, two = await desk.news(2)

    await desk.at(local(FRIDAY, "07:00"))

    [of_source], [of_words] = [await desk.told(reader) for reader in readers]
    assert (one in of_source, two in of_source) == (True, True)
    assert (one in of_words, two in of_words) == (True, False)


async def test_muted_words_are_in_no_digest_until_the_mute_ends(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await mute(desk, reader, words_subject(watched(entry(1).title)))
    one, two = await desk.news(2)
    await desk.at_due(reader)
    desk.clock.moment = local(FRIDAY + 5 * DAY, "06:00")
    [again] = await desk.news(body=f"{entry(1).title} {entry(1).body}")

    await desk.at(local(FRIDAY + 5 * DAY, "07:00"))

    first, second = await desk.told(reader)
    assert (one in first, two in first, again in second) == (False, True, True)


async def test_a_followed_story_is_in_again_when_it_grew_and_not_else(desk: Desk) -> None:
    """T54; kite #289: once, and again only when something happened."""
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [title] = await desk.news()
    await prefer(desk, reader, story_subject(StoryId(1)))
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    other = await desk.newsroom.feed("https://sahil.example/feed", source="الساحل")
    await desk.newsroom.take(other, entry(1, link="https://sahil.example/1"))
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    await desk.news()

    await desk.at_due(reader)

    assert [title in told for told in await desk.told(reader)] == [True, True, False]


async def test_who_wants_to_know_is_told_of_a_quiet_day_in_the_same_words_as_others(
    desk: Desk,
) -> None:
    for chat in (1, 2, 3):
        reader = await desk.newsroom.reader(chat, minutes=[SEVEN])
        if chat < 3:
            async with desk.newsroom.storage.transaction() as tx:
                await subscribers.choose_quiet_day(tx, reader.id, is_wanted=True)

    assert await desk.at(local(FRIDAY, "07:00")) == 2

    assert await desk.newsroom.count("briefs") == 1


@pytest.mark.parametrize(
    ("sections", "is_told"),
    [((Section.SPORT, Section.POLITICS), True), ((), True), ((Section.POLITICS,), False)],
    ids=["follows sport", "follows everything", "follows something else"],
)
async def test_todays_matches_are_for_who_follows_sport_or_everything(
    desk: Desk, sections: Sequence[Section], *, is_told: bool
) -> None:
    reader = await desk.newsroom.reader(1, *sections, minutes=[SEVEN])
    if not sections:
        async with desk.newsroom.storage.transaction() as tx:
            await subscriptions.unfollow_sections(tx, reader.id, Section)
    await desk.news()
    days = (FRIDAY - DAY, FRIDAY, FRIDAY + DAY)
    played = [Fixture(f"{d}", f"الوداد {d.day}", "الرجاء", local(d, "18:00")) for d in days]
    async with desk.newsroom.storage.transaction() as tx:
        await fixtures.keep(tx, FeedId(1), played, desk.clock())

    await desk.at(local(FRIDAY, "07:00"))

    [told] = await desk.told(reader)
    assert ("الوداد 27" in told, "الوداد 28" in told) == (is_told, False)


async def test_the_length_is_the_readers_and_readers_of_one_length_share_a_brief(
    desk: Desk,
) -> None:
    for chat, length in enumerate((*Length, *Length), start=1):
        reader = await desk.newsroom.reader(chat, minutes=[SEVEN])
        async with desk.newsroom.storage.transaction() as tx:
            await subscribers.choose_length(tx, reader.id, length)
    await desk.news(9)

    await desk.at(local(FRIDAY, "07:00"))

    sizes = [len((await desk.told(reader))[0]) for reader in await everybody(desk)]
    assert sizes[:3] == sizes[3:] == sorted(sizes[:3])
    assert await desk.newsroom.count("briefs", "kind = 'digest'") == 3


async def everybody(desk: Desk) -> list[Subscriber]:
    rows = await desk.newsroom.rows("SELECT * FROM subscribers ORDER BY id")
    return [subscribers.subscriber_from(row) for row in rows]


async def test_the_editions_of_a_reader_are_known_by_what_they_said(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 19 * 60])
    await desk.news()
    began = desk.clock()
    await desk.at(local(FRIDAY - DAY, "19:00"))
    await tell_all(desk.newsroom.storage, now=desk.clock())
    desk.clock.turn(HOUR)
    await desk.news()
    await desk.at(local(FRIDAY, "07:00"))
    await tell_all(desk.newsroom.storage, now=desk.clock())

    both = await digests.told(desk.newsroom.storage, reader.id, began)
    none = await digests.told(desk.newsroom.storage, reader.id, desk.clock() + SECOND)

    assert (len(both), len(none)) == (2, 0)


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
