"""What a reader has chosen, gathered once for the pages that show it; and the sane defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from bot.commands.touch import Touch
from bot.config import Config
from bot.model import (
    EVERY_DAY,
    HOME_SECTIONS,
    ChatKind,
    Digest,
    DigestId,
    Length,
    Mode,
    QuietHours,
    Section,
    Subscriber,
    Taste,
    UrgentChoice,
    section_subject,
)
from bot.outbox.hours import next_digest
from bot.storage import (
    Transaction,
    desk,
    digests,
    invites,
    person,
    subscribers,
    subscriptions,
)
from bot.storage.invites import Kind

MOST_HOURS = 12  # digests a day; who wants more wants the latest


@dataclass(frozen=True, slots=True)
class Choices:
    """A reader with all that was chosen."""

    subscriber: Subscriber
    taste: Taste
    digests: Sequence[Digest]  # in the order of the day

    @property
    def follows(self) -> Mapping[Section, Mode]:
        """Return the sections that are followed, and how."""
        return self.taste.sections

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
        await subscriptions.taste(storage, found.id, touch.now),
        await digests.of(storage, found.id),
    )


class Welcome(Enum):
    """How somebody came in, or did not.

    ``REPEATED``: by a message that was answered before. ``REFUSED``: the key is good no more.
    """

    NEW = "new"
    BACK = "back"
    RESTORED = "restored"  # new to this bot, known to another of the same newsroom
    REPEATED = "repeated"
    REFUSED = "refused"


async def welcome_in(touch: Touch, code: str = "") -> Welcome:
    """Make the chat an active subscriber and say how it came in; ``code``: by this invitation.

    Who is new gets the defaults; who comes back finds the choices of before, and the digests go on
    from now: what was missed meanwhile is not made up for. So does who was here with a token that
    the newsroom had before.
    """
    room, now, message = touch.room, touch.now, touch.message
    async with room.storage.transaction() as tx:
        if message and not await desk.first_time(tx, touch.chat, message.message_id, now):
            return Welcome.REPEATED
        before = await subscribers.find(tx, room.bot, touch.chat)
        if before is None and code and not await invites.use(tx, Kind.READER, code, now):
            return Welcome.REFUSED
        subscriber, is_new = await subscribers.join(
            tx, room.bot, touch.chat,
            kind=ChatKind.PRIVATE, zone=room.config.news.zone.key, now=now,
        )  # fmt: skip
        if is_new and (earlier := await person.elsewhere(tx, room.bot, touch.chat)):
            await person.inherit(tx, subscriber.id, earlier)
            heir = await subscribers.by_id(tx, subscriber.id) or subscriber
            for one in await digests.of(tx, earlier):
                await add_hour(tx, heir, one.minute, one.weekdays, now)
            return Welcome.RESTORED
        if is_new:
            await _write(tx, subscriber, defaults(subscriber, room.config, now), now)
        elif before is not None and not before.is_active:
            for digest in await digests.of(tx, subscriber.id):
                due = next_digest(digest.minute, digest.weekdays, subscriber.zone, now)
                await digests.cover(tx, digest, covered_until=now, next_at=due)
    return Welcome.NEW if is_new else Welcome.BACK


def defaults(reader: Subscriber, config: Config, now: datetime) -> Choices:
    """Return what a reader has chosen who has chosen nothing."""
    zone = config.news.zone.key
    return Choices(
        replace(
            reader,
            zone=zone,
            quiet=QuietHours(),
            urgent=UrgentChoice.YES,
            length=Length.SHORT,
            wants_quiet_day=False,
        ),
        Taste({section_subject(section): Mode.DIGEST for section in HOME_SECTIONS}, {}),
        [
            Digest(
                DigestId(0), reader.id, minute, EVERY_DAY,
                covered_until=now, next_at=next_digest(minute, EVERY_DAY, zone, now),
            )
            for minute in sorted(config.digest.hours)
        ],
    )  # fmt: skip


async def restore(tx: Transaction, choices: Choices, config: Config, now: datetime) -> None:
    """Put all choices back to the defaults; hours that stay the same tell on from where they were.

    What is saved stays, and who has stopped us stays away.
    """
    reader, wanted = choices.subscriber, defaults(choices.subscriber, config, now)
    await subscribers.choose_zone(tx, reader.id, wanted.subscriber.zone)
    await subscribers.choose_quiet(tx, reader.id, wanted.subscriber.quiet)
    await subscribers.choose_urgent(tx, reader.id, wanted.subscriber.urgent)
    await subscribers.choose_length(tx, reader.id, wanted.subscriber.length)
    await subscribers.choose_quiet_day(tx, reader.id, is_wanted=wanted.subscriber.wants_quiet_day)
    await subscriptions.unfollow(tx, reader.id, choices.taste.follows)
    for subject in choices.taste.mutes:
        await subscriptions.unmute(tx, reader.id, subject)
    for minute in set(choices.minutes) - set(wanted.minutes):
        await digests.remove(tx, reader.id, minute)
    await _write(tx, wanted.subscriber, wanted, now)
    await plan_anew(tx, wanted.subscriber, now, wanted.weekdays)


async def _write(tx: Transaction, reader: Subscriber, wanted: Choices, now: datetime) -> None:
    """Write the sections and hours of a reader."""
    for mode in Mode:
        chosen = [section for section, how in wanted.follows.items() if how is mode]
        await subscriptions.follow_sections(tx, reader.id, chosen, mode, now)
    for digest in wanted.digests:
        await add_hour(tx, reader, digest.minute, digest.weekdays, now)


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
