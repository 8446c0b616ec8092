"""The hours at which readers get their digest; ``next_at`` says what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import (
    EVERY_DAY,
    BotId,
    BriefId,
    Digest,
    DigestId,
    Row,
    Subscriber,
    SubscriberId,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, number
from bot.storage.subscribers import subscriber_from

# A cross join keeps to its order: from what is due to its readers, never from all readers.
DUE = """
    SELECT digests.id AS digest, subscriber, minute, weekdays, covered_until, next_at,
      subscribers.* FROM digests CROSS JOIN subscribers ON subscribers.id = digests.subscriber
    WHERE bot = :bot AND next_at <= :now AND NOT EXISTS (SELECT 1 FROM digests AS earlier
      WHERE earlier.subscriber = digests.subscriber
      AND (earlier.next_at, earlier.id) < (digests.next_at, digests.id))
    ORDER BY next_at, digests.id LIMIT :limit
"""


def digest_from(row: Row) -> Digest:
    """Map a row of ``digests``."""
    return Digest(
        id=DigestId(number(row, "digest")),
        subscriber=SubscriberId(number(row, "subscriber")),
        minute=number(row, "minute"),
        weekdays=number(row, "weekdays"),
        covered_until=moment(row, "covered_until"),
        next_at=moment(row, "next_at"),
    )


async def of(reader: Reader, subscriber: SubscriberId) -> Sequence[Digest]:
    """Return a subscriber's digests in the order of the day."""
    rows = await reader.fetch(
        "SELECT id AS digest, digests.* FROM digests WHERE subscriber = :id ORDER BY minute",
        {"id": subscriber},
    )
    return [digest_from(row) for row in rows]


async def add(
    tx: Transaction,
    subscriber: SubscriberId,
    minute: int,
    *,
    covered_until: datetime,
    next_at: datetime,
    weekdays: int = EVERY_DAY,
) -> None:
    """Give a subscriber one more hour; an hour that is there stays as it is."""
    await tx.execute(
        "INSERT INTO digests (subscriber, minute, weekdays, covered_until, next_at)"
        " VALUES (:subscriber, :minute, :weekdays, :covered, :next)"
        " ON CONFLICT (subscriber, minute) DO NOTHING",
        {
            "subscriber": subscriber,
            "minute": minute,
            "weekdays": weekdays,
            "covered": to_ms(covered_until),
            "next": to_ms(next_at),
        },
    )


async def remove(tx: Transaction, subscriber: SubscriberId, minute: int) -> None:
    """Take one hour away."""
    await tx.execute(
        "DELETE FROM digests WHERE subscriber = :subscriber AND minute = :minute",
        {"subscriber": subscriber, "minute": minute},
    )


async def plan(
    tx: Transaction, digest: DigestId, *, next_at: datetime, weekdays: int | None = None
) -> None:
    """Move a digest's next hour, and its weekdays when they are given."""
    await tx.execute(
        "UPDATE digests SET next_at = :next, weekdays = coalesce(:weekdays, weekdays)"
        " WHERE id = :id",
        {"id": digest, "next": to_ms(next_at), "weekdays": weekdays},
    )


async def due(
    tx: Transaction, bot: BotId, now: datetime, limit: int
) -> Sequence[tuple[Digest, Subscriber]]:
    """Claim the digests of a bot's readers whose hour has come, in the order of their hours.

    Of several hours that one reader slept through only the first: it covers the others, which
    are due again at the next call.
    """
    rows = await tx.claim(DUE, {"bot": bot, "now": to_ms(now), "limit": limit})
    return [(digest_from(row), subscriber_from(row)) for row in rows]


async def cover(
    tx: Transaction, digest: Digest, *, covered_until: datetime, next_at: datetime
) -> None:
    """Say what an edition has covered and when the next one is due.

    All of the reader's hours are covered: what the morning told, the evening does not repeat.
    """
    await tx.execute(
        "UPDATE digests SET covered_until = :covered WHERE subscriber = :subscriber",
        {"subscriber": digest.subscriber, "covered": to_ms(covered_until)},
    )
    await tx.execute(
        "UPDATE digests SET next_at = :next WHERE id = :id",
        {"id": digest.id, "next": to_ms(next_at)},
    )


async def told(reader: Reader, subscriber: SubscriberId, since: datetime) -> Sequence[BriefId]:
    """Return the briefs of the editions that reached a subscriber since a moment, or may yet.

    Those of an hour that was taken away meanwhile are not among them.
    """
    rows = await reader.fetch(
        "SELECT brief FROM digests JOIN occasions ON key >= 'digest:' || digests.id || ':'"
        " AND key < 'digest:' || digests.id || ';'"
        " JOIN deliveries ON deliveries.occasion = occasions.id"
        " AND deliveries.subscriber = digests.subscriber"
        " WHERE digests.subscriber = :id AND state <> 'skipped'"
        " AND (settled_at IS NULL OR settled_at >= :since)",
        {"id": subscriber, "since": to_ms(since)},
    )
    return [BriefId(number(row, "brief")) for row in rows]
