"""Waves: one brief on its way to an audience, as one row and a cursor, however many readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.model import (
    Audience,
    AudienceKind,
    BotId,
    BriefId,
    OccasionId,
    Priority,
    Row,
    Section,
    Subscriber,
    SubscriberId,
    Tally,
    Wave,
    WaveId,
    WaveState,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, moment_or_none, number, text
from bot.storage.subscribers import subscriber_from

# Who an audience is, in one place: the slice of a wave and the count of a preview both ask it.
ADDRESSED = """
    bot = :bot AND id > :after AND id <= :last AND left_at IS NULL AND blocked_at IS NULL
    AND (:audience = 'all'
      OR (:audience = 'urgent' AND urgent <> 'no')
      OR (:audience IN ('urgent', 'instant') AND EXISTS (
        SELECT 1 FROM subscriptions WHERE section = :section
        AND subscriber = subscribers.id AND mode = 'instant'))
      OR (:audience = 'section' AND EXISTS (
        SELECT 1 FROM subscriptions WHERE section = :section AND subscriber = subscribers.id)))
"""
# Who was skipped by another wave of the occasion has not heard of it: the news became urgent since.
UNTOLD = f"""
    {ADDRESSED} AND NOT EXISTS (SELECT 1 FROM deliveries
      WHERE occasion = :occasion AND subscriber = subscribers.id
      AND NOT (state = 'skipped' AND wave <> :wave))
