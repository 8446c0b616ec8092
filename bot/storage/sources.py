"""Publishers and the addresses we poll; ``next_poll_at`` says what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Feed, FeedId, FeedKind, Row, Section, Source, SourceId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, moment_or_none, number, text, truth


@dataclass(frozen=True, slots=True)
class Visit:
    """What a poll writes on its feed's row."""

    next_poll_at: datetime
    interval: timedelta
    failures: int = 0
    last_error: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    ok_at: datetime | None = None  # None: this visit failed
    new_at: datetime | None = None  # set when something new came


def feed_from(row: Row) -> Feed:
    """Map a row of ``feeds`` joined with its source's name as ``source_name``."""
    section = text(row, "section")
    return Feed(
        id=FeedId(number(row, "id")),
        source=Source(SourceId(number(row, "source")), text(row, "source_name")),
        url=text(row, "url"),
        host=text(row, "host"),
        section=Section(section) if section else None,
        is_on=truth(row, "is_on"),
        is_silent=truth(row, "is_silent"),
        etag=text(row, "etag"),
        last_modified=text(row, "last_modified"),
        body_hash=text(row, "body_hash"),
        interval=timedelta(milliseconds=number(row, "interval_ms")),
        failures=number(row, "failures"),
        last_error=text(row, "last_error"),
        last_ok_at=moment_or_none(row, "last_ok_at"),
        last_new_at=moment_or_none(row, "last_new_at"),
        next_poll_at=moment(row, "next_poll_at"),
        kind=FeedKind(text(row, "kind")),
        last_cause=text(row, "last_cause"),
    )


async def add_source(tx: Transaction, name: str, now: datetime) -> Source:
    """Return the publisher of this name, made when it is new."""
    await tx.execute(
        "INSERT INTO sources (name, created_at) VALUES (:name, :now) ON CONFLICT (name) DO NOTHING",
        {"name": name, "now": to_ms(now)},
    )
    rows = await tx.fetch("SELECT id FROM sources WHERE name = :name", {"name": name})
    return Source(SourceId(number(rows[0], "id")), name)


async def add_feed(
    tx: Transaction,
    source: Source,
    url: str,
    *,
    host: str,
    section: Section | None,
    interval: timedelta,
    now: datetime,
) -> FeedId | None:
    """Add an address, due at once and silent at its first visit; None when it is there already."""
    rows = await tx.fetch(
        "INSERT INTO feeds (source, url, host, section, interval_ms, next_poll_at)"
        " VALUES (:source, :url, :host, :section, :interval, :now)"
        " ON CONFLICT (url) DO NOTHING RETURNING id",
        {
            "source": source.id,
            "url": url,
            "host": host,
            "section": section.value if section else None,
            "interval": interval // timedelta(milliseconds=1),
            "now": to_ms(now),
        },
    )
    return FeedId(number(rows[0], "id")) if rows else None


async def is_known(reader: Reader, url: str) -> bool:
    """Say whether an address is polled, or was and is switched off."""
    return bool(await reader.fetch("SELECT id FROM feeds WHERE url = :url", {"url": url}))


async def all_feeds(reader: Reader) -> Sequence[Feed]:
    """Return every feed, by source and address."""
    rows = await reader.fetch(
        "SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN sources ON sources.id = feeds.source ORDER BY sources.name, feeds.url"
    )
    return [feed_from(row) for row in rows]


async def claim_due(
    tx: Transaction, now: datetime, *, limit: int, hosts: int, lease: timedelta
) -> Sequence[Feed]:
    """Lease the feeds that are due, the longest overdue first, at most ``hosts`` of one host.

    Feeds of the host whose lease runs count too, so a slow host never has more visits at once.
    """
    rows = await tx.claim(
        "WITH due AS (SELECT id, row_number() OVER (PARTITION BY host ORDER BY next_poll_at, id)"
        "  + (SELECT count(*) FROM feeds AS busy"
        "     WHERE busy.host = feeds.host AND busy.lease_until > :now) AS place"
        "  FROM feeds WHERE is_on = 1 AND next_poll_at <= :now AND lease_until <= :now)"
        " SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN due ON due.id = feeds.id JOIN sources ON sources.id = feeds.source"
        " WHERE due.place <= :hosts ORDER BY feeds.next_poll_at, feeds.id LIMIT :limit",
        {"now": to_ms(now), "hosts": hosts, "limit": limit},
    )
    feeds = [feed_from(row) for row in rows]
    await tx.execute_many(
        "UPDATE feeds SET lease_until = :until WHERE id = :id",
        [{"id": feed.id, "until": to_ms(now + lease)} for feed in feeds],
    )
    return feeds


async def release_all(tx: Transaction) -> None:
    """End every lease: at start-up all their holders are dead."""
    await tx.execute("UPDATE feeds SET lease_until = 0 WHERE lease_until > 0")


async def visited(tx: Transaction, feed: FeedId, visit: Visit) -> None:
    """Write what a visit taught and end its lease; a good one ends the first, silent visit."""
    await tx.execute(
        "UPDATE feeds SET next_poll_at = :next, interval_ms = :interval,"
        " failures = :failures, last_error = :error, lease_until = 0 WHERE id = :id",
        {
            "id": feed,
            "next": to_ms(visit.next_poll_at),
            "interval": visit.interval // timedelta(milliseconds=1),
            "failures": visit.failures,
            "error": visit.last_error,
        },
    )
    if visit.ok_at is None:
        return
    await tx.execute(
        "UPDATE feeds SET etag = :etag, last_modified = :last_modified, body_hash = :hash,"
        " is_silent = 0, last_ok_at = :ok, last_new_at = coalesce(:new, last_new_at)"
        " WHERE id = :id",
        {
            "id": feed,
            "etag": visit.etag,
            "last_modified": visit.last_modified,
            "hash": visit.body_hash,
            "ok": to_ms(visit.ok_at),
            "new": to_ms(visit.new_at) if visit.new_at else None,
        },
    )


async def hold_host(tx: Transaction, host: str, until: datetime) -> None:
    """Visit no feed of a host before a moment: the whole host asked for silence."""
    await tx.execute(
        "UPDATE feeds SET next_poll_at = :until WHERE host = :host AND next_poll_at < :until",
        {"host": host, "until": to_ms(until)},
    )


async def switch(tx: Transaction, feed: FeedId, *, is_on: bool, now: datetime) -> bool:
    """Switch a feed off, or on again: then it is due at once and its first visit is silent.

    False when it was so already.
    """
    switched = await tx.execute(
        "UPDATE feeds SET is_on = :on, is_silent = CASE WHEN :on = 1 THEN 1 ELSE is_silent END,"
        " body_hash = CASE WHEN :on = 1 THEN '' ELSE body_hash END,"
        " etag = CASE WHEN :on = 1 THEN '' ELSE etag END,"
        " last_modified = CASE WHEN :on = 1 THEN '' ELSE last_modified END,"
        " next_poll_at = CASE WHEN :on = 1 THEN :now ELSE next_poll_at END"
        " WHERE id = :id AND is_on <> :on",
        {"id": feed, "on": int(is_on), "now": to_ms(now)},
    )
    return switched == 1
