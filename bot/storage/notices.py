"""What people of the desk must know, a message to each of them in the outbox.

Jobs and commands write it within their own transaction: what happened and that it was told stand
together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.model import BotId, Brief, ChatId, Priority
from bot.storage import Transaction, audit, briefs, deliveries, subscribers, waves

LASTS = timedelta(days=2)  # who is away for longer reads the audit log


async def tell(
    tx: Transaction, bot: BotId, people: Iterable[int], brief: Brief, key: str, now: datetime
) -> int:
    """Write a notice to each of these who is an active subscriber; return how many will be told.

    ``key`` names what happened: nobody is told of it twice, and the audit log has it even when no
    one can be reached. A notice is no alert: by the priority of an instant it waits for the end of
    quiet hours.
    """
    told = 0
    occasion = await waves.occasion(tx, f"notice:{key}", now)
    kept = await briefs.keep(tx, brief, now)
    for person in dict.fromkeys(people):
        reader = await subscribers.find(tx, bot, ChatId(person))
        if reader is not None and reader.is_active:
            told += await deliveries.write(
                tx, occasion, [reader.id], kept, priority=Priority.INSTANT, now=now, lasts=LASTS
            )
    await audit.note(tx, None, "notice", {"key": key, "told": told}, now)
    return told
