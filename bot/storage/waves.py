"""Waves: one brief on its way to an audience, as one row and a cursor, however many readers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from bot.model import (
    Act,
    Audience,
    AudienceKind,
    BotId,
    BriefId,
    Matter,
    OccasionId,
    Priority,
    Row,
    Section,
    SourceId,
    StoryId,
    SubscriberId,
    Tally,
    Wave,
    WaveId,
    WaveState,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.audience import NOTHING, columns, untold
from bot.storage.rows import moment, moment_or_none, number, number_or_none, text

OF_NEWS = (AudienceKind.INSTANT, AudienceKind.URGENT)  # a mute of the section stops these
# The deliveries that are open, in the very words by which their index is found.
ALL_SETTLED = """
    UPDATE waves SET state = 'done', ended_at = :now
    WHERE state = 'open' AND cursor >= last_subscriber
    AND NOT EXISTS (SELECT 1 FROM batches WHERE batches.wave = waves.id)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.wave = waves.id
      AND deliveries.state IN ('waiting', 'held', 'sending'))
"""
DROPPED = """
    UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = 'cancelled'
    WHERE wave = :id AND state IN ('waiting', 'held', 'sending') AND state <> 'sending'
    AND EXISTS (SELECT 1 FROM waves WHERE waves.id = :id AND waves.state = 'cancelled')
"""
SPAN = 20_000  # subscribers looked at in one claim: a thin audience must not hold the writer


def wave_from(row: Row) -> Wave:
    """Map a row of ``waves``."""
    section, follows_up = text(row, "section"), number_or_none(row, "follows_up")
    return Wave(
        id=WaveId(number(row, "id")),
        bot=BotId(number(row, "bot")),
        occasion=OccasionId(number(row, "occasion")),
        brief=BriefId(number(row, "brief")),
        audience=Audience(
            AudienceKind(text(row, "audience")),
            Section(section) if section else None,
            moment_or_none(row, "since"),
            None if follows_up is None else OccasionId(follows_up),
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
        matter=_matter(row),
        act=Act(text(row, "act")),
    )


def _matter(row: Row) -> Matter:
    """Read what a wave tells of; an announcement to a section's followers is about nothing."""
    story, section, source = (
        number_or_none(row, "story"), text(row, "section"), number_or_none(row, "source")
    )  # fmt: skip
    if story is None and AudienceKind(text(row, "audience")) not in OF_NEWS:
        return Matter()
    return Matter(
        None if story is None else StoryId(story),
        Section(section) if section else None,
        None if source is None else SourceId(source),
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
    matter: Matter = NOTHING,
    act: Act = Act.SEND,
) -> WaveId:
    """Begin to tell an audience something: the cost does not grow with the audience.

    ``key`` names the occasion; who has had a delivery of that occasion is passed over. Whoever
    joins after this moment is not addressed. ``lasts``: how long the news is worth sending. What
    is urgent does not wait for a morning: it takes the place of what still waits to be told.
    ``matter`` is what the brief tells of: who mutes it is passed over when their turn comes.
    """
    told = await occasion(tx, key, now)
    if priority is Priority.URGENT:
        await _supersede(tx, told, now)
    rows = await tx.fetch(
        "INSERT INTO waves (bot, occasion, brief, audience, section, priority, not_before,"
        " expires_at, last_subscriber, state, created_at, story, source, since, act, follows_up)"
        " VALUES (:bot, :occasion, :brief, :audience, :section, :priority, :now, :expires,"
        " (SELECT coalesce(max(id), 0) FROM subscribers), 'open', :now, :story, :source, :since,"
        " :act, :follows_up) RETURNING id",
        {
            **columns(bot, audience),
            "occasion": told,
            "brief": brief,
            "story": matter.story,
            "source": matter.source,
            "act": act.value,
            "priority": int(priority),
            "now": to_ms(now),
            "expires": to_ms(now + lasts) if lasts else None,
        },
    )
    return WaveId(number(rows[0], "id"))


async def _supersede(tx: Transaction, told: OccasionId, now: datetime) -> None:
    """Skip the deliveries of an occasion that wait or are held, under the waves they belong to."""
    rows = await tx.fetch(
        "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = 'became urgent'"
        " WHERE occasion = :occasion AND state IN ('waiting', 'held') AND wave IS NOT NULL"
        " RETURNING wave",
        {"occasion": told, "now": to_ms(now)},
    )
    for wave, skipped in Counter(number(row, "wave") for row in rows).items():
        await add_to_tally(tx, WaveId(wave), Tally(skipped=skipped))


async def get(reader: Reader, wave: WaveId) -> Wave | None:
    """Return a wave with its tally."""
    rows = await reader.fetch("SELECT * FROM waves WHERE id = :id", {"id": wave})
    return wave_from(rows[0]) if rows else None


async def next_due(
    tx: Transaction, bot: BotId, now: datetime, *, least: Priority = Priority.BROADCAST
) -> Wave | None:
    """Claim a bot's most urgent open wave that has a reader left to look at.

    ``least``: what is less urgent stays where it is. A second wave of one occasion waits until no
    batch of the first is in flight: who is being written to has no row yet that would keep the
    second from writing too.
    """
    rows = await tx.claim(
        "SELECT * FROM waves WHERE state = 'open' AND bot = :bot AND not_before <= :now"
        " AND priority <= :least AND cursor < last_subscriber AND NOT EXISTS ("
        "  SELECT 1 FROM batches JOIN waves AS other ON other.id = batches.wave"
        "  WHERE other.occasion = waves.occasion AND other.id <> waves.id)"
        " ORDER BY priority, not_before, id LIMIT 1",
        {"bot": bot, "now": to_ms(now), "least": int(least)},
    )
    return wave_from(rows[0]) if rows else None


async def advance(tx: Transaction, wave: WaveId, cursor: SubscriberId) -> None:
    """Move a wave's cursor."""
    await tx.execute(
        "UPDATE waves SET cursor = :cursor WHERE id = :id", {"id": wave, "cursor": cursor}
    )


async def turn(tx: Transaction, wave: WaveId, state: WaveState, now: datetime) -> bool:
    """Pause, resume or cancel a wave; False when its state does not allow it.

    What is on hold can be cancelled here, and released by ``hold`` alone. What waits for another
    try under a cancelled wave is skipped.
    """
    turned = await tx.execute(
        "UPDATE waves SET state = :state, ended_at = :ended WHERE id = :id AND state <> :state"
        " AND (state IN ('open', 'paused') OR (state = 'held' AND :state = 'cancelled'))",
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
    dropped = await tx.execute(DROPPED, {"id": wave, "now": to_ms(now)})
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
        await add_to_tally(tx, wave.id, Tally(skipped=await untold(tx, wave, now)))
        await advance(tx, wave.id, wave.last_subscriber)
    return await tx.execute(ALL_SETTLED, {"now": to_ms(now)})
