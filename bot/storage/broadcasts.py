"""What editors announce: a draft, perhaps an hour, then a wave's story; and what follows it up.

One row is one act: a message to an audience; or, following an earlier row up, the same message to
those it missed, other words for those it reached, the message taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import (
    Act,
    Audience,
    AudienceKind,
    BotId,
    BroadcastId,
    ChatId,
    OccasionId,
    Row,
    Section,
    UserId,
    WaveId,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import moment_or_none, number, number_or_none, text


class BroadcastState(StrEnum):
    """The life of a broadcast; when it is open, its wave has the rest."""

    DRAFT = "draft"  # → dropped, scheduled, open
    DROPPED = "dropped"
    SCHEDULED = "scheduled"  # → open at its hour; late, held, dropped
    LATE = "late"  # its hour passed while nobody could begin it: an editor is asked
    HELD = "held"  # was scheduled; an owner is asked
    OPEN = "open"  # → reported
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One announcement. ``wave`` None: it has not begun."""

    id: BroadcastId
    bot: BotId
    editor: UserId
    chat: ChatId  # where the editor wrote, and where progress is shown
    message: int  # what is copied to everybody
    audience: Audience  # the rule; its moments and its occasion are filled in by ``audience_of``
    days: int | None  # of ACTIVE: seen in so many days
    state: BroadcastState
    act: Act
    words: str  # of EDIT: the brief with the corrected words, as ``briefs`` writes it
    total: int | None  # the audience as confirmed
    wave: WaveId | None
    progress_message: int | None
    confirmed_at: datetime | None  # or begun, when that was later
    due_at: datetime | None
    follows_up: BroadcastId | None


def broadcast_from(row: Row) -> Broadcast:
    """Map a row of ``broadcasts``."""
    section, wave = text(row, "section"), number_or_none(row, "wave")
    follows_up = number_or_none(row, "follows_up")
    return Broadcast(
        id=BroadcastId(number(row, "id")),
        bot=BotId(number(row, "bot")),
        editor=UserId(number(row, "editor")),
        chat=ChatId(number(row, "chat")),
        message=number(row, "message"),
        audience=Audience(
            AudienceKind(text(row, "audience")), Section(section) if section else None
        ),
        days=number_or_none(row, "days"),
        state=BroadcastState(text(row, "state")),
        act=Act(text(row, "act")),
        words=text(row, "words"),
        total=number_or_none(row, "total"),
        wave=None if wave is None else WaveId(wave),
        progress_message=number_or_none(row, "progress_message"),
        confirmed_at=moment_or_none(row, "confirmed_at"),
        due_at=moment_or_none(row, "due_at"),
        follows_up=None if follows_up is None else BroadcastId(follows_up),
    )


async def draft(
    tx: Transaction, bot: BotId, editor: UserId, chat: ChatId, message: int, now: datetime
) -> BroadcastId:
    """Keep which message an editor wants to announce; to everybody until another is chosen."""
    rows = await tx.fetch(
        "INSERT INTO broadcasts (bot, editor, chat, message, audience, state, created_at)"
        " VALUES (:bot, :editor, :chat, :message, 'all', 'draft', :now) RETURNING id",
        {"bot": bot, "editor": editor, "chat": chat, "message": message, "now": to_ms(now)},
    )
    return BroadcastId(number(rows[0], "id"))


async def get(reader: Reader, broadcast: BroadcastId) -> Broadcast | None:
    """Return one broadcast."""
    rows = await reader.fetch("SELECT * FROM broadcasts WHERE id = :id", {"id": broadcast})
    return broadcast_from(rows[0]) if rows else None


async def audience_of(reader: Reader, broadcast: Broadcast, now: datetime) -> Audience:
    """Return whom a broadcast would be for if it began now."""
    told = await _occasion(reader, broadcast.follows_up) if broadcast.follows_up else None
    return replace(since(broadcast.audience, broadcast.days, now), follows_up=told)


def since(audience: Audience, days: int | None, now: datetime) -> Audience:
    """Return an audience with the moment since which its readers must have been active."""
    return audience if days is None else replace(audience, since=now - timedelta(days=days))


async def _occasion(reader: Reader, broadcast: BroadcastId) -> OccasionId | None:
    rows = await reader.fetch(
        "SELECT waves.occasion AS occasion FROM broadcasts"
        " JOIN waves ON waves.id = broadcasts.wave WHERE broadcasts.id = :id",
        {"id": broadcast},
    )
    return OccasionId(number(rows[0], "occasion")) if rows else None


async def choose(
    tx: Transaction,
    broadcast: BroadcastId,
    audience: Audience,
    total: int,
    *,
    days: int | None = None,
) -> None:
    """Keep the audience of a draft, with the count that the editor is asked to type."""
    await tx.execute(
        "UPDATE broadcasts SET audience = :audience, section = :section, days = :days,"
        " total = :total WHERE id = :id AND state = 'draft'",
        {
            "id": broadcast,
            "audience": audience.kind.value,
            "section": audience.section.value if audience.section else None,
            "days": days,
            "total": total,
        },
    )


async def recount(tx: Transaction, broadcast: BroadcastId, total: int) -> None:
    """Keep how many it is for, as the editor is told now."""
    await tx.execute(
        "UPDATE broadcasts SET total = :total WHERE id = :id", {"id": broadcast, "total": total}
    )


async def confirm(tx: Transaction, broadcast: BroadcastId, wave: WaveId, now: datetime) -> bool:
    """Bind a broadcast to its wave; False when it began or was dropped before."""
    bound = await tx.execute(
        "UPDATE broadcasts SET state = 'open', wave = :wave, confirmed_at = :now,"
        " progress_message = NULL"
        " WHERE id = :id AND state IN ('draft', 'scheduled', 'late')",
        {"id": broadcast, "wave": wave, "now": to_ms(now)},
    )
    return bound == 1


async def drop(tx: Transaction, broadcast: BroadcastId) -> bool:
    """Drop what has not begun; False when it began or was dropped before."""
    dropped = await tx.execute(
        "UPDATE broadcasts SET state = 'dropped'"
        " WHERE id = :id AND state IN ('draft', 'scheduled', 'late')",
        {"id": broadcast},
    )
    return dropped == 1


async def show_in(tx: Transaction, broadcast: BroadcastId, message: int) -> None:
    """Keep the message in which progress is shown, edited in place."""
    await tx.execute(
        "UPDATE broadcasts SET progress_message = :message WHERE id = :id",
        {"id": broadcast, "message": message},
    )


async def unreported(reader: Reader, bot: BotId) -> Sequence[Broadcast]:
    """Return a bot's broadcasts under way: those whose final report is not written yet."""
    rows = await reader.fetch(
        "SELECT * FROM broadcasts WHERE bot = :bot AND state = 'open' ORDER BY id", {"bot": bot}
    )
    return [broadcast_from(row) for row in rows]


async def reported(tx: Transaction, broadcast: BroadcastId) -> None:
    """Mark the final report as written."""
    await tx.execute(
        "UPDATE broadcasts SET state = 'reported' WHERE id = :id AND state = 'open'",
        {"id": broadcast},
    )
