"""Makers for the outbox: readers who join, briefs, waves and personal deliveries to tell them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.model import (
    Audience,
    AudienceKind,
    Batch,
    BatchId,
    BotId,
    Brief,
    BriefId,
    BriefKind,
    ChatId,
    ChatKind,
    DeliveryState,
    Mode,
    Outcome,
    Paragraph,
    Priority,
    Section,
    Sent,
    Subscriber,
    SubscriberId,
    Wave,
    WaveId,
    WaveState,
)
from bot.outbox import settle
from bot.storage import (
    Reader,
    Storage,
    batches,
    briefs,
    deliveries,
    subscribers,
    subscriptions,
    waves,
)
from bot.storage.rows import text
from tests.fakes import THURSDAY

BOT, OTHER_BOT = BotId(70), BotId(71)
ALL = Audience(AudienceKind.ALL)
LEASE = timedelta(minutes=5)
ARRIVED = Sent((1,))


def brief(text: str = "خبر") -> Brief:
    """Make a brief of one paragraph."""
    return Brief(BriefKind.INSTANT, (Paragraph(text),))


async def join(
    storage: Storage, chats: Iterable[int], bot: BotId = BOT, **follows: Mode
) -> list[Subscriber]:
    """Let chats join, in their order, and follow sections named by their command words."""
    people = []
    async with storage.transaction() as tx:
        for chat in chats:
            kind = ChatKind.PRIVATE if chat > 0 else ChatKind.GROUP
            person, _ = await subscribers.join(
                tx, bot, ChatId(chat), kind=kind, zone="Africa/Casablanca", now=THURSDAY
            )
            for section, mode in follows.items():
                await subscriptions.follow_sections(
                    tx, person.id, [Section(section)], mode, THURSDAY
                )
            people.append(person)
    return people


async def say(
    storage: Storage,
    text: str = "خبر",
    *,
    occasion: str = "",
    audience: Audience = ALL,
    priority: Priority = Priority.BROADCAST,
    bot: BotId = BOT,
    now: datetime = THURSDAY,
    lasts: timedelta | None = None,
) -> WaveId:
    """Begin a wave; unless named, its occasion is its text."""
    async with storage.transaction() as tx:
        return await waves.begin(
            tx,
            bot,
            occasion or text,
            await briefs.keep(tx, brief(text), now),
            audience=audience,
            priority=priority,
            now=now,
            lasts=lasts,
        )


async def write(
    storage: Storage,
    person: Subscriber,
    text: str,
    *,
    priority: Priority = Priority.DIGEST,
    now: datetime = THURSDAY,
    lasts: timedelta | None = None,
    brief_id: BriefId | None = None,
) -> int:
    """Write a personal delivery whose occasion is its text."""
    async with storage.transaction() as tx:
        said = brief_id or await briefs.keep(tx, brief(text), now)
        occasion = await waves.occasion(tx, text, now)
        return await deliveries.write(
            tx, occasion, [person.id], said, priority=priority, now=now, lasts=lasts
        )


async def claim(
    storage: Storage,
    now: datetime = THURSDAY,
    *,
    size: int = 25,
    mine: Sequence[int] = (),
    bot: BotId = BOT,
) -> Batch | None:
    """Lease the next batch, and end what is over where there is nobody, as the deliverer does."""
    async with storage.transaction() as tx:
        held = [BatchId(one) for one in mine]
        batch = await batches.claim(tx, bot, now, size=size, lease=LEASE, mine=held)
        if batch is None or not batch.parcels:
            await waves.finish(tx, now)
        return batch


async def answer(
    storage: Storage,
    batch: Batch,
    outcome: Outcome = ARRIVED,
    now: datetime = THURSDAY,
    *,
    only: int | None = None,
) -> None:
    """Settle a batch, or only its first parcels, as the deliverer does when all answer alike."""
    parcels = batch.parcels if only is None else batch.parcels[:only]
    async with storage.transaction() as tx:
        settled = [
            (one, settle.before(one, now) or settle.after(one, outcome, now)) for one in parcels
        ]
        await deliveries.settle(tx, settled, now)
        if only is None:
            await batches.end_batch(tx, batch.id)
        await waves.finish(tx, now)


async def tell_all(
    storage: Storage,
    outcome: Outcome = ARRIVED,
    now: datetime = THURSDAY,
    *,
    size: int = 25,
) -> list[Batch]:
    """Claim and settle until nothing is due; return the batches in their order."""
    told = []
    while (batch := await claim(storage, now, size=size)) is not None:
        await answer(storage, batch, outcome, now)
        if batch.parcels:
            told.append(batch)
    return told


async def wave_of(reader: Reader, wave: WaveId) -> Wave:
    """Return a wave that is there."""
    found = await waves.get(reader, wave)
    assert found is not None
    return found


async def turn(storage: Storage, wave: WaveId, state: WaveState) -> bool:
    """Pause, resume or cancel a wave, as an editor does."""
    async with storage.transaction() as tx:
        return await waves.turn(tx, wave, state, THURSDAY)


async def delivery_of(
    reader: Reader, occasion: str, subscriber: SubscriberId
) -> tuple[DeliveryState, tuple[int, ...]] | None:
    """Return how one reader's delivery of an occasion stands, and its message ids."""
    rows = await reader.fetch(
        "SELECT state, message_ids FROM deliveries"
        " JOIN occasions ON occasions.id = deliveries.occasion"
        " WHERE occasions.key = :key AND subscriber = :subscriber",
        {"key": occasion, "subscriber": subscriber},
    )
    if not rows:
        return None
    state = DeliveryState(text(rows[0], "state"))
    return state, deliveries.messages(rows[0], "message_ids")


async def state_of(reader: Reader, occasion: str, chat: int) -> DeliveryState | None:
    """Return how the delivery of an occasion to a chat stands; None: there is none."""
    person = await subscribers.find(reader, BOT, ChatId(chat))
    assert person is not None
    found = await delivery_of(reader, occasion, person.id)
    return found[0] if found else None


async def restart(storage: Storage) -> None:
    """Do to the outbox what a start-up does: whoever held leases is dead."""
    async with storage.transaction() as tx:
        await batches.release_all(tx)


def chats(*batches: Batch) -> list[int]:
    """Return whom batches write to, in order."""
    return [parcel.subscriber.chat for batch in batches for parcel in batch.parcels]
