"""Batches in flight and the deliveries that settle them: the outbox's memory.

A batch of a wave is a slice (first, last] of its audience; a batch without a wave holds deliveries
that stood already: personal ones, and tries that must be repeated. A delivery row is written once,
when it is settled, or earlier when it has to wait. What is in flight is known from the batch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.model import (
    Batch,
    BatchId,
    BotId,
    BriefId,
    DeliveryState,
    OccasionId,
    Parcel,
    Priority,
    Row,
    Settlement,
    Subscriber,
    SubscriberId,
    Tally,
    Wave,
    WaveId,
    WaveState,
    to_ms,
)
from bot.storage import Reader, Transaction, audience, waves
from bot.storage.rows import id_list, moment_or_none, number, number_or_none, text
from bot.storage.subscribers import subscriber_from

Settled = Sequence[tuple[Parcel, Settlement]]


async def write(
    tx: Transaction,
    occasion: OccasionId,
    subscriber: SubscriberId,
    brief: BriefId,
    *,
    priority: Priority,
    now: datetime,
    lasts: timedelta | None = None,
) -> bool:
    """Write a personal delivery, due now; False when this occasion was told already."""
    written = await tx.execute(
        "INSERT INTO deliveries (occasion, subscriber, state, brief, priority, next_attempt_at,"
        " expires_at, attempts, doubts) VALUES (:occasion, :subscriber, 'waiting', :brief,"
        " :priority, :now, :expires, 0, 0) ON CONFLICT (occasion, subscriber) DO NOTHING",
        {
            "occasion": occasion,
            "subscriber": subscriber,
            "brief": brief,
            "priority": int(priority),
            "now": to_ms(now),
            "expires": to_ms(now + lasts) if lasts else None,
        },
    )
    return written == 1


async def claim(
    tx: Transaction,
    bot: BotId,
    now: datetime,
    *,
    size: int,
    lease: timedelta,
    mine: Collection[BatchId] = (),
) -> Batch | None:
    """Lease the most urgent parcels of a bot that are due.

    1. A batch whose holder died goes first: its readers have waited longest. ``mine`` are the
       batches that the caller is sending: after a machine's sleep their leases look dead too.
    2. Then whatever is more urgent: a due delivery or the next slice of a wave.
    """
    stale = await _retake(tx, bot, now, lease, mine)
    if stale is not None:
        return stale
    wave = await waves.next_due(tx, bot, now)
    for priority in Priority:
        if wave is not None and wave.priority < priority:
            break
        standing = await _claim_standing(tx, bot, now, priority, size=size, lease=lease)
        if standing is not None:
            return standing
    return await _claim_slice(tx, wave, now, size=size, lease=lease) if wave else None


async def _claim_slice(
    tx: Transaction, wave: Wave, now: datetime, *, size: int, lease: timedelta
) -> Batch:
    """Lease a wave's next slice; it may be empty where its audience is thin."""
    reach = SubscriberId(min(wave.cursor + waves.SPAN, wave.last_subscriber))
    people = await audience.addressed(tx, wave, after=wave.cursor, last=reach, limit=size, now=now)
    last = people[-1].id if len(people) == size else reach
    await waves.advance(tx, wave.id, last)
    batch = BatchId(0)
    if people:
        batch = await _lease(tx, wave.bot, wave.id, (wave.cursor, last), now + lease)
    return Batch(batch, tuple(_parcel_of(wave, person) for person in people))


async def _lease(
    tx: Transaction, bot: BotId, wave: WaveId | None, span: tuple[int, int], until: datetime
) -> BatchId:
    rows = await tx.fetch(
        "INSERT INTO batches (bot, wave, first, last, lease_until)"
        " VALUES (:bot, :wave, :first, :last, :until) RETURNING id",
        {"bot": bot, "wave": wave, "first": span[0], "last": span[1], "until": to_ms(until)},
    )
    return BatchId(number(rows[0], "id"))


def _parcel_of(wave: Wave, subscriber: Subscriber, takes: int = 1) -> Parcel:
    return Parcel(
        occasion=wave.occasion,
        brief=wave.brief,
        subscriber=subscriber,
        priority=wave.priority,
        expires_at=wave.expires_at,
        wave=wave.id,
        doubts=takes - 1,
    )


async def _claim_standing(
    tx: Transaction,
    bot: BotId,
    now: datetime,
    priority: Priority,
    *,
    size: int,
    lease: timedelta,
) -> Batch | None:
    """Lease deliveries of one priority that stand and are due, the longest due first.

    One priority at a time: the index leads to the due ones, past a million that sleep till morning.
    """
    rows = await tx.claim(
        "SELECT deliveries.*, subscribers.* FROM deliveries"
        " JOIN subscribers ON subscribers.id = deliveries.subscriber"
        " WHERE state = 'waiting' AND priority = :priority AND next_attempt_at <= :now"
        " AND bot = :bot AND (wave IS NULL OR EXISTS (SELECT 1 FROM waves"
        "  WHERE waves.id = deliveries.wave AND waves.state = 'open'))"
        " ORDER BY next_attempt_at LIMIT :size",
        {"bot": bot, "now": to_ms(now), "priority": int(priority), "size": size},
    )
    if not rows:
        return None
    batch = await _lease(tx, bot, None, (0, 0), now + lease)
    parcels = tuple(_standing(row) for row in rows)
    await tx.execute_many(
        "UPDATE deliveries SET state = 'sending', batch = :batch"
        " WHERE occasion = :occasion AND subscriber = :subscriber",
        [
            {"batch": batch, "occasion": parcel.occasion, "subscriber": parcel.subscriber.id}
            for parcel in parcels
        ],
    )
    return Batch(batch, parcels)


