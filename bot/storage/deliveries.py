"""What became of each occasion for each reader: the outbox's memory, one row a delivery.

A row is written once, when it is settled, or earlier when it has to wait. What is in flight is
known from its batch (``batches``). No occasion has two rows of one reader: nobody hears it twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.model import (
    BriefId,
    DeliveryState,
    OccasionId,
    Parcel,
    Priority,
    Row,
    Settlement,
    SubscriberId,
    Tally,
    WaveId,
    to_ms,
)
from bot.storage import Reader, Transaction, Value, stats, waves
from bot.storage.rows import id_list, number, text

Settled = Sequence[tuple[Parcel, Settlement]]

HUSHED: Final = "muted words"  # the reason of a delivery that its reader's muted words keep away
TOGETHER: Final = "told together"  # the reason of one that another brief tells with others

_STATE: Final = ("state", "priority", "next", "expires", "tries", "settled", "reason")
_NEW = """
    INSERT INTO deliveries (occasion, subscriber, brief, state, priority, next_attempt_at,
      expires_at, attempts, doubts, settled_at, reason)
    SELECT :occasion, value, :brief, :state, :priority, :next, :expires, :tries, :tries, :settled,
      :reason FROM json_each(:readers) WHERE true ON CONFLICT (occasion, subscriber) DO NOTHING
"""


async def write(
    tx: Transaction,
    occasion: OccasionId,
    readers: Collection[SubscriberId],
    brief: BriefId,
    *,
    priority: Priority,
    now: datetime,
    lasts: timedelta | None = None,
) -> int:
    """Write a personal delivery for each reader, due now; return how many had none of this."""
    waiting: dict[str, Value] = {
        "state": DeliveryState.WAITING.value,
        "priority": int(priority),
        "next": to_ms(now),
        "expires": to_ms(now + lasts) if lasts else None,
        "tries": 0,
    }
    return await _add(tx, occasion, readers, brief, waiting)


async def skip(
    tx: Transaction,
    occasion: OccasionId,
    readers: Collection[SubscriberId],
    brief: BriefId,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Let an occasion pass readers by, under no wave: none will tell them of it any more."""
    skipped: dict[str, Value] = {
        "state": DeliveryState.SKIPPED.value,
        "settled": to_ms(now),
        "reason": reason,
    }
    await _add(tx, occasion, readers, brief, skipped)


async def _add(
    tx: Transaction,
    occasion: OccasionId,
    readers: Collection[SubscriberId],
    brief: BriefId,
    state: dict[str, Value],
) -> int:
    """Write rows in a state for readers who have none of this occasion; return how many."""
    row: dict[str, Value] = dict.fromkeys(_STATE)
    row |= {"occasion": occasion, "readers": id_list(readers), "brief": brief}
    return await tx.execute(_NEW, row | state)


async def hurry(
    tx: Transaction, occasion: OccasionId, brief: BriefId, *, now: datetime, lasts: timedelta
) -> None:
    """Let the personal deliveries of an occasion wait no longer: it has become urgent."""
    await tx.execute(
        "UPDATE deliveries SET brief = :brief, priority = :urgent, next_attempt_at = :now,"
        " expires_at = :expires WHERE occasion = :occasion AND state = 'waiting' AND wave IS NULL",
        {
            "occasion": occasion,
            "brief": brief,
            "urgent": int(Priority.URGENT),
            "now": to_ms(now),
            "expires": to_ms(now + lasts),
        },
    )


async def call_off(tx: Transaction, occasion: OccasionId) -> None:
    """Drop the personal deliveries of an occasion that wait as urgent: it is urgent no more.

    Nothing is left of them: whom they were for has not heard of it, and may hear of it later.
    """
    await tx.execute(
        "DELETE FROM deliveries WHERE occasion = :occasion AND state IN ('waiting', 'held')"
        " AND wave IS NULL AND priority = :urgent",
        {"occasion": occasion, "urgent": int(Priority.URGENT)},
    )


async def told_since(reader: Reader, occasion: OccasionId, since: datetime) -> int:
    """Count whom an occasion has reached since a moment."""
    rows = await reader.fetch(
        "SELECT count(*) AS readers FROM deliveries"
        " WHERE occasion = :occasion AND state = 'sent' AND settled_at >= :since",
        {"occasion": occasion, "since": to_ms(since)},
    )
    return number(rows[0], "readers")


