"""Publishers and the addresses we poll; ``next_poll_at`` says what is due.

What editors change about a feed stands in ``feeds``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feeds.addresses import spellings
from bot.model import Feed, FeedId, FeedKind, Row, Section, Source, SourceId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import id_list, moment, moment_or_none, number, text, truth

NEVER_ANSWERED = 5  # failures in a row after which a new feed is in trouble


@dataclass(frozen=True, slots=True)
class Visit:
    """What a poll writes on its feed's row."""

    next_poll_at: datetime
    interval: timedelta
    failures: int = 0
    last_error: str = ""
    last_cause: str = ""
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
        removed_at=moment_or_none(row, "removed_at"),
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
    kind: FeedKind = FeedKind.NEWS,
) -> FeedId | None:
    """Add an address, due at once and silent at its first visit; None when it is there already."""
    rows = await tx.fetch(
        "INSERT INTO feeds (source, url, host, section, kind, interval_ms, next_poll_at)"
        " VALUES (:source, :url, :host, :section, :kind, :interval, :now)"
        " ON CONFLICT (url) DO NOTHING RETURNING id",
        {
            "source": source.id,
            "url": url,
            "host": host,
            "section": section.value if section else None,
            "kind": kind.value,
            "interval": interval // timedelta(milliseconds=1),
            "now": to_ms(now),
        },
    )
    return FeedId(number(rows[0], "id")) if rows else None


async def is_known(reader: Reader, url: str) -> bool:
    """Say whether an address, in any spelling, is polled or was: switched off, moved, removed."""
    return await at_address(reader, spellings(url)) is not None


async def at_address(reader: Reader, urls: Sequence[str]) -> Feed | None:
    """Return the feed at one of several spellings of an address, or that was there before.

    A feed that was removed is found too.
    """
    rows = await reader.fetch(
        "SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN sources ON sources.id = feeds.source"
        " WHERE feeds.url IN (SELECT value FROM json_each(:urls)) OR feeds.id IN"
        "  (SELECT feed FROM feed_addresses WHERE url IN (SELECT value FROM json_each(:urls)))"
        " ORDER BY feeds.removed_at IS NOT NULL, feeds.id LIMIT 1",
        {"urls": json.dumps(list(urls))},
    )
    return feed_from(rows[0]) if rows else None


async def known_among(reader: Reader, urls: Iterable[str]) -> Sequence[str]:
    """Return those of many addresses at which a feed is or was that nobody has removed."""
    rows = await reader.fetch(
        "SELECT value AS url FROM json_each(:urls)"
        " WHERE value IN (SELECT url FROM feeds WHERE removed_at IS NULL)"
        " OR value IN (SELECT feed_addresses.url FROM feed_addresses"
        "  JOIN feeds ON feeds.id = feed WHERE removed_at IS NULL)",
        {"urls": json.dumps(list(urls))},
    )
    return [text(row, "url") for row in rows]


async def by_id(reader: Reader, feed: FeedId) -> Feed | None:
    """Return a feed, also one that was removed."""
    rows = await reader.fetch(
        "SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN sources ON sources.id = feeds.source WHERE feeds.id = :id",
        {"id": feed},
    )
    return feed_from(rows[0]) if rows else None


async def all_feeds(reader: Reader) -> Sequence[Feed]:
    """Return every feed that was not removed, by source and address."""
    rows = await reader.fetch(
        "SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN sources ON sources.id = feeds.source WHERE removed_at IS NULL"
        " ORDER BY sources.name, feeds.url"
    )
    return [feed_from(row) for row in rows]


async def in_trouble(
    reader: Reader, now: datetime, lasting: timedelta = timedelta(hours=24)
) -> Sequence[Feed]:
    """Return the feeds that have failed for so long, the longest first; those off are no trouble.

    One that never answered counts from its fifth failure in a row.
    """
    rows = await reader.fetch(
        "SELECT feeds.*, sources.name AS source_name FROM feeds"
        " JOIN sources ON sources.id = feeds.source"
        " WHERE is_on = 1 AND failures > 0 AND (last_ok_at < :since"
        "  OR (last_ok_at IS NULL AND failures >= :tries))"
        " ORDER BY coalesce(last_ok_at, 0), feeds.id",
        {"since": to_ms(now - lasting), "tries": NEVER_ANSWERED},
    )
    return [feed_from(row) for row in rows]


async def newest_news(reader: Reader) -> datetime | None:
    """Return when an article last came from anywhere."""
    rows = await reader.fetch("SELECT max(last_new_at) AS newest FROM feeds WHERE kind = 'news'")
    return moment_or_none(rows[0], "newest")


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