def _standing(row: Row, takes: int = 1) -> Parcel:
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
    )


async def _retake(
    tx: Transaction, bot: BotId, now: datetime, lease: timedelta, mine: Collection[BatchId]
) -> Batch | None:
    """Take up a batch whose lease ran out: its readers that have no settled delivery."""
    rows = await tx.claim(
        "SELECT * FROM batches WHERE bot = :bot AND lease_until <= :now AND NOT EXISTS ("
        "  SELECT 1 FROM waves WHERE waves.id = batches.wave AND waves.state = 'paused')"
        " AND id NOT IN (SELECT value FROM json_each(:mine)) ORDER BY lease_until, id LIMIT 1",
        {"bot": bot, "now": to_ms(now), "mine": id_list(mine)},
    )
    if not rows:
        return None
    row = rows[0]
    batch, takes = BatchId(number(row, "id")), number(row, "takes") + 1
    await tx.execute(
        "UPDATE batches SET lease_until = :until, takes = :takes WHERE id = :id",
        {"id": batch, "until": to_ms(now + lease), "takes": takes},
    )
    await _let_halted_go(tx, batch, takes, now)
    parcels = await _left_in(tx, row, takes, now)
    if not parcels:
        await end_batch(tx, batch)
        return Batch(BatchId(0), ())
    return Batch(batch, parcels, takes)


async def _let_halted_go(tx: Transaction, batch: BatchId, takes: int, now: datetime) -> None:
    """Let deliveries of paused and cancelled waves leave a batch: they wait, or are skipped."""
    halted = await tx.fetch(
        "SELECT DISTINCT waves.id AS wave FROM deliveries JOIN waves ON waves.id = deliveries.wave"
        " WHERE deliveries.state = 'sending' AND batch = :batch AND waves.state <> 'open'",
        {"batch": batch},
    )
    for row in halted:
        wave = WaveId(number(row, "wave"))
        await tx.execute(
            "UPDATE deliveries SET state = 'waiting', batch = NULL, doubts = doubts + :doubts"
            " WHERE state = 'sending' AND batch = :batch AND wave = :wave",
            {"doubts": takes - 1, "batch": batch, "wave": wave},
        )
        await waves.drop_if_cancelled(tx, wave, now)


async def _left_in(tx: Transaction, row: Row, takes: int, now: datetime) -> tuple[Parcel, ...]:
    wave_id = number_or_none(row, "wave")
    if wave_id is None:
        standing = await tx.fetch(
            "SELECT deliveries.*, subscribers.* FROM deliveries"
            " JOIN subscribers ON subscribers.id = deliveries.subscriber"
            " WHERE state = 'sending' AND batch = :batch",
            {"batch": number(row, "id")},
        )
        return tuple(_standing(found, takes) for found in standing)
    wave = await waves.get(tx, WaveId(wave_id))
    if wave is None:
        raise StorageError(f"batch {number(row, 'id')} belongs to no wave")
    if wave.state is WaveState.CANCELLED:
        return ()
    people = await audience.addressed(
        tx,
        wave,
        after=SubscriberId(number(row, "first")),
        last=SubscriberId(number(row, "last")),
        limit=waves.SPAN,
        now=now,
    )
    return tuple(_parcel_of(wave, person, takes) for person in people)


async def settle(tx: Transaction, settled: Settled, now: datetime) -> None:
    """Write what became of parcels, and add the final ones to their waves' tallies."""
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
    for wave, more in _tallies(settled).items():
        await waves.add_to_tally(tx, wave, more)
    waiting = {parcel.wave for parcel, settlement in settled if not settlement.is_final}
    for wave_id in waiting:
        if wave_id is not None:
            await waves.drop_if_cancelled(tx, wave_id, now)


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


async def end_batch(tx: Transaction, batch: BatchId) -> None:
    """End a lease: every parcel of the batch is settled."""
    await tx.execute("DELETE FROM batches WHERE id = :id", {"id": batch})


async def give_back(tx: Transaction, batch: BatchId) -> None:
    """Give a batch back that was not sent to its end: it is due at once, and no try is counted."""
    await tx.execute(
        "UPDATE batches SET lease_until = 0, takes = takes - 1 WHERE id = :id", {"id": batch}
    )


async def release_all(tx: Transaction) -> None:
    """End every lease: at start-up all their holders are dead."""
    await tx.execute("UPDATE batches SET lease_until = 0")


async def state_of(
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
    ids = json.loads(text(rows[0], "message_ids") or "[]")
    return DeliveryState(text(rows[0], "state")), tuple(ids)
