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
    """Return the occasion of a digest that is due: its local date and minute make it unique.

    An hour that the clock shows twice is one edition.
    """
    local = digest.next_at.astimezone(ZoneInfo(zone))
    return f"digest:{digest.id}:{local:%Y-%m-%dT%H:%M}"


def quiet_until(quiet: QuietHours | None, zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours end in which ``now`` falls; None outside of them.

    They last from one local minute to the next time it is the other, whatever the clock does in
    between; where both are one minute there are none.
    """
    if quiet is None or quiet.start == quiet.end:
        return None
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    over_midnight = timedelta(days=1 if quiet.end < quiet.start else 0)
    for day in (today - timedelta(days=1), today):
        end = at(day + over_midnight, quiet.end, local)
        if at(day, quiet.start, local) <= now < end:
            return end
    return None


def at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a local minute of a day.

    The first one where it comes twice, the moment of the skip where the clock leaves it out.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    while True:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        wall += timedelta(minutes=1)  # the first minute after a skip is its moment
