"""Broadcasts that have an hour: planned, due, missed, moved; the beat of announcements asks.

A planned hour makes nothing by itself: who finds it due begins the wave, and the audience is the
one of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import BotId, BroadcastId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.broadcasts import Broadcast, broadcast_from


async def plan(tx: Transaction, broadcast: BroadcastId, due: datetime | None) -> None:
    """Keep the hour of what is not confirmed yet; None: as soon as it is confirmed."""
    await tx.execute(
        "UPDATE broadcasts SET due_at = :due WHERE id = :id AND state = 'draft'",
        {"id": broadcast, "due": to_ms(due) if due else None},
    )


async def schedule(tx: Transaction, broadcast: BroadcastId, due: datetime, now: datetime) -> bool:
    """Confirm a draft for an hour, or give what is planned another one; False: it is neither."""
    scheduled = await tx.execute(
        "UPDATE broadcasts SET state = 'scheduled', due_at = :due, progress_message = NULL,"
        " confirmed_at = coalesce(confirmed_at, :now)"
        " WHERE id = :id AND state IN ('draft', 'scheduled', 'late')",
        {"id": broadcast, "due": to_ms(due), "now": to_ms(now)},
    )
    return scheduled == 1


async def due(reader: Reader, bot: BotId, now: datetime) -> Sequence[Broadcast]:
    """Return the scheduled broadcasts of a bot whose hour has come."""
    rows = await reader.fetch(
        "SELECT * FROM broadcasts WHERE state = 'scheduled' AND due_at <= :now AND bot = :bot"
        " ORDER BY due_at, id",
        {"bot": bot, "now": to_ms(now)},
    )
    return [broadcast_from(row) for row in rows]


async def miss(tx: Transaction, broadcast: BroadcastId) -> bool:
    """Note that the hour of a scheduled one passed; False when it is scheduled no more."""
    missed = await tx.execute(
        "UPDATE broadcasts SET state = 'late', progress_message = NULL"
        " WHERE id = :id AND state = 'scheduled'",
        {"id": broadcast},
    )
    return missed == 1


async def unasked(reader: Reader, bot: BotId) -> Sequence[Broadcast]:
    """Return those whose hour passed and whose editor has not been asked yet."""
    rows = await reader.fetch(
        "SELECT * FROM broadcasts WHERE state = 'late' AND progress_message IS NULL"
        " AND bot = :bot ORDER BY id",
        {"bot": bot},
    )
    return [broadcast_from(row) for row in rows]


async def pending(reader: Reader, bot: BotId) -> Sequence[Broadcast]:
    """Return what is under way and what waits for its hour or for a word, the next first."""
    rows = await reader.fetch(
        "SELECT * FROM broadcasts WHERE bot = :bot"
        " AND state IN ('open', 'late', 'held', 'scheduled')"
        " ORDER BY state <> 'open', due_at, id",
        {"bot": bot},
    )
    return [broadcast_from(row) for row in rows]