"""  # noqa: S608 - built of constants of this file
SLICE = f"SELECT * FROM subscribers WHERE {UNTOLD} ORDER BY id LIMIT :limit"  # noqa: S608 - same
COUNT = f"SELECT count(*) AS people FROM subscribers WHERE {ADDRESSED}"  # noqa: S608 - likewise
COUNT_UNTOLD = f"SELECT count(*) AS people FROM subscribers WHERE {UNTOLD}"  # noqa: S608 - same
SPAN = 20_000  # subscribers looked at in one claim: a thin audience must not hold the writer


def wave_from(row: Row) -> Wave:
    """Map a row of ``waves``."""
    section = text(row, "section")
    return Wave(
        id=WaveId(number(row, "id")),
        bot=BotId(number(row, "bot")),
        occasion=OccasionId(number(row, "occasion")),
        brief=BriefId(number(row, "brief")),
        audience=Audience(
            AudienceKind(text(row, "audience")), Section(section) if section else None
        ),
        priority=Priority(number(row, "priority")),
        not_before=moment(row, "not_before"),
        expires_at=moment_or_none(row, "expires_at"),
        cursor=SubscriberId(number(row, "cursor")),
        last_subscriber=SubscriberId(number(row, "last_subscriber")),
        state=WaveState(text(row, "state")),
        tally=Tally(
            sent=number(row, "sent"),
            unreachable=number(row, "unreachable"),
            rejected=number(row, "rejected"),
            unsure=number(row, "unsure"),
            skipped=number(row, "skipped"),
        ),
    )


async def occasion(tx: Transaction, key: str, now: datetime) -> OccasionId:
    """Return the occasion of this key, made when it is new."""
    await tx.execute(
        "INSERT INTO occasions (key, created_at) VALUES (:key, :now) ON CONFLICT (key) DO NOTHING",
        {"key": key, "now": to_ms(now)},
    )
    rows = await tx.fetch("SELECT id FROM occasions WHERE key = :key", {"key": key})
    return OccasionId(number(rows[0], "id"))


async def begin(
    tx: Transaction,
    bot: BotId,
    key: str,
    brief: BriefId,
    *,
    audience: Audience,
    priority: Priority,
    now: datetime,
    lasts: timedelta | None = None,
) -> WaveId:
    """Begin to tell an audience something: the cost does not grow with the audience.

    ``key`` names the occasion; who has had a delivery of that occasion is passed over. Whoever
    joins after this moment is not addressed. ``lasts``: how long the news is worth sending. What
    is urgent does not wait for a morning: it takes the place of what still waits to be told.
    """
    told = await occasion(tx, key, now)
    if priority is Priority.URGENT:
        await _supersede(tx, told, now)
    rows = await tx.fetch(
        "INSERT INTO waves (bot, occasion, brief, audience, section, priority, not_before,"
        " expires_at, last_subscriber, state, created_at) VALUES (:bot, :occasion, :brief,"
        " :audience, :section, :priority, :now, :expires,"
        " (SELECT coalesce(max(id), 0) FROM subscribers), 'open', :now) RETURNING id",
        {
            "bot": bot,
            "occasion": told,
            "brief": brief,
            "audience": audience.kind.value,
            "section": audience.section.value if audience.section else None,
            "priority": int(priority),
            "now": to_ms(now),
            "expires": to_ms(now + lasts) if lasts else None,
        },
    )
    return WaveId(number(rows[0], "id"))


async def _supersede(tx: Transaction, told: OccasionId, now: datetime) -> None:
    """Skip the deliveries of an occasion that wait, under the waves they belong to."""
    rows = await tx.fetch(
        "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = 'became urgent'"
        " WHERE occasion = :occasion AND state = 'waiting' AND wave IS NOT NULL RETURNING wave",
        {"occasion": told, "now": to_ms(now)},
    )
    for wave, skipped in Counter(number(row, "wave") for row in rows).items():
        await add_to_tally(tx, WaveId(wave), Tally(skipped=skipped))


async def get(reader: Reader, wave: WaveId) -> Wave | None:
    """Return a wave with its tally."""
    rows = await reader.fetch("SELECT * FROM waves WHERE id = :id", {"id": wave})
    return wave_from(rows[0]) if rows else None


async def next_due(tx: Transaction, bot: BotId, now: datetime) -> Wave | None:
    """Claim a bot's most urgent open wave that has a reader left to look at.

    A second wave of one occasion waits until no batch of the first is in flight: who is being
    written to has no row yet that would keep the second from writing too.
    """
    rows = await tx.claim(
        "SELECT * FROM waves WHERE state = 'open' AND bot = :bot AND not_before <= :now"
        " AND cursor < last_subscriber AND NOT EXISTS ("
        "  SELECT 1 FROM batches JOIN waves AS other ON other.id = batches.wave"
        "  WHERE other.occasion = waves.occasion AND other.id <> waves.id)"
        " ORDER BY priority, not_before, id LIMIT 1",
        {"bot": bot, "now": to_ms(now)},
    )
    return wave_from(rows[0]) if rows else None


async def addressed(
    reader: Reader, wave: Wave, *, after: SubscriberId, last: SubscriberId, limit: int
) -> Sequence[Subscriber]:
    """Return who of (after, last] a wave is for and has no delivery of its occasion yet."""
    rows = await reader.fetch(
        SLICE,
        {
            **_audience(wave.bot, wave.audience),
            "after": after,
            "last": last,
            "occasion": wave.occasion,
            "wave": wave.id,
            "limit": limit,
        },
    )
    return [subscriber_from(row) for row in rows]


async def count(reader: Reader, bot: BotId, audience: Audience) -> int:
    """Count an audience as it is now."""
    rows = await reader.fetch(COUNT, {**_audience(bot, audience), "after": 0, "last": 2**63 - 1})
    return number(rows[0], "people")


async def followers(reader: Reader, bot: BotId) -> Mapping[Section, int]:
    """Count who follows each section, in any mode; a section without followers is left out."""
    rows = await reader.fetch(
        "SELECT section, count(*) AS people FROM subscriptions"
        " JOIN subscribers ON subscribers.id = subscriptions.subscriber"
        " WHERE bot = :bot AND left_at IS NULL AND blocked_at IS NULL GROUP BY section",
        {"bot": bot},
    )
    return {Section(text(row, "section")): number(row, "people") for row in rows}


async def _untold(reader: Reader, wave: Wave) -> int:
    """Count who is left beyond a wave's cursor and has not heard of its occasion."""
    left = {"after": wave.cursor, "last": wave.last_subscriber}
    told = {"occasion": wave.occasion, "wave": wave.id}
    rows = await reader.fetch(COUNT_UNTOLD, {**_audience(wave.bot, wave.audience), **left, **told})
    return number(rows[0], "people")


