"""A period of the reader's calendar in, its first day and the day behind its last out; pure.

The search page asks. «This week» begins on Monday and «this month» on the first, as one says it.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.model import Period

_DAY = timedelta(days=1)


def span(period: Period, today: date) -> tuple[date, date] | None:
    """Return the first day and the day behind the last; None: there is no end to it."""
    match period:
        case Period.TODAY:
            return today, today + _DAY
        case Period.YESTERDAY:
            return today - _DAY, today
        case Period.WEEK:
            return today - timedelta(days=today.weekday()), today + _DAY
        case Period.MONTH:
            return today.replace(day=1), today + _DAY
        case Period.EVER:
            return None
