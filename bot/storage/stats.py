"""What the newsroom did, in figures: of articles, readers and pushes since a moment.

Pushes are counted as they are settled, by quarters of an hour: deliveries are many, and pruned.
What people search for is counted nowhere. Every query here is answered by an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import (
    Act,
    BotId,
    DeliveryState,
    Parcel,
    Priority,
    Settlement,
    StoryId,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import number, text

QUARTER = timedelta(minutes=15) // timedelta(milliseconds=1)  # every zone is whole quarters off UTC
ARRIVED = (DeliveryState.SENT,)
FAILED = (DeliveryState.UNREACHABLE, DeliveryState.REJECTED, DeliveryState.UNSURE)
NEWSROOM = """
    SELECT (SELECT count(*) FROM articles WHERE first_seen_at >= :since) AS articles,
      (SELECT count(*) FROM stories WHERE first_at >= :since) AS stories,
      (SELECT count(*) FROM subscribers
        WHERE bot = :bot AND left_at IS NULL AND blocked_at IS NULL) AS readers,
      (SELECT count(*) FROM subscribers WHERE bot = :bot AND seen_at >= :since
        AND left_at IS NULL AND blocked_at IS NULL) AS active,
      (SELECT count(*) FROM subscribers WHERE bot = :bot AND joined_at >= :since) AS joined,
      (SELECT count(*) FROM subscribers WHERE bot = :bot AND left_at >= :since) AS gone,
      (SELECT count(*) FROM subscribers WHERE bot = :bot AND blocked_at >= :since) AS blocked
"""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What came in, and how the readership moved; ``readers`` are those we may write to now."""

    articles: int
    stories: int
    readers: int
    active: int  # of them, who did something by themselves
    joined: int
    left: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Pushes:
    """How many pushes of one priority arrived, and how many did not."""

    sent: int = 0
    failed: int = 0


async def count_settled(
    tx: Transaction, settled: Iterable[tuple[Parcel, Settlement]], now: datetime
) -> None:
    """Count pushes that were settled just now, in the transaction that settles them.

    A message corrected or taken back is no push.
    """
    counts = Counter(
        (parcel.priority, settlement.state)
        for parcel, settlement in settled
        if parcel.act is Act.SEND and settlement.state in (*ARRIVED, *FAILED)
    )
    await tx.execute_many(
        "INSERT INTO pushes (quarter, priority, state, pushes)"
        " VALUES (:quarter, :priority, :state, :pushes)"
        " ON CONFLICT (quarter, priority, state) DO UPDATE SET pushes = pushes + excluded.pushes",
        [
            {
                "quarter": to_ms(now) // QUARTER,
                "priority": int(priority),
                "state": state.value,
                "pushes": pushes,
            }
            for (priority, state), pushes in counts.items()
        ],
    )


async def pushes(reader: Reader, since: datetime) -> Mapping[Priority, Pushes]:
    """Count the pushes since a moment by their priority; one without any is left out."""
    rows = await reader.fetch(
        "SELECT priority,"
        " sum(CASE WHEN state = 'sent' THEN pushes ELSE 0 END) AS sent,"
        " sum(CASE WHEN state <> 'sent' THEN pushes ELSE 0 END) AS failed"
        " FROM pushes WHERE quarter >= :since GROUP BY priority ORDER BY priority",
        {"since": to_ms(since) // QUARTER},
    )
    return {
        Priority(number(row, "priority")): Pushes(number(row, "sent"), number(row, "failed"))
        for row in rows
    }


async def newsroom(reader: Reader, bot: BotId, since: datetime) -> Newsroom:
    """Count articles, stories and readers since a moment."""
    rows = await reader.fetch(NEWSROOM, {"bot": bot, "since": to_ms(since)})
    row = rows[0]
    return Newsroom(
        articles=number(row, "articles"),
        stories=number(row, "stories"),
        readers=number(row, "readers"),
        active=number(row, "active"),
        joined=number(row, "joined"),
        left=number(row, "gone"),
        blocked=number(row, "blocked"),
    )


async def most_told(reader: Reader, since: datetime, limit: int) -> Sequence[StoryId]:
    """Return the stories begun since a moment that most sources tell."""
    rows = await reader.fetch(
        "SELECT id FROM stories WHERE first_at >= :since"
        " ORDER BY sources DESC, articles DESC, id DESC LIMIT :limit",
        {"since": to_ms(since), "limit": limit},
    )
    return [StoryId(number(row, "id")) for row in rows]


async def busiest_sources(reader: Reader, since: datetime, limit: int) -> Sequence[tuple[str, int]]:
    """Return the sources that told most since a moment, with how many articles; none with none."""
    rows = await reader.fetch(
        "SELECT name, told FROM (SELECT name, (SELECT count(*) FROM articles"
        "  WHERE source = sources.id AND first_seen_at >= :since) AS told FROM sources) AS counted"
        " WHERE told > 0 ORDER BY told DESC, name LIMIT :limit",
        {"since": to_ms(since), "limit": limit},
    )
    return [(text(row, "name"), number(row, "told")) for row in rows]


async def forget(tx: Transaction, before: datetime) -> None:
    """Forget the counts of pushes before a moment."""
    await tx.execute(
        "DELETE FROM pushes WHERE quarter < :before", {"before": to_ms(before) // QUARTER}
    )
