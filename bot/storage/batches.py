"""Batches in flight: what is due is leased here, and what a dead holder left is taken up again.

A batch of a wave is a slice (first, last] of its audience; a batch without a wave holds deliveries
that stood already: personal ones, and tries that must be repeated. What became of them is written
by ``deliveries``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.model import (
    Batch,
    BatchId,
    BotId,
    Parcel,
    Priority,
    Row,
    Subscriber,
    SubscriberId,
    Wave,
    WaveId,
    WaveState,
    to_ms,
)
from bot.storage import Transaction, audience, waves
from bot.storage.parcels import DUE, IN_FLIGHT, parcels_of, standing_from
from bot.storage.rows import id_list, number, number_or_none


async def claim(
    tx: Transaction,
    bot: BotId,
    now: datetime,
    *,
    size: int,
    lease: timedelta,
    mine: Collection[BatchId] = (),
    least: Priority = Priority.BROADCAST,
) -> Batch | None:
    """Lease the most urgent parcels of a bot that are due; none is less urgent than ``least``.

    1. A batch whose holder died goes first: its readers have waited longest. ``mine`` are the
       batches that the caller is sending: after a machine's sleep their leases look dead too.
    2. Then whatever is more urgent: a due delivery or the next slice of a wave.
    """
    stale = await _retake(tx, bot, now, lease, mine, least=least)
    if stale is not None:
        return stale
    wave = await waves.next_due(tx, bot, now, least=least)
    for priority in Priority:
        if priority > least or (wave is not None and wave.priority < priority):
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
    return Batch(batch, await parcels_of(tx, wave, people))


async def _lease(
    tx: Transaction, bot: BotId, wave: WaveId | None, span: tuple[int, int], until: datetime
) -> BatchId:
    rows = await tx.fetch(
        "INSERT INTO batches (bot, wave, first, last, lease_until)"
        " VALUES (:bot, :wave, :first, :last, :until) RETURNING id",
        {"bot": bot, "wave": wave, "first": span[0], "last": span[1], "until": to_ms(until)},
    )
    return BatchId(number(rows[0], "id"))


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
        DUE, {"bot": bot, "now": to_ms(now), "priority": int(priority), "size": size}
    )
    if not rows:
        return None
    batch = await _lease(tx, bot, None, (0, 0), now + lease)
    parcels = tuple(standing_from(row) for row in rows)
    await tx.execute_many(
        "UPDATE deliveries SET state = 'sending', batch = :batch"
        " WHERE occasion = :occasion AND subscriber = :subscriber",
        [
            {"batch": batch, "occasion": parcel.occasion, "subscriber": parcel.subscriber.id}
            for parcel in parcels
        ],
    )
    return Batch(batch, parcels)


async def _retake(
    tx: Transaction,
    bot: BotId,
    now: datetime,
    lease: timedelta,
    mine: Collection[BatchId],
    *,
    least: Priority,
) -> Batch | None:
    """Take up a batch whose lease ran out: its readers that have no settled delivery."""
    rows = await tx.claim(
        "SELECT * FROM batches WHERE bot = :bot AND lease_until <= :now AND NOT EXISTS ("
        "  SELECT 1 FROM waves WHERE waves.id = batches.wave"
        "  AND (waves.state = 'paused' OR waves.priority > :least))"
        " AND id NOT IN (SELECT value FROM json_each(:mine)) ORDER BY lease_until, id LIMIT 1",
        {"bot": bot, "now": to_ms(now), "mine": id_list(mine), "least": int(least)},
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
        standing = await tx.fetch(IN_FLIGHT, {"batch": number(row, "id")})
        return tuple(standing_from(found, takes) for found in standing)
    wave = await waves.get(tx, WaveId(wave_id))
    if wave is None:
        raise StorageError(f"batch {number(row, 'id')} belongs to no wave")
    if wave.state is WaveState.CANCELLED:
        return ()
    return await parcels_of(tx, wave, await people_in(tx, row, wave, now), takes)


async def people_in(tx: Transaction, row: Row, wave: Wave, now: datetime) -> Sequence[Subscriber]:
    """Return whom a row of ``batches``, a slice of the wave, is for and has not reached."""
    return await audience.addressed(
        tx,
        wave,
        after=SubscriberId(number(row, "first")),
        last=SubscriberId(number(row, "last")),
        limit=waves.SPAN,
        now=now,
    )


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
