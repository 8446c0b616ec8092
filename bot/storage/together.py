"""Deliveries that pile up before one reader, and how they become one; the job ``together`` asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import (
    BotId,
    BriefId,
    OccasionId,
    Priority,
    SubscriberId,
    Tally,
    WaveId,
    to_ms,
)
from bot.storage import Reader, Transaction, waves
from bot.storage.deliveries import TOGETHER
from bot.storage.rows import id_list, moment, number, number_or_none

# The index leads to what is due soon, past a million that sleep till morning. What expires before
# it may be sent is left to the deliverer, which skips it. One that tells many together is many.
PILED = """
    SELECT * FROM (
      SELECT subscriber, occasion, brief, expires_at,
        count(*) OVER readers AS rows, max(key LIKE 'together:%') OVER readers AS has_many
      FROM deliveries JOIN briefs ON briefs.id = brief
      JOIN occasions ON occasions.id = occasion
      JOIN subscribers ON subscribers.id = subscriber
      WHERE state = 'waiting' AND priority = :priority AND next_attempt_at <= :soon
      AND expires_at > next_attempt_at AND expires_at > :now
      AND briefs.kind = 'instant' AND bot = :bot
      WINDOW readers AS (PARTITION BY subscriber)) AS waiting
    WHERE rows > :most OR (rows > 1 AND has_many) ORDER BY subscriber, occasion LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Piled:
    """A plain instant that waits with too many others of its reader."""

    subscriber: SubscriberId
    occasion: OccasionId
    brief: BriefId
    expires_at: datetime


async def piled(
    reader: Reader, bot: BotId, *, now: datetime, soon: datetime, most: int, limit: int
) -> Sequence[Piled]:
    """Return the plain instants of readers for whom more than ``most`` are due by a moment.

    A reader's stand together, those of the last one perhaps not all.
    """
    rows = await reader.fetch(
        PILED,
        {
            "bot": bot,
            "priority": int(Priority.INSTANT),
            "now": to_ms(now),
            "soon": to_ms(soon),
            "most": most,
            "limit": limit,
        },
    )
    return [
        Piled(
            SubscriberId(number(row, "subscriber")),
            OccasionId(number(row, "occasion")),
            BriefId(number(row, "brief")),
            moment(row, "expires_at"),
        )
        for row in rows
    ]


async def take(
    tx: Transaction, subscriber: SubscriberId, some: Sequence[Piled], now: datetime
) -> Sequence[Piled]:
    """Skip those of a reader's instants that still wait, and return them.

    The waves they belong to count them as skipped; what is being sent meanwhile is left alone.
    """
    rows = await tx.fetch(
        "UPDATE deliveries SET state = 'skipped', settled_at = :now, reason = :reason"
        " WHERE subscriber = :subscriber AND state = 'waiting'"
        " AND occasion IN (SELECT value FROM json_each(:occasions)) RETURNING occasion, wave",
        {
            "subscriber": subscriber,
            "occasions": id_list(one.occasion for one in some),
            "reason": TOGETHER,
            "now": to_ms(now),
        },
    )
    of_waves = Counter(wave for row in rows if (wave := number_or_none(row, "wave")) is not None)
    for wave, skipped in of_waves.items():
        await waves.add_to_tally(tx, WaveId(wave), Tally(skipped=skipped))
    taken = {number(row, "occasion") for row in rows}
    return [one for one in some if one.occasion in taken]
