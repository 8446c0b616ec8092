"""The ground of the digest tests: the job over a newsroom, and moments of readers' clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.jobs.digest import DigestJob, Paper
from bot.model import Digest, Section, Subscriber
from bot.storage import Storage, digests
from tests.jobs.newsroom import BOT, TEXTS, ZONE, Newsroom, entry

SEVEN = 7 * 60
PAPER = Paper(20, tuple(Section))
MONDAY_ONLY = 0b0000001
FRIDAY = date(2026, 11, 27)  # the day after the tests' now


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


def local(day: date, clock: str, zone: str = ZONE.key) -> datetime:
    """Return the UTC moment of a wall clock."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
