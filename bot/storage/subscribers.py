"""Chats we may write to, with their choices; a chat that left keeps them and comes back to them."""

from __future__ import annotations

from datetime import datetime

from bot.model import (
    BotId,
    ChatId,
    ChatKind,
    Length,
    QuietHours,
    Row,
    Subscriber,
    SubscriberId,
    UrgentChoice,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import number, number_or_none, text, truth


def subscriber_from(row: Row) -> Subscriber:
    """Map a row of ``subscribers``."""
    start, end = number_or_none(row, "quiet_start"), number_or_none(row, "quiet_end")
    return Subscriber(
        id=SubscriberId(number(row, "id")),
        bot=BotId(number(row, "bot")),
        chat=ChatId(number(row, "chat")),
        thread=number(row, "thread"),
        kind=ChatKind(text(row, "kind")),
        zone=text(row, "zone"),
        quiet=None if start is None or end is None else QuietHours(start, end),
        urgent=UrgentChoice(text(row, "urgent")),
        is_active=row["left_at"] is None and row["blocked_at"] is None,
        length=Length(text(row, "length")),
        wants_quiet_day=truth(row, "wants_quiet_day"),
    )


async def find(reader: Reader, bot: BotId, chat: ChatId, thread: int = 0) -> Subscriber | None:
    """Return the subscriber of a chat, active or not."""
    rows = await reader.fetch(
        "SELECT * FROM subscribers WHERE bot = :bot AND chat = :chat AND thread = :thread",
        {"bot": bot, "chat": chat, "thread": thread},
    )
    return subscriber_from(rows[0]) if rows else None


async def by_id(reader: Reader, subscriber: SubscriberId) -> Subscriber | None:
    """Return one subscriber."""
    rows = await reader.fetch("SELECT * FROM subscribers WHERE id = :id", {"id": subscriber})
    return subscriber_from(rows[0]) if rows else None


async def join(
    tx: Transaction, bot: BotId, chat: ChatId, *, kind: ChatKind, zone: str, now: datetime
) -> tuple[Subscriber, bool]:
    """Make a chat an active subscriber; the second value tells whether it is new to us.

    Who comes back finds the choices of before.
    """
    values = {"bot": bot, "chat": chat, "kind": kind.value, "zone": zone, "now": to_ms(now)}
    quiet = QuietHours()
    new = await tx.fetch(
        "INSERT INTO subscribers (bot, chat, kind, zone, quiet_start, quiet_end, urgent, joined_at,"
        " seen_at) VALUES (:bot, :chat, :kind, :zone, :quiet_start, :quiet_end, 'yes', :now, :now)"
        " ON CONFLICT (bot, chat, thread) DO NOTHING RETURNING *",
        {**values, "quiet_start": quiet.start, "quiet_end": quiet.end},
    )
    if new:
        return subscriber_from(new[0]), True
    back = await tx.fetch(
        "UPDATE subscribers SET left_at = NULL, blocked_at = NULL, kind = :kind, seen_at = :now"
        " WHERE bot = :bot AND chat = :chat AND thread = 0 RETURNING *",
        {"bot": bot, "chat": chat, "kind": kind.value, "now": to_ms(now)},
    )
    return subscriber_from(back[0]), False


async def leave(tx: Transaction, subscriber: SubscriberId, now: datetime) -> None:
    """Mark a chat as having stopped us by its own word; its choices stay."""
    await tx.execute(
        "UPDATE subscribers SET left_at = :now WHERE id = :id AND left_at IS NULL",
        {"id": subscriber, "now": to_ms(now)},
    )


async def block(tx: Transaction, subscriber: SubscriberId, now: datetime) -> None:
    """Mark a chat as unreachable; it is not written to until it comes back by itself."""
    await tx.execute(
        "UPDATE subscribers SET blocked_at = :now WHERE id = :id AND blocked_at IS NULL",
        {"id": subscriber, "now": to_ms(now)},
    )


async def move(tx: Transaction, subscriber: SubscriberId, chat: ChatId) -> bool:
    """Give a subscriber its chat's new number; False when that number has a subscriber already.

    Then the old one is left behind as blocked, so that no message goes out twice.
    """
    moved = await tx.execute(
        "UPDATE subscribers SET chat = :chat WHERE id = :id AND NOT EXISTS ("
        " SELECT 1 FROM subscribers AS other WHERE other.bot = subscribers.bot"
        " AND other.chat = :chat AND other.thread = subscribers.thread"
        " AND other.id <> subscribers.id)",  # told twice of one move, it has moved all the same
        {"id": subscriber, "chat": chat},
    )
    return moved == 1


async def choose_urgent(tx: Transaction, subscriber: SubscriberId, choice: UrgentChoice) -> None:
    """Keep what a reader wants of urgent news."""
    await tx.execute(
        "UPDATE subscribers SET urgent = :urgent WHERE id = :id",
        {"id": subscriber, "urgent": choice.value},
    )


async def choose_zone(tx: Transaction, subscriber: SubscriberId, zone: str) -> None:
    """Keep a reader's zone; the caller plans the digests anew."""
    await tx.execute(
        "UPDATE subscribers SET zone = :zone WHERE id = :id", {"id": subscriber, "zone": zone}
    )


async def choose_quiet(tx: Transaction, subscriber: SubscriberId, quiet: QuietHours | None) -> None:
    """Keep a reader's quiet hours; None: never quiet."""
    await tx.execute(
        "UPDATE subscribers SET quiet_start = :start, quiet_end = :end WHERE id = :id",
        {
            "id": subscriber,
            "start": quiet.start if quiet else None,
            "end": quiet.end if quiet else None,
        },
    )


async def choose_length(tx: Transaction, subscriber: SubscriberId, length: Length) -> None:
    """Keep how much of each story a reader wants."""
    await tx.execute(
        "UPDATE subscribers SET length = :length WHERE id = :id",
        {"id": subscriber, "length": length.value},
    )


async def choose_quiet_day(tx: Transaction, subscriber: SubscriberId, *, is_wanted: bool) -> None:
    """Keep whether a digest without news says so."""
    await tx.execute(
        "UPDATE subscribers SET wants_quiet_day = :wanted WHERE id = :id",
        {"id": subscriber, "wanted": int(is_wanted)},
    )


async def unseen(reader: Reader, bot: BotId, chat: ChatId, since: datetime) -> SubscriberId | None:
    """Return the subscriber of a chat that has done nothing by itself since a moment."""
    rows = await reader.fetch(
        "SELECT id FROM subscribers WHERE bot = :bot AND chat = :chat AND thread = 0"
        " AND coalesce(seen_at, 0) <= :since",
        {"bot": bot, "chat": chat, "since": to_ms(since)},
    )
    return SubscriberId(number(rows[0], "id")) if rows else None


async def seen(tx: Transaction, subscriber: SubscriberId, now: datetime) -> None:
    """Note that this chat has done something by itself."""
    await tx.execute(
        "UPDATE subscribers SET seen_at = :now WHERE id = :id",
        {"id": subscriber, "now": to_ms(now)},
    )
