"""Something that editors must know in, a message to each of them in the outbox out.

Called by jobs within their own transaction: what happened and that it was told stand together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model import (
    BotId,
    Brief,
    BriefKind,
    ChatId,
    Feed,
    Heading,
    Paragraph,
    Priority,
)
from bot.storage import Transaction, briefs, deliveries, desk, subscribers
from bot.storage import waves as outbox
from bot.texts import Texts

LASTS = timedelta(days=2)  # an editor who is away for longer reads the audit log


async def tell_editors(
    tx: Transaction, bot: BotId, people: Sequence[int], brief: Brief, key: str, now: datetime
) -> int:
    """Write a notice to every editor who is an active subscriber; return how many will be told.

    ``key`` names what happened: nobody is told of it twice, and the audit log has it even when no
    editor can be reached. A notice is no alert: by the priority of an instant it waits for the end
    of quiet hours.
    """
    told = 0
    occasion = await outbox.occasion(tx, f"notice:{key}", now)
    kept = await briefs.keep(tx, brief, now)
    for person in dict.fromkeys(people):
        editor = await subscribers.find(tx, bot, ChatId(person))
        if editor is not None and editor.is_active:
            told += await deliveries.write(
                tx, occasion, editor.id, kept, priority=Priority.INSTANT, now=now, lasts=LASTS
            )
    await desk.note(tx, None, "notice", {"key": key, "told": told}, now)
    return told


def site_moved(feed: Feed, known: int, texts: Texts) -> Brief:
    """Say that a feed gave new guids and addresses to ``known`` articles that we have."""
    articles = texts.count("article", known)
    return Brief(
        BriefKind.ANNOUNCEMENT,
        (
            Heading(texts.say("notice.moved.heading", source=feed.source.name)),
            Paragraph(texts.say("notice.moved.what", articles=articles)),
            Paragraph(texts.say("notice.moved.advice", url=feed.url)),
        ),
    )


def moved_key(feed: Feed, now: datetime) -> str:
    """Name a move: a site may move again, but hardly twice a day."""
    return f"moved:{feed.id}:{now:%Y-%m-%d}"
