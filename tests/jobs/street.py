"""Readers before a newsroom, for the jobs' tests: what they follow, mute, and get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.model import Entry, FeedId, Mode, Section, StoryId, Subject, Subscriber
from bot.storage import subscriptions
from tests.crowd import tell_all
from tests.jobs.newsroom import FIRE, FIRE_ELSEWHERE, Newsroom, entry


class Street:
    """Readers before a newsroom: what they follow, mute, and get."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.clock = newsroom.clock

    async def reader(
        self, chat: int, *subjects: Subject, sections: Sequence[Section] = (Section.WORLD,),
        mode: Mode = Mode.DIGEST,
    ) -> Subscriber:  # fmt: skip
        """Let a reader join who follows subjects instantly, and sections in a mode."""
        person = await self.newsroom.reader(chat, *sections, mode=mode)
        await self.follow(person, *subjects)
        return person

    async def follow(
        self, person: Subscriber, *subjects: Subject, mode: Mode = Mode.INSTANT
    ) -> None:
        async with self.newsroom.storage.transaction() as tx:
            await subscriptions.follow(tx, person.id, subjects, mode, self.clock())

    async def mute(
        self, person: Subscriber, subject: Subject, lasts: timedelta | None = None
    ) -> None:
        now = self.clock()
        async with self.newsroom.storage.transaction() as tx:
            until = now + lasts if lasts else None
            await subscriptions.mute(tx, person.id, subject, until=until, now=now)

    async def delivered(self) -> list[tuple[int, str]]:
        """Deliver what is due; return chats and occasions in order."""
        told = await tell_all(self.newsroom.storage, now=self.clock())
        rows = await self.newsroom.rows("SELECT id, key FROM occasions")
        keys = {row["id"]: str(row["key"]) for row in rows}
        return [
            (parcel.subscriber.chat, keys[parcel.occasion])
            for batch in told
            for parcel in batch.parcels
        ]

    async def told(self) -> list[int]:
        """Deliver what is due; return the chats."""
        return sorted(chat for chat, _ in await self.delivered())

    async def story(self) -> StoryId:
        """Return the only story."""
        [row] = await self.newsroom.rows("SELECT id FROM stories")
        return StoryId(int(str(row["id"])))

    async def papers(self) -> tuple[FeedId, FeedId, FeedId]:
        """Add three newspapers; their sources are 1, 2 and 3."""
        names = ("المرفأ", "الساحل", "الجبل")
        here, there, third = [
            await self.newsroom.feed(f"https://{number}.example/feed", source=name)
            for number, name in enumerate(names)
        ]
        return here, there, third

    async def content(self, chat: int) -> list[str]:
        """Return what a reader was told, in the order in which it was laid out."""
        rows = await self.newsroom.storage.fetch(
            "SELECT content FROM deliveries JOIN briefs ON briefs.id = brief"
            " JOIN subscribers ON subscribers.id = subscriber"
            " WHERE chat = :chat AND state = 'sent' ORDER BY brief",
            {"chat": chat},
        )
        return [str(row["content"]) for row in rows]


def fire(number: int = 1, **more: object) -> Entry:
    return entry(number, title=FIRE[0], body=FIRE[1], **more)


def fire_elsewhere(number: int = 2, **more: object) -> Entry:
    return entry(number, title=FIRE_ELSEWHERE[0], body=FIRE_ELSEWHERE[1], **more)


def urgent(one: Entry) -> Entry:
    return replace(one, title=f"عاجل: {one.title}")
