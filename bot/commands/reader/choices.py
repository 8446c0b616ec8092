"""What a reader has chosen, gathered once for the pages that show it; and the sane defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from bot.commands.touch import Touch
from bot.model import EVERY_DAY, HOME_SECTIONS, ChatKind, Digest, Mode, Section, Subscriber
from bot.outbox.hours import next_digest
from bot.storage import Transaction, desk, digests, subscribers, subscriptions

MOST_HOURS = 12  # digests a day; who wants more wants the latest


@dataclass(frozen=True, slots=True)
class Choices:
    """A reader with all that was chosen."""

    subscriber: Subscriber
    follows: Mapping[Section, Mode]
    digests: Sequence[Digest]  # in the order of the day

    @property
    def zone(self) -> ZoneInfo:
        """Return the reader's zone."""
        return ZoneInfo(self.subscriber.zone)

    @property
    def minutes(self) -> Sequence[int]:
        """Return the minutes of the day at which a digest is due."""
        return [digest.minute for digest in self.digests]

    @property
    def weekdays(self) -> int:
        """Return the days of the digests, which are the same for all; bit 0 is Monday."""
        return self.digests[0].weekdays if self.digests else EVERY_DAY

    @property
    def next_at(self) -> datetime | None:
        """Return when the next digest is due."""
        return min((digest.next_at for digest in self.digests), default=None)


async def choices_of(touch: Touch) -> Choices | None:
    """Return what the person of this chat has chosen; None: we have never met."""
    found = await touch.subscriber()
    if found is None:
        return None
    storage = touch.room.storage
    return Choices(
        found,
        await subscriptions.sections(storage, found.id),
        await digests.of(storage, found.id),
    )


class Welcome(Enum):
    """How somebody came in; ``REPEATED``: by a message that was answered before."""

    NEW = "new"
    BACK = "back"
    REPEATED = "repeated"


async def welcome_in(touch: Touch) -> Welcome:
    """Make the chat an active subscriber and say how it came in.

    Who is new gets the defaults; who comes back finds the choices of before, and the digests go on
    from now: what was missed meanwhile is not made up for.
    """
    room, now, message = touch.room, touch.now, touch.message
    async with room.storage.transaction() as tx:
        if message and not await desk.first_time(tx, touch.chat, message.message_id, now):
            return Welcome.REPEATED
        before = await subscribers.find(tx, room.bot, touch.chat)
        subscriber, is_new = await subscribers.join(
            tx, room.bot, touch.chat,
            kind=ChatKind.PRIVATE, zone=room.config.news.zone.key, now=now,
        )  # fmt: skip
        if is_new:
            await subscriptions.follow_sections(tx, subscriber.id, HOME_SECTIONS, Mode.DIGEST, now)
            for minute in room.config.digest.hours:
                await add_hour(tx, subscriber, minute, EVERY_DAY, now)
        elif before is not None and not before.is_active:
            for digest in await digests.of(tx, subscriber.id):
                due = next_digest(digest.minute, digest.weekdays, subscriber.zone, now)
                await digests.cover(tx, digest, covered_until=now, next_at=due)
    return Welcome.NEW if is_new else Welcome.BACK


async def add_hour(
    tx: Transaction, subscriber: Subscriber, minute: int, weekdays: int, now: datetime
) -> None:
    """Give a reader one more hour; its first digest tells what happens from now on.

    Beyond ``MOST_HOURS`` nothing happens.
    """
    if len(await digests.of(tx, subscriber.id)) >= MOST_HOURS:
        return
    due = next_digest(minute, weekdays, subscriber.zone, now)
    await digests.add(tx, subscriber.id, minute, covered_until=now, next_at=due, weekdays=weekdays)


async def plan_anew(
    tx: Transaction, subscriber: Subscriber, now: datetime, weekdays: int | None = None
) -> None:
    """Move every next hour after the reader's zone or days have changed."""
    for digest in await digests.of(tx, subscriber.id):
        days = digest.weekdays if weekdays is None else weekdays
        due = next_digest(digest.minute, days, subscriber.zone, now)
        await digests.plan(tx, digest.id, next_at=due, weekdays=days)
