"""Mistakes that readers report on a story's page, until an editor has dealt with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Row, StoryId, SubscriberId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, number, number_or_none, text


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a reader found wrong with a story; ``words`` "": no more than that something is."""

    id: int
    subscriber: SubscriberId | None
    story: StoryId
    words: str
    at: datetime


def _mistake(row: Row) -> Mistake:
    subscriber = number_or_none(row, "subscriber")
    return Mistake(
        number(row, "id"),
        None if subscriber is None else SubscriberId(subscriber),
        StoryId(number(row, "story")),
        text(row, "words"),
        moment(row, "at"),
    )


async def report(
    tx: Transaction, subscriber: SubscriberId, story: StoryId, words: str, now: datetime
) -> bool:
    """Keep a reader's report of a story, the first one; False when it was reported before.

    Neither is a report kept of a story that is gone.
    """
    kept = await tx.execute(
        "INSERT INTO feedback (subscriber, story, words, at)"
        " SELECT :subscriber, id, :words, :now FROM stories WHERE id = :story"
        " ON CONFLICT (subscriber, story) DO NOTHING",
        {"subscriber": subscriber, "story": story, "words": words, "now": to_ms(now)},
    )
    return kept == 1


async def has_reported(reader: Reader, subscriber: SubscriberId, story: StoryId) -> bool:
    """Say whether a reader reported this story before, dealt with or not."""
    rows = await reader.fetch(
        "SELECT id FROM feedback WHERE subscriber = :subscriber AND story = :story",
        {"subscriber": subscriber, "story": story},
    )
    return bool(rows)


async def open_ones(reader: Reader, limit: int) -> Sequence[Mistake]:
    """Return the reports that nobody has dealt with, the oldest first."""
    rows = await reader.fetch(
        "SELECT * FROM feedback WHERE handled_at IS NULL ORDER BY at, id LIMIT :limit",
        {"limit": limit},
    )
    return [_mistake(row) for row in rows]


async def count(reader: Reader) -> int:
    """Count the reports that nobody has dealt with."""
    rows = await reader.fetch("SELECT count(*) AS reports FROM feedback WHERE handled_at IS NULL")
    return number(rows[0], "reports")


async def reopen(tx: Transaction, mistake: int) -> bool:
    """Put a report before the editors again; False when it is there, or gone."""
    reopened = await tx.execute(
        "UPDATE feedback SET handled_at = NULL WHERE id = :id AND handled_at IS NOT NULL",
        {"id": mistake},
    )
    return reopened == 1


async def handle(tx: Transaction, mistake: int, now: datetime) -> bool:
    """Mark a report as dealt with; False when it was before, or is no report."""
    handled = await tx.execute(
        "UPDATE feedback SET handled_at = :now WHERE id = :id AND handled_at IS NULL",
        {"id": mistake, "now": to_ms(now)},
    )
    return handled == 1
