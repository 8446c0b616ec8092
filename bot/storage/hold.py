"""What is on hold until an owner agrees: all that would be sent by a copy of the database.

Two machines with one database and one token would tell every reader everything twice, and a
database restored from yesterday would tell it again. So a database that wakes elsewhere, or that
was restored, sends nothing of what it had in hand: waves, deliveries that wait, broadcasts that
have an hour. What is new flows as usual. ``app`` calls ``arrive`` at the start, the restoring
command ``hold_all``, the owner's buttons ``release`` and ``drop``.

The setting ``hold`` is open while an owner has not decided, and names the hold by its moment, so
that the buttons of an earlier one decide nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.model import (
    BatchId,
    DeliveryState,
    DigestId,
    Settlement,
    WaveId,
    WaveState,
    to_ms,
)
from bot.outbox.hours import next_digest
from bot.storage import (
    Reader,
    Transaction,
    absence,
    audience,
    audit,
    batches,
    deliveries,
    desk,
    digests,
    waves,
)
from bot.storage.parcels import parcels_of
from bot.storage.rows import moment_or_none, number, text

Why = Literal["moved", "restored"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A question to the owners. ``id`` names it in their buttons."""

    id: int  # its moment in milliseconds
    why: Why
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for the owners' word."""

    waves: int  # briefs on their way to an audience, broadcasts with an hour included
    readers: int  # messages that they would be
    oldest: datetime | None  # since when the oldest of them is on its way; None: nothing waits


async def arrive(tx: Transaction, place: str, now: datetime) -> None:
    """Know where the database is; at another place than before, put everything on hold.

    ``place`` names machine and file. A database that knows no place is new, or was upgraded here.
    """
    before = await desk.setting(tx, "place")
    if before == place:
        return
    await desk.keep_setting(tx, "place", place)
    if before is not None:
        await hold_all(tx, "moved", now)


async def hold_all(tx: Transaction, why: Why, now: datetime) -> None:
    """Put on hold all that would be sent; where nothing would be, nothing is asked.

    1. End what is over, so that nobody is asked about it.
    2. What was in flight waits with a doubt: it may have arrived.
    3. Waves, deliveries and scheduled broadcasts stand still.
    4. Digests whose hour has passed were sent by whoever had the hour; the next one covers them.
    5. So was what the feeds have told since: what is found first is stored and pushed to nobody, at
       once or as missed in an outage. The digest tells it.
    """
    await waves.finish(tx, now)
    await _ground(tx, now)
    await tx.execute(
        "UPDATE waves SET held_from = state, state = 'held' WHERE state IN ('open', 'paused')"
    )
    await tx.execute(
        "UPDATE deliveries SET doubts = doubts + CASE state WHEN 'sending' THEN 1 ELSE 0 END,"
        " state = 'held', batch = NULL WHERE state IN ('waiting', 'sending')"
    )
    await tx.execute("UPDATE broadcasts SET state = 'held' WHERE state = 'scheduled'")
    await _pass_over(tx, now)
    await tx.execute("UPDATE feeds SET is_silent = 1")
    await absence.end(tx)
    await absence.live(tx, now)
    found = await waiting(tx, now)
    if found.waves or found.readers:
        known = await open_hold(tx)
        await _keep(tx, Hold(to_ms(now), known.why if known else why))
        details = {"why": why, "waves": found.waves, "readers": found.readers}
        await audit.note(tx, None, "hold.begin", details, now)


async def _ground(tx: Transaction, now: datetime) -> None:
    """Turn batches into deliveries that are held: whoever sent them sends elsewhere, or is dead."""
    for row in await tx.fetch("SELECT * FROM batches WHERE wave IS NOT NULL"):
        wave = await waves.get(tx, WaveId(number(row, "wave")))
        if wave is not None and wave.state is not WaveState.CANCELLED:
            people = await batches.people_in(tx, row, wave, now)
            takes = number(row, "takes")
            held = Settlement(DeliveryState.HELD, next_attempt_at=now, doubts=takes)
            left = await parcels_of(tx, wave, people)
            await deliveries.settle(tx, [(parcel, held) for parcel in left], now)
    for row in await tx.fetch("SELECT id FROM batches"):
        await batches.end_batch(tx, BatchId(number(row, "id")))


