"""What a clock that ran ahead left behind: moments too far off to have been meant, made due now.

A machine without a battery may start a year ahead and be put right a minute later. Whatever was
planned meanwhile would wait for that year. Start-up and the hourly beat call this.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import to_ms
from bot.storage import Transaction

# Longer than anything is ever planned ahead: feeds wait thirty days at most, digests a week.
FEEDS, PUSHES = timedelta(days=31), timedelta(days=8)


async def forget_future(tx: Transaction, now: datetime) -> int:
    """Make due what lies beyond any plan, and return how many rows that was.

    A digest so found tells nothing of the time before and is planned anew by its job.
    """
    moments = {"now": to_ms(now), "feeds": to_ms(now + FEEDS), "pushes": to_ms(now + PUSHES)}
    return (
        await tx.execute(
            "UPDATE feeds SET next_poll_at = :now, lease_until = 0"
            " WHERE next_poll_at > :feeds OR lease_until > :feeds",
            moments,
        )
        + await tx.execute(
            "UPDATE digests SET next_at = :now, covered_until = :now"
            " WHERE next_at > :pushes OR covered_until > :pushes",
            moments,
        )
        + await tx.execute(
            "UPDATE deliveries SET next_attempt_at = :now"
            " WHERE state = 'waiting' AND next_attempt_at > :pushes",
            moments,
        )
        + await tx.execute(
            "UPDATE waves SET not_before = :now WHERE state = 'open' AND not_before > :pushes",
            moments,
        )
        + await tx.execute(
            "UPDATE batches SET lease_until = 0 WHERE lease_until > :pushes", moments
        )
    )
