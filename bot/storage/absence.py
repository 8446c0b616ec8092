"""What we missed: when we were last alive, and after an outage what readers are told of later.

A beat notes that we live. When that note is old, the news that is found first is gathered here
instead of pushed, until every feed has been visited; then each reader is told once. All of it
stands in the database: a crash in the middle loses nothing and repeats nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model import (
    BotId,
    StoryId,
    Subscriber,
    SubscriberId,
    from_ms,
    to_ms,
)
from bot.storage import Reader, Transaction, desk
from bot.storage.rows import id_list, number, text
from bot.storage.subscribers import subscriber_from

# Shorter than anybody calls an outage: an upgrade, a reboot, a cable. What piles up in half an hour
# are few messages, and the bundling of waiting ones is there for more.
AWAY = timedelta(minutes=30)
CATCH_UP = timedelta(minutes=10)  # a feed that answers by then is no part of catching up
MOST = 500  # stories that are gathered; more are for the digest and for search
NOBODY = SubscriberId(0)
ALIVE, ABSENCE = "alive_at", "absence"  # names of settings

# The plus keeps to the order of ids: by an index of the bot a slice would sort all its readers.
CANDIDATES = """
    SELECT * FROM subscribers WHERE +bot = :bot AND id > :after
    AND left_at IS NULL AND blocked_at IS NULL
    AND ((:with_urgent AND urgent <> 'no') OR EXISTS (SELECT 1 FROM subscriptions
      WHERE subscriptions.subscriber = subscribers.id AND mode = 'instant'))
    ORDER BY id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Absence:
    """An outage that readers are still to be told of, and what came meanwhile."""

    since: datetime  # when we were last alive
    back_at: datetime
    begun: tuple[StoryId, ...] = ()  # would have been pushed: new, or urgent by now
    grown: tuple[StoryId, ...] = ()  # were joined by news: for those who follow its source or words
    is_over: bool = False  # all feeds were visited; readers are being told
    cursor: SubscriberId = NOBODY  # who was told last

    @property
    def occasion(self) -> str:
        """Return why a chat is written to; each is told once of one outage."""
        return f"away:{to_ms(self.since)}"


async def live(tx: Transaction, now: datetime) -> None:
    """Note that we live."""
    await desk.keep_setting(tx, ALIVE, str(to_ms(now)))


async def wake(tx: Transaction, now: datetime) -> None:
    """Look, at a start, whether we were away for long; if so, an absence stands from now on.

    The very first start is none, and neither is a clock that was set back. Of two absences in a row
    one is made, unless readers are being told of the first already.
    """
    alive, kept = await desk.setting(tx, ALIVE), await standing(tx)
    await live(tx, now)
    if alive is None or now - from_ms(int(alive)) <= AWAY:
        return
    if kept is None:
        await keep(tx, Absence(from_ms(int(alive)), now))
    elif not kept.is_over:
        await keep(tx, replace(kept, back_at=now))


async def standing(reader: Reader) -> Absence | None:
    """Return the absence that readers are still to be told of."""
    words = await desk.setting(reader, ABSENCE)
    return _read(words) if words else None


async def keep(tx: Transaction, absence: Absence) -> None:
    """Keep how far we are."""
    await desk.keep_setting(tx, ABSENCE, _written(absence))


async def gather(
    tx: Transaction, absence: Absence, *, begun: Iterable[StoryId], grown: Iterable[StoryId]
) -> None:
    """Remember stories to tell of when we have caught up; each once, the first ``MOST``."""
    every = tuple(dict.fromkeys((*absence.begun, *begun)))[:MOST]
    others = tuple(one for one in dict.fromkeys((*absence.grown, *grown)) if one not in every)
    await keep(tx, replace(absence, begun=every, grown=others[:MOST]))


async def end(tx: Transaction) -> None:
    """Forget an absence: everybody has been told."""
    await tx.execute("DELETE FROM settings WHERE name = :name", {"name": ABSENCE})


async def has_caught_up(reader: Reader, absence: Absence, now: datetime) -> bool:
    """Say whether every feed that was due when we came back has been visited, or long enough."""
    if now - absence.back_at >= CATCH_UP:
        return True
    rows = await reader.fetch(
        "SELECT 1 FROM feeds WHERE is_on = 1 AND next_poll_at <= :back LIMIT 1",
        {"back": to_ms(absence.back_at)},
    )
    return not rows


async def candidates(
    reader: Reader, bot: BotId, after: SubscriberId, limit: int, *, with_urgent: bool
) -> Sequence[Subscriber]:
    """Return the next readers whom something may be pushed to at once."""
    values = {"bot": bot, "after": after, "limit": limit, "with_urgent": int(with_urgent)}
    rows = await reader.fetch(CANDIDATES, values)
    return [subscriber_from(row) for row in rows]


async def told(
    reader: Reader, stories: Iterable[StoryId], readers: Iterable[SubscriberId]
) -> frozenset[tuple[SubscriberId, StoryId]]:
    """Return which of these readers have a delivery of which of these stories already."""
    keys = [f"story:{story}" for story in stories]
    rows = await reader.fetch(
        "SELECT subscriber, key FROM occasions"
        " JOIN deliveries ON deliveries.occasion = occasions.id"
        " WHERE key IN (SELECT value FROM json_each(:keys))"
        " AND subscriber IN (SELECT value FROM json_each(:readers))",
        {"keys": json.dumps(keys), "readers": id_list(readers)},
    )
    return frozenset(
        (SubscriberId(number(row, "subscriber")), StoryId(int(text(row, "key")[len("story:") :])))
        for row in rows
    )


def _written(absence: Absence) -> str:
    return json.dumps(
        {
            "since": to_ms(absence.since),
            "back_at": to_ms(absence.back_at),
            "begun": absence.begun,
            "grown": absence.grown,
            "is_over": absence.is_over,
            "cursor": absence.cursor,
        }
    )


def _read(words: str) -> Absence:
    value = json.loads(words)
    return Absence(
        from_ms(value["since"]),
        from_ms(value["back_at"]),
        tuple(map(StoryId, value["begun"])),
        tuple(map(StoryId, value["grown"])),
        is_over=bool(value["is_over"]),
        cursor=SubscriberId(value["cursor"]),
    )
