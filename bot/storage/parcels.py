"""Rows of what is due → parcels, each with what its wave does; ``batches`` leases them.

A parcel of a wave that follows an occasion up carries the messages that its reader has of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.model import (
    Act,
    BriefId,
    OccasionId,
    Parcel,
    Priority,
    Row,
    Subscriber,
    SubscriberId,
    Wave,
    WaveId,
)
from bot.storage import Reader
from bot.storage.deliveries import messages
from bot.storage.rows import id_list, moment_or_none, number, number_or_none, text
from bot.storage.subscribers import subscriber_from

# A standing delivery with its reader, what its wave does, and what it follows up.
STANDING = """
    SELECT deliveries.*, subscribers.*, waves.act AS act, kept.message_ids AS kept_ids
    FROM deliveries
    JOIN subscribers ON subscribers.id = deliveries.subscriber
    LEFT JOIN waves ON waves.id = deliveries.wave
    LEFT JOIN deliveries AS kept ON waves.act <> 'send'
      AND kept.occasion = waves.follows_up AND kept.subscriber = deliveries.subscriber
"""
# A reader of another wave's slice in flight is being told of the occasion: it has no row yet.
DUE = f"""
    {STANDING}
    WHERE deliveries.state = 'waiting' AND deliveries.priority = :priority
    AND deliveries.next_attempt_at <= :now AND subscribers.bot = :bot
    AND (deliveries.wave IS NULL OR waves.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM batches JOIN waves AS other ON other.id = batches.wave
      WHERE other.occasion = deliveries.occasion AND other.id IS NOT deliveries.wave
      AND deliveries.subscriber > batches.first AND deliveries.subscriber <= batches.last)
    ORDER BY deliveries.next_attempt_at LIMIT :size
"""  # noqa: S608 - built of constants of this file
IN_FLIGHT = f"{STANDING} WHERE deliveries.state = 'sending' AND deliveries.batch = :batch"


async def parcels_of(
    reader: Reader, wave: Wave, people: Sequence[Subscriber], takes: int = 1
) -> tuple[Parcel, ...]:
    """Make parcels of a wave's readers, each with the messages that the wave is about."""
    kept: Mapping[SubscriberId, tuple[int, ...]] = {}
    if wave.act is not Act.SEND and people:
        kept = await _kept(reader, wave, (person.id for person in people))
    return tuple(
        Parcel(
            occasion=wave.occasion,
            brief=wave.brief,
            subscriber=person,
            priority=wave.priority,
            expires_at=wave.expires_at,
            wave=wave.id,
            doubts=takes - 1,
            act=wave.act,
            messages=kept.get(person.id, ()),
        )
        for person in people
    )


async def _kept(
    reader: Reader, wave: Wave, people: Iterable[SubscriberId]
) -> Mapping[SubscriberId, tuple[int, ...]]:
    """Return the messages that readers have of the occasion which a wave follows up."""
    rows = await reader.fetch(
        "SELECT subscriber, message_ids FROM deliveries WHERE occasion = :occasion"
        " AND subscriber IN (SELECT value FROM json_each(:people))",
        {"occasion": wave.audience.follows_up, "people": id_list(people)},
    )
    return {SubscriberId(number(row, "subscriber")): messages(row, "message_ids") for row in rows}


def standing_from(row: Row, takes: int = 1) -> Parcel:
    """Map a row of DUE or IN_FLIGHT; taken up again, every earlier try is a doubt."""
    wave = number_or_none(row, "wave")
    return Parcel(
        occasion=OccasionId(number(row, "occasion")),
        brief=BriefId(number(row, "brief")),
        subscriber=subscriber_from(row),
        priority=Priority(number(row, "priority")),
        expires_at=moment_or_none(row, "expires_at"),
        wave=None if wave is None else WaveId(wave),
        is_written=True,
        attempts=number(row, "attempts"),
        doubts=number(row, "doubts") + takes - 1,
        act=Act(text(row, "act") or Act.SEND),
        messages=messages(row, "kept_ids"),
    )
