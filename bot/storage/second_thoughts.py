"""A mute in; what it silences among the news that waits for its reader is skipped. Commands call.

Waves ask for mutes when a reader's turn comes, but what has had its turn may wait for hours: for
the end of the night, for Telegram. Nobody is told in the morning what they muted in the evening.
"""

from __future__ import annotations

from datetime import datetime

from bot.articles.watch import stems_of, words_in
from bot.model import (
    BriefId,
    Priority,
    Subject,
    SubjectKind,
    SubscriberId,
    Tally,
    Taste,
    Telling,
    WaveId,
    to_ms,
)
from bot.storage import Transaction, briefs, stories, subscriptions, waves
from bot.storage.deliveries import HUSHED
from bot.storage.rows import number, number_or_none

WAITING_NEWS = """
    SELECT occasion, wave, brief FROM deliveries WHERE subscriber = :subscriber
    AND state IN ('waiting', 'held') AND priority IN (:urgent, :instant)
"""


async def mute(
    tx: Transaction,
    subscriber: SubscriberId,
    subject: Subject,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """Mute a subject, also in what waits; a message of several stories goes if it mutes each."""
    await subscriptions.mute(tx, subscriber, subject, until=until, now=now)
    taste = await subscriptions.taste(tx, subscriber, now)
    priorities = {"urgent": int(Priority.URGENT), "instant": int(Priority.INSTANT)}
    reason = HUSHED if subject.kind is SubjectKind.WORDS else "muted"
    for row in await tx.fetch(WAITING_NEWS, {"subscriber": subscriber, **priorities}):
        brief = await briefs.get(tx, BriefId(number(row, "brief")))
        told = await stories.tellings(tx, brief.stories)
        if told and all(_silences(taste, telling) for telling in told):
            await tx.execute(
                "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = :reason"
                " WHERE occasion = :occasion AND subscriber = :subscriber",
                {
                    "occasion": number(row, "occasion"),
                    "subscriber": subscriber,
                    "reason": reason,
                    "now": to_ms(now),
                },
            )
            if (wave := number_or_none(row, "wave")) is not None:
                await waves.add_to_tally(tx, WaveId(wave), Tally(skipped=1))


def _silences(taste: Taste, telling: Telling) -> bool:
    texts = [stems_of(article) for article in telling.articles] if taste.words else []
    return taste.silences(telling, words_in(texts, taste.words))
