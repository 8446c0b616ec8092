"""Moments in, words of the Moroccan calendar out; called by layouts and commands.

The law: moments come in the reader's own zone; nothing here turns one zone into another.
"""

from __future__ import annotations

from datetime import date, datetime

from bot.arabic.lists import word_lists


def clock(moment: datetime) -> str:
    """Write the time of day in 24 hours: 07:05."""
    return f"{moment:%H:%M}"


def weekday(number: int) -> str:
    """Name a day of the week; 0 is Monday, as ``date.weekday()`` counts."""
    return word_lists(__package__, "dates")["weekdays"][number]


def month(number: int) -> str:
    """Name a month of the year, 1 to 12."""
    return word_lists(__package__, "dates")["months"][number - 1]


def day_name(day: date, today: date | None = None) -> str:
    """Write weekday, day and month; the year too when ``today`` is given and lies in another."""
    name = f"{weekday(day.weekday())} {day.day} {month(day.month)}"
    return name if today is None or today.year == day.year else f"{name} {day.year}"


def moment(when: datetime, now: datetime) -> str:
    """Write a moment as one says it: yesterday, today, tomorrow with the hour, else the day.

    Both are aware and in the reader's zone: the days are counted by its calendar, not in hours.
    """
    distance = (when.date() - now.date()).days
    if abs(distance) > 1:
        return day_name(when.date(), now.date())
    return f"{word_lists(__package__, 'dates')['near'][distance + 1]} {clock(when)}"