def _audience(bot: BotId, audience: Audience) -> dict[str, int | str | None]:
    section = audience.section.value if audience.section else None
    return {"bot": bot, "audience": audience.kind.value, "section": section}


async def advance(tx: Transaction, wave: WaveId, cursor: SubscriberId) -> None:
    """Move a wave's cursor."""
    await tx.execute(
        "UPDATE waves SET cursor = :cursor WHERE id = :id", {"id": wave, "cursor": cursor}
    )


async def turn(tx: Transaction, wave: WaveId, state: WaveState, now: datetime) -> bool:
    """Pause, resume or cancel a wave; False when its state does not allow it.

    What waits for another try under a cancelled wave is skipped.
    """
    turned = await tx.execute(
        "UPDATE waves SET state = :state, ended_at = :ended"
        " WHERE id = :id AND state IN ('open', 'paused') AND state <> :state",
        {
            "id": wave,
            "state": state.value,
            "ended": to_ms(now) if state is WaveState.CANCELLED else None,
        },
    )
    await drop_if_cancelled(tx, wave, now)
    return turned == 1


async def drop_if_cancelled(tx: Transaction, wave: WaveId, now: datetime) -> None:
    """Skip what waits for another try under a cancelled wave; what is in flight may arrive."""
    dropped = await tx.execute(
        "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = 'cancelled'"
        " WHERE wave = :id AND state = 'waiting' AND EXISTS ("
        "  SELECT 1 FROM waves WHERE waves.id = :id AND waves.state = 'cancelled')",
        {"id": wave, "now": to_ms(now)},
    )
    if dropped:
        await add_to_tally(tx, wave, Tally(skipped=dropped))


async def is_in_flight(reader: Reader, wave: WaveId) -> bool:
    """Say whether a batch of a wave is being sent."""
    rows = await reader.fetch("SELECT 1 FROM batches WHERE wave = :wave LIMIT 1", {"wave": wave})
    return bool(rows)


async def add_to_tally(tx: Transaction, wave: WaveId, more: Tally) -> None:
    """Count deliveries that were settled just now, in the transaction that settles them."""
    await tx.execute(
        "UPDATE waves SET sent = sent + :sent, unreachable = unreachable + :unreachable,"
        " rejected = rejected + :rejected, unsure = unsure + :unsure, skipped = skipped + :skipped"
        " WHERE id = :id",
        {
            "id": wave,
            "sent": more.sent,
            "unreachable": more.unreachable,
            "rejected": more.rejected,
            "unsure": more.unsure,
            "skipped": more.skipped,
        },
    )


async def finish(tx: Transaction, now: datetime) -> int:
    """End the waves whose every reader is settled, and those whose time is over.

    The readers that an expired wave did not reach are skipped: the digest tells them.
    """
    rows = await tx.fetch(
        "SELECT * FROM waves WHERE state = 'open' AND expires_at <= :now"
        " AND cursor < last_subscriber",
        {"now": to_ms(now)},
    )
    for wave in map(wave_from, rows):
        await add_to_tally(tx, wave.id, Tally(skipped=await _untold(tx, wave)))
        await advance(tx, wave.id, wave.last_subscriber)
    return await tx.execute(
        "UPDATE waves SET state = 'done', ended_at = :now"
        " WHERE state = 'open' AND cursor >= last_subscriber"
        " AND NOT EXISTS (SELECT 1 FROM batches WHERE batches.wave = waves.id)"
        " AND NOT EXISTS (SELECT 1 FROM deliveries"
        "  WHERE deliveries.wave = waves.id AND deliveries.state IN ('waiting', 'sending'))",
        {"now": to_ms(now)},
    )
