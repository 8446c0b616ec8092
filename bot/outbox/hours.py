"""A reader's local hours as UTC moments: when a digest is due, when quiet hours end.

Always from the wall clock, never by adding 24 h: Morocco leaves and rejoins its summer offset
round Ramadan, on dates that are announced late, and the zone database knows them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import Digest, QuietHours

MINUTES_A_DAY = 24 * 60


def next_digest(minute: int, weekdays: int, zone: str, after: datetime) -> datetime:
    """Return the first moment strictly after ``after`` at that local minute and weekday.

    An hour that the clock skips counts at the moment of the skip; one that comes twice counts the
    first time. ``weekdays`` has bit 0 for Monday and at least one bit.
    """
    local = ZoneInfo(zone)
    day = after.astimezone(local).date()
    for _ in range(9):
        if weekdays >> day.weekday() & 1:
            moment = at(day, minute, local)
            if moment > after:
                return moment
        day += timedelta(days=1)
    raise ValueError(f"weekdays {weekdays} has no day")


def edition(digest: Digest, zone: str) -> str:
    """Return the occasion of a digest that is due: its own local date makes it unique."""
    return f"digest:{digest.id}:{digest.next_at.astimezone(ZoneInfo(zone)).date().isoformat()}"


def quiet_until(quiet: QuietHours | None, zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours end in which ``now`` falls; None outside of them."""
    if quiet is None or quiet.start == quiet.end:
        return None
    local = now.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    length = (quiet.end - quiet.start) % MINUTES_A_DAY
    if (minute - quiet.start) % MINUTES_A_DAY >= length:
        return None
    day = local.date() + timedelta(days=1 if minute >= quiet.end else 0)
    return at(day, quiet.end, ZoneInfo(zone))


def at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a local minute of a day, the first one where it comes twice."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return wall.astimezone(UTC)
