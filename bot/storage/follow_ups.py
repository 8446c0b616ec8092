"""What follows a broadcast up: sent again to those it missed, corrected, taken back."""

from __future__ import annotations

from datetime import datetime

from bot.model import Act, AudienceKind, BroadcastId, ChatId, UserId, to_ms
from bot.storage import Reader, Transaction, broadcasts
from bot.storage.broadcasts import Broadcast
from bot.storage.rows import number, text


async def draft(
    tx: Transaction,
    of: Broadcast,
    act: Act,
    *,
    editor: UserId,
    chat: ChatId,
    now: datetime,
    words: str = "",
) -> BroadcastId:
    """Keep what an editor wants to do about a broadcast that is over: a draft as any other.

    To send again is about the same audience, to edit or to delete about those whom it reached.
    """
    is_again = act is Act.SEND
    rows = await tx.fetch(
        "INSERT INTO broadcasts (bot, editor, chat, message, audience, section, days, state, act,"
        " words, follows_up, created_at) VALUES (:bot, :editor, :chat, :message, :audience,"
        " :section, :days, 'draft', :act, :words, :of, :now) RETURNING id",
        {
            "bot": of.bot,
            "editor": editor,
            "chat": chat,
            "message": of.message,
            "audience": (of.audience.kind if is_again else AudienceKind.REACHED).value,
            "section": of.audience.section.value if is_again and of.audience.section else None,
            "days": of.days if is_again else None,
            "act": act.value,
            "words": words or None,
            "of": of.id,
            "now": to_ms(now),
        },
    )
    return BroadcastId(number(rows[0], "id"))


async def is_followed_up(reader: Reader, broadcast: BroadcastId) -> bool:
    """Say whether something that follows a broadcast up is under way."""
    rows = await reader.fetch(
        "SELECT 1 FROM broadcasts JOIN waves ON waves.id = broadcasts.wave"
        " WHERE broadcasts.follows_up = :id AND broadcasts.state = 'open'"
        " AND (waves.state NOT IN ('done', 'cancelled') OR EXISTS ("
        "  SELECT 1 FROM batches WHERE batches.wave = waves.id)) LIMIT 1",
        {"id": broadcast},
    )
    return bool(rows)


async def corrected(reader: Reader, broadcast: BroadcastId) -> str:
    """Return the words by which a broadcast was corrected last; "" when it never was."""
    rows = await reader.fetch(
        "SELECT words FROM broadcasts WHERE follows_up = :id AND act = 'edit'"
        " AND state IN ('open', 'reported') ORDER BY confirmed_at DESC, id DESC LIMIT 1",
        {"id": broadcast},
    )
    return text(rows[0], "words") if rows else ""


async def source(reader: Reader, broadcast: Broadcast) -> Broadcast:
    """Return the broadcast whose message it was: what is sent again is an earlier one's."""
    first = None
    if broadcast.follows_up is not None:
        first = await broadcasts.get(reader, broadcast.follows_up)
    return first or broadcast


async def reached_before(reader: Reader, broadcast: Broadcast, moment: datetime) -> int:
    """Count the messages of a broadcast that arrived before a moment."""
    rows = await reader.fetch(
        "SELECT count(*) AS messages FROM deliveries JOIN waves ON waves.id = :wave"
        " WHERE deliveries.occasion = waves.occasion AND deliveries.state = 'sent'"
        " AND settled_at <= :moment",
        {"wave": broadcast.wave, "moment": to_ms(moment)},
    )
    return number(rows[0], "messages")