async def settle(tx: Transaction, settled: Settled, now: datetime) -> None:
    """Write what became of parcels, and add the final ones to their waves' tallies.

    Of a chat that was forgotten meanwhile nothing is written.
    """
    settled, forgotten = await _part_forgotten(tx, settled)
    await tx.execute_many(
        "INSERT INTO deliveries (occasion, subscriber, state, brief, wave, message_ids, settled_at,"
        " priority, next_attempt_at, expires_at, attempts, doubts, reason) VALUES (:occasion,"
        " :subscriber, :state, :brief, :wave, :message_ids, :settled_at, :priority, :next,"
        " :expires, :attempts, :doubts, :reason) ON CONFLICT (occasion, subscriber) DO UPDATE SET"
        " state = excluded.state, message_ids = excluded.message_ids, batch = NULL,"
        " wave = excluded.wave, brief = excluded.brief, priority = excluded.priority,"
        " expires_at = excluded.expires_at,"
        " settled_at = excluded.settled_at, next_attempt_at = excluded.next_attempt_at,"
        " attempts = excluded.attempts, doubts = excluded.doubts, reason = excluded.reason",
        [_columns(parcel, settlement, now) for parcel, settlement in settled],
    )
    await stats.count_settled(tx, settled, now)
    for wave, more in _tallies([*settled, *forgotten]).items():
        await waves.add_to_tally(tx, wave, more)
    waiting = {parcel.wave for parcel, settlement in settled if not settlement.is_final}
    for wave_id in waiting:
        if wave_id is not None:
            await waves.drop_if_cancelled(tx, wave_id, now)


async def _part_forgotten(
    tx: Transaction, settled: Settled
) -> tuple[Settled, list[tuple[Parcel, Settlement]]]:
    """Part what is written from what is only counted: the parcels of chats that were forgotten.

    One whose row stood was counted when that was erased. One that would be tried again is skipped.
    """
    rows = await tx.fetch(
        "SELECT id FROM subscribers WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": id_list({parcel.subscriber.id for parcel, _ in settled})},
    )
    known = {number(row, "id") for row in rows}
    forgotten = [
        (parcel, one if one.is_final else Settlement(DeliveryState.SKIPPED, reason="forgotten"))
        for parcel, one in settled
        if parcel.subscriber.id not in known and not parcel.is_written
    ]
    return [one for one in settled if one[0].subscriber.id in known], forgotten


def _columns(parcel: Parcel, settlement: Settlement, now: datetime) -> dict[str, int | str | None]:
    """Return a row; what only a waiting row needs is left NULL in a final one."""
    final = settlement.is_final
    next_at, expires = settlement.next_attempt_at, parcel.expires_at
    return {
        "occasion": parcel.occasion,
        "subscriber": parcel.subscriber.id,
        "state": settlement.state.value,
        "brief": parcel.brief,
        "wave": parcel.wave,
        "message_ids": json.dumps(settlement.message_ids) if settlement.message_ids else None,
        "settled_at": to_ms(now) if final else None,
        "priority": None if final else int(parcel.priority),
        "next": to_ms(next_at) if next_at else None,
        "expires": to_ms(expires) if expires and not final else None,
        "attempts": None if final else settlement.attempts,
        "doubts": None if final else settlement.doubts,
        # Words of the other side: half a letter in them must not keep a batch from being settled.
        "reason": settlement.reason.encode(errors="replace").decode() or None,
    }


def _tallies(settled: Settled) -> dict[WaveId, Tally]:
    counts: dict[WaveId, Counter[DeliveryState]] = {}
    for parcel, settlement in settled:
        if parcel.wave is not None and settlement.is_final:
            counts.setdefault(parcel.wave, Counter())[settlement.state] += 1
    return {
        wave: Tally(
            sent=count[DeliveryState.SENT],
            unreachable=count[DeliveryState.UNREACHABLE],
            rejected=count[DeliveryState.REJECTED],
            unsure=count[DeliveryState.UNSURE],
            skipped=count[DeliveryState.SKIPPED],
        )
        for wave, count in counts.items()
    }


def messages(row: Row, column: str) -> tuple[int, ...]:
    """Read the numbers of messages that a reader has; none: an empty column."""
    return tuple(json.loads(text(row, column) or "[]"))
