"""Owners are told once when the newsroom falls silent, and once when it speaks again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.briefs.layouts.notices import Notices
from bot.errors import FetchCause
from bot.jobs.watch import OUTAGE, SILENCE, Watch
from bot.storage import sources, team
from bot.storage.sources import Visit
from tests.crowd import BOT
from tests.jobs.newsroom import EDITOR, HOUR, MINUTE, TEXTS, ZONE, Clock, Newsroom

OWNER = 800
MORNING = datetime(2026, 11, 26, 8, 30, tzinfo=ZONE)


class House:
    """A watch over a newsroom with an owner who reads."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.out_since: datetime | None = None
        self.woken = 0
        self.watch = self.make()

    def make(self) -> Watch:
        return Watch(
            self.newsroom.storage,
            Notices(TEXTS, ZONE),
            bot=BOT,
            now=self.newsroom.clock,
            out_since=lambda: self.out_since,
            on_told=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def look(self, after: timedelta = timedelta(0)) -> list[str]:
        """Let time go by, look, and return the letters there are by now."""
        self.newsroom.clock.turn(after)
        await self.watch.look()
        rows = await self.newsroom.rows(
            "SELECT content FROM briefs JOIN deliveries ON deliveries.brief = briefs.id"
            " JOIN occasions ON occasions.id = occasion WHERE key LIKE 'notice:%'"
            " ORDER BY occasions.id"
        )
        return [str(row["content"]) for row in rows]

    async def news(self, feed: int) -> None:
        """Let a feed bring an article now."""
        now = self.newsroom.clock()
        async with self.newsroom.storage.transaction() as tx:
            await sources.visited(tx, sources.FeedId(feed), Visit(now, HOUR, ok_at=now, new_at=now))


@pytest.fixture
async def house(newsroom: Newsroom, clock: Clock) -> House:
    clock.moment = MORNING
    async with newsroom.storage.transaction() as tx:
        await team.configure(tx, [OWNER], [EDITOR], clock())
    for chat in (OWNER, EDITOR):
        await newsroom.reader(chat)
    return House(newsroom)


async def test_three_hours_without_news_by_day_are_told_to_the_owners_once(
    house: House, newsroom: Newsroom
) -> None:
    """T33; kite #154, #166."""
    feed = await newsroom.feed()
    await house.news(feed)

    assert await house.look(SILENCE - MINUTE) == []
    [letter] = await house.look(MINUTE)
    again = [await house.look(HOUR) for _ in range(9)]

    assert "لا خبر جديد من أي مصدر" in letter
    assert "اليوم 08:30" in letter
    assert "تجيب كلها (مصدر واحد)" in letter
    assert again == [[letter]] * 9
    assert house.woken == 1
    assert await newsroom.count("deliveries") == 1


async def test_failing_feeds_are_counted_by_their_causes(house: House, newsroom: Newsroom) -> None:
    numbers = [await newsroom.feed(f"https://a.example/{n}", source=f"{n}") for n in range(4)]
    later = newsroom.clock() + HOUR
    async with newsroom.storage.transaction() as tx:
        for feed, cause in zip(
            numbers, (FetchCause.SLOW, FetchCause.GONE, FetchCause.SLOW), strict=False
        ):
            await sources.visited(tx, feed, Visit(later, HOUR, failures=2, last_cause=cause))

    [letter] = await house.look(SILENCE)

    assert "في عطل الآن: 3 مصادر من أصل 4." in letter
    assert letter.index("لا يجيب في الوقت: مصدران") < letter.index("لم تعد الصفحة موجودة")
    assert "لم يصل أي خبر بعد" in letter


async def test_news_are_the_all_clear_and_a_later_silence_is_another(
    house: House, newsroom: Newsroom
) -> None:
    feed = await newsroom.feed()
    await house.news(feed)
    await house.look(SILENCE)
    await house.news(feed)

    letters = await house.look()
    assert len(letters) == 2
    assert "عادت الأخبار" in letters[1]
    assert len(await house.look(SILENCE)) == 3


async def test_the_night_is_not_counted(house: House, newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    newsroom.clock.moment = MORNING.replace(hour=19, minute=30)
    await house.news(feed)
    house.watch = house.make()

    looks = [await house.look(HOUR) for _ in range(2)]
    newsroom.clock.moment = MORNING.replace(day=27, hour=10, minute=59)

    assert [*looks, await house.look()] == [[]] * 3
    assert len(await house.look(MINUTE)) == 1


async def test_time_in_which_we_did_not_run_is_no_silence(house: House, newsroom: Newsroom) -> None:
    await house.news(await newsroom.feed())
    newsroom.clock.turn(9 * HOUR)
    house.watch = house.make()

    assert await house.look() == []


async def test_a_restart_does_not_tell_again(house: House, newsroom: Newsroom) -> None:
    await house.news(await newsroom.feed())
    await house.look(SILENCE)

    house.watch = house.make()

    assert len(await house.look(SILENCE)) == 1


async def test_a_newsroom_without_feeds_is_not_silent(house: House) -> None:
    assert await house.look(5 * HOUR) == []


async def test_an_outage_that_lasts_is_told_once_and_so_is_its_end(
    house: House, newsroom: Newsroom
) -> None:
    """T24: the trouble is ours, so silence is no news."""
    await house.news(await newsroom.feed())
    house.out_since = newsroom.clock()

    assert await house.look(OUTAGE - MINUTE) == []
    [letter] = await house.look(MINUTE)
    assert "لا نصل إلى أي موقع" in letter
    assert await house.look(4 * HOUR) == [letter]
    house.watch = house.make()
    assert await house.look() == [letter]
    house.out_since = None
    letters = await house.look()

    assert len(letters) == 2
    assert "عاد الاتصال" in letters[1]


async def test_without_owners_the_whole_desk_is_told(house: House, newsroom: Newsroom) -> None:
    async with newsroom.storage.transaction() as tx:
        await team.configure(tx, [], [EDITOR], newsroom.clock())
    await newsroom.feed()

    assert len(await house.look(SILENCE)) == 1
