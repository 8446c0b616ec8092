"""The shelf: stories that a reader keeps; they stay when others are pruned.

Whoever prunes leaves a story alone while ``saved`` has a row of it (there is an index): deleting
the story would take it from its shelves in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import StoryId, SubscriberId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import number


async def save(tx: Transaction, subscriber: SubscriberId, story: StoryId, now: datetime) -> bool:
    """Put a story on a shelf, once; False when there is no such story any more."""
    await tx.execute(
        "INSERT INTO saved (subscriber, story, saved_at)"
        " SELECT :subscriber, id, :now FROM stories WHERE id = :story"
        " ON CONFLICT (subscriber, story) DO NOTHING",
        {"subscriber": subscriber, "story": story, "now": to_ms(now)},
    )
    return await is_saved(tx, subscriber, story)


async def unsave(tx: Transaction, subscriber: SubscriberId, story: StoryId) -> None:
    """Take a story off a shelf."""
    await tx.execute(
        "DELETE FROM saved WHERE subscriber = :subscriber AND story = :story",
        {"subscriber": subscriber, "story": story},
    )


async def is_saved(reader: Reader, subscriber: SubscriberId, story: StoryId) -> bool:
    """Say whether a story stands on a shelf."""
    rows = await reader.fetch(
        "SELECT story FROM saved WHERE subscriber = :subscriber AND story = :story",
        {"subscriber": subscriber, "story": story},
    )
    return bool(rows)


async def shelf(reader: Reader, subscriber: SubscriberId, until: datetime) -> Sequence[StoryId]:
    """Return the stories saved up to a moment, the last saved first."""
    rows = await reader.fetch(
        "SELECT story FROM saved WHERE subscriber = :subscriber AND saved_at <= :until"
        " ORDER BY saved_at DESC, story DESC",
        {"subscriber": subscriber, "until": to_ms(until)},
    )
    return [StoryId(number(row, "story")) for row in rows]


async def count(reader: Reader, subscriber: SubscriberId) -> int:
    """Count a shelf."""
    rows = await reader.fetch(
        "SELECT count(*) AS stories FROM saved WHERE subscriber = :subscriber",
        {"subscriber": subscriber},
    )
    return number(rows[0], "stories")
