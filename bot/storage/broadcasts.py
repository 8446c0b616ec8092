"""What editors announce to everybody: a draft until it is confirmed, then a wave's story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import (
    Audience,
    AudienceKind,
    BotId,
    BroadcastId,
    ChatId,
    Row,
    Section,
    UserId,
    WaveId,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import moment_or_none, number, number_or_none, text


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One announcement. ``wave`` None: a draft that nobody confirmed."""

    id: BroadcastId
    bot: BotId
    editor: UserId
    chat: ChatId  # where the editor wrote, and where progress is shown
    message: int  # what is copied to everybody
    audience: Audience
    total: int | None  # the audience as confirmed
    wave: WaveId | None
    progress_message: int | None
    confirmed_at: datetime | None


def broadcast_from(row: Row) -> Broadcast:
    """Map a row of ``broadcasts``."""
    section, wave = text(row, "section"), number_or_none(row, "wave")
    return Broadcast(
        id=BroadcastId(number(row, "id")),
        bot=BotId(number(row, "bot")),
        editor=UserId(number(row, "editor")),
        chat=ChatId(number(row, "chat")),
        message=number(row, "message"),
        audience=Audience(
            AudienceKind(text(row, "audience")), Section(section) if section else None
        ),
        total=number_or_none(row, "total"),
        wave=None if wave is None else WaveId(wave),
        progress_message=number_or_none(row, "progress_message"),
        confirmed_at=moment_or_none(row, "confirmed_at"),
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


async def is_draft(reader: Reader, broadcast: BroadcastId) -> bool:
    """Say whether a broadcast is still a draft: neither confirmed nor dropped."""
    rows = await reader.fetch(
        "SELECT id FROM broadcasts WHERE id = :id AND state = 'draft'", {"id": broadcast}
    )
    return bool(rows)


async def choose(tx: Transaction, broadcast: BroadcastId, audience: Audience, total: int) -> None:
    """Keep the audience of a draft, with the count that the editor is asked to type."""
    await tx.execute(
        "UPDATE broadcasts SET audience = :audience, section = :section, total = :total"
        " WHERE id = :id AND state = 'draft'",
        {
            "id": broadcast,
            "audience": audience.kind.value,
            "section": audience.section.value if audience.section else None,
            "total": total,
        },
    )


async def confirm(tx: Transaction, broadcast: BroadcastId, wave: WaveId, now: datetime) -> bool:
    """Bind a draft to its wave; False when it was confirmed or dropped before."""
    bound = await tx.execute(
        "UPDATE broadcasts SET state = 'open', wave = :wave, confirmed_at = :now"
        " WHERE id = :id AND state = 'draft'",
        {"id": broadcast, "wave": wave, "now": to_ms(now)},
    )
    return bound == 1


async def drop(tx: Transaction, broadcast: BroadcastId) -> bool:
    """Drop a draft; False when it is no draft any more."""
    dropped = await tx.execute(
        "UPDATE broadcasts SET state = 'dropped' WHERE id = :id AND state = 'draft'",
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
    """Return a bot's confirmed broadcasts whose final report is not written yet."""
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
