"""An hour as an editor types it, or as one is usual → a moment; `when` asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.arabic import dates
from bot.arabic.digits import western
from bot.arabic.direction import strip_controls
from bot.arabic.fold import fold
from bot.commands.reader.hours import read_hour
from bot.outbox.hours import at
from bot.texts import Texts

USUAL = (8 * 60, 13 * 60, 18 * 60, 20 * 60)  # minutes of the day
OFFERED = 4
SOON = timedelta(minutes=15)  # an hour nearer than that is not offered
FARTHEST = timedelta(days=60)
_DATE = re.compile(r"(?P<day>\d{1,2})\s*[/-]\s*(?P<month>\d{1,2})", re.ASCII)


def usual(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the next usual hours of a zone."""
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1), today + timedelta(days=2))
    moments = (at(day, minute, zone) for day in days for minute in USUAL)
    return [moment for moment in moments if moment - now >= SOON][:OFFERED]


def read_moment(typed: str, now: datetime, zone: ZoneInfo, texts: Texts) -> datetime | None:
    """Return the moment that was typed: an hour, perhaps a day before it.

    The day is a word for it, a weekday, or day/month; without one it is the next time that hour
    comes. None: not understood, past, or too far away.
    """
    words = western(strip_controls(typed)).split()
    minute = read_hour(words[-1]) if words else None
    if minute is None:
        return None
    fillers = {fold(word) for word in texts.table("schedule.fillers").values()}
    named = " ".join(word for word in map(fold, words[:-1]) if word not in fillers)
    today = now.astimezone(zone).date()
    for day in _days(named, today, texts):
        moment = at(day, minute, zone)
        if now < moment <= now + FARTHEST:
            return moment
    return None


def _days(named: str, today: date, texts: Texts) -> list[date]:
    """Return the days that a name may mean, the nearest first."""
    if not named:
        return [today, today + timedelta(days=1)]
    if (ahead := _ahead(texts).get(named)) is not None:
        return [today + timedelta(days=ahead)]
    weekdays = {fold(dates.weekday(number)): number for number in range(7)}
    if named in weekdays:
        ahead = (weekdays[named] - today.weekday()) % 7
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    match = _DATE.fullmatch(named)
    return _dated(int(match["day"]), int(match["month"]), today) if match else []


def _ahead(texts: Texts) -> Mapping[str, int]:
    """Map the words for the next days to how far they are."""
    named = texts.table("schedule.day")
    return {fold(named[key]): days for days, key in enumerate(("today", "tomorrow", "after"))}


def _dated(day: int, month: int, today: date) -> list[date]:
    found = []
    for year in (today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found
