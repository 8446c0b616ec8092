"""Deciding to tell a million readers something: one wave, beside a row for each of them.

The row for each is what most queues do; it is written with one SQL statement, its best case.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.harness import Table
from bot.model import Audience, AudienceKind, BotId, Brief, BriefKind, Paragraph, Priority, to_ms
from bot.storage import Storage, audience, briefs, waves
from bot.storage.engines.sqlite.engine import open_sqlite

BOT = BotId(1)
ROUNDS = 5
BRIEF = Brief(BriefKind.ANNOUNCEMENT, (Paragraph("announcement"),))


def measure(*, is_long: bool) -> Table:
    """Compare both at 100,000 readers, or a million."""
    return asyncio.run(_measure(1_000_000 if is_long else 100_000))


async def _measure(readers: int) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        storage = await open_sqlite(Path(folder) / "bench.db")
        try:
            return await _compare(storage, readers)
        finally:
            await storage.close()


async def _compare(storage: Storage, readers: int) -> Table:
    now = datetime.now(UTC)
    await crowd(storage, readers, now)
    # Waves first: a million rows leave a log that the next commit must clear.
    began = [await _wave(storage, number, now) for number in range(ROUNDS)]
    rows = [await _rows(storage, number, now) for number in range(ROUNDS)]
    began_at = time.perf_counter()
    people = await audience.count(storage, BOT, Audience(AudienceKind.ALL), now)
    counted = (time.perf_counter() - began_at) * 1000
    wave, each = median(began) * 1000, median(rows) * 1000
    table = Table(f"fanout: deciding a broadcast to {people:,} readers", ("how", "ms", "ratio"))
    table.add("a wave (ours)", wave, 1.0)
    table.add("a row a reader, one INSERT … SELECT", each, each / wave)
    table.add("counting the audience, for the preview", counted, counted / wave)
    table.notes.append(f"target: a wave ≤ 5 ms and ≥ 60 times cheaper; medians of {ROUNDS} rounds")
    return table


async def crowd(storage: Storage, readers: int, now: datetime) -> None:
    """Let that many readers be there, who are never quiet."""
    async with storage.transaction() as tx:
        await tx.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :readers)"
            " INSERT INTO subscribers (bot, chat, kind, zone, urgent, joined_at, seen_at)"
            " SELECT :bot, 500000 + i, 'private', 'Africa/Casablanca', 'yes', :now, :now FROM n",
            {"readers": readers, "bot": BOT, "now": to_ms(now)},
        )


async def _wave(storage: Storage, number: int, now: datetime) -> float:
    began = time.perf_counter()
    async with storage.transaction() as tx:
        brief = await briefs.keep(tx, BRIEF, now)
        everyone = Audience(AudienceKind.ALL)
        await waves.begin(
            tx, BOT, f"broadcast:{number}", brief,
            audience=everyone, priority=Priority.BROADCAST, now=now,
        )  # fmt: skip
    return time.perf_counter() - began


async def _rows(storage: Storage, number: int, now: datetime) -> float:
    began = time.perf_counter()
    async with storage.transaction() as tx:
        brief = await briefs.keep(tx, BRIEF, now)
        occasion = await waves.occasion(tx, f"rows:{number}", now)
        await tx.execute(
            "INSERT INTO deliveries (occasion, subscriber, state, brief, priority,"
            " next_attempt_at, attempts, doubts) SELECT :occasion, id, 'waiting', :brief, 3, :now,"
            " 0, 0 FROM subscribers WHERE left_at IS NULL AND blocked_at IS NULL",
            {"occasion": occasion, "brief": brief, "now": to_ms(now)},
        )
    spent = time.perf_counter() - began
    async with storage.transaction() as tx:
        await tx.execute("DELETE FROM deliveries WHERE occasion = :id", {"id": occasion})
    return spent