async def is_at(reader: Reader, feed: FeedId, url: str) -> bool:
    """Say whether a feed is polled at this address: it may have moved during a visit."""
    rows = await reader.fetch(
        "SELECT 1 FROM feeds WHERE id = :id AND url = :url", {"id": feed, "url": url}
    )
    return bool(rows)


async def release(tx: Transaction, feed: FeedId) -> None:
    """End the lease of a feed whose visit taught nothing."""
    await tx.execute("UPDATE feeds SET lease_until = 0 WHERE id = :id", {"id": feed})


async def release_all(tx: Transaction) -> None:
    """End every lease: at start-up all their holders are dead."""
    await tx.execute("UPDATE feeds SET lease_until = 0 WHERE lease_until > 0")


async def visited(tx: Transaction, feed: FeedId, visit: Visit) -> None:
    """Write what a visit taught and end its lease; a good one ends the first, silent visit."""
    await tx.execute(
        "UPDATE feeds SET next_poll_at = :next, interval_ms = :interval,"
        " failures = :failures, last_error = :error, last_cause = :cause, lease_until = 0"
        " WHERE id = :id",
        {
            "id": feed,
            "next": to_ms(visit.next_poll_at),
            "interval": visit.interval // timedelta(milliseconds=1),
            "failures": visit.failures,
            "error": visit.last_error,
            "cause": visit.last_cause,
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


async def turn_into(tx: Transaction, feed: FeedId, kind: FeedKind) -> None:
    """Write what an address turned out to give."""
    await tx.execute(
        "UPDATE feeds SET kind = :kind WHERE id = :id", {"id": feed, "kind": kind.value}
    )


async def hold_host(tx: Transaction, host: str, until: datetime) -> None:
    """Visit no feed of a host before a moment: the whole host asked for silence."""
    await tx.execute(
        "UPDATE feeds SET next_poll_at = :until WHERE host = :host AND next_poll_at < :until",
        {"host": host, "until": to_ms(until)},
    )


async def forgive(tx: Transaction, feeds: Sequence[Feed], next_poll_at: datetime) -> None:
    """Put feeds back to where they were before failures that were not theirs."""
    await tx.execute_many(
        "UPDATE feeds SET failures = :failures, last_error = :error, last_cause = :cause,"
        " next_poll_at = CASE WHEN next_poll_at < :next THEN next_poll_at ELSE :next END"
        " WHERE id = :id",
        [
            {
                "id": feed.id,
                "failures": feed.failures,
                "error": feed.last_error,
                "cause": feed.last_cause,
                "next": to_ms(next_poll_at),
            }
            for feed in feeds
        ],
    )


async def count_hosts(reader: Reader) -> int:
    """Count the hosts that are polled."""
    rows = await reader.fetch("SELECT count(DISTINCT host) AS hosts FROM feeds WHERE is_on = 1")
    return number(rows[0], "hosts")


async def remember_address(tx: Transaction, feed: FeedId, url: str, now: datetime) -> None:
    """Remember another address of a feed, so that who asks for it finds the feed."""
    await tx.execute(
        "INSERT INTO feed_addresses (url, feed, until) SELECT :url, :feed, :now"
        " WHERE NOT EXISTS (SELECT 1 FROM feeds WHERE url = :url)"
        " ON CONFLICT (url) DO NOTHING",
        {"url": url, "feed": feed, "now": to_ms(now)},
    )


async def switch(tx: Transaction, feed: FeedId, *, is_on: bool, now: datetime) -> bool:
    """Switch a feed off, or on again: then it is due at once and its first visit is silent.

    False when it was so already, or was removed.
    """
    switched = await tx.execute(
        "UPDATE feeds SET is_on = :on, is_silent = CASE WHEN :on = 1 THEN 1 ELSE is_silent END,"
        " body_hash = CASE WHEN :on = 1 THEN '' ELSE body_hash END,"
        " etag = CASE WHEN :on = 1 THEN '' ELSE etag END,"
        " last_modified = CASE WHEN :on = 1 THEN '' ELSE last_modified END,"
        " next_poll_at = CASE WHEN :on = 1 THEN :now ELSE next_poll_at END"
        " WHERE id = :id AND is_on <> :on AND removed_at IS NULL",
        {"id": feed, "on": int(is_on), "now": to_ms(now)},
    )
    return switched == 1


async def names(reader: Reader, ids: Iterable[SourceId]) -> Mapping[SourceId, str]:
    """Return the names of publishers; one that is not there is left out."""
    rows = await reader.fetch(
        "SELECT id, name FROM sources WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": id_list(ids)},
    )
    return {SourceId(number(row, "id")): text(row, "name") for row in rows}
