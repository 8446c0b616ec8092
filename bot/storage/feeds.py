"""What people change about a feed: its coming and going, section, address and name.

The desk in the chat calls, `mujaz feeds`, and the start for the feeds of the configuration.

Nothing here deletes: articles and sightings stay, whatever becomes of their feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.feeds.addresses import spellings
from bot.model import FeedId, FeedKind, Section, SourceId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import number
from bot.storage.sources import (
    add_feed,
    add_source,
    at_address,
    by_id,
    remember_address,
    switch,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed that somebody wants polled; without a ``name`` its host is its publisher's."""

    url: str
    name: str = ""
    section: Section | None = None  # None: each article stands where its own category says
    kind: FeedKind = FeedKind.NEWS

    @property
    def host(self) -> str:
        """Return the host of its address."""
        return urlsplit(self.url).hostname or self.url


async def take_up(
    tx: Transaction, wanted: Wanted, *, interval: timedelta, now: datetime
) -> FeedId | None:
    """Poll an address from now on, its first visit in silence; None: a feed is there already.

    However the address is written, a feed that was removed from there comes back: with its past
    and its publisher, but at the address and in the section that are wanted now.
    """
    was = await at_address(tx, spellings(wanted.url))
    if was is None:
        source = await add_source(tx, wanted.name or wanted.host, now)
        return await add_feed(
            tx,
            source,
            wanted.url,
            host=wanted.host,
            section=wanted.section,
            interval=interval,
            now=now,
            kind=wanted.kind,
        )
    if not await restore(tx, was.id, is_on=True, now=now):
        return None
    await choose_section(tx, was.id, wanted.section)
    if was.url != wanted.url:
        await move(tx, was.id, wanted.url, wanted.host, now)
    return was.id


async def visit_soon(tx: Transaction, feed: FeedId, now: datetime) -> bool:
    """Make a feed due; False when it is off, or was visited this very moment."""
    due = await tx.execute(
        "UPDATE feeds SET next_poll_at = :now WHERE id = :id AND is_on = 1 AND lease_until <= :now",
        {"id": feed, "now": to_ms(now)},
    )
    return due == 1


async def choose_section(tx: Transaction, feed: FeedId, section: Section | None) -> bool:
    """Set where a feed's new articles stand; None: their own category decides. False: it was so."""
    chosen = section.value if section else ""
    changed = await tx.execute(
        "UPDATE feeds SET section = nullif(:section, '')"
        " WHERE id = :id AND coalesce(section, '') <> :section",
        {"id": feed, "section": chosen},
    )
    return changed == 1


async def move(tx: Transaction, feed: FeedId, url: str, host: str, now: datetime) -> bool:
    """Poll a feed elsewhere; its past stays, and its next good visit is silent.

    False when the address is another feed's, or its own already.
    """
    taken = await tx.fetch("SELECT id FROM feeds WHERE url = :url", {"url": url})
    found = await by_id(tx, feed)
    if taken or found is None:
        return False
    await tx.execute("DELETE FROM feed_addresses WHERE url = :url", {"url": url})
    await tx.execute(
        "UPDATE feeds SET url = :url, host = :host, is_silent = 1, etag = '', last_modified = '',"
        " body_hash = '', failures = 0, last_error = '', last_cause = '', next_poll_at = :now"
        " WHERE id = :id",
        {"id": feed, "url": url, "host": host, "now": to_ms(now)},
    )
    await remember_address(tx, feed, found.url, now)
    return True


async def rename(tx: Transaction, source: SourceId, name: str) -> bool:
    """Give a publisher another name; False when another publisher has it."""
    others = await tx.fetch(
        "SELECT id FROM sources WHERE name = :name AND id <> :id", {"id": source, "name": name}
    )
    if others:
        return False
    await tx.execute("UPDATE sources SET name = :name WHERE id = :id", {"id": source, "name": name})
    return True


async def remove(tx: Transaction, feed: FeedId, now: datetime) -> bool:
    """Poll and list a feed no more; False when it was removed already."""
    removed = await tx.execute(
        "UPDATE feeds SET is_on = 0, removed_at = :now WHERE id = :id AND removed_at IS NULL",
        {"id": feed, "now": to_ms(now)},
    )
    return removed == 1


async def restore(tx: Transaction, feed: FeedId, *, is_on: bool, now: datetime) -> bool:
    """Bring a removed feed back, on or off as asked; its first visit is silent."""
    restored = await tx.execute(
        "UPDATE feeds SET removed_at = NULL WHERE id = :id AND removed_at IS NOT NULL",
        {"id": feed},
    )
    if restored and is_on:
        await switch(tx, feed, is_on=True, now=now)
    return restored == 1


async def count_articles(reader: Reader, feed: FeedId, since: datetime) -> int:
    """Count the articles that a feed has brought since a moment."""
    rows = await reader.fetch(
        "SELECT count(*) AS articles FROM articles"
        " WHERE source = (SELECT source FROM feeds WHERE id = :id)"
        " AND first_seen_at >= :since AND feed = :id",
        {"id": feed, "since": to_ms(since)},
    )
    return number(rows[0], "articles")