async def _pass_over(tx: Transaction, now: datetime) -> None:
    rows = await tx.fetch(
        "SELECT digests.id AS id, minute, weekdays, zone FROM digests"
        " JOIN subscribers ON subscribers.id = digests.subscriber WHERE next_at <= :now",
        {"now": to_ms(now)},
    )
    for row in rows:
        minute, weekdays = number(row, "minute"), number(row, "weekdays")
        next_at = next_digest(minute, weekdays, text(row, "zone"), now)
        await digests.plan(tx, DigestId(number(row, "id")), next_at=next_at)


async def open_hold(reader: Reader) -> Hold | None:
    """Return the question that the owners have not answered."""
    kept = json.loads(await desk.setting(reader, "hold") or "null")
    return Hold(int(kept["at"]), kept["why"], bool(kept["asked"])) if kept else None


async def asked(tx: Transaction, question: Hold) -> None:
    """Note that the owners have been asked."""
    await _keep(tx, replace(question, is_asked=True))


async def _keep(tx: Transaction, question: Hold) -> None:
    kept = {"at": question.id, "why": question.why, "asked": question.is_asked}
    await desk.keep_setting(tx, "hold", json.dumps(kept))


async def waiting(reader: Reader, now: datetime) -> Held:
    """Count what is on hold."""
    held = [
        waves.wave_from(row)
        for row in await reader.fetch("SELECT * FROM waves WHERE state = 'held'")
    ]
    rows = await reader.fetch(
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'held') AS readers,"
        " (SELECT count(*) FROM broadcasts WHERE state = 'held') AS planned,"
        " (SELECT coalesce(sum(total), 0) FROM broadcasts WHERE state = 'held') AS people,"
        " (SELECT min(created_at) FROM (SELECT created_at FROM waves WHERE state = 'held'"
        "  UNION ALL SELECT created_at FROM broadcasts WHERE state = 'held'"
        "  UNION ALL SELECT occasions.created_at FROM deliveries JOIN occasions"
        "   ON occasions.id = deliveries.occasion WHERE state = 'held')) AS oldest"
    )
    counts = rows[0]
    readers = number(counts, "readers") + number(counts, "people")
    for wave in held:
        readers += await audience.untold(reader, wave, now)
    return Held(
        waves=len(held) + number(counts, "planned"),
        readers=readers,
        oldest=moment_or_none(counts, "oldest"),
    )


async def release(tx: Transaction, now: datetime) -> Held:
    """Let everything go on as it stood; what has expired meanwhile ends by its own rule."""
    found = await waiting(tx, now)
    await tx.execute(
        "UPDATE waves SET state = coalesce(held_from, 'open'), held_from = NULL"
        " WHERE state = 'held'"
    )
    await tx.execute("UPDATE deliveries SET state = 'waiting' WHERE state = 'held'")
    await tx.execute("UPDATE broadcasts SET state = 'scheduled' WHERE state = 'held'")
    await desk.keep_setting(tx, "hold", "")
    await waves.finish(tx, now)
    return found


async def drop(tx: Transaction, now: datetime) -> Held:
    """Give up all that is on hold: whoever has it keeps it, nobody else hears of it."""
    found = await waiting(tx, now)
    for row in await tx.fetch("SELECT id FROM waves WHERE state = 'held'"):
        await waves.turn(tx, WaveId(number(row, "id")), WaveState.CANCELLED, now)
    await tx.execute(
        "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = 'cancelled'"
        " WHERE state = 'held'",
        {"now": to_ms(now)},
    )
    await tx.execute("UPDATE broadcasts SET state = 'dropped' WHERE state = 'held'")
    await desk.keep_setting(tx, "hold", "")
    return found
