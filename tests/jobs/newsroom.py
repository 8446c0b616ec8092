"""Makers for the jobs' tests: a clock, readers, feeds, entries, and documents taken in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.feeds.parser_process import ParserProcess
from bot.jobs.intake import Intake, Taken
from bot.jobs.manners import Manners
from bot.model import (
    ChatId,
    ChatKind,
    Document,
    Entry,
    Feed,
    FeedId,
    Mode,
    Row,
    Section,
    Subscriber,
)
from bot.outbox.hours import next_digest
from bot.storage import Storage, digests, sources, stories, subscribers, subscriptions
from bot.storage.sources import Visit
from bot.stories.cluster import OPEN_FOR, Window
from bot.texts import Texts
from tests.crowd import BOT
from tests.fakes import FakeClock

ZONE = ZoneInfo("Africa/Casablanca")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TEXTS = Texts.load()
EDITOR = 900

# One event as two newspapers tell it, and a correction of the first telling.
FIRE = (
    "حريق يأتي على مخزن للأخشاب في ميناء المرسى القديم",
    "أتى حريق كبير ليلة الأربعاء على مخزن للأخشاب في ميناء المرسى القديم دون أن يخلف ضحايا. "
    "وقالت الوقاية المدنية إن عشرين من رجال الإطفاء شاركوا في إخماده.",
)
FIRE_ELSEWHERE = (
    "الوقاية المدنية تخمد حريق مخزن الأخشاب في ميناء المرسى القديم",
    "تمكن عشرون من رجال الإطفاء من إخماد حريق شب ليلة الأربعاء في مخزن للأخشاب في ميناء المرسى "
    "القديم، ولم يخلف الحريق ضحايا حسب الوقاية المدنية.",
)
FIRE_CORRECTED = (
    "حريق يأتي على مخزن للأخشاب والورق في ميناء المرسى القديم",
    FIRE[1].replace("للأخشاب", "للأخشاب والورق"),
)


class Clock(FakeClock):
    """A clock that a test turns, also back."""

    def turn(self, by: timedelta) -> datetime:
        """Turn the clock and return what it shows."""
        self.moment += by
        return self.moment


def event(number: int) -> tuple[str, str]:
    """Return headline and text of an event that shares no word with those of other numbers."""
    words = [_word(number, place) for place in range(12)]
    return " ".join(words[:5]), " ".join(words[5:]) + "."


def _word(number: int, place: int) -> str:
    """Spell a number and a place as a made-up word that has no prefix and no suffix to lose."""
    letters = "بثجحخدذرزش"
    middle = "".join(letters[int(digit)] for digit in f"{number:04}")
    return f"ط{letters[place % 10]}{'غ' * (place // 10)}{middle}ق"


def entry(number: int = 1, **other: object) -> Entry:
    """Make an entry on an event; any field may be set."""
    title, body = event(number)
    made = Entry(
        title=title, guid=f"guid-{number}", link=f"https://marfa.example/{number}", body=body
    )
    return replace(made, **other)  # type: ignore[arg-type] # a maker passes fields on


class CountingParser(ParserProcess):
    """The real reader of feeds in its child process; it counts the pages it is asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = 0

    async def parse(
        self, body: bytes, content_type: str, url: str, *, zone: ZoneInfo, now: datetime
    ) -> Document:
        """Count the page and read it."""
        self.pages += 1
        return await super().parse(body, content_type, url, zone=zone, now=now)


class Newsroom:
    """Feeds, readers, and the real intake over a real database."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self.window = Window()
        self.manners = Manners(BOT, ZONE, 3 * HOUR, 6 * HOUR)
        self.intake = Intake(self.window, TEXTS, self.manners)

    async def restart(self) -> None:
        """Forget what is only in memory, and fill the window as start-up does."""
        self.window = Window()
        self.window.fill(await stories.window(self.storage, self.clock() - OPEN_FOR))
        self.intake = Intake(self.window, TEXTS, self.manners)

    async def feed(
        self,
        url: str = "https://marfa.example/feed",
        *,
        source: str = "المرفأ",
        section: Section | None = Section.POLITICS,
        host: str = "marfa.example",
        is_new: bool = False,
        interval: timedelta = 10 * MINUTE,
    ) -> FeedId:
        """Add a feed; unless ``is_new`` its first, silent visit lies behind it."""
        now = self.clock()
        async with self.storage.transaction() as tx:
            publisher = await sources.add_source(tx, source, now)
            feed = await sources.add_feed(
                tx, publisher, url, host=host, section=section, interval=interval, now=now
            )
            assert feed is not None
            if not is_new:
                await sources.visited(tx, feed, Visit(now, interval, ok_at=now))
        return feed

    async def row(self, feed: FeedId) -> Feed:
        """Return a feed as it stands."""
        [found] = [one for one in await sources.all_feeds(self.storage) if one.id == feed]
        return found

    async def take(self, feed: FeedId, *entries: Entry) -> Taken:
        """Take a document in and write the feed's row, in one transaction as a poll does."""
        now = self.clock()
        async with self.storage.transaction() as tx:
            taken = await self.intake.take_in(tx, await self.row(feed), Document(entries), now)
            await sources.visited(tx, feed, Visit(now, 10 * MINUTE, ok_at=now))
        return taken

    async def reader(
        self,
        chat: int = 1,
        *sections: Section,
        mode: Mode = Mode.INSTANT,
        zone: str = ZONE.key,
        minutes: Sequence[int] = (),
        weekdays: int = 0b1111111,
    ) -> Subscriber:
        """Let a reader join who follows sections and has digests at local minutes.

        A second goes by: what happens next comes after it joined.
        """
        now = self.clock()
        async with self.storage.transaction() as tx:
            person, _ = await subscribers.join(
                tx, BOT, ChatId(chat), kind=ChatKind.PRIVATE, zone=zone, now=now
            )
            await subscriptions.follow_sections(
                tx, person.id, sections or (Section.POLITICS,), mode, now
            )
            for minute in minutes:
                due = next_digest(minute, weekdays, zone, now)
                await digests.add(
                    tx, person.id, minute, covered_until=now, next_at=due, weekdays=weekdays
                )
        self.clock.turn(SECOND)
        return person

    async def rows(self, sql: str) -> Sequence[Row]:
        """Read what stands in the database."""
        return await self.storage.fetch(sql)

    async def count(self, table: str, where: str = "1 = 1") -> int:
        """Count rows."""
        [row] = await self.rows(f"SELECT count(*) AS n FROM {table} WHERE {where}")
        return int(str(row["n"]))

    async def occasions(self) -> list[str]:
        """Return why waves were begun, in their order."""
        rows = await self.rows(
            "SELECT key FROM waves JOIN occasions ON occasions.id = occasion ORDER BY waves.id"
        )
        return [str(row["key"]) for row in rows]
